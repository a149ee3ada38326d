import { Button, Checkbox, Popover } from '@mantine/core';
import { IconColumns, IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '~/api/client';
import { traceUnitsQuery } from '~/api/queries';
import type { Holding, State, Trace, TraceUnit } from '~/api/types';
import { Amount, quantityText } from '~/kit/amount';
import { DataTable, pagesOf, type Column } from '~/kit/data-table';
import { CertaintyMark, elsewhere, StateMark } from '~/kit/marks';
import { Empty, ErrorBox, saveAs } from '~/kit/page';
import { Interval } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';
import { FilterBar, useFilters } from './filters';

const route = getRouteApi('/app/traces/$trace');
export const filterKeys = ['item', 'certainty', 'state', 'place', 'customer', 'q', 'kinds'] as const;
const shownFilters = ['item', 'certainty', 'state', 'place', 'customer'] as const;
const WITH_RUNS = 'serial,lot,run';

function Where({
  row,
}: {
  row: { state: State | null; place: string | null; customer: string | null; holdings?: Holding[] | undefined };
}) {
  if (row.customer) return <span title={row.customer}>{row.customer}</span>;
  if (row.place) return <span title={row.place}>{row.place}</span>;
  if (elsewhere(row.state)) return null;
  const held = row.holdings ?? [];
  if (held.length < 2) return <span className="dim">{text.unknown}</span>;
  const all = held
    .map(
      (one) => `${text.state[one.state]}: ${one.customer ?? one.place ?? text.unknown}, ${quantityText(one.quantity)}`,
    )
    .join('\n');
  return <span title={all}>{text.units.places(held.length)}</span>;
}

function States({ row }: { row: { state: State | null; holdings?: Holding[] | undefined } }) {
  if (row.state) return <StateMark state={row.state} />;
  const states = [...new Set((row.holdings ?? []).map((one) => one.state))];
  return states.length === 0 ? (
    <StateMark state="unknown" />
  ) : (
    <span>{states.map((state) => text.state[state] ?? state).join(', ')}</span>
  );
}

function Exposure({ spans }: { spans: [string | null, string | null][] }) {
  const [first, ...rest] = spans;
  if (!first) return null;
  return (
    <>
      <Interval from={first[0]} until={first[1]} />
      {rest.length > 0 ? <span className="dim"> {text.andMore(rest.length)}</span> : null}
    </>
  );
}

export const unitColumns = <T extends TraceUnit>(): Column<T>[] => [
  { id: 'unit', header: text.col.unit, width: 215, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  { id: 'name', header: text.col.name, width: 165, cell: (row) => <span title={row.name ?? ''}>{row.name}</span> },
  {
    id: 'certainty',
    header: text.col.certainty,
    width: 95,
    cell: (row) => <CertaintyMark certainty={row.certainty} />,
  },
  { id: 'state', header: text.col.state, width: 105, cell: (row) => <States row={row} /> },
  { id: 'where', header: text.col.where, width: 130, cell: (row) => <Where row={row} /> },
  {
    id: 'quantity',
    header: text.col.quantity,
    width: 95,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  { id: 'depth', header: text.col.depth, width: 64, align: 'right', cell: (row) => row.depth },
  { id: 'exposure', header: text.col.exposure, width: 330, cell: (row) => <Exposure spans={row.exposure ?? []} /> },
];

export function UnitsTab({ trace }: { trace: Trace }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters = useFilters(filterKeys);
  const query = useInfiniteQuery(traceUnitsQuery(trace.id, filters));
  const { rows, total } = pagesOf(query.data);
  const [exporting, setExporting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const hidden = useMemo(() => search.hide?.split(',') ?? [], [search.hide]);
  const filtered = Object.keys(filters).some((key) => key !== 'kinds');

  const columns = useMemo<Column<TraceUnit>[]>(() => {
    const [unit, ...rest] = unitColumns<TraceUnit>();
    const why: Column<TraceUnit> = {
      id: 'why',
      header: text.col.why,
      width: 64,
      cell: (row) => (
        <button
          type="button"
          className="why-button"
          aria-label={text.why.of(unitName(row.unit))}
          onClick={() =>
            void navigate({
              search: (was: Search) => ({ ...was, why: was.why === row.id ? undefined : row.id }),
              replace: true,
              resetScroll: false,
            })
          }
        >
          {text.why.button}
        </button>
      ),
    };
    return unit ? [unit, why, ...rest] : rest;
  }, [navigate]);

  const toggle = (id: string): void => {
    const next = hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id];
    void navigate({
      search: (was: Search) => ({ ...was, hide: next.length > 0 ? next.join(',') : undefined }),
      replace: true,
      resetScroll: false,
    });
  };
  const exportCsv = async (): Promise<void> => {
    setExporting(true);
    setProblem(null);
    try {
      await saveAs(await api.unitsFile(trace.id, filters), `trace-${trace.id}-units.csv`);
    } catch (error) {
      setProblem(error);
    } finally {
      setExporting(false);
    }
  };

  return (
    <>
      <FilterBar only={shownFilters}>
        <Checkbox
          label={text.units.runs}
          checked={search.kinds === WITH_RUNS}
          onChange={(event) => {
            const kinds = event.currentTarget.checked ? WITH_RUNS : undefined;
            void navigate({ search: (was: Search) => ({ ...was, kinds }), replace: true, resetScroll: false });
          }}
        />
        <Popover position="bottom-end">
          <Popover.Target>
            <Button variant="default" leftSection={<IconColumns size={14} aria-hidden />}>
              {text.table.columns}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <div className="column-list">
              {columns
                .filter((column) => column.id !== 'unit')
                .map((column) => (
                  <Checkbox
                    key={column.id}
                    label={column.header}
                    checked={!hidden.includes(column.id)}
                    onChange={() => toggle(column.id)}
                  />
                ))}
            </div>
          </Popover.Dropdown>
        </Popover>
        <Button
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          loading={exporting}
          onClick={() => void exportCsv()}
        >
          {filtered ? text.units.exportFiltered : text.units.export}
        </Button>
      </FilterBar>
      {problem ? <ErrorBox error={problem} /> : null}
      <DataTable
        id={`units-${trace.id}-${JSON.stringify(filters)}`}
        label={text.trace.tabs.units}
        columns={columns}
        hidden={hidden}
        rows={rows}
        rowKey={(row) => row.id}
        total={total}
        loading={query.isPending}
        error={query.error}
        retry={() => void query.refetch()}
        more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        fetchingMore={query.isFetchingNextPage}
        onWhy={(row) =>
          void navigate({ search: (was: Search) => ({ ...was, why: row.id }), replace: true, resetScroll: false })
        }
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
