/** All tasks, the most urgent first; a count can be asked for here, the rest comes from rules and from the stock list. */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import { type Task, tasksQuery, warehouse } from '~/api/warehouse';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty, ErrorBox } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { TaskMark } from './marks';

const route = getRouteApi('/app/tasks');
const words = text.warehouse.tasks;
const options = (of: Record<string, string | undefined>) =>
  Object.entries(of).map(([value, label]) => ({ value, label: label ?? value }));

const columns: Column<Task>[] = [
  {
    id: 'task',
    header: words.of,
    width: 90,
    cell: (row) => (
      <Link to="/tasks/$task" params={{ task: row.task }} className="code">
        {row.task}
      </Link>
    ),
  },
  { id: 'priority', header: text.warehouse.stock.priority, width: 80, align: 'right', cell: (row) => row.priority },
  { id: 'kind', header: words.kind, width: 110, cell: (row) => words.kinds[row.kind] },
  { id: 'title', header: text.col.name, width: 300, cell: (row) => row.title },
  { id: 'status', header: text.col.status, width: 130, cell: (row) => <TaskMark status={row.status} /> },
  {
    id: 'progress',
    header: text.warehouse.tasks.lines.done ?? '',
    width: 110,
    align: 'right',
    cell: (row) => (row.kind === 'count' ? null : words.progress(row.progress.done, row.progress.expected)),
  },
  { id: 'assignee', header: words.assignee, width: 120, cell: (row) => row.assignee ?? row.role },
  { id: 'due', header: words.due, width: 150, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
  { id: 'ref', header: text.warehouse.stock.ref, width: 130, cell: (row) => row.ref },
];

export function TasksPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const { q = '', status = 'open', kind = '' } = search;
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  return (
    <>
      <ListPage
        id="tasks"
        title={words.title}
        actions={
          can('work:do') ? (
            <Button size="sm" onClick={() => setAdding(true)}>
              {words.new}
            </Button>
          ) : null
        }
        find={{ q, onFind: (next) => set({ q: next || undefined }) }}
        filters={
          <>
            <NativeSelect
              aria-label={words.which}
              data={options(words.statuses)}
              value={status}
              onChange={(event) =>
                set({ status: event.currentTarget.value === 'open' ? undefined : event.currentTarget.value })
              }
            />
            <NativeSelect
              aria-label={words.kind}
              data={[{ value: '', label: words.any }, ...options(words.kinds)]}
              value={kind}
              onChange={(event) => set({ kind: event.currentTarget.value || undefined })}
            />
          </>
        }
        columns={columns}
        rowKey={(row) => row.task}
        query={useInfiniteQuery(tasksQuery({ q, status, kind }))}
        empty={<Empty title={words.none}>{words.noneWhy}</Empty>}
      />
      {adding ? <NewCount onClose={() => setAdding(false)} /> : null}
    </>
  );
}

function NewCount({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [form, setForm] = useState({ place: '', item: '' });
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const { task } = await warehouse.createTask({
        kind: 'count',
        ...(form.place ? { place: form.place.trim() } : {}),
        ...(form.item ? { item: form.item.trim() } : {}),
      });
      await queryClient.invalidateQueries({ queryKey: ['tasks'] });
      await navigate({ to: '/tasks/$task', params: { task } });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.newCount} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <p className="dim">{words.countWhy}</p>
        <TextInput
          label={words.countPlace}
          value={form.place}
          onChange={(e) => setForm({ ...form, place: e.currentTarget.value })}
          data-autofocus
        />
        <TextInput
          label={words.countItem}
          value={form.item}
          onChange={(e) => setForm({ ...form, item: e.currentTarget.value })}
        />
        <Button type="submit">{words.create}</Button>
      </form>
    </Modal>
  );
}
