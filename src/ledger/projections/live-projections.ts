/** Projections that are written with the facts, in their transaction: made anew under the locks that writers take, so that they wait. */
import { formatDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import { rebuildHoldings } from '../db/holdings';
import { MarkOfUnit, marksFromFacts } from '../db/mark-facts';
import { insertRows } from '../db/rows-in';
import { Difference, Projection } from './projection';

/** Without `advance`: nothing has to bring them forward. */
export type LiveProjection = Omit<Projection, 'advance'>;

const UNITS_AT_ONCE = 2_000;

/** The rows that writers lock: one for each unit and container. First, since what follows locks them. */
export const locks: LiveProjection = {
  name: 'lock',
  async renew(tx, _position, _after, say) {
    for (const [table, lock, key] of [
      ['unit', 'unit_lock', 'unit_id'],
      ['container', 'container_lock', 'container_id'],
    ]) {
      const missing = await tx.query<{ id: number }>(
        `INSERT INTO ${lock} (${key}) SELECT ${key} FROM ${table} t WHERE NOT EXISTS (SELECT FROM ${lock} l WHERE l.${key} = t.${key})
         ORDER BY ${key} ON CONFLICT DO NOTHING RETURNING ${key} AS id`,
      );
      // One of a unit that is being made at this moment is not seen, neither here nor there.
      const extra = await tx.query<{ id: number }>(
        `DELETE FROM ${lock} l WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.${key} = l.${key}) RETURNING ${key} AS id`,
      );
      for (const { id } of missing) say({ kind: 'missing', ...of(table!, id), is: null, should: 'a row to lock' });
      for (const { id } of extra) say({ kind: 'extra', ...of(table!, id), is: 'a row to lock', should: null });
    }
    return null;
  },
};

function of(table: string, id: number): Pick<Difference, 'key' | 'unitId'> {
  return table === 'unit' ? { key: '', unitId: id } : { key: `${table} ${id}` };
}

export const marks: LiveProjection = {
  name: 'mark',
  async renew(tx, _position, after, say) {
    const ids = await lockNext(tx, after, UNITS_AT_ONCE);
    if (ids.length === 0) return null;
    const should = await marksFromFacts(tx, ids);
    const stored = await tx.query<StoredRow>(`SELECT * FROM mark WHERE unit_id = ANY ($1::int[]) ORDER BY mark_id`, [
      ids,
    ]);
    const is = new Map<number, string[]>();
    for (const r of stored) is.set(r.unit_id, [...(is.get(r.unit_id) ?? []), textOfStored(r)]);
    const wrong = ids.filter((id) => {
      const [a, b] = [is.get(id) ?? [], (should.get(id) ?? []).map(textOf)];
      return a.length !== b.length || [...a].sort().join('\n') !== [...b].sort().join('\n');
    });
    for (const id of wrong) tell(id, is.get(id) ?? [], (should.get(id) ?? []).map(textOf), say);
    await tx.query('DELETE FROM mark WHERE unit_id = ANY ($1::int[])', [wrong]);
    await put(
      tx,
      wrong.flatMap((id) => should.get(id) ?? []),
    );
    return ids.at(-1)!;
  },
};

export const attributes: LiveProjection = {
  name: 'unit_attribute',
  async renew(tx, _position, after, say) {
    const ids = await lockNext(tx, after, UNITS_AT_ONCE);
    if (ids.length === 0) return null;
    const rows = await tx.query<{ unit_id: number; name: string; is: string | null; should: string | null }>(
      `SELECT unit_id, name, i.said AS is, s.said AS should
         FROM (SELECT unit_id, name, concat_ws(' ', type, value, number_value) AS said FROM unit_attribute WHERE unit_id = ANY ($1::int[])) i
         FULL JOIN (SELECT unit_id, name, concat_ws(' ', type, value, number_value) AS said FROM (${LATEST}) a WHERE value IS NOT NULL) s USING (unit_id, name)
        WHERE i.said IS DISTINCT FROM s.said ORDER BY unit_id, name`,
      [ids],
    );
    for (const r of rows)
      say({
        kind: r.is === null ? 'missing' : r.should === null ? 'extra' : 'changed',
        key: r.name,
        unitId: r.unit_id,
        is: r.is,
        should: r.should,
      });
    const wrong = [...new Set(rows.map((r) => r.unit_id))];
    await tx.query('DELETE FROM unit_attribute WHERE unit_id = ANY ($1::int[])', [wrong]);
    await tx.query(
      `INSERT INTO unit_attribute (unit_id, name, type, value, number_value)
       SELECT unit_id, name, type, value, number_value FROM (${LATEST}) a WHERE value IS NOT NULL`,
      [wrong],
    );
    return ids.at(-1)!;
  },
};

const LATEST = `SELECT DISTINCT ON (a.unit_id, a.name) a.unit_id, a.name, a.type, a.value, a.number_value
  FROM attribute_value a JOIN event e ON e.event_id = a.event_id
 WHERE a.unit_id = ANY ($1::int[]) AND NOT EXISTS (SELECT FROM event_void v WHERE v.event_id = a.event_id)
 ORDER BY a.unit_id, a.name, a.at_from DESC, a.at_until DESC, e.source DESC, e.client_id DESC, a.attribute_value_id DESC`;

/** Which lots were divided into which, by source; of what was taken back too, since it is told by the events what counts. */
export const heirs: LiveProjection = {
  name: 'heir',
  async renew(tx, _position, after, say) {
    const ids = await lockNext(tx, after, UNITS_AT_ONCE);
    if (ids.length === 0) return null;
    const rows = await tx.query<{ source: number; event: number; target: number; code: string; is: boolean }>(
      `SELECT d.source_id AS source, d.event_id AS event, d.target_id AS target, u.code, d.is
         FROM (SELECT source_id, event_id, target_id, i.event_id IS NOT NULL AS is, s.event_id IS NOT NULL AS should
                 FROM (SELECT * FROM heir WHERE source_id = ANY ($1::int[])) i
                 FULL JOIN (${DIVIDED}) s USING (source_id, event_id, target_id)) d JOIN unit u ON u.unit_id = d.target_id
        WHERE d.is <> d.should ORDER BY 1, 2, 3`,
      [ids],
    );
    for (const r of rows)
      say({
        kind: r.is ? 'extra' : 'missing',
        key: r.code,
        unitId: r.source,
        eventId: r.event,
        is: r.is ? 'divided' : null,
        should: r.is ? null : 'divided',
      });
    const keys = (of: boolean) => rows.filter((r) => r.is === of);
    const columns = (of: typeof rows) => [of.map((r) => r.source), of.map((r) => r.event), of.map((r) => r.target)];
    await tx.query(
      `DELETE FROM heir USING unnest($1::int[], $2::bigint[], $3::int[]) AS x(s, e, t) WHERE (source_id, event_id, target_id) = (x.s, x.e, x.t)`,
      columns(keys(true)),
    );
    await tx.query(
      `INSERT INTO heir (source_id, event_id, target_id) SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[])`,
      columns(keys(false)),
    );
    return ids.at(-1)!;
  },
};

const DIVIDED = `SELECT DISTINCT s.unit_id AS source_id, s.event_id, t.unit_id AS target_id
  FROM movement s JOIN event e USING (event_id) JOIN movement t ON t.event_id = s.event_id AND t.role = 'made' AND t.unit_id <> s.unit_id
 WHERE s.unit_id = ANY ($1::int[]) AND s.role = 'used'
   AND CASE e.type WHEN 'correct' THEN e.body->'with'->>'type' ELSE e.type END IN ('split', 'merge')`;

export const holdings: LiveProjection = {
  name: 'holding',
  async renew(tx, _position, after, say) {
    const { last, differences } = await rebuildHoldings(tx, after);
    for (const d of differences) tell(d.unitId, d.stored, d.computed, say);
    return last;
  },
};

/** Rows as texts: those that are alike on both sides are no difference. */
function tell(unitId: number, is: readonly string[], should: readonly string[], say: (d: Difference) => void): void {
  const rest = [...is];
  const missing = should.filter((text) => {
    const at = rest.indexOf(text);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  for (let i = 0; i < Math.max(rest.length, missing.length); i++) {
    const [a, b] = [rest[i] ?? null, missing[i] ?? null];
    say({ kind: a === null ? 'missing' : b === null ? 'extra' : 'changed', key: '', unitId, is: a, should: b });
  }
}

/** The next units by id, locked until the transaction ends. */
async function lockNext(tx: Tx, after: number, limit: number): Promise<number[]> {
  const rows = await tx.query<{ unit_id: number }>(
    `SELECT unit_id FROM unit_lock WHERE unit_id > $1 ORDER BY unit_id LIMIT $2 FOR UPDATE`,
    [after, limit],
  );
  return rows.map((r) => r.unit_id);
}

interface StoredRow {
  unit_id: number;
  event_key: string;
  serial: boolean;
  kind: string;
  at_from: number;
  at_until: number;
  stated_until_ms: number | null;
  stated_sure_until_ms: number | null;
  parents: number[];
  slot: string | null;
  quantity: string | null;
  link_ids: number[];
  event_id: number;
  cause: string;
  from_ms: number | null;
  until_ms: number | null;
  sure_until_ms: number | null;
  maybe_until_ms: number | null;
}

const ascending = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join(',');

function textOfStored(r: StoredRow): string {
  return text([
    r.kind,
    `e${r.event_id}`,
    r.serial,
    r.event_key,
    r.at_from,
    r.at_until,
    r.stated_until_ms,
    r.stated_sure_until_ms,
    ascending(r.parents),
    r.slot,
    r.quantity === null ? null : trimmed(r.quantity),
    ascending(r.link_ids),
    r.cause,
    r.from_ms,
    r.until_ms,
    r.sure_until_ms,
    r.maybe_until_ms,
  ]);
}

function textOf({ serial, mark: m, end }: MarkOfUnit): string {
  return text([
    m.kind,
    `e${m.eventId}`,
    serial,
    m.key,
    m.from,
    m.until,
    m.statedUntil,
    m.statedSureUntil,
    ascending(m.parents),
    m.slot,
    m.quantity === null ? null : formatDecimal(m.quantity),
    ascending(m.links.map((l) => l.linkId)),
    end.cause,
    end.fromMs,
    end.untilMs,
    end.sureUntilMs,
    end.maybeUntilMs,
  ]);
}

const text = (fields: readonly (string | number | boolean | null)[]): string => fields.map((f) => f ?? '-').join(' | ');
const trimmed = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);

/** Those that ended come first: a serial has one open installation at any moment, and the database holds us to it. */
async function put(tx: Tx, rows: readonly MarkOfUnit[]): Promise<void> {
  await insertRows(
    tx,
    'mark',
    [
      ['unit_id', 'int'],
      ['event_id', 'bigint'],
      ['event_key', 'text'],
      ['serial', 'boolean'],
      ['kind', 'text'],
      ['at_from', 'bigint'],
      ['at_until', 'bigint'],
      ['stated_until_ms', 'bigint'],
      ['stated_sure_until_ms', 'bigint'],
      ['parents', 'int[]'],
      ['slot', 'text'],
      ['quantity', 'numeric'],
      ['link_ids', 'bigint[]'],
      ['cause', 'text'],
      ['from_ms', 'bigint'],
      ['until_ms', 'bigint'],
      ['sure_until_ms', 'bigint'],
      ['maybe_until_ms', 'bigint'],
    ],
    rows.map(({ unitId, serial, mark: m, end }) => [
      unitId,
      m.eventId,
      m.key,
      serial,
      m.kind,
      m.from,
      m.until,
      m.statedUntil,
      m.statedSureUntil,
      m.parents,
      m.slot,
      m.quantity === null ? null : formatDecimal(m.quantity),
      m.links.map((l) => l.linkId),
      end.cause,
      end.fromMs,
      end.untilMs,
      end.sureUntilMs,
      end.maybeUntilMs,
    ]),
  );
}
