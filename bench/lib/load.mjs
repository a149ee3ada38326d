/**
 * Puts a plant into Unitrail's own tables by COPY, as the ledger would have written it: batches, events, units, links, ends,
 * movements, and a position for every batch by the ledger's own sealing. Left out are the two projections that writers alone
 * read of facts this old (mark, unit_lock).
 */
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { batchOf, CONSUME, EVENT_TYPES, ITEMS, PLACES, placeOf, shopOf, SHOPS, unitCode } from './plant.mjs';

const require = createRequire(import.meta.url);
const { from: copyFrom } = require('pg-copy-streams');

const COPIED = ['ledger_batch', 'event', 'unit', 'link', 'link_end', 'movement'];
const CHUNK_CHARACTERS = 1 << 18;
/** What a lot holds: more than is ever drawn from it. */
const LOT_QUANTITY = 1_000_000;
const PANEL_DRAW = 20;

/** Loads it all over one client as the owner; says how long each part took. */
export async function loadPlant(client, plant, say = () => undefined) {
  const lap = lapTimer(say);
  await client.query(`SET maintenance_work_mem = '1GB'`);
  const indexes = await dropIndexes(client);
  await masterData(client);
  await copy(client, 'ledger_batch', 'batch_id, source, actor', batches(plant));
  await copy(
    client,
    'event',
    'event_id, batch_id, source, client_id, type, at_from, at_until, body, sha256',
    events(plant),
  );
  await copy(client, 'unit', 'unit_id, batch_id, item_id, kind, code', units(plant));
  lap('batches, events, units');
  await copy(
    client,
    'link',
    'link_id, batch_id, event_id, input, output, mode, certain, from_ms, stated_until_ms, quantity',
    links(plant),
  );
  await copy(client, 'link_end', 'link_id, batch_id, cause, until_ms, sure_until_ms', ends(plant));
  lap('links');
  await copy(
    client,
    'movement',
    'batch_id, event_id, unit_id, role, at_from, at_until, quantity, place_id, partner_id, document',
    movements(plant),
  );
  lap('movements');
  for (const sql of indexes) await client.query(sql);
  for (const [table, column] of [
    ['ledger_batch', 'batch_id'],
    ['event', 'event_id'],
    ['unit', 'unit_id'],
    ['link', 'link_id'],
  ]) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), (SELECT max(${column}) FROM ${table}))`,
    );
  }
  lap('indexes');
  await seal(client, plant.batches);
  lap('positions');
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  lap('vacuum');
}

function lapTimer(say) {
  let last = Date.now();
  return (what) => {
    const now = Date.now();
    say(`loaded ${what}: ${((now - last) / 1000).toFixed(1)} s`);
    last = now;
  };
}

/** Drops the indexes and keys of the tables; gives the statements that make them again, as the migrations did. */
async function dropIndexes(client) {
  const { rows: keys } = await client.query(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = ANY ($1::text[]::regclass[]) AND contype IN ('p', 'u')`,
    [COPIED],
  );
  for (const { table, name } of keys) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await client.query(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid = ANY ($1::text[]::regclass[])`,
    [COPIED],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  return [
    ...keys.map(({ table, name, definition }) => `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`),
    ...indexes.map(({ definition }) => definition),
  ];
}

async function masterData(client) {
  for (const [n, { code, tracking, uom }] of ITEMS.entries()) {
    await client.query('INSERT INTO item (item_id, code, name, tracking, uom) VALUES ($1, $2, $3, $4, $5)', [
      n + 1,
      code,
      `${code} of the measurement`,
      tracking,
      uom,
    ]);
  }
  await client.query(
    `INSERT INTO place (place_id, code, name, kind) SELECT n, 'P' || n, 'Place ' || n, 'zone' FROM generate_series(1, $1::int) n`,
    [PLACES],
  );
  await client.query(
    `INSERT INTO partner (partner_id, code, name, kind) SELECT n, 'SHOP' || n, 'Shop ' || n, 'customer' FROM generate_series(1, $1::int) n`,
    [SHOPS],
  );
  for (const table of ['item', 'place', 'partner'])
    await client.query(
      `SELECT setval(pg_get_serial_sequence('${table}', '${table}_id'), (SELECT max(${table}_id) FROM ${table}))`,
    );
}

/** One position a batch, by the ledger's own function. */
async function seal(client, count) {
  await client.query(`DO $$ BEGIN
    FOR batch IN 1..${Number(count)} LOOP
      INSERT INTO ledger_pending (batch_id) VALUES (batch);
      PERFORM ledger_seal_pending();
    END LOOP;
  END $$`);
}

async function copy(client, table, columns, rows) {
  await pipeline(Readable.from(inChunks(rows)), client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`)));
}

function* inChunks(rows) {
  let chunk = '';
  for (const row of rows) {
    chunk += row;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(chunk, 'latin1');
    chunk = '';
  }
  yield Buffer.from(chunk, 'latin1');
}

function* batches(plant) {
  for (let batch = 1; batch <= plant.batches; batch++) yield `${batch}\tbench\tbench\n`;
}

function* events({ events }) {
  for (let e = 0; e < events.count; e++) {
    const at = events.at[e];
    const hash = (e + 1).toString(16).padStart(64, '0');
    yield `${e + 1}\t${batchOf(e)}\tbench\te${e}\t${EVENT_TYPES[events.type[e]]}\t${at}\t${at + 1}\t{}\t\\\\x${hash}\n`;
  }
}

function* units({ units }) {
  for (let u = 0; u < units.count; u++) {
    const item = units.item[u];
    yield `${u + 1}\t${batchOf(units.event[u])}\t${item + 1}\t${ITEMS[item].tracking}\t${unitCode(u)}\n`;
  }
}

function* links({ links, events }) {
  for (let n = 0; n < links.count; n++) {
    const event = links.event[n];
    const at = events.at[event];
    const consume = links.mode[n] === CONSUME;
    yield `${n + 1}\t${batchOf(event)}\t${event + 1}\t${links.input[n] + 1}\t${links.output[n] + 1}\t${links.mode[n]}\t${links.certain[n] ? 't' : 'f'}\t${at}\t${consume ? at + 1 : '\\N'}\t${consume ? PANEL_DRAW : 1}\n`;
  }
}

function* ends({ links, events }) {
  const ended = [];
  for (let n = 0; n < links.count; n++) if (links.endEvent[n] >= 0) ended.push(n);
  ended.sort((a, b) => links.endEvent[a] - links.endEvent[b]);
  for (const n of ended) {
    const event = links.endEvent[n];
    yield `${n + 1}\t${batchOf(event)}\tremoved\t${events.at[event]}\t${events.at[event]}\n`;
  }
}

/** What each event moved, event by event. */
function* movements({ units, links, shipped, events }) {
  const removed = new Map();
  for (let n = 0; n < links.count; n++) if (links.endEvent[n] >= 0) removed.set(links.endEvent[n], n);
  let [unit, link, shipment] = [0, 0, 0];
  for (let e = 0; e < events.count; e++) {
    const at = events.at[e];
    const head = `${batchOf(e)}\t${e + 1}\t`;
    const times = `\t${at}\t${at + 1}\t`;
    const place = placeOf(e);
    const row = (who, role, quantity, partner = '\\N', document = '\\N') =>
      `${head}${who + 1}\t${role}${times}${quantity}\t${place}\t${partner}\t${document}\n`;
    for (; unit < units.count && units.event[unit] === e; unit++)
      yield row(unit, 'made', ITEMS[units.item[unit]].tracking === 'serial' ? 1 : LOT_QUANTITY);
    const drawn = new Set();
    for (; link < links.count && links.event[link] === e; link++) {
      const input = links.input[link];
      if (links.mode[link] !== CONSUME) yield row(input, 'installed', 1);
      else if (!drawn.has(input)) {
        drawn.add(input);
        yield row(input, 'used', PANEL_DRAW);
      }
    }
    const taken = removed.get(e);
    if (taken !== undefined) {
      yield row(links.input[taken], 'removed', 1);
      yield row(links.output[taken], 'parent', '\\N');
    }
    for (; shipment < shipped.count && shipped.event[shipment] === e; shipment++)
      yield row(shipped.unit[shipment], 'shipped', 1, shopOf(e), `SH${e}`);
  }
}
