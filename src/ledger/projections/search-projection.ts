import type { Tx } from '@/platform/db';
import { insertRows } from '../db/rows-in';
import { fieldsOf } from '../domain/search-words';
import {
  containerRows,
  documentRows,
  eventRows,
  labelRows,
  unitRows,
  unitsThatGoOn,
  UnitText,
} from '../db/search-rows';
import { touchedUnits, unitIdsAfter } from '../db/touched';
import { Difference, Projection } from './projection';

/** Rows that are read and written in one go. */
const BATCH = 5_000;

/** What the search looks through: a text for each unit, event and document, as facts stand at the position. */
export class SearchProjection implements Projection {
  readonly name = 'search';

  async advance(tx: Tx, from: number, until: number): Promise<void> {
    const units = await touchedUnits(tx, from, until);
    for (let at = 0; at < units.length; at += BATCH) {
      const ids = units.slice(at, at + BATCH);
      const goOn = await unitsThatGoOn(tx, from, until, ids);
      await bringUnits(tx, ids, [
        ...(await unitRows(
          tx,
          until,
          ids.filter((id) => !goOn.has(id)),
        )),
        ...(await unitRows(tx, until, [...goOn], from)),
      ]);
    }
    for (let after = 0; ;) {
      const events = await eventRows(tx, from, until, after, BATCH);
      if (events.length === 0) break;
      await putEvents(tx, events);
      after = events.at(-1)!.event_id;
    }
    await putLabels(tx, await documentRows(tx, until, { from, until }));
    await putLabels(tx, await containerRows(tx, until, { from, until }));
  }

  /** Keys count through units, then events, then documents: each kind of row in a range of its own. */
  async renew(tx: Tx, position: number, after: number, say: (d: Difference) => void) {
    if (after < EVENTS_FROM) {
      const ids = await unitIdsAfter(tx, position, after, BATCH);
      await bringUnits(tx, ids, await unitRows(tx, position, ids), say, [after, ids.at(-1) ?? UNIT_MAX]);
      return ids.at(-1) ?? EVENTS_FROM;
    }
    if (after < LABELS_FROM) return renewEvents(tx, position, after - EVENTS_FROM, say);
    if (after === LABELS_FROM) await renewDocuments(tx, position, say);
    return renewContainers(tx, position, Math.max(0, after - CONTAINERS_FROM), say);
  }
}

const UNIT_MAX = 2 ** 31 - 1;
const EVENTS_FROM = 2 ** 32;
const LABELS_FROM = 2 ** 52;
const CONTAINERS_FROM = LABELS_FROM + 1;

/** Units of the range that are no longer known are taken out. */
async function bringUnits(
  tx: Tx,
  ids: readonly number[],
  rows: readonly UnitText[],
  say: (d: Difference) => void = () => undefined,
  range?: [number, number],
): Promise<void> {
  const should = new Map(rows.map((r) => [r.unit_id, r]));
  const stored = await tx.query<{
    unit_id: number;
    item_id: number;
    text: string;
    from_ms: number | null;
    until_ms: number | null;
  }>(
    `SELECT unit_id, item_id, text, from_ms, until_ms FROM search_unit
      WHERE unit_id = ANY ($1::int[]) OR (unit_id > $2 AND unit_id <= $3)`,
    [ids, ...(range ?? [0, 0])],
  );
  const is = new Map(stored.map((r) => [r.unit_id, r]));
  const gone = stored.filter((r) => !should.has(r.unit_id));
  const put = [...should.values()].filter((r) => {
    const old = is.get(r.unit_id);
    return !(
      old &&
      old.text === r.text &&
      old.item_id === r.item_id &&
      old.from_ms === r.from_ms &&
      old.until_ms === r.until_ms
    );
  });
  for (const r of gone) say({ kind: 'extra', key: '', unitId: r.unit_id, is: shown(r.text), should: null });
  for (const r of put) {
    const old = is.get(r.unit_id);
    say({
      kind: old ? 'changed' : 'missing',
      key: '',
      unitId: r.unit_id,
      is: old ? shown(old.text) : null,
      should: shown(r.text),
    });
  }
  if (gone.length > 0)
    await tx.query('DELETE FROM search_unit WHERE unit_id = ANY ($1::int[])', [gone.map((r) => r.unit_id)]);
  if (put.length === 0) return;
  await tx.query(
    `INSERT INTO search_unit (unit_id, item_id, text, from_ms, until_ms)
     SELECT * FROM unnest($1::int[], $2::int[], $3::text[], $4::bigint[], $5::bigint[])
     ON CONFLICT (unit_id) DO UPDATE SET item_id = excluded.item_id, text = excluded.text, from_ms = excluded.from_ms, until_ms = excluded.until_ms`,
    [
      put.map((r) => r.unit_id),
      put.map((r) => r.item_id),
      put.map((r) => r.text),
      put.map((r) => r.from_ms),
      put.map((r) => r.until_ms),
    ],
  );
}

type EventText = Awaited<ReturnType<typeof eventRows>>[number];

async function putEvents(tx: Tx, rows: readonly EventText[]): Promise<void> {
  await tx.query('DELETE FROM search_event WHERE event_id = ANY ($1::bigint[])', [rows.map((r) => r.event_id)]);
  await insertRows(
    tx,
    'search_event',
    [
      ['event_id', 'bigint'],
      ['type', 'text'],
      ['text', 'text'],
      ['from_ms', 'bigint'],
      ['until_ms', 'bigint'],
    ],
    rows.map((r) => [r.event_id, r.type, r.text, r.from_ms, r.until_ms]),
  );
}

async function renewEvents(tx: Tx, position: number, after: number, say: (d: Difference) => void): Promise<number> {
  const rows = await eventRows(tx, 0, position, after, BATCH);
  const last = rows.at(-1)?.event_id ?? LABELS_FROM;
  const stored = await tx.query<EventText>(
    'SELECT event_id, type, text, from_ms, until_ms FROM search_event WHERE event_id > $1 AND event_id <= $2',
    [after, last],
  );
  const is = new Map(stored.map((r) => [r.event_id, r]));
  const same = (a: EventText, b: EventText) =>
    a.text === b.text && a.type === b.type && a.from_ms === b.from_ms && a.until_ms === b.until_ms;
  const should = new Set(rows.map((r) => r.event_id));
  const wrong = rows.filter((r) => !is.has(r.event_id) || !same(r, is.get(r.event_id)!));
  const gone = stored.filter((r) => !should.has(r.event_id));
  for (const r of wrong) {
    const old = is.get(r.event_id);
    say({
      kind: old ? 'changed' : 'missing',
      key: '',
      eventId: r.event_id,
      is: old ? shown(old.text) : null,
      should: shown(r.text),
    });
  }
  for (const r of gone) say({ kind: 'extra', key: '', eventId: r.event_id, is: shown(r.text), should: null });
  await putEvents(tx, wrong);
  if (gone.length > 0)
    await tx.query('DELETE FROM search_event WHERE event_id = ANY ($1::bigint[])', [gone.map((r) => r.event_id)]);
  return rows.length === 0 ? LABELS_FROM : EVENTS_FROM + last;
}

type LabelText = Awaited<ReturnType<typeof documentRows>>[number];

async function putLabels(tx: Tx, rows: readonly LabelText[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO search_label (type, key, text, from_ms, until_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
     ON CONFLICT (type, key) DO UPDATE SET text = excluded.text, from_ms = excluded.from_ms, until_ms = excluded.until_ms`,
    [
      rows.map((r) => r.type),
      rows.map((r) => r.key),
      rows.map((r) => r.text),
      rows.map((r) => r.from_ms),
      rows.map((r) => r.until_ms),
    ],
  );
}

/** Documents by their numbers, a batch after the other; the numbers of both sides are merged. */
async function renewDocuments(tx: Tx, position: number, say: (d: Difference) => void): Promise<void> {
  for (let after = ''; ;) {
    const keys = await labelRows(tx, after, BATCH);
    if (keys.length === 0) return;
    const stored = await tx.query<LabelText>(
      `SELECT type, key, text, from_ms, until_ms FROM search_label WHERE type = 'document' AND lower(key) = ANY ($1)`,
      [keys],
    );
    await renewLabels(tx, await documentRows(tx, position, { keys }), stored, say);
    after = keys.at(-1)!;
  }
}

/** Containers by id; of those that are none any more, all at the end. */
async function renewContainers(
  tx: Tx,
  position: number,
  after: number,
  say: (d: Difference) => void,
): Promise<number | null> {
  const should = await containerRows(tx, position, { after, limit: BATCH });
  const last = should.at(-1);
  const stored = await tx.query<LabelText>(
    last
      ? `SELECT type, key, text, from_ms, until_ms FROM search_label WHERE type = 'container' AND key = ANY ($1)`
      : `SELECT type, key, text, from_ms, until_ms FROM search_label l WHERE type = 'container' AND $1::text[] = '{}'
            AND NOT EXISTS (SELECT FROM container c WHERE c.code = l.key)`,
    [should.map((r) => r.key)],
  );
  await renewLabels(tx, should, stored, say);
  return last ? CONTAINERS_FROM + last.container_id : null;
}

async function renewLabels(
  tx: Tx,
  should: readonly LabelText[],
  stored: readonly LabelText[],
  say: (d: Difference) => void,
): Promise<void> {
  const is = new Map(stored.map((r) => [r.key, r]));
  const wanted = new Set(should.map((r) => r.key));
  const wrong = should.filter((r) => {
    const old = is.get(r.key);
    return !(old && old.text === r.text && old.from_ms === r.from_ms && old.until_ms === r.until_ms);
  });
  const gone = stored.filter((r) => !wanted.has(r.key));
  for (const r of wrong) {
    const old = is.get(r.key);
    say({
      kind: old ? 'changed' : 'missing',
      key: `${r.type} ${r.key}`,
      is: old ? shown(old.text) : null,
      should: shown(r.text),
    });
  }
  for (const r of gone) say({ kind: 'extra', key: `${r.type} ${r.key}`, is: shown(r.text), should: null });
  await putLabels(tx, wrong);
  await tx.query(
    'DELETE FROM search_label l USING unnest($1::text[], $2::text[]) AS x (type, key) WHERE l.type = x.type AND l.key = x.key',
    [gone.map((r) => r.type), gone.map((r) => r.key)],
  );
}

/** The fields of a text as a person reads them. */
function shown(text: string): string {
  return fieldsOf(text)
    .map(({ value }) => value)
    .join(' | ');
}
