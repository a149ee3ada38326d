import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { traceGapsQuery } from '~/api/queries';
import type { Trace, TraceGap } from '~/api/types';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { GapMark } from '~/kit/marks';
import { Empty } from '~/kit/page';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { Tallies } from './tallies';

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
  const counted = Object.entries(trace.counts?.gaps ?? {}).reduce(
    (sum, [kind, n]) => (search.gap && search.gap !== kind ? sum : sum + n),
    0,
  );
  return (
    <>
      <Tallies label={text.gaps.kinds} field="gap" counts={trace.counts?.gaps} words={text.gap} />
      <DataTable
        id={`gaps-${trace.id}`}
        label={text.trace.tabs.gaps}
        columns={columns}
        source={useRows(`gaps ${search.gap ?? ''}`, query, counted)}
        rowKey={(row) => `${row.kind} ${row.id} ${row.event ?? ''} ${row.message}`}
        empty={<Empty title={text.gaps.none}>{text.gaps.noneWhy}</Empty>}
      />
    </>
  );
}
