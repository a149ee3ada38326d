/** What a recall of each lot would touch today, the worst first: where to look before anything has gone wrong. */
import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '~/api/client';
import { blastLotsQuery, blastQuery, doneRun, queryClient } from '~/api/queries';
import type { Blast, BlastLot } from '~/api/types';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ExportMenu } from '~/kit/export-menu';
import { ListPage } from '~/kit/list-page';
import { StateMark } from '~/kit/marks';
import { Empty, ErrorBox } from '~/kit/page';
import { ProgressLine } from '~/kit/progress';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const route = getRouteApi('/app/blast-radius');
const words = text.blast;
const size = (value: number | null | undefined) =>
  value === null || value === undefined ? (
    <span className="dim">{text.unknown}</span>
  ) : (
    count(Math.round(value * 10) / 10)
  );

const columns: Column<BlastLot>[] = [
  { id: 'unit', header: text.col.lot, width: 220, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  { id: 'name', header: text.col.name, width: 200, cell: (row) => <span title={row.name ?? ''}>{row.name}</span> },
  {
    id: 'state',
    header: text.col.state,
    width: 120,
    cell: (row) => row.states.map((state) => <StateMark key={state} state={state} />),
  },
  { id: 'units', header: words.units, width: 130, align: 'right', sort: 'units', cell: (row) => size(row.units) },
  {
    id: 'finished',
    header: words.finished,
    width: 130,
    align: 'right',
    sort: 'finished',
    cell: (row) => size(row.finished),
  },
  {
    id: 'customers',
    header: text.counts.customers,
    width: 110,
    align: 'right',
    sort: 'customers',
    cell: (row) => size(row.customers),
  },
  {
    id: 'downward',
    header: words.downward,
    width: 170,
    align: 'right',
    sort: 'downward',
    cell: (row) => size(row.downward),
  },
  { id: 'upward', header: words.upward, width: 140, align: 'right', sort: 'upward', cell: (row) => size(row.upward) },
];

const TILES = ['lots', 'worst', 'mean', 'median'] as const;

/** The run that the list is of, and the one that will take its place. */
function Run({ blast }: { blast: Blast }) {
  const { can } = useSession();
  const [problem, setProblem] = useState<unknown>(null);
  const { open } = blast;
  const cancel = async (id: string): Promise<void> => {
    setProblem(null);
    try {
      await api.cancelBlast(id);
    } catch (cause) {
      setProblem(cause);
    }
    await queryClient.invalidateQueries({ queryKey: blastQuery.queryKey });
  };
  if (blast.status === 'none' && !open) return null;
  return (
    <div className="panel">
      {open ? (
        <div className="running" data-testid="progress">
          <ProgressLine label={words.progress} progress={open.progress} />
          {can('traces:run') && open.id ? (
            <Button variant="default" onClick={() => void cancel(open.id ?? '')}>
              {words.cancel}
            </Button>
          ) : null}
        </div>
      ) : null}
      {problem ? <ErrorBox error={problem} /> : null}
      {blast.status === 'done' ? (
        <>
          <p className="head-facts">
            {blast.at ? (
              <span>
                {words.asOf} <Time at={blast.at} short />
              </span>
            ) : null}
            {blast.ledgerPosition === null ? null : <span>{text.question.position(count(blast.ledgerPosition))}</span>}
          </p>
          <dl className="tiles">
            {TILES.map((key) => (
              <div key={key} className="tile" data-tile={key}>
                <dt className="tile-label">{words.tiles[key]}</dt>
                <dd className="tile-value">{size(blast[key])}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : null}
      {blast.status === 'failed' ? (
        <ErrorBox error={new Error(blast.error?.message ?? text.trace.failedWhy)} title={words.failed} />
      ) : null}
      {blast.status === 'cancelled' && !open ? <Empty title={text.trace.cancelled}>{words.neverWhy}</Empty> : null}
    </div>
  );
}

export function BlastRadiusPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const blast = useQuery(blastQuery);
  const [error, setError] = useState<unknown>(null);
  const { sort = '-finished', item = '', q = '' } = search;
  const asked = { sort, ...(item ? { item } : {}), ...(q ? { q } : {}) };
  const query = useInfiniteQuery({
    ...blastLotsQuery(doneRun(blast.data), asked),
    enabled: blast.data !== undefined,
  });
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true, resetScroll: false });
  const start = async (): Promise<void> => {
    setError(null);
    try {
      await api.runBlast();
      await queryClient.invalidateQueries({ queryKey: blastQuery.queryKey });
    } catch (cause) {
      setError(cause);
    }
  };
  const done = blast.data?.status === 'done';
  return (
    <ListPage
      id="blast"
      title={words.title}
      actions={
        can('traces:run') ? (
          <Button size="sm" variant="default" loading={Boolean(blast.data?.open)} onClick={() => void start()}>
            {words.run}
          </Button>
        ) : null
      }
      above={
        <>
          <p className="dim lead">{words.what}</p>
          {error ? <ErrorBox error={error} /> : null}
          {blast.error ? <ErrorBox error={blast.error} retry={() => void blast.refetch()} /> : null}
          {blast.data ? <Run blast={blast.data} /> : null}
        </>
      }
      find={{ q, onFind: (next) => set({ q: next || undefined }) }}
      filters={
        <>
          <ItemFind item={item} change={(next) => set({ item: next || undefined })} />
          <span className="filter-end">
            <ExportMenu
              label={q || item ? text.export.filtered : text.export.button}
              name="blast-radius"
              file={(kind) => api.blastFile(asked, kind)}
              onProblem={setError}
            />
          </span>
        </>
      }
      columns={columns}
      sorting={{ by: sort, change: (by) => set({ sort: by }) }}
      rowKey={(row) => row.id}
      query={query}
      total={done && !q && !item ? (blast.data?.lots ?? undefined) : undefined}
      empty={
        q || item ? (
          <Empty title={text.records.notFound(q || item)}>{text.records.notFoundWhy}</Empty>
        ) : done ? (
          <Empty title={words.noLots}>{words.noLotsWhy}</Empty>
        ) : (
          <Empty title={words.never}>{blast.data?.open ? words.wait : words.neverWhy}</Empty>
        )
      }
    />
  );
}

/** An item's code, whole: the server finds lots of exactly that item. */
function ItemFind({ item, change }: { item: string; change: (item: string) => void }) {
  const [typed, setTyped] = useState(item);
  return (
    <form
      className="scan-form"
      onSubmit={(event) => {
        event.preventDefault();
        change(typed.trim());
      }}
    >
      <TextInput
        aria-label={words.ofItem}
        placeholder={words.ofItem}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          if (event.currentTarget.value === '') change('');
        }}
      />
    </form>
  );
}
