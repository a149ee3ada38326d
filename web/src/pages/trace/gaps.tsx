import { useInfiniteQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi, Link } from '@tanstack/react-router';
import { traceGapsQuery } from '~/api/queries';
import type { Trace, TraceGap } from '~/api/types';
import { count } from '~/kit/amount';
import { DataTable, pagesOf, type Column } from '~/kit/data-table';
import { GapMark } from '~/kit/marks';
import { Empty } from '~/kit/page';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const route = getRouteApi('/app/traces/$trace');

const columns: Column<TraceGap>[] = [
  {
    id: 'unit',
    header: text.col.unit,
    width: 240,
    cell: (row) => (row.unit ? <UnitLink id={row.id} unit={row.unit} /> : <span className="dim">{text.unknown}</span>),
  },
  { id: 'kind', header: text.col.gap, width: 210, cell: (row) => <GapMark word={text.gap[row.kind] ?? row.kind} /> },
  {
    id: 'message',
    header: text.col.meaning,
    width: 640,
    cell: (row) => <span title={row.message}>{row.message}</span>,
  },
];

export function GapsTab({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const query = useInfiniteQuery(traceGapsQuery(trace.id, search.gap ? { kind: search.gap } : {}));
  const { rows } = pagesOf(query.data);
  const counted = Object.entries(trace.counts?.gaps ?? {}).reduce(
    (sum, [kind, n]) => (search.gap && search.gap !== kind ? sum : sum + n),
    0,
  );
  const kinds = Object.entries(trace.counts?.gaps ?? {}).filter(([, n]) => n > 0);
  return (
    <>
      {kinds.length > 0 ? (
        <ul className="reason-list" aria-label={text.gaps.kinds}>
          {kinds.map(([kind, n]) => (
            <li key={kind}>
              <Link
                from="/traces/$trace"
                to="/traces/$trace"
                resetScroll={false}
                search={(was: Search) => ({ ...was, gap: was.gap === kind ? undefined : kind })}
                className={search.gap === kind ? 'reason on' : 'reason'}
                aria-current={search.gap === kind ? 'true' : undefined}
              >
                <strong>{count(n)}</strong> {text.gap[kind] ?? kind}
              </Link>
            </li>
          ))}
        </ul>
      ) : null}
      <DataTable
        id={`gaps-${trace.id}`}
        label={text.trace.tabs.gaps}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.kind} ${row.id} ${row.event ?? ''} ${row.message}`}
        total={counted}
        loading={query.isPending}
        error={query.error}
        retry={() => void query.refetch()}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        fetchingMore={query.isFetchingNextPage}
        empty={<Empty title={text.gaps.none}>{text.gaps.noneWhy}</Empty>}
      />
    </>
  );
}
