/** One task at work: scan the place, scan the units, done. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { queryClient } from '~/api/queries';
import { type TaskLine, taskQuery, type TaskWhole, warehouse } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { Amount } from '~/kit/amount';
import { ErrorBox, Loading } from '~/kit/page';
import { UnitText, unitName } from '~/kit/unit';
import { text } from '~/text';
import { Ask } from './ask';
import { CountWork } from './floor-count';
import { LineMark, TaskMark } from './marks';
import { verdictOf } from './said';
import './warehouse.css';

const route = getRouteApi('/app/floor/tasks/$task');
const words = text.warehouse.floor;

export function FloorTaskPage() {
  const { task: name } = route.useParams();
  const query = useQuery(taskQuery(name));
  if (query.isPending) return <Loading />;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return query.data.kind === 'count' ? <CountWork task={query.data} /> : <MoveWork task={query.data} />;
}

/** The task as an answer has it, where every screen sees it. */
function keepTask(task: TaskWhole): void {
  queryClient.setQueryData(taskQuery(task.task).queryKey, task);
  void queryClient.invalidateQueries({ queryKey: ['tasks'] });
}

function MoveWork({ task }: { task: TaskWhole }) {
  const [place, setPlace] = useState<string | null>(null);
  const [skipping, setSkipping] = useState<TaskLine | null>(null);
  const [finishing, setFinishing] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const send = async (code: string, acknowledged: string[]): Promise<VerdictData> => {
    const said = await warehouse.scanTask(task.task, {
      scan: code,
      ...(place ? { place } : {}),
      ...(acknowledged.length > 0 ? { acknowledged } : {}),
    });
    if (said.place) setPlace(said.place);
    if (said.verdict === 'ok' || said.verdict === 'warn')
      await queryClient.invalidateQueries({ queryKey: taskQuery(task.task).queryKey });
    return verdictOf(said, (ids) => send(code, ids));
  };
  const scans = useScans((code) => send(code, []));
  const open = task.lines.filter((line) => line.status === 'open');
  const over = task.status === 'done' || task.status === 'cancelled';
  const finish = async (reason?: string): Promise<void> => {
    setError(null);
    try {
      keepTask(await warehouse.finishTask(task.task, reason));
      setFinishing(false);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <FloorScreen
      title={`${task.task} ${task.title}`}
      prompt={words.taskPrompt}
      scans={scans}
      actions={
        over ? null : (
          <Button variant="default" size="md" onClick={() => (open.length > 0 ? setFinishing(true) : void finish())}>
            {words.finish}
          </Button>
        )
      }
    >
      {error ? <ErrorBox error={error} /> : null}
      {task.instruction ? <p className="strong">{task.instruction}</p> : null}
      <p role="status" data-testid="task-status">
        <TaskMark status={task.status} /> {over ? null : words.place(place)}
      </p>
      <ol className="floor-lines" aria-label={task.title}>
        {task.lines.map((line) => (
          <li key={line.line} className={line === open[0] ? 'is-next' : ''} data-line={line.status}>
            <LineMark status={line.status} />
            <span className="code">{line.from}</span>
            <span>{line.unit ? <UnitText unit={line.unit} /> : line.item}</span>
            {line.quantity ? <Amount quantity={line.quantity} /> : null}
            {line.to ? (
              <span>
                → <span className="code">{line.actual ?? line.to}</span>
              </span>
            ) : null}
            {line.reason ? <span className="dim">{line.reason}</span> : null}
            {line.status === 'open' && !over ? (
              <Button variant="subtle" onClick={() => setSkipping(line)}>
                {words.missing}
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
      {skipping ? (
        <Ask
          title={words.skipTitle(skipping.unit ? unitName(skipping.unit) : (skipping.item ?? ''))}
          action={words.missing}
          onClose={() => setSkipping(null)}
          onSay={async (reason) => {
            keepTask(await warehouse.skipLine(task.task, skipping.line, 'missing', reason));
          }}
        />
      ) : null}
      {finishing ? (
        <Ask
          title={words.finishTitle}
          why={words.finishWhy}
          action={words.finish}
          onClose={() => setFinishing(false)}
          onSay={async (reason) => {
            keepTask(await warehouse.finishTask(task.task, reason));
          }}
        />
      ) : null}
    </FloorScreen>
  );
}
