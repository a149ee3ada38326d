/** The workers: who is there, and how far the index in each one's memory is. */
import { useQuery } from '@tanstack/react-query';
import { workersQuery } from '~/api/queries';
import type { WorkerHealth } from '~/api/types';
import { count } from '~/kit/amount';
import { GapMark, StatusMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, useTitle } from '~/kit/page';
import { PlainTable, type PlainColumn } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';

const words = text.health;
const MIB = 1024 * 1024;
const unknown = <span className="dim">{text.unknown}</span>;
const number = (value: number | null | undefined) => (value === null || value === undefined ? unknown : count(value));

const columns: PlainColumn<WorkerHealth>[] = [
  { header: words.worker, cell: (row) => <span className="code">{row.id}</span> },
  { header: words.seen, cell: (row) => <Time at={row.seenAt} /> },
  {
    header: words.index,
    cell: (row) =>
      row.index ? (
        <StatusMark
          status={row.index.state ?? 'done'}
          word={words.state[row.index.state ?? ''] ?? words.state['ready']}
        />
      ) : (
        <GapMark word={words.noIndex} />
      ),
  },
  { header: words.links, align: 'right', cell: (row) => number(row.index?.links) },
  {
    header: words.memory,
    align: 'right',
    cell: (row) =>
      row.index?.bytes === null || row.index?.bytes === undefined
        ? unknown
        : `${count(Math.round(row.index.bytes / MIB))} MiB`,
  },
  { header: words.position, align: 'right', cell: (row) => number(row.index?.position) },
  { header: words.lag, align: 'right', cell: (row) => number(row.index?.lag) },
  {
    header: words.rebuild,
    align: 'right',
    cell: (row) =>
      row.index?.rebuildSeconds === null || row.index?.rebuildSeconds === undefined
        ? unknown
        : `${row.index.rebuildSeconds.toFixed(1)} s`,
  },
];

export function HealthPage() {
  useTitle(text.nav.health);
  const query = useQuery(workersQuery);
  return (
    <>
      <PageHead title={text.nav.health} />
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : null}
      {query.data && query.data.length > 0 ? (
        <section className="panel" aria-label={words.workers}>
          <PlainTable label={words.workers} columns={columns} rows={query.data} rowKey={(row) => row.id} />
          <p className="dim small">{words.what}</p>
        </section>
      ) : null}
    </>
  );
}
