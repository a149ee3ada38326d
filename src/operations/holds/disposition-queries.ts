/** Reads of dispositions: the queue of those to be decided and carried out, and what each is about. */
import { DomainError } from '@/kernel';
import { unitRef, type UnitKind, type UnitRef } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { DispositionKind, DispositionState } from './domain/disposition';

export interface DispositionView {
  disposition: string;
  kind: DispositionKind;
  state: DispositionState;
  reason: string;
  place: string | null;
  supplier: string | null;
  units: number;
  items: string[];
  proposedBy: string;
  proposedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decidedNote: string | null;
  doneBy: string | null;
  doneAt: string | null;
}

export interface DispositionRecord {
  disposition_id: number;
  kind: DispositionKind;
  state: DispositionState;
  reason: string;
  place_id: number | null;
  partner_id: number | null;
  place: string | null;
  partner: string | null;
  proposed_by: string;
  proposed_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  decided_note: string | null;
  done_by: string | null;
  done_at: Date | null;
}

const RECORD = `SELECT d.*, pl.code AS place, pa.code AS partner FROM disposition d
  LEFT JOIN place pl USING (place_id) LEFT JOIN partner pa USING (partner_id)`;

export function dispositionId(disposition: string): number {
  const id = /^D(\d{1,9})$/.exec(disposition)?.[1];
  if (!id) throw new DomainError('NOT_FOUND', { what: 'disposition', key: disposition });
  return Number(id);
}

/** Throws NOT_FOUND. */
export async function dispositionRecord(q: Queryable, id: number): Promise<DispositionRecord> {
  const [row] = await q.query<DispositionRecord>(`${RECORD} WHERE d.disposition_id = $1`, [id]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'disposition', key: `D${id}` });
  return row;
}

type Totals = { units: number; items: string[] };

const view = (row: DispositionRecord & Totals): DispositionView => ({
  disposition: `D${row.disposition_id}`,
  kind: row.kind,
  state: row.state,
  reason: row.reason,
  place: row.place,
  supplier: row.partner,
  units: row.units,
  items: row.items,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
  decidedNote: row.decided_note,
  doneBy: row.done_by,
  doneAt: row.done_at?.toISOString() ?? null,
});

export interface DispositionFilter {
  state?: DispositionState | undefined;
  unitId?: number | undefined;
}

const TOTALS = `(SELECT count(*)::int FROM disposition_unit x WHERE x.disposition_id = d.disposition_id) AS units,
  (SELECT array_agg(DISTINCT i.code) FROM (SELECT unit_id FROM disposition_unit x WHERE x.disposition_id = d.disposition_id ORDER BY unit_id LIMIT 100) x
     JOIN unit u USING (unit_id) JOIN item i USING (item_id)) AS items`;

/** The newest first. */
export async function findDispositions(
  q: Queryable,
  filter: DispositionFilter,
  before: number | null,
  limit: number,
): Promise<DispositionView[]> {
  const rows = await q.query<DispositionRecord & Totals>(
    `SELECT d.*, ${TOTALS} FROM (${RECORD}) d
      WHERE ($1::text IS NULL OR d.state = $1) AND ($2::int IS NULL OR d.disposition_id < $2)
        AND ($3::int IS NULL OR EXISTS (SELECT 1 FROM disposition_unit x WHERE x.disposition_id = d.disposition_id AND x.unit_id = $3))
      ORDER BY d.disposition_id DESC LIMIT $4`,
    [filter.state ?? null, before, filter.unitId ?? null, limit],
  );
  return rows.map(view);
}

export interface DispositionUnitView {
  id: string;
  unit: UnitRef;
  /** null: all of it that is in house */
  quantity: { value: string; uom: string } | null;
  holds: string[];
  /** the lot that the part was split off into */
  heir: { id: string; unit: UnitRef } | null;
}

const UNITS_SHOWN = 1_000;

export async function dispositionWithUnits(
  q: Queryable,
  id: number,
): Promise<DispositionView & { unitList: DispositionUnitView[] }> {
  const [row] = await q.query<DispositionRecord & Totals>(
    `SELECT d.*, ${TOTALS} FROM (${RECORD}) d WHERE d.disposition_id = $1`,
    [id],
  );
  if (!row) throw new DomainError('NOT_FOUND', { what: 'disposition', key: `D${id}` });
  const units = await q.query<{
    unit_id: number;
    item: string;
    uom: string;
    kind: UnitKind;
    code: string;
    quantity: string | null;
    hold_ids: number[];
    heir_id: number | null;
    heir: string | null;
  }>(
    `SELECT x.unit_id, i.code AS item, i.uom, u.kind, u.code, trim_scale(x.quantity)::text AS quantity, x.hold_ids, x.heir_id, heir.code AS heir
       FROM disposition_unit x JOIN unit u USING (unit_id) JOIN item i USING (item_id) LEFT JOIN unit heir ON heir.unit_id = x.heir_id
      WHERE x.disposition_id = $1 ORDER BY x.unit_id LIMIT ${UNITS_SHOWN}`,
    [id],
  );
  return {
    ...view(row),
    unitList: units.map((one) => ({
      id: `u${one.unit_id}`,
      unit: unitRef(one.item, one.kind, one.code),
      quantity: one.quantity === null ? null : { value: one.quantity, uom: one.uom },
      holds: one.hold_ids.map((hold) => `h${hold}`),
      heir:
        one.heir_id === null || one.heir === null
          ? null
          : { id: `u${one.heir_id}`, unit: unitRef(one.item, 'lot', one.heir) },
    })),
  };
}

/** Dispositions of these units that are not over; `part`: only of a part of it. */
export function openDispositions(
  q: Queryable,
  unitIds: readonly number[],
): Promise<{ unitId: number; dispositionId: number; state: DispositionState; part: boolean }[]> {
  return q.query(
    `SELECT x.unit_id AS "unitId", d.disposition_id AS "dispositionId", d.state, x.quantity IS NOT NULL AS part
       FROM disposition_unit x JOIN disposition d USING (disposition_id)
      WHERE x.unit_id = ANY ($1::int[]) AND d.state IN ('proposed', 'approved')`,
    [unitIds],
  );
}

export interface UnitToDo {
  unitId: number;
  item: string;
  uom: string;
  kind: UnitKind;
  code: string;
  holdIds: number[];
  /** decimal text in the base unit; null: all of it */
  quantity: string | null;
}

export function unitsToDo(q: Queryable, id: number): Promise<UnitToDo[]> {
  return q.query(
    `SELECT x.unit_id AS "unitId", i.code AS item, i.uom, u.kind, u.code, x.hold_ids AS "holdIds", trim_scale(x.quantity)::text AS quantity
       FROM disposition_unit x JOIN unit u USING (unit_id) JOIN item i USING (item_id) WHERE x.disposition_id = $1 ORDER BY x.unit_id`,
    [id],
  );
}
