import { useInfiniteQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { excludedQuery } from '~/api/queries';
import type { ExcludedUnit, Trace } from '~/api/types';
import { count } from '~/kit/amount';
import { DataTable, pagesOf, type Column } from '~/kit/data-table';
import { Empty } from '~/kit/page';
import { text } from '~/text';
import { FilterBar, useFilters } from './filters';
import { unitColumns } from './units';

const route = getRouteApi('/app/traces/$trace');

export function ExcludedTab({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const filters = useFilters(['item', 'q', 'reason', 'state', 'place', 'customer']);
  const query = useInfiniteQuery(excludedQuery(trace.id, filters));
  const { rows, total } = pagesOf(query.data);
  const reasons = Object.entries(trace.counts?.excluded ?? {}).filter(([, n]) => n > 0);
  const columns = useMemo<Column<ExcludedUnit>[]>(() => {
    const [unit, name, , ...rest] = unitColumns<ExcludedUnit>();
    const reason: Column<ExcludedUnit> = {
      id: 'reason',
      header: text.col.reason,
      width: 190,
      cell: (row) => <span title={text.reasonWhy[row.reason] ?? ''}>{text.reason[row.reason] ?? row.reason}</span>,
    };
    return unit && name
      ? [unit, reason, name, ...rest.filter((column) => column.id !== 'depth' && column.id !== 'exposure')]
      : [];
  }, []);
  return (
    <>
      {reasons.length > 0 ? (
        <ul className="reason-list" aria-label={text.excluded.reasons}>
          {reasons.map(([reason, n]) => (
            <li key={reason}>
              <Link
                from="/traces/$trace"
                to="/traces/$trace"
                resetScroll={false}
                search={(was: Search) => ({ ...was, reason: was.reason === reason ? undefined : reason })}
                className={search.reason === reason ? 'reason on' : 'reason'}
                aria-current={search.reason === reason ? 'true' : undefined}
              >
                <strong>{count(n)}</strong> {text.reason[reason] ?? reason}
              </Link>
              <span className="dim small">{text.reasonWhy[reason] ?? ''}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <FilterBar only={['item', 'state', 'place', 'customer', 'reason']} />
      <DataTable
        id={`excluded-${trace.id}`}
        label={text.trace.tabs.excluded}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        total={total}
        loading={query.isPending}
        error={query.error}
        retry={() => void query.refetch()}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        fetchingMore={query.isFetchingNextPage}
        empty={
          Object.keys(filters).length > 0 ? (
            <Empty title={text.units.filteredOut}>{text.units.filteredOutWhy}</Empty>
          ) : (
            <Empty title={text.excluded.none}>{text.excluded.noneWhy}</Empty>
          )
        }
      />
    </>
  );
}
