/** Builds that are under way or were ended, and the parts that were taken for them. */
import { DomainError } from '@/kernel';
import type { Queryable, Tx } from '@/platform/db';
import type { BuildLine } from '../domain/bom-lines';

/** `voided`: it was finished, and its event was taken back: the facts say that it was never made. */
export type BuildState = 'open' | 'parked' | 'finished' | 'abandoned' | 'voided';

export interface Build {
  buildId: number;
  orderId: number;
  order: string;
  orderState: string;
  openLines: 'refuse' | 'reason';
  itemId: number;
  item: string;
  itemName: string;
  uom: string;
  kind: 'serial' | 'lot';
  code: string;
  quantity: string;
  revision: string | null;
  lines: BuildLine[];
  state: BuildState;
  workCenterId: number | null;
  workCenter: string | null;
  takesRuns: boolean;
  placeId: number | null;
  place: string | null;
  station: string | null;
  operator: string | null;
  startedAt: Date;
  startedBy: string;
  endedAt: Date | null;
  reason: string | null;
  eventClientId: string | null;
}

/** A corrected event stays finished: what was put in its place says how it was made. */
const STATE = `CASE WHEN b.state = 'finished' AND EXISTS (SELECT FROM event e JOIN event_void v USING (event_id) JOIN event by ON by.event_id = v.by_event_id
    WHERE e.source = b.ended_by AND e.client_id = b.event_client_id AND by.type = 'void') THEN 'voided' ELSE b.state END`;

const BUILD = `SELECT b.build_id AS "buildId", b.work_order_id AS "orderId", o.number AS "order", o.state AS "orderState", o.open_lines AS "openLines",
    b.item_id AS "itemId", i.code AS item, i.name AS "itemName", i.uom, b.kind, b.code, b.quantity, b.revision, b.lines, ${STATE} AS state,
    b.work_center_id AS "workCenterId", w.code AS "workCenter", coalesce(w.takes_runs, false) AS "takesRuns", b.place_id AS "placeId",
    p.code AS place, b.station, b.operator, b.started_at AS "startedAt", b.started_by AS "startedBy", b.ended_at AS "endedAt", b.reason,
    b.event_client_id AS "eventClientId"
  FROM build b JOIN work_order o USING (work_order_id) JOIN item i ON i.item_id = b.item_id
  LEFT JOIN work_center w ON w.work_center_id = b.work_center_id LEFT JOIN place p ON p.place_id = b.place_id`;

/** `b12` of an answer, or the number alone. */
export const buildName = (buildId: number): string => `b${buildId}`;

function idOf(ref: string): number {
  const m = /^b?(\d{1,9})$/.exec(ref);
  if (!m) throw new DomainError('NOT_FOUND', { what: 'build', key: ref });
  return Number(m[1]);
}

/** A build; with `lock` nobody else changes it until the transaction ends: its order cannot be closed while it is open. Throws NOT_FOUND. */
export async function buildByRef(q: Queryable, ref: string, lock = false): Promise<Build> {
  const [row] = await q.query<Build>(`${BUILD} WHERE b.build_id = $1 ${lock ? 'FOR UPDATE OF b' : ''}`, [idOf(ref)]);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'build', key: ref });
  return row;
}

export interface BuildFilter {
  order?: string | undefined;
  state?: string | undefined;
  workCenter?: string | undefined;
  item?: string | undefined;
}

export function listBuilds(q: Queryable, filter: BuildFilter, before: number | null, limit: number): Promise<Build[]> {
  return q.query<Build>(
    `${BUILD} WHERE ($1::text IS NULL OR o.number = $1) AND ($2::text[] IS NULL OR ${STATE} = ANY ($2)) AND ($3::text IS NULL OR w.code = $3)
       AND ($4::text IS NULL OR i.code = $4) AND ($5::int IS NULL OR b.build_id < $5)
     ORDER BY b.build_id DESC LIMIT $6`,
    [
      filter.order ?? null,
      filter.state === undefined ? null : filter.state.split(','),
      filter.workCenter ?? null,
      filter.item ?? null,
      before,
      limit,
    ],
  );
}

/** The open build of a piece, where there is one. */
export async function openBuildOf(q: Queryable, itemId: number, code: string): Promise<Build | null> {
  const [row] = await q.query<Build>(
    `${BUILD} WHERE b.item_id = $1 AND b.code = $2 AND b.kind = 'serial' AND b.state IN ('open', 'parked')`,
    [itemId, code],
  );
  return row ?? null;
}

export async function openBuildNames(q: Queryable, orderId: number): Promise<string[]> {
  const rows = await q.query<{ build_id: number; code: string }>(
    `SELECT build_id, code FROM build WHERE work_order_id = $1 AND state IN ('open', 'parked') ORDER BY build_id`,
    [orderId],
  );
  return rows.map((row) => `${buildName(row.build_id)} (${row.code})`);
}

/** How much builds of an order have begun and not given up, and how much of that is under way. */
export async function begunOf(q: Queryable, orderId: number): Promise<{ begun: string; open: string }> {
  const [row] = await q.query<{ begun: string; open: string }>(
    `SELECT coalesce(sum(quantity), 0) AS begun, coalesce(sum(quantity) FILTER (WHERE state IN ('open', 'parked')), 0) AS open
       FROM build WHERE work_order_id = $1 AND state <> 'abandoned'`,
    [orderId],
  );
  return row!;
}

export interface NewBuild {
  orderId: number;
  itemId: number;
  kind: 'serial' | 'lot';
  code: string;
  quantity: string;
  revision: string | null;
  lines: readonly BuildLine[];
  workCenterId: number | null;
  placeId: number | null;
  station: string | null;
  operator: string | null;
}

export async function insertBuild(tx: Tx, build: NewBuild): Promise<number> {
  const [row] = await tx.query<{ build_id: number }>(
    `INSERT INTO build (work_order_id, item_id, kind, code, quantity, revision, lines, state, work_center_id, place_id, station, operator, started_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12) RETURNING build_id`,
    [
      build.orderId,
      build.itemId,
      build.kind,
      build.code,
      build.quantity,
      build.revision,
      JSON.stringify(build.lines),
      build.workCenterId,
      build.placeId,
      build.station,
      build.operator,
      tx.ctx.actor,
    ],
  );
  return row!.build_id;
}

/** Ends a build, and gives its parts free. */
export async function endBuild(
  tx: Tx,
  buildId: number,
  state: 'finished' | 'abandoned',
  more: { reason: string | null; eventClientId: string | null; quantity?: string },
): Promise<void> {
  await tx.query(
    `WITH parts AS (UPDATE build_part SET open = false WHERE build_id = $1 AND open)
     UPDATE build SET state = $2, reason = $3, event_client_id = $4, ended_at = now(), ended_by = $5, quantity = coalesce($6, quantity)
      WHERE build_id = $1`,
    [buildId, state, more.reason, more.eventClientId, tx.ctx.actor, more.quantity ?? null],
  );
}

/** Sets a build aside, or takes it up again where one is now. */
export async function placeBuild(
  tx: Tx,
  buildId: number,
  state: 'open' | 'parked',
  at: { workCenterId: number | null; placeId: number | null; station: string | null; operator: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE build SET state = $2, work_center_id = $3, place_id = $4, station = $5, operator = $6 WHERE build_id = $1`,
    [buildId, state, at.workCenterId, at.placeId, at.station, at.operator],
  );
}

// ------------------------------------------------------------ parts

export interface Part {
  partId: number;
  buildId: number;
  line: number | null;
  position: string | null;
  unitId: number;
  itemId: number;
  item: string;
  kind: 'serial' | 'lot' | 'run';
  code: string;
  uom: string;
  quantity: string | null;
  certainty: 'certain' | 'possible';
  via: 'scan' | 'backflush' | 'run';
}

export function partsOf(q: Queryable, buildIds: readonly number[]): Promise<Part[]> {
  return q.query<Part>(
    `SELECT p.build_part_id AS "partId", p.build_id AS "buildId", p.line_no AS line, p.position, p.unit_id AS "unitId", u.item_id AS "itemId",
        i.code AS item, u.kind, u.code, i.uom, p.quantity, p.certainty, p.via
       FROM build_part p JOIN unit u USING (unit_id) JOIN item i ON i.item_id = u.item_id
      WHERE p.build_id = ANY ($1::int[]) ORDER BY p.build_part_id`,
    [buildIds],
  );
}

export interface NewPart {
  line: number | null;
  position: string | null;
  unitId: number;
  quantity: string | null;
  certainty: 'certain' | 'possible';
  via: 'scan' | 'backflush' | 'run';
  serial: boolean;
}

/** A piece that another open build has taken meanwhile meets a unique key: whoever calls tries again and sees it. */
export async function insertParts(tx: Tx, buildId: number, parts: readonly NewPart[]): Promise<void> {
  if (parts.length === 0) return;
  await tx.query(
    `INSERT INTO build_part (build_id, line_no, position, unit_id, quantity, certainty, via, serial, taken_by)
     SELECT $1, x.* , $2 FROM unnest($3::int[], $4::text[], $5::int[], $6::numeric[], $7::text[], $8::text[], $9::boolean[])
       AS x(line_no, position, unit_id, quantity, certainty, via, serial)`,
    [
      buildId,
      tx.ctx.actor,
      parts.map((p) => p.line),
      parts.map((p) => p.position),
      parts.map((p) => p.unitId),
      parts.map((p) => p.quantity),
      parts.map((p) => p.certainty),
      parts.map((p) => p.via),
      parts.map((p) => p.serial),
    ],
  );
}

export async function deletePart(tx: Tx, buildId: number, partId: number): Promise<void> {
  await tx.query(`DELETE FROM build_part WHERE build_id = $1 AND build_part_id = $2 AND open`, [buildId, partId]);
}

export interface Reservation {
  unitId: number;
  serial: boolean;
  quantity: string | null;
  buildId: number;
  order: string;
  item: string;
  code: string;
}

/** What other open builds have taken of units. */
export function takenElsewhere(q: Queryable, buildId: number, unitIds: readonly number[]): Promise<Reservation[]> {
  return q.query<Reservation>(
    `SELECT p.unit_id AS "unitId", p.serial, p.quantity, p.build_id AS "buildId", o.number AS "order", i.code AS item, b.code
       FROM build_part p JOIN build b USING (build_id) JOIN work_order o USING (work_order_id) JOIN item i ON i.item_id = b.item_id
      WHERE p.unit_id = ANY ($1::int[]) AND p.open AND p.build_id <> $2`,
    [unitIds, buildId],
  );
}

/** The instructions that were acknowledged at the scans of a build, by the ids under which they were shown. */
export async function acknowledgedIn(q: Queryable, buildId: number, command: string): Promise<string[]> {
  // By those who scanned: the key of acknowledgements begins with the actor.
  const rows = await q.query<{ id: string }>(
    `SELECT DISTINCT 'i' || instruction_id || '.' || version AS id FROM instruction_acknowledgement
      WHERE command = $2 AND actor = ANY (ARRAY (SELECT DISTINCT taken_by FROM build_part WHERE build_id = $1))`,
    [buildId, command],
  );
  return rows.map((row) => row.id);
}
