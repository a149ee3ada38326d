/** What a recall of each lot would touch today, the worst first: where to look before anything has gone wrong. */
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '~/api/client';
import { blastLotsQuery, blastRunQuery, finished, queryClient } from '~/api/queries';
import type { BlastLot, BlastRun } from '~/api/types';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { Find } from '~/kit/find';
import { ListPage } from '~/kit/list-page';
import { StatusMark } from '~/kit/marks';
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
    width: 140,
    align: 'right',
    sort: 'downward',
    cell: (row) => size(row.downward),
  },
  { id: 'upward', header: words.upward, width: 140, align: 'right', sort: 'upward', cell: (row) => size(row.upward) },
];

function Run({ run }: { run: BlastRun }) {
  return (
    <div className="panel">
      <p className="head-facts">
        <StatusMark status={run.status} />
        {run.at ? (
          <span>
            {words.asOf} <Time at={run.at} short />
          </span>
        ) : null}
        {run.ledgerPosition === null ? null : <span>{text.question.position(count(run.ledgerPosition))}</span>}
      </p>
      {finished(run.status) ? null : <ProgressLine label={words.progress} progress={run.progress} />}
      {run.status === 'failed' ? (
        <ErrorBox error={new Error(run.error?.message ?? text.trace.failedWhy)} title={words.failed} />
      ) : null}
      {run.worst === null || run.worst === undefined ? null : (
        <dl className="tiles">
          {(['lots', 'worst', 'mean', 'median'] as const).map((key) => (
            <div key={key} className="tile" data-tile={key}>
              <dd className="tile-value">{size(run[key])}</dd>
              <dt className="tile-label">{words.tiles[key]}</dt>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

export function BlastRadiusPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const run = useQuery(blastRunQuery);
  const [error, setError] = useState<unknown>(null);
  const { sort = '-units', item = '', q = '' } = search;
  const query = useInfiniteQuery(blastLotsQuery({ sort, ...(item ? { item } : {}), ...(q ? { q } : {}) }));
  const set = (change: Partial<typeof search>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true, resetScroll: false });
  const busy = run.data ? !finished(run.data.status) : false;
  const start = async (): Promise<void> => {
    setError(null);
    try {
      await api.runBlast();
      await queryClient.invalidateQueries({ queryKey: blastRunQuery.queryKey });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <ListPage
      id="blast"
      title={words.title}
      actions={
        can('traces:run') ? (
          <Button size="sm" variant="default" loading={busy} onClick={() => void start()}>
            {words.run}
          </Button>
        ) : null
      }
      above={
        <>
          <p className="dim lead">{words.what}</p>
          {error ? <ErrorBox error={error} /> : null}
          {run.error ? <ErrorBox error={run.error} retry={() => void run.refetch()} /> : null}
          {run.data ? <Run run={run.data} /> : null}
        </>
      }
      find={{ q, onFind: (next) => set({ q: next || undefined }) }}
      filters={<Find key="item" q={item} label={words.ofItem} onFind={(next) => set({ item: next || undefined })} />}
      columns={columns}
      sorting={{ by: sort, change: (by) => set({ sort: by }) }}
      rowKey={(row) => row.id}
      query={query}
      empty={
        q || item ? (
          <Empty title={text.records.notFound(q || item)}>{text.records.notFoundWhy}</Empty>
        ) : run.data ? (
          <Empty title={words.noLots}>{busy ? words.wait : words.noLotsWhy}</Empty>
        ) : (
          <Empty title={words.never}>{words.neverWhy}</Empty>
        )
      }
    />
  );
}
