/** Picks: what to fetch from where, and what is fetched. */
import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { presentOf, unitRef, type UnitKind } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { itemsById } from '@/reference/catalog';
import { packedIn } from '../db/containers';
import { pickIdOf } from '../db/picks';
import type { Missing } from '../domain/allocate';

export interface PickRowView {
  pick: string;
  salesOrder: string;
  customer: string;
  strategy: string;
  lifeDaysMin: number;
  from: string | null;
  to: string | null;
  state: string;
  note: string | null;
  by: string;
  at: string;
  lines: number;
  picked: number;
}

export interface PickLineView {
  pickLine: string;
  orderLine: string;
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  place: string | null;
  quantity: { value: string; uom: string };
  state: string;
  /** what it is packed in now; of a lot only where just what was picked is in one container */
  container: string | null;
  expires: string | null;
  /** why it must not be taken after all: found out since it was proposed */
  holds: string[];
  reason: string | null;
  /** another one was proposed */
  proposed: ReturnType<typeof unitRef> | null;
  by: string | null;
  at: string | null;
}

export interface PickView extends PickRowView {
  pickLines: PickLineView[];
  /** what could not be found when it was started */
  missing: { orderLine: string; item: string; quantity: { value: string; uom: string }; unfit: Missing['unfit'] }[];
}

interface Row {
  pick_id: number;
  sales_order: string;
  customer: string;
  strategy: string;
  life_days_min: number;
  from_place: string | null;
  to_place: string | null;
  state: string;
  note: string | null;
  created_by: string;
  created_at: Date;
  lines: number;
  picked: number;
}

const PICK = `SELECT p.pick_id, p.sales_order, c.code AS customer, p.strategy, p.life_days_min, f.code AS from_place, t.code AS to_place, p.state,
    p.note, p.created_by, p.created_at, l.lines, l.picked
  FROM pick p JOIN partner c ON c.partner_id = p.customer_id LEFT JOIN place f ON f.place_id = p.from_place_id LEFT JOIN place t ON t.place_id = p.to_place_id
    CROSS JOIN LATERAL (SELECT count(*)::int AS lines, count(*) FILTER (WHERE x.state IN ('picked', 'shipped'))::int AS picked
      FROM pick_line x WHERE x.pick_id = p.pick_id) l`;

const rowView = (r: Row): PickRowView => ({
  pick: `p${r.pick_id}`,
  salesOrder: r.sales_order,
  customer: r.customer,
  strategy: r.strategy,
  lifeDaysMin: r.life_days_min,
  from: r.from_place,
  to: r.to_place,
  state: r.state,
  note: r.note,
  by: r.created_by,
  at: r.created_at.toISOString(),
  lines: r.lines,
  picked: r.picked,
});

/** The newest first. */
export async function listPicks(
  q: Queryable,
  filter: { salesOrder?: string; state?: string },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<PickRowView>> {
  const size = pageSize(limit);
  const rows = await q.query<Row>(
    `${PICK} WHERE ($1::text IS NULL OR p.sales_order = $1) AND ($2::text IS NULL OR p.state = $2) AND ($3::int IS NULL OR p.pick_id < $3)
     ORDER BY p.pick_id DESC LIMIT $4`,
    [filter.salesOrder ?? null, filter.state ?? null, decodeCursor<number>(cursor), size + 1],
  );
  return toPage(rows, size, (r) => r.pick_id, rowView);
}

/** Throws NOT_FOUND. Lines in the order to walk. */
export async function pickById(q: Queryable, pick: string, missing: readonly Missing[] = []): Promise<PickView> {
  const id = pickIdOf(pick);
  const [row] = id === null ? [] : await q.query<Row>(`${PICK} WHERE p.pick_id = $1`, [id]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'pick', key: pick });
  const items = await itemsById(q, [...new Set(missing.map((m) => m.itemId))]);
  return {
    ...rowView(row),
    pickLines: await linesView(q, row.pick_id),
    missing: missing.map((m) => ({
      orderLine: m.line,
      item: items.get(m.itemId)!.code,
      quantity: { value: formatDecimal(m.quantity), uom: items.get(m.itemId)!.uom },
      unfit: m.unfit,
    })),
  };
}

async function linesView(q: Queryable, pickId: number): Promise<PickLineView[]> {
  const rows = await q.query<{
    pick_line_id: number;
    order_line: string;
    unit_id: number;
    item: string;
    name: string;
    uom: string;
    kind: UnitKind;
    code: string;
    place: string | null;
    quantity: string;
    picked: string | null;
    state: string;
    reason: string | null;
    proposed_unit_id: number;
    proposed_kind: UnitKind;
    proposed_code: string;
    picked_by: string | null;
    picked_at: Date | null;
  }>(
    `SELECT l.pick_line_id, l.order_line, l.unit_id, i.code AS item, i.name, i.uom, u.kind, u.code, p.code AS place, l.quantity, l.picked, l.state, l.reason,
            l.proposed_unit_id, w.kind AS proposed_kind, w.code AS proposed_code, l.picked_by, l.picked_at
       FROM pick_line l JOIN unit u USING (unit_id) JOIN item i ON i.item_id = u.item_id JOIN unit w ON w.unit_id = l.proposed_unit_id
         LEFT JOIN place p ON p.place_id = l.place_id
      WHERE l.pick_id = $1 ORDER BY l.walk, l.pick_line_id`,
    [pickId],
  );
  const present = await presentOf(
    q,
    rows.filter((r) => r.state === 'proposed' || r.state === 'picked').map((r) => r.unit_id),
  );
  const packed = await packedIn(
    q,
    rows
      .filter((r) => r.state === 'picked')
      .map((r) => ({ unitId: r.unit_id, quantity: parseDecimal(r.picked ?? r.quantity) })),
  );
  return rows.map((r) => ({
    pickLine: `pl${r.pick_line_id}`,
    orderLine: r.order_line,
    id: `u${r.unit_id}`,
    unit: unitRef(r.item, r.kind, r.code),
    name: r.name,
    place: r.place,
    quantity: { value: formatDecimal(parseDecimal(r.picked ?? r.quantity)), uom: r.uom },
    state: r.state,
    container: r.state === 'picked' ? (packed.get(r.unit_id) ?? null) : null,
    expires: formatTime(present.get(r.unit_id)?.expiresMs ?? null),
    holds: (present.get(r.unit_id)?.holds ?? []).map((h) => h.reason),
    reason: r.reason,
    proposed: r.proposed_unit_id === r.unit_id ? null : unitRef(r.item, r.proposed_kind, r.proposed_code),
    by: r.picked_by,
    at: r.picked_at?.toISOString() ?? null,
  }));
}
