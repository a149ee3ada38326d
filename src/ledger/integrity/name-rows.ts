/** What a row of facts is about, for a person: units, events, items by their natural keys. */
import type { Queryable } from '@/platform/db';

export interface NamedRow {
  name: string;
  recordedAt: string | null;
  actor: string | null;
  position: number | null;
}

type Row = Record<string, unknown>;

/** Rows that are named in one go; of more findings than that, the others have their ids alone. */
const NAMED_MAX = 1_000;

/** The rows of a table with these keys; those that are not there are left out. */
export async function nameRows(
  q: Queryable,
  table: string,
  key: string,
  ids: readonly number[],
): Promise<Map<number, NamedRow>> {
  const rows = await q.query<{ id: number; row: Row }>(
    `SELECT "${key}"::bigint AS id, to_jsonb(t) - 'hashes' AS row FROM "${table}" t WHERE "${key}" = ANY ($1::bigint[])`,
    [ids.slice(0, NAMED_MAX)],
  );
  const names = await lookUp(
    q,
    rows.map((r) => r.row),
  );
  return new Map(
    rows.map(({ id, row }) => {
      const batch = names.batches.get(row.batch_id as number);
      return [
        id,
        {
          name: describe(table, row, names),
          recordedAt: batch?.recorded_at.toISOString() ?? (typeof row.at === 'string' ? row.at : null),
          actor: batch?.actor ?? (typeof row.actor === 'string' ? row.actor : null),
          position: batch?.position ?? null,
        },
      ];
    }),
  );
}

interface Names {
  units: Map<number, string>;
  events: Map<number, string>;
  items: Map<number, string>;
  batches: Map<number, { actor: string; recorded_at: Date; position: number | null }>;
}

const UNIT_COLUMNS = ['unit_id', 'input', 'output'];
const EVENT_COLUMNS = ['event_id', 'by_event_id'];

async function lookUp(q: Queryable, rows: readonly Row[]): Promise<Names> {
  const idsOf = (columns: readonly string[]) => [
    ...new Set(rows.flatMap((r) => columns.map((c) => r[c]).filter((v) => typeof v === 'number'))),
  ];
  const units = await q.query<{ id: number; name: string }>(
    `SELECT u.unit_id AS id, u.kind || ' ' || coalesce(i.code, '?') || ' ' || u.code AS name FROM unit u LEFT JOIN item i USING (item_id) WHERE u.unit_id = ANY ($1::int[])`,
    [idsOf(UNIT_COLUMNS)],
  );
  const events = await q.query<{ id: number; name: string }>(
    `SELECT event_id AS id, type || ' ' || source || '/' || client_id AS name FROM event WHERE event_id = ANY ($1::bigint[])`,
    [idsOf(EVENT_COLUMNS)],
  );
  const items = await q.query<{ id: number; name: string }>(
    `SELECT item_id AS id, code AS name FROM item WHERE item_id = ANY ($1::int[])`,
    [idsOf(['item_id'])],
  );
  const batches = await q.query<{ id: number; actor: string; recorded_at: Date; position: number | null }>(
    `SELECT b.batch_id AS id, b.actor, b.recorded_at, p.position FROM ledger_batch b LEFT JOIN ledger_position p USING (batch_id) WHERE b.batch_id = ANY ($1::bigint[])`,
    [idsOf(['batch_id'])],
  );
  const map = <T extends { id: number }>(found: readonly T[]) => new Map(found.map((r) => [r.id, r]));
  const named = (found: readonly { id: number; name: string }[]) => new Map(found.map((r) => [r.id, r.name]));
  return { units: named(units), events: named(events), items: named(items), batches: map(batches) };
}

/** Columns that say what a row is, in the order in which a person would. */
const TELLING = [
  'source',
  'client_id',
  'type',
  'role',
  'kind',
  'code',
  'key',
  'alias',
  'name',
  'document',
  'action',
  'subject',
  'reason',
];

function describe(table: string, row: Row, names: Names): string {
  const parts = TELLING.flatMap((c) => (typeof row[c] === 'string' ? [row[c]] : []));
  const named = (column: string, from: Map<number, string>) =>
    typeof row[column] === 'number' ? [from.get(row[column]) ?? `${column} ${row[column]}`] : [];
  if (typeof row.input === 'number')
    parts.push(named('input', names.units)[0]!, 'in', named('output', names.units)[0]!);
  if (table !== 'unit') parts.push(...named('unit_id', names.units));
  parts.push(...named('item_id', names.items));
  if (table !== 'event') parts.push(...named('event_id', names.events).map((e) => `by ${e}`));
  return parts.slice(0, 12).join(' ');
}
