import { Button, Checkbox } from '@mantine/core';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '~/api/client';
import type { Trace, TraceUnit } from '~/api/types';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import { DataTable, type Column } from '~/kit/data-table';
import { ExportMenu } from '~/kit/export-menu';
import { Empty, ErrorBox } from '~/kit/page';
import { text } from '~/text';
import { unitColumns, whyColumn } from './columns';
import { FilterBar, useFilters } from './filters';
import { ColumnChoice, TraceViews } from './list-tools';
import { usePanel } from './panel-way';
import { PICKED_MAX, type Picked } from './position';
import { useChange, useUnitList, WITH_RUNS } from './unit-list';

const route = getRouteApi('/app/traces/$trace');
export const filterKeys = ['item', 'certainty', 'state', 'place', 'customer', 'month', 'q', 'kinds'] as const;
const shownFilters = ['item', 'certainty', 'state', 'place', 'customer', 'month', 'kinds'] as const;

type PickedBarProps = { picked: Picked; total: number | undefined; pick: (next: Picked) => void };

/** What is picked, and what can be done with it. Nothing is shown of it until something is. */
function PickedBar({ picked, total, pick }: PickedBarProps) {
  const { can } = useSession();
  if (!picked.all && picked.ids.length === 0) return null;
  return (
    <div className="picked-bar" role="status">
      <strong>{picked.all ? text.picked.all(count(total ?? 0)) : text.picked.some(picked.ids.length)}</strong>
      {!picked.all && picked.ids.length >= PICKED_MAX ? (
        <span className="dim">{text.picked.most(PICKED_MAX)}</span>
      ) : null}
      {!picked.all && can('traces:run') ? (
        <Link to="/traces/new" search={{ direction: 'backward', seeds: picked.ids.map((u) => ({ u })) }}>
          {text.picked.traceBackward}
        </Link>
      ) : null}
      {!picked.all && can('traces:run') ? (
        <Link to="/traces/new" search={{ seeds: picked.ids.map((u) => ({ u })) }}>
          {text.picked.traceForward}
        </Link>
      ) : null}
      {picked.all ? <span className="dim">{text.picked.allHint}</span> : null}
      <Button variant="subtle" color="gray" onClick={() => pick({ all: false, ids: [] })}>
        {text.picked.none}
      </Button>
    </div>
  );
}

export function UnitsTab({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const change = useChange();
  const panel = usePanel();
  const filters = useFilters(filterKeys);
  const { list, source, onTop, sorting, picked, pick, picking } = useUnitList(trace, 'units', filters);
  const [problem, setProblem] = useState<unknown>(null);
  const hidden = useMemo(() => search.hide?.split(',') ?? [], [search.hide]);
  const filtered = Object.keys(filters).some((key) => key !== 'kinds' || filters.kinds !== WITH_RUNS);

  const { open } = panel;
  const columns = useMemo<Column<TraceUnit>[]>(() => {
    const [unit, ...rest] = unitColumns<TraceUnit>(trace);
    return unit ? [unit, whyColumn(text.why.of, (row) => open(row)), ...rest] : rest;
  }, [trace, open]);

  return (
    <>
      <FilterBar only={shownFilters}>
        <Checkbox
          label={text.units.runs}
          checked={search.kinds === WITH_RUNS}
          onChange={(event) => change({ kinds: event.currentTarget.checked ? WITH_RUNS : undefined })}
        />
        {source.total !== undefined && source.total > 0 && !picked.all ? (
          <Button variant="default" onClick={() => pick({ all: true, ids: [] })}>
            {filtered ? text.picked.selectMatching(count(source.total)) : text.picked.selectAll(count(source.total))}
          </Button>
        ) : null}
        <TraceViews />
        <ColumnChoice columns={columns} />
        <ExportMenu
          label={filtered ? text.export.filtered : text.export.button}
          name={`trace-${trace.id}-units`}
          file={(kind) => api.unitsFile(trace.id, 'units', list, kind)}
          onProblem={setProblem}
        />
      </FilterBar>
      <PickedBar picked={picked} total={source.total} pick={pick} />
      {problem ? <ErrorBox error={problem} /> : null}
      {source.base > 0 ? (
        <p className="list-start">
          {text.table.begins(count(source.base + 1))}{' '}
          <button type="button" className="link-button" onClick={source.restart}>
            {text.table.toStart}
          </button>
        </p>
      ) : null}
      <DataTable
        id={`units-${source.id}`}
        label={text.trace.tabs.units}
        columns={columns}
        hidden={hidden}
        source={source}
        rowKey={(row) => row.id}
        sorting={sorting}
        picking={picking}
        startRow={source.startRow}
        onTop={onTop}
        onWhy={open}
        marked={(row) => row.id === search.why}
        empty={
          filtered ? (
            <Empty title={text.units.filteredOut}>{text.units.filteredOutWhy}</Empty>
          ) : (
            <Empty title={text.units.none}>
              {trace.complete ? text.units.noneComplete : text.units.noneIncomplete}
            </Empty>
          )
        }
      />
    </>
  );
}
