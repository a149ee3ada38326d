import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '~/api/client';
import type { ExcludedUnit, Trace } from '~/api/types';
import { DataTable, type Column } from '~/kit/data-table';
import { ExportMenu } from '~/kit/export-menu';
import { Empty, ErrorBox } from '~/kit/page';
import { text } from '~/text';
import { unitColumns, whyColumn } from './columns';
import { FilterBar, useFilters } from './filters';
import { ColumnChoice } from './list-tools';
import { usePanel } from './panel-way';
import { Tallies } from './tallies';
import { useUnitList } from './unit-list';

const route = getRouteApi('/app/traces/$trace');
const keys = ['item', 'state', 'place', 'customer', 'month', 'reason'] as const;
/** Of a unit that is out, these are of the way that was not taken. */
const LEFT_OUT = ['certainty', 'depth', 'exposure'];

export function ExcludedTab({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const { open } = usePanel();
  const filters = useFilters([...keys, 'q']);
  const { list, source, onTop, sorting } = useUnitList(trace, 'excluded', filters);
  const [problem, setProblem] = useState<unknown>(null);
  const hidden = useMemo(() => search.hide?.split(',') ?? [], [search.hide]);
  const filtered = Object.keys(filters).length > 0;
  const columns = useMemo<Column<ExcludedUnit>[]>(() => {
    const [unit, ...rest] = unitColumns<ExcludedUnit>(trace);
    const reason: Column<ExcludedUnit> = {
      id: 'reason',
      header: text.col.reason,
      width: 200,
      sort: 'reason',
      cell: (row) => <span title={text.reasonWhy[row.reason] ?? ''}>{text.reason[row.reason] ?? row.reason}</span>,
    };
    const shown = rest.filter((column) => !LEFT_OUT.includes(column.id));
    return unit ? [unit, whyColumn(text.why.notOf, (row) => open(row)), reason, ...shown] : [];
  }, [trace, open]);
  return (
    <>
      <Tallies
        label={text.excluded.reasons}
        field="reason"
        counts={trace.counts?.excluded}
        words={text.reason}
        why={text.reasonWhy}
      />
      <FilterBar only={keys}>
        <ColumnChoice columns={columns} />
        <ExportMenu
          label={filtered ? text.export.filtered : text.export.button}
          name={`trace-${trace.id}-excluded`}
          file={(kind) => api.unitsFile(trace.id, 'excluded', list, kind)}
          onProblem={setProblem}
        />
      </FilterBar>
      {problem ? <ErrorBox error={problem} /> : null}
      <DataTable
        id={`excluded-${source.id}`}
        label={text.trace.tabs.excluded}
        columns={columns}
        hidden={hidden}
        source={source}
        rowKey={(row) => row.id}
        sorting={sorting}
        startRow={source.startRow}
        onTop={onTop}
        onWhy={open}
        marked={(row) => row.id === search.why}
        empty={
          filtered ? (
            <Empty title={text.units.filteredOut}>{text.units.filteredOutWhy}</Empty>
          ) : (
            <Empty title={text.excluded.none}>{text.excluded.noneWhy}</Empty>
          )
        }
      />
    </>
  );
}
