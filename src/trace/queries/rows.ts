/** Pages and streams over a trace's stored rows. */
import { formatTime } from '@/kernel';
import { unitsByIds } from '@/ledger';
import { escapeLike, Queryable } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import type { UnitKind } from '../domain/question';
import {
  ConsigneeView,
  ExcludedUnitView,
  GapView,
  Names,
  StoredUnitRow,
  TraceHeadRow,
  TraceUnitView,
  unitView,
} from './views';

export interface UnitFilters {
  item?: string;
  certainty?: 'certain' | 'possible';
  state?: string;
  place?: string;
  customer?: string;
  reason?: string;
  /** part of a code, or of an item's code or name */
  q?: string;
  kinds?: UnitKind[];
}

export interface PageOf<T> extends Page<T> {
  total: number;
}

/** Rows of a stream that are read in one go. */
const STREAM_BATCH = 5_000;
/** Runs are in lists only when they are asked for. */
export const KINDS_SHOWN: UnitKind[] = ['serial', 'lot'];

type Listing = 'affected' | 'excluded';

function conditions(head: TraceHeadRow, listing: Listing, f: UnitFilters): { where: string; params: unknown[] } {
  const params: unknown[] = [head.trace_no, f.kinds ?? KINDS_SHOWN];
  const and: string[] = [
    't.trace_no = $1',
    `t.reason IS ${listing === 'affected' ? 'NULL' : 'NOT NULL'}`,
    't.kind = ANY ($2::text[])',
  ];
  const add = (value: unknown, condition: (p: string) => string) => {
    if (value === undefined || value === '') return;
    params.push(value);
    and.push(condition(`$${params.length}`));
  };
  add(f.item, (p) => `t.item_id = (SELECT item_id FROM item WHERE code = ${p})`);
  add(f.certainty && f.certainty === 'certain', (p) => `t.certain = ${p}::boolean`);
  add(f.state, (p) => `${p}::text = ANY (t.states)`);
  add(f.place, (p) => `(SELECT place_id FROM place WHERE code = ${p}) = ANY (t.places)`);
  add(f.customer, (p) => `(SELECT partner_id FROM partner WHERE code = ${p}) = ANY (t.customers)`);
  add(f.reason, (p) => `t.reason = ${p}`);
  add(
    f.q && `%${escapeLike(f.q)}%`,
    (p) => `(t.code ILIKE ${p} OR t.item_id IN (SELECT item_id FROM item WHERE code ILIKE ${p} OR name ILIKE ${p}))`,
  );
  return { where: and.join(' AND '), params };
}

async function readUnits(
  q: Queryable,
  where: string,
  params: readonly unknown[],
  after: number,
  limit: number,
): Promise<StoredUnitRow[]> {
  return q.query<StoredUnitRow>(
    `SELECT t.ord, t.unit_id, t.reason, t.item_id, t.kind, t.code, t.depth, t.certain, t.exposure, t.quantity,
            t.states, t.places, t.customers, t.holdings
       FROM trace_unit t WHERE ${where} AND t.ord > $${params.length + 1} ORDER BY t.ord LIMIT $${params.length + 2}`,
    [...params, after, limit],
  );
}

async function viewUnits(
  q: Queryable,
  head: TraceHeadRow,
  rows: readonly StoredUnitRow[],
): Promise<ExcludedUnitView[]> {
  const names = await Names.read(q, head.position, {
    items: rows.map((r) => r.item_id),
    places: rows.flatMap((r) => r.places),
    partners: rows.flatMap((r) => r.customers),
  });
  return rows.map(
    (r) => (r.reason === null ? unitView(r, names) : { ...unitView(r, names), reason: r.reason }) as ExcludedUnitView,
  );
}

export async function unitPage(
  q: Queryable,
  head: TraceHeadRow,
  listing: Listing,
  filters: UnitFilters,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<PageOf<TraceUnitView>> {
  const { where, params } = conditions(head, listing, filters);
  const size = pageSize(limit);
  const after = Number(decodeCursor<number>(cursor) ?? -1);
  const rows = await readUnits(q, where, params, Number.isSafeInteger(after) ? after : -1, size + 1);
  const [count] = await q.query<{ total: number }>(
    `SELECT count(*)::int AS total FROM trace_unit t WHERE ${where}`,
    params,
  );
  const shown = rows.slice(0, size);
  return {
    data: await viewUnits(q, head, shown),
    nextCursor: rows.length > size ? encodeCursor(shown.at(-1)!.ord) : null,
    total: count!.total,
  };
}

export async function* unitStream(
  q: Queryable,
  head: TraceHeadRow,
  listing: Listing,
  filters: UnitFilters = {},
): AsyncGenerator<ExcludedUnitView> {
  const { where, params } = conditions(head, listing, filters);
  let after = -1;
  for (;;) {
    const rows = await readUnits(q, where, params, after, STREAM_BATCH);
    yield* await viewUnits(q, head, rows);
    if (rows.length < STREAM_BATCH) return;
    after = rows.at(-1)!.ord;
  }
}

interface StoredDelivery {
  ord: number;
  customer_id: number | null;
  shipment: string | null;
  at_ms: number;
  event_id: number;
  unit_id: number;
  parent_unit_id: number | null;
  quantity: string | null;
  hit: boolean;
  certain: boolean;
}

export interface ConsigneeFilters {
  customer?: string;
  shipment?: string;
  hit?: boolean;
}

async function readDeliveries(
  q: Queryable,
  head: TraceHeadRow,
  f: ConsigneeFilters,
  after: number,
  limit: number,
): Promise<{ rows: StoredDelivery[]; views: ConsigneeView[] }> {
  const rows = await q.query<StoredDelivery>(
    `SELECT ord, customer_id, shipment, at_ms, event_id, unit_id, parent_unit_id, quantity, hit, certain
       FROM trace_consignee
      WHERE trace_no = $1 AND ord > $2
        AND ($4::text IS NULL OR customer_id = (SELECT partner_id FROM partner WHERE code = $4))
        AND ($5::text IS NULL OR shipment = $5) AND ($6::boolean IS NULL OR hit = $6)
      ORDER BY ord LIMIT $3`,
    [head.trace_no, after, limit, f.customer ?? null, f.shipment ?? null, f.hit ?? null],
  );
  const ids = [
    ...new Set(rows.flatMap((r) => (r.parent_unit_id === null ? [r.unit_id] : [r.unit_id, r.parent_unit_id]))),
  ];
  const units = new Map((await unitsByIds(q, ids)).map((u) => [u.unitId, u]));
  const names = await Names.read(q, head.position, {
    items: [...units.values()].map((u) => u.itemId),
    partners: rows.flatMap((r) => (r.customer_id === null ? [] : [r.customer_id])),
  });
  const ref = (id: number) => {
    const u = units.get(id)!;
    return { id: `u${id}`, unit: names.ref(u.itemId, u.kind, u.code) };
  };
  const views = rows.map((r): ConsigneeView => {
    const { itemId } = units.get(r.unit_id)!;
    return {
      ...ref(r.unit_id),
      name: names.items.get(itemId)!.name,
      customer: names.contact(r.customer_id),
      shipment: r.shipment,
      at: formatTime(r.at_ms),
      quantity: names.quantity(itemId, r.quantity),
      hit: r.hit,
      certainty: r.certain ? 'certain' : 'possible',
      inside: r.parent_unit_id === null ? null : ref(r.parent_unit_id),
      event: `e${r.event_id}`,
    };
  });
  return { rows, views };
}

export async function consigneePage(
  q: Queryable,
  head: TraceHeadRow,
  filters: ConsigneeFilters,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<ConsigneeView>> {
  const size = pageSize(limit);
  const { rows, views } = await readDeliveries(q, head, filters, position(cursor), size + 1);
  return {
    data: views.slice(0, size),
    nextCursor: rows.length > size ? encodeCursor(rows[size - 1]!.ord) : null,
  };
}

export async function* consigneeStream(
  q: Queryable,
  head: TraceHeadRow,
  filters: ConsigneeFilters = {},
): AsyncGenerator<ConsigneeView> {
  let after = -1;
  for (;;) {
    const { rows, views } = await readDeliveries(q, head, filters, after, STREAM_BATCH);
    yield* views;
    if (rows.length < STREAM_BATCH) return;
    after = rows.at(-1)!.ord;
  }
}

interface StoredGap {
  ord: number;
  kind: string;
  unit_id: number;
  message: string;
  event_id: number | null;
}

async function readGaps(q: Queryable, head: TraceHeadRow, kind: string | undefined, after: number, limit: number) {
  const rows = await q.query<StoredGap>(
    `SELECT ord, kind, unit_id, message, event_id FROM trace_gap
      WHERE trace_no = $1 AND ord > $2 AND ($4::text IS NULL OR kind = $4) ORDER BY ord LIMIT $3`,
    [head.trace_no, after, limit, kind ?? null],
  );
  const units = new Map((await unitsByIds(q, [...new Set(rows.map((r) => r.unit_id))])).map((u) => [u.unitId, u]));
  const names = await Names.read(q, head.position, { items: [...units.values()].map((u) => u.itemId) });
  const views = rows.map((r): GapView => {
    const u = units.get(r.unit_id)!;
    return {
      kind: r.kind,
      message: r.message,
      id: `u${r.unit_id}`,
      unit: names.ref(u.itemId, u.kind, u.code),
      event: r.event_id === null ? null : `e${r.event_id}`,
    };
  });
  return { rows, views };
}

export async function gapPage(
  q: Queryable,
  head: TraceHeadRow,
  kind: string | undefined,
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<GapView>> {
  const size = pageSize(limit);
  const { rows, views } = await readGaps(q, head, kind, position(cursor), size + 1);
  return {
    data: views.slice(0, size),
    nextCursor: rows.length > size ? encodeCursor(rows[size - 1]!.ord) : null,
  };
}

export async function* gapStream(q: Queryable, head: TraceHeadRow, kind?: string): AsyncGenerator<GapView> {
  let after = -1;
  for (;;) {
    const { rows, views } = await readGaps(q, head, kind, after, STREAM_BATCH);
    yield* views;
    if (rows.length < STREAM_BATCH) return;
    after = rows.at(-1)!.ord;
  }
}

function position(cursor: string | undefined): number {
  const at = Number(decodeCursor<number>(cursor) ?? -1);
  return Number.isSafeInteger(at) ? at : -1;
}
