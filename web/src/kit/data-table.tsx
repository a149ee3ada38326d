/**
 * The one table: dense, its first column frozen, rows drawn only where they are seen, more fetched from the server as one
 * scrolls. `j` and `k` walk the rows, Enter opens what the row is about. Sorting is the server's: a header only says by what.
 */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Page } from '~/api/types';
import { text } from '~/text';
import { count } from './amount';
import { useHotkey } from './keyboard';
import { ErrorBox, Loading } from './page';
import type { RowSource } from './row-window';

export type Column<T> = {
  id: string;
  header: string;
  width: number;
  cell: (row: T) => ReactNode;
  align?: 'right';
  /** what the server sorts by for this column */
  sort?: string;
};

export type Sorting = { by: string | undefined; change: (by: string | undefined) => void };
/** Rows that are picked by hand; `all` when everything that matches is. */
export type Picking<T> = {
  all: boolean;
  has: (row: T) => boolean;
  toggle: (row: T) => void;
  label: (row: T) => string;
};

type Props<T> = {
  label: string;
  /** Remembers the scroll of this table for Back. */
  id: string;
  columns: Column<T>[];
  hidden?: string[];
  source: RowSource<T>;
  rowKey: (row: T) => string;
  empty: ReactNode;
  sorting?: Sorting;
  picking?: Picking<T>;
  /** the row (from 0, of the whole list) to begin at, where the address says it; else the scroll is remembered */
  startRow?: number;
  onTop?: (index: number) => void;
  onWhy?: (row: T) => void;
  marked?: (row: T) => boolean;
};

const ROW_PX = 34;
const AHEAD = 20;
const PICK_PX = 34;
const features = tableFeatures({ columnVisibilityFeature });

function SortButton({ column, sorting }: { column: Column<never>; sorting: Sorting }) {
  const { sort = '', header } = column;
  const now = sorting.by === sort ? 'up' : sorting.by === `-${sort}` ? 'down' : null;
  // Up, down, and back to the order in which they are kept.
  const next = now === null ? sort : now === 'up' ? `-${sort}` : undefined;
  return (
    <button type="button" className="sort-button" onClick={() => sorting.change(next)}>
      {header}
      <span aria-hidden="true">{now === 'up' ? ' ↑' : now === 'down' ? ' ↓' : ''}</span>
    </button>
  );
}

const ariaSort = (column: Column<never>, sorting: Sorting | undefined): 'ascending' | 'descending' | undefined => {
  if (!sorting || !column.sort) return undefined;
  return sorting.by === column.sort ? 'ascending' : sorting.by === `-${column.sort}` ? 'descending' : undefined;
};

export function DataTable<T extends object>(props: Props<T>) {
  // Another question's rows are another table: nothing of its scroll or its active row stays.
  return <Rows key={props.source.id} {...props} />;
}

function Rows<T extends object>(props: Props<T>) {
  const { columns, source, rowKey, hidden, sorting, picking, onTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const restored = useElementScrollRestoration({ id: `table-${props.id}` });
  const [startAt] = useState(() =>
    props.startRow === undefined ? (restored?.scrollY ?? 0) : Math.max(0, props.startRow - source.base) * ROW_PX,
  );

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is passed to a memoized component
  const virtual = useVirtualizer({
    count: source.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    initialOffset: startAt,
  });
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const { show } = source;
  useEffect(() => {
    if (source.count > 0) show(first, Math.min(source.count - 1, last + AHEAD));
  }, [first, last, source.count, source.fetching, show]);
  const top = Math.floor((virtual.scrollOffset ?? 0) / ROW_PX);
  useEffect(() => {
    if (!onTop || source.count === 0) return;
    const timer = window.setTimeout(() => onTop(top), 300);
    return () => window.clearTimeout(timer);
  }, [top, onTop, source.count]);

  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return helper.columns(
      columns.map((column) =>
        helper.display({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) }),
      ),
    );
  }, [columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries((hidden ?? []).map((id) => [id, false])) as Record<string, boolean>,
    [hidden],
  );
  // The model holds what is drawn, and never the list.
  const drawn = shown.flatMap((item) => {
    const row = source.at(item.index);
    return row ? [{ index: item.index, row }] : [];
  });
  const table = useTable({
    features,
    columns: definitions,
    data: drawn.map((one) => one.row),
    getRowId: rowKey,
    state: { columnVisibility },
  });
  const model = table.getRowModel().rows;
  const modelAt = new Map(drawn.map((one, at) => [one.index, model[at]]));

  const step = (by: number): void => {
    const index = Math.max(0, Math.min(source.count - 1, (active ?? -1) + by));
    setActive(index);
    virtual.scrollToIndex(index);
    // The row may only be drawn after the scroll.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const element = scroller.current?.querySelector<HTMLElement>(`tr[data-index="${index}"]`);
        (element?.querySelector<HTMLElement>('a,button') ?? element)?.focus({ preventScroll: false });
      }),
    );
  };
  useHotkey('j', () => step(1));
  useHotkey('k', () => step(-1));
  useHotkey(
    'w',
    () => {
      const row = source.at(active ?? first);
      if (row) props.onWhy?.(row);
    },
    props.onWhy !== undefined,
  );

  if (source.error && source.count === 0) return <ErrorBox error={source.error} retry={source.retry} />;
  if (source.loading) return <Loading />;
  if (source.count === 0) return <>{props.empty}</>;

  const visible = table.getVisibleLeafColumns();
  const width = visible.reduce((sum, column) => sum + (byId.get(column.id)?.width ?? 120), picking ? PICK_PX : 0);
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const { total } = source;
  const from = source.base + top + 1;
  const seen = Math.floor(((virtual.scrollOffset ?? 0) + (virtual.scrollRect?.height ?? 0)) / ROW_PX);
  const until = source.base + Math.max(top + 1, Math.min(source.count, seen));

  return (
    <div className="table-wrap">
      <div
        ref={scroller}
        className="table-scroll"
        data-scroll-restoration-id={`table-${props.id}`}
        tabIndex={0}
        role="region"
        aria-label={props.label}
      >
        <table
          className={picking ? 'table picks' : 'table'}
          aria-rowcount={total === undefined ? -1 : total + 1}
          style={{ minWidth: width }}
        >
          <colgroup>
            {picking ? <col style={{ width: PICK_PX }} /> : null}
            {visible.map((column) => (
              <col key={column.id} style={{ width: byId.get(column.id)?.width }} />
            ))}
          </colgroup>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} aria-rowindex={1}>
                {picking ? (
                  <th scope="col">
                    <span className="sr-only">{text.table.picked}</span>
                  </th>
                ) : null}
                {group.headers.map((header) => {
                  const column = byId.get(header.column.id) as Column<never> | undefined;
                  return (
                    <th
                      key={header.id}
                      scope="col"
                      className={column?.align === 'right' ? 'right' : ''}
                      aria-sort={column ? ariaSort(column, sorting) : undefined}
                    >
                      {column?.sort && sorting ? (
                        <SortButton column={column} sorting={sorting} />
                      ) : (
                        <table.FlexRender header={header} />
                      )}
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 ? <tr aria-hidden="true" className="spacer" style={{ height: before }} /> : null}
            {shown.map((item) => {
              const row = modelAt.get(item.index);
              if (!row) {
                return (
                  <tr key={`coming ${item.index}`} className="coming" style={{ height: ROW_PX }}>
                    <td colSpan={visible.length + (picking ? 1 : 0)}>{text.loading}</td>
                  </tr>
                );
              }
              const picked = picking ? picking.all || picking.has(row.original) : undefined;
              return (
                <tr
                  key={row.id}
                  data-index={item.index}
                  aria-rowindex={source.base + item.index + 2}
                  className={`${item.index === active ? 'active ' : ''}${props.marked?.(row.original) ? 'marked' : ''}`}
                  style={{ height: ROW_PX }}
                  onFocus={() => setActive(item.index)}
                  onClick={() => setActive(item.index)}
                >
                  {picking ? (
                    <td className="pick">
                      <input
                        type="checkbox"
                        aria-label={picking.label(row.original)}
                        checked={picked}
                        disabled={picking.all}
                        onChange={() => picking.toggle(row.original)}
                      />
                    </td>
                  ) : null}
                  {row.getVisibleCells().map((cell) => (
                    <td key={cell.id} className={byId.get(cell.column.id)?.align === 'right' ? 'right' : ''}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 ? <tr aria-hidden="true" className="spacer" style={{ height: after }} /> : null}
          </tbody>
        </table>
      </div>
      <p className="table-foot">
        {total === undefined
          ? text.table.some(count(source.base + source.count))
          : source.base + source.count === total && from === 1 && until === total
            ? text.table.all(count(total), total)
            : text.table.part(count(from), count(until), count(total))}
        {source.fetching ? ` · ${text.loading}` : ''}
      </p>
      {source.error ? <ErrorBox error={source.error} retry={source.retry} /> : null}
    </div>
  );
}

/** A list of pages that is short enough to be held whole, as a table takes it. */
export function useRows<T>(
  id: string,
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>,
  total?: number,
): RowSource<T> {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data]);
  return {
    id,
    base: 0,
    count: rows.length,
    at: (index) => rows[index],
    show: (_first, last) => {
      if (hasNextPage && !isFetchingNextPage && !query.isFetchNextPageError && last >= rows.length - 1)
        void fetchNextPage();
    },
    total: total ?? data?.pages[0]?.total ?? (hasNextPage ? undefined : rows.length),
    loading: query.isPending,
    fetching: isFetchingNextPage,
    error: query.error,
    retry: () => void query.refetch(),
  };
}
