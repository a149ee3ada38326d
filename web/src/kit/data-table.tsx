/**
 * The one table: dense, its first column frozen, rows drawn only where they are seen, more fetched from the server as one
 * scrolls. `j` and `k` walk the rows, Enter opens what the row is about.
 */
import { columnVisibilityFeature, createColumnHelper, tableFeatures, useTable } from '@tanstack/react-table';
import { useElementScrollRestoration } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { text } from '~/text';
import { count } from './amount';
import { useHotkey } from './keyboard';
import { ErrorBox, Loading } from './page';

export type Column<T> = {
  id: string;
  header: string;
  width: number;
  cell: (row: T) => ReactNode;
  align?: 'right';
};

type Props<T> = {
  label: string;
  /** Remembers the scroll of this table for Back. */
  id: string;
  columns: Column<T>[];
  hidden?: string[];
  rows: T[];
  rowKey: (row: T) => string;
  total?: number | undefined;
  loading?: boolean;
  error?: unknown;
  retry?: () => void;
  more?: (() => void) | undefined;
  fetchingMore?: boolean;
  empty: ReactNode;
  onWhy?: (row: T) => void;
  marked?: (row: T) => boolean;
};

const ROW_PX = 34;
const AHEAD = 20;
const features = tableFeatures({ columnVisibilityFeature });

export function DataTable<T extends object>(props: Props<T>) {
  const { columns, rows, rowKey, hidden, more, fetchingMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const restored = useElementScrollRestoration({ id: `table-${props.id}` });

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
  const table = useTable({ features, columns: definitions, data: rows, getRowId: rowKey, state: { columnVisibility } });
  const model = table.getRowModel().rows;

  // eslint-disable-next-line react-hooks/incompatible-library -- nothing that it returns is passed to a memoized component
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    initialOffset: restored?.scrollY ?? 0,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !fetchingMore && model.length > 0 && last >= model.length - AHEAD) more();
  }, [last, model.length, more, fetchingMore]);

  const activeIndex = active === null ? -1 : model.findIndex((row) => row.id === active);
  const step = (by: number): void => {
    const index = Math.max(0, Math.min(model.length - 1, activeIndex + by));
    const row = model[index];
    if (!row) return;
    setActive(row.id);
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
      const row = model[Math.max(0, activeIndex)];
      if (row) props.onWhy?.(row.original);
    },
    props.onWhy !== undefined,
  );

  if (props.error && rows.length === 0) return <ErrorBox error={props.error} retry={props.retry} />;
  if (props.loading && rows.length === 0) return <Loading />;
  if (rows.length === 0) return <>{props.empty}</>;

  const visible = table.getVisibleLeafColumns();
  const width = visible.reduce((sum, column) => sum + (byId.get(column.id)?.width ?? 120), 0);
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const total = props.total ?? (more ? undefined : rows.length);

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
        <table className="table" aria-rowcount={total === undefined ? -1 : total + 1} style={{ minWidth: width }}>
          <colgroup>
            {visible.map((column) => (
              <col key={column.id} style={{ width: byId.get(column.id)?.width }} />
            ))}
          </colgroup>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id} aria-rowindex={1}>
                {group.headers.map((header) => (
                  <th
                    key={header.id}
                    scope="col"
                    className={byId.get(header.column.id)?.align === 'right' ? 'right' : ''}
                  >
                    <table.FlexRender header={header} />
                  </th>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 ? <tr aria-hidden="true" className="spacer" style={{ height: before }} /> : null}
            {shown.map((item) => {
              const row = model[item.index];
              if (!row) return null;
              const isActive = row.id === active;
              return (
                <tr
                  key={row.id}
                  data-index={item.index}
                  aria-rowindex={item.index + 2}
                  className={`${isActive ? 'active ' : ''}${props.marked?.(row.original) ? 'marked' : ''}`}
                  style={{ height: ROW_PX }}
                  onFocus={() => setActive(row.id)}
                  onClick={() => setActive(row.id)}
                >
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
      <p className="table-foot" role="status">
        {total === undefined
          ? text.table.some(count(rows.length))
          : rows.length < total
            ? text.table.loaded(count(rows.length), count(total))
            : text.table.all(count(total), total)}
        {fetchingMore ? ` · ${text.loading}` : ''}
      </p>
      {props.error ? <ErrorBox error={props.error} retry={props.retry} /> : null}
    </div>
  );
}

/** Flattens pages and says how many there are in all. */
export function pagesOf<T>(data: { pages: { data: T[]; total?: number }[] } | undefined): {
  rows: T[];
  total: number | undefined;
} {
  return { rows: data?.pages.flatMap((page) => page.data) ?? [], total: data?.pages[0]?.total };
}
