/** One task: what it asks for, how far it is, line by line in the order of walking. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import { taskQuery, type TaskWhole, warehouse } from '~/api/warehouse';
import { Amount } from '~/kit/amount';
import { ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { LineMark, TaskMark } from './marks';

const route = getRouteApi('/app/tasks/$task');
const words = text.warehouse.tasks;

export function LineTable({ task }: { task: TaskWhole }) {
  const counted = task.kind === 'count';
  return (
    <div className="plain-scroll">
      <PlainTable
        label={task.title}
        columns={[
          { header: text.col.status, cell: (line) => <LineMark status={line.status} /> },
          {
            header: text.col.unit,
            cell: (line) => (line.unit ? <UnitLink id={line.id} unit={line.unit} /> : line.item),
          },
          { header: words.from, cell: (line) => <span className="code">{line.from}</span> },
          { header: words.to, cell: (line) => <span className="code">{line.actual ?? line.to}</span> },
          {
            header: counted ? words.record : text.col.quantity,
            align: 'right',
            cell: (line) => (line.quantity ? <Amount quantity={line.quantity} /> : null),
          },
          {
            header: counted ? words.counted : (words.lines.done ?? ''),
            align: 'right',
            cell: (line) => (line.done ? <Amount quantity={line.done} /> : null),
          },
          { header: text.warehouse.instructions.reason, cell: (line) => line.reason },
        ]}
        rows={task.lines}
        rowKey={(line) => line.line}
      />
    </div>
  );
}

export function TaskPage() {
  const { task: name } = route.useParams();
  const { can } = useSession();
  const navigate = useNavigate();
  const query = useQuery(taskQuery(name));
  const [cancelling, setCancelling] = useState(false);
  useTitle(name);
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const task = query.data;
  const over = task.status === 'done' || task.status === 'cancelled';
  const { progress } = task;
  return (
    <>
      <PageHead
        over={<Link to="/tasks">{words.title}</Link>}
        title={
          <>
            <span className="code">{task.task}</span> {task.title}
          </>
        }
        below={
          <div className="head-facts">
            <TaskMark status={task.status} />
            <span>{words.kinds[task.kind]}</span>
            {task.kind === 'count' ? (
              <span>{words.round(task.round)}</span>
            ) : (
              <span>{words.progress(progress.done, progress.expected)}</span>
            )}
          </div>
        }
      >
        {!over && can('work:do') ? (
          <Button onClick={() => void navigate({ to: '/floor/tasks/$task', params: { task: task.task } })}>
            {words.work}
          </Button>
        ) : null}
        {!over && can('work:plan') ? (
          <Button variant="default" onClick={() => setCancelling(true)}>
            {words.cancel}
          </Button>
        ) : null}
      </PageHead>
      <div className="unit-grid">
        <div className="unit-side">
          <Section title={words.of}>
            <Facts
              rows={[
                [words.assignee, task.assignee ?? task.role ?? <span className="dim">{words.nobody}</span>],
                [
                  text.warehouse.stock.priority,
                  text.warehouse.stock.priorities[String(task.priority)] ?? task.priority,
                ],
                [
                  words.due,
                  task.due ? <Time key="due" at={task.due} short /> : <span className="dim">{text.none}</span>,
                ],
                [text.warehouse.stock.ref, task.ref ?? <span className="dim">{text.none}</span>],
                ...(task.instruction
                  ? ([[text.warehouse.stock.instruction, task.instruction]] as [string, string][])
                  : []),
                ...(task.rule ? ([[words.rule, task.rule]] as [string, string][]) : []),
                ...(task.reason ? ([[text.warehouse.instructions.reason, task.reason]] as [string, string][]) : []),
              ]}
            />
          </Section>
          {task.kind === 'count' ? null : (
            <Section title={words.found}>
              <Facts
                rows={[
                  [words.expected, progress.expected],
                  [words.found, progress.done],
                  [words.unexpected, progress.unexpected],
                  [words.missing, progress.missing],
                ]}
              />
            </Section>
          )}
        </div>
        <div className="panel">
          <LineTable task={task} />
        </div>
      </div>
      {cancelling ? <Cancel task={task.task} onClose={() => setCancelling(false)} /> : null}
    </>
  );
}

function Cancel({ task, onClose }: { task: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      queryClient.setQueryData(taskQuery(task).queryKey, await warehouse.cancelTask(task, reason));
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.cancelTitle(task)} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={text.warehouse.instructions.reason}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
          required
          data-autofocus
        />
        <Button type="submit">{words.cancel}</Button>
      </form>
    </Modal>
  );
}
