import { formatTime } from '@/kernel';
import type { Queryable } from '@/platform/db';
import {
  inOrder,
  type InstructionState,
  sentence,
  type Severity,
  type ShownInstruction,
  stateAt,
  type SubjectKind,
} from './domain/instruction';

/**
 * What a scan, a build or a shipment touches, by internal ids. Items of units, where the units are and with whom, and places above
 * places are found here.
 */
export interface Touched {
  units?: readonly number[];
  items?: readonly number[];
  places?: readonly number[];
  partners?: readonly number[];
}

interface InstructionRecord {
  instruction_id: number;
  code: string;
  version: number;
  title: string;
  body: string;
  severity: Severity;
  acknowledge: boolean;
  unit_id: number | null;
  from_ms: number | null;
  until_ms: number | null;
  until_ref: string | null;
  changed_at: Date;
  changed_by: string;
  retired_at: Date | null;
  retired_by: string | null;
  retired_reason: string | null;
  about: SubjectKind;
  key: string;
  name: string;
}

/** Instruction `i` with the key and the name of what it is about. */
const INSTRUCTION = `SELECT i.instruction_id, i.code, i.version, i.title, i.body, i.severity, i.acknowledge, i.unit_id, i.from_ms, i.until_ms, i.until_ref,
    i.changed_at, i.changed_by, i.retired_at, i.retired_by, i.retired_reason,
    CASE WHEN i.item_id IS NOT NULL THEN 'item' WHEN i.unit_id IS NOT NULL THEN 'unit' WHEN i.place_id IS NOT NULL THEN 'place'
      WHEN i.partner_id IS NOT NULL THEN 'customer' ELSE 'category' END AS about,
    coalesce(it.code, ui.code || '~' || u.kind || '~' || u.code, pl.code, pa.code, i.category) AS key,
    coalesce(it.name, ui.name || ', ' || u.kind || ' ' || u.code, pl.name, pa.name, i.category) AS name
  FROM instruction i
    LEFT JOIN item it ON it.item_id = i.item_id
    LEFT JOIN unit u ON u.unit_id = i.unit_id LEFT JOIN item ui ON ui.item_id = u.item_id
    LEFT JOIN place pl ON pl.place_id = i.place_id
    LEFT JOIN partner pa ON pa.partner_id = i.partner_id`;

/**
 * The instructions that count now for what is touched: those of the units, of their items and categories, of the places that are
 * named or where the units are, with all places above them, of the customers that are named or who have the units. One read, whatever the number; the gravest first.
 */
export async function instructionsFor(
  q: Queryable,
  touched: Touched,
  nowMs: number = Date.now(),
): Promise<ShownInstruction[]> {
  const rows = await q.query<InstructionRecord & { units: number[] | null }>(
    `WITH RECURSIVE
       touched_unit AS (SELECT unit_id, item_id FROM unit WHERE unit_id = ANY ($1::int[])),
       touched_item AS (
         SELECT t.item_id, t.category FROM item t
          WHERE t.item_id = ANY ($2::int[]) OR t.item_id IN (SELECT item_id FROM touched_unit)),
       where_now AS (SELECT place_id, customer_id FROM holding WHERE unit_id = ANY ($1::int[])),
       up AS (
         SELECT place_id, parent_id FROM place
          WHERE place_id = ANY ($3::int[]) OR place_id IN (SELECT place_id FROM where_now WHERE place_id IS NOT NULL)
         UNION SELECT p.place_id, p.parent_id FROM up JOIN place p ON p.place_id = up.parent_id),
       hit AS (
         SELECT c.instruction_id, t.unit_id FROM instruction c JOIN touched_unit t ON t.unit_id = c.unit_id WHERE c.retired_at IS NULL
         UNION ALL
         SELECT c.instruction_id, t.unit_id FROM instruction c JOIN touched_item k ON k.item_id = c.item_id
           LEFT JOIN touched_unit t ON t.item_id = k.item_id WHERE c.retired_at IS NULL
         UNION ALL
         SELECT c.instruction_id, t.unit_id FROM instruction c JOIN touched_item k ON k.category = c.category
           LEFT JOIN touched_unit t ON t.item_id = k.item_id WHERE c.retired_at IS NULL
         UNION ALL
         SELECT c.instruction_id, NULL FROM instruction c JOIN up ON up.place_id = c.place_id WHERE c.retired_at IS NULL
         UNION ALL
         SELECT c.instruction_id, NULL FROM instruction c 
          WHERE (c.partner_id = ANY ($4::int[]) OR c.partner_id IN (SELECT customer_id FROM where_now WHERE customer_id IS NOT NULL))
            AND c.retired_at IS NULL),
       found AS (
         SELECT instruction_id, array_agg(DISTINCT unit_id) FILTER (WHERE unit_id IS NOT NULL) AS units FROM hit GROUP BY instruction_id)
     SELECT x.*, f.units FROM found f JOIN (${INSTRUCTION}) x USING (instruction_id)
      WHERE (x.from_ms IS NULL OR x.from_ms <= $5) AND (x.until_ms IS NULL OR x.until_ms > $5)`,
    [
      [...new Set(touched.units)],
      [...new Set(touched.items)],
      [...new Set(touched.places)],
      [...new Set(touched.partners)],
      nowMs,
    ],
  );
  return inOrder(rows.map((row) => shownOf(row, row.units ?? [])));
}

function shownOf(row: InstructionRecord, units: readonly number[]): ShownInstruction {
  return {
    id: `i${row.instruction_id}.${row.version}`,
    instruction: row.code,
    version: row.version,
    severity: row.severity,
    acknowledge: row.acknowledge,
    text: sentence(row.title, row.body),
    title: row.title,
    body: row.body,
    until: formatTime(row.until_ms),
    untilRef: row.until_ref,
    about: { kind: row.about, key: row.key, name: row.name },
    units: units.map((id) => `u${id}`),
  };
}

export interface InstructionView {
  instruction: string;
  version: number;
  title: string;
  text: string;
  severity: Severity;
  acknowledge: boolean;
  about: { kind: SubjectKind; key: string; name: string; unit?: string };
  validFrom: string | null;
  validUntil: string | null;
  untilRef: string | null;
  state: InstructionState;
  changedAt: string;
  changedBy: string;
  retired: { at: string; by: string; reason: string } | null;
}

function view(row: InstructionRecord, nowMs: number): InstructionView {
  const validity = { fromMs: row.from_ms, untilMs: row.until_ms, retired: row.retired_at !== null };
  return {
    instruction: row.code,
    version: row.version,
    title: row.title,
    text: row.body,
    severity: row.severity,
    acknowledge: row.acknowledge,
    about: {
      kind: row.about,
      key: row.key,
      name: row.name,
      ...(row.unit_id !== null && { unit: `u${row.unit_id}` }),
    },
    validFrom: formatTime(row.from_ms),
    validUntil: formatTime(row.until_ms),
    untilRef: row.until_ref,
    state: stateAt(validity, nowMs),
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    retired: row.retired_at && {
      at: row.retired_at.toISOString(),
      by: row.retired_by ?? '',
      reason: row.retired_reason ?? '',
    },
  };
}

export async function instructionByCode(q: Queryable, code: string, nowMs: number): Promise<InstructionView | null> {
  const [row] = await q.query<InstructionRecord>(`${INSTRUCTION} WHERE i.code = $1`, [code]);
  return row ? view(row, nowMs) : null;
}

export interface InstructionFilter {
  /** escaped for LIKE */
  q: string;
  state: 'active' | 'retired' | 'all';
  severity?: Severity;
  about?: SubjectKind;
  key?: string;
  untilRef?: string;
}

/** Instructions by code; one row more than a page, so that the caller sees whether there is another. */
export async function listInstructions(
  q: Queryable,
  filter: InstructionFilter,
  after: string,
  limit: number,
  nowMs: number,
): Promise<InstructionView[]> {
  const rows = await q.query<InstructionRecord>(
    `SELECT x.* FROM (${INSTRUCTION}) x
      WHERE x.code > $1
        AND ($2 = '' OR lower(x.code) LIKE lower($2) || '%' OR x.title ILIKE '%' || $2 || '%' OR x.body ILIKE '%' || $2 || '%' OR lower(x.key) LIKE lower($2) || '%')
        AND ($3 = 'all' OR (x.retired_at IS NULL) = ($3 = 'active'))
        AND ($4::text IS NULL OR x.severity = $4) AND ($5::text IS NULL OR x.about = $5)
        AND ($6::text IS NULL OR x.key = $6) AND ($7::text IS NULL OR x.until_ref = $7)
      ORDER BY x.code LIMIT $8`,
    [
      after,
      filter.q,
      filter.state,
      filter.severity ?? null,
      filter.about ?? null,
      filter.key ?? null,
      filter.untilRef ?? null,
      limit,
    ],
  );
  return rows.map((row) => view(row, nowMs));
}

export interface AcknowledgementView {
  id: number;
  version: number;
  unit: string | null;
  command: string;
  by: string;
  at: string;
}

/** Who acknowledged it, latest first. */
export async function acknowledgementsOf(
  q: Queryable,
  code: string,
  before: number | null,
  limit: number,
): Promise<AcknowledgementView[]> {
  const rows = await q.query<{
    id: number;
    version: number;
    unit_id: number;
    command: string;
    actor: string;
    at: Date;
  }>(
    `SELECT a.instruction_acknowledgement_id AS id, a.version, a.unit_id, a.command, a.actor, a.at
       FROM instruction i JOIN instruction_acknowledgement a USING (instruction_id)
      WHERE i.code = $1 AND ($2::bigint IS NULL OR a.instruction_acknowledgement_id < $2)
      ORDER BY a.instruction_acknowledgement_id DESC LIMIT $3`,
    [code, before, limit],
  );
  return rows.map(({ unit_id: unitId, actor, at, ...rest }) => ({
    ...rest,
    unit: unitId === 0 ? null : `u${unitId}`,
    by: actor,
    at: at.toISOString(),
  }));
}
