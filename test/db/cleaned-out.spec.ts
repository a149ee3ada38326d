/** What a cleaning takes out of its run, whatever was recorded first: an unknown rest of a lot, a serial. */
import { foldHoldings, holdingMovements, movementsOf, RecordEvents, rebuildHoldings, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const db = useDatabase();
const T = (minutes: number) => new Date(Date.UTC(2026, 2, 1, 8, minutes)).toISOString();
const kg = (value: number) => ({ value: String(value), uom: 'kg' });
const run = (code: string) => ({ item: 'FEEDER', run: code });

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('NOZZLE', 'Nozzle', 'serial', 'pcs'), ('FEEDER', 'Feeder', 'lot', 'pcs')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin')`);
});

async function record(...events: object[]): Promise<void> {
  for (const event of events)
    expect((await new RecordEvents(db().uow, settings).execute(ctx, [event])).refused).toEqual([]);
}

async function unitId(code: string): Promise<number> {
  const [row] = await db().asOwner<{ unit_id: number }>(`SELECT unit_id FROM unit WHERE code = $1`, [code]);
  return row!.unit_id;
}

const shown = (state: string, place: string | null, quantity: string | null) =>
  `${state} ${place ?? '-'} ${quantity ?? '?'}`;

async function now(code: string): Promise<string[]> {
  const rows = await db().asOwner<{ state: string; place: string | null; quantity: string | null }>(
    `SELECT h.state, p.code AS place, trim_scale(h.quantity)::text AS quantity FROM holding h JOIN unit u USING (unit_id) LEFT JOIN place p USING (place_id)
      WHERE u.code = $1`,
    [code],
  );
  return rows.map((r) => shown(r.state, r.place, r.quantity)).sort();
}

async function at(position: number, code: string, kind: 'lot' | 'serial'): Promise<string[]> {
  const movements = await movementsOf(db().database, position, [await unitId(code)]);
  const places = new Map(
    (await db().asOwner<{ place_id: number; code: string }>(`SELECT place_id, code FROM place`)).map((p) => [
      p.place_id,
      p.code,
    ]),
  );
  return foldHoldings(holdingMovements(movements), kind)
    .holdings.map((h) =>
      shown(
        h.state,
        h.placeId === null ? null : places.get(h.placeId)!,
        h.quantity === null ? null : String(Number(h.quantity) / 1e9),
      ),
    )
    .sort();
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((one, i) => orders([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [one, ...rest]));
}

/** Ten of a hundred are on F1 when it is cleaned, five are on F2 and come back, three are on F1 afterwards. */
function facts(lot: string) {
  const unit = { item: 'RM', lot };
  const of = (id: string, type: string, minutes: number, rest: object) => ({
    type,
    id: `${lot}-${id}`,
    at: T(minutes),
    place: 'A',
    ...rest,
  });
  return {
    receive: of('r', 'receive', 0, { unit, quantity: kg(100) }),
    load: of('l1', 'load', 10, { run: run(`${lot}-F1`), unit, quantity: kg(10) }),
    other: of('l2', 'load', 11, { run: run(`${lot}-F2`), unit, quantity: kg(5) }),
    clean: of('c', 'clean', 20, { run: run(`${lot}-F1`) }),
    again: of('l3', 'load', 30, { run: run(`${lot}-F1`), unit, quantity: kg(3) }),
    unload: of('u', 'unload', 40, { run: run(`${lot}-F2`), unit, place: 'B' }),
  };
}

it('is out of the run, nobody knows how much, and what is elsewhere is not, in any order of arrival', async () => {
  let n = 0;
  for (const order of orders(['load', 'clean', 'again', 'unload'] as const)) {
    const lot = `P${n++}`;
    const all = facts(lot);
    await record(all.receive, all.other, ...order.map((name) => all[name]));
    expect([order, await now(lot)]).toEqual([order, ['in-stock A ?', 'in-stock B 5', 'in-work - 3']]);
  }
});

it('is back in work when the cleaning is taken back, and never was when the loading is; at a position, as it was known there', async () => {
  const all = facts('V');
  await record(all.receive, all.other, all.clean);
  const known: [number, string[]][] = [];
  const note = async () => known.push([await sealLedger(db().uow), await now('V')]);
  await note();
  await record(all.load);
  await note();
  expect(await now('V')).toEqual(['in-stock A ?', 'in-work - 5']);
  await record({ type: 'void', id: 'V-v1', event: 'V-c', reason: 'another run' });
  await note();
  expect(await now('V')).toEqual(['in-stock A 85', 'in-work - 15']);
  await record({ ...all.clean, id: 'V-c2', at: T(25) });
  await note();
  expect(await now('V')).toEqual(['in-stock A ?', 'in-work - 5']);
  // Unloaded before it was cleaned: there was nothing left to take.
  await record({ ...all.unload, id: 'V-u1', at: T(24), run: run('V-F1') });
  await note();
  expect(await now('V')).toEqual(['in-stock A 85', 'in-stock B 10', 'in-work - 5']);
  await record({ type: 'void', id: 'V-v2', event: 'V-u1', reason: 'it was not' });
  await note();
  expect(await now('V')).toEqual(['in-stock A ?', 'in-work - 5']);
  await record({ type: 'void', id: 'V-v3', event: 'V-l1', reason: 'another lot' });
  await note();
  expect(await now('V')).toEqual(['in-stock A 95', 'in-work - 5']);
  for (const [position, then] of known) expect([position, await at(position, 'V', 'lot')]).toEqual([position, then]);
});

it('is all of it when the run was known by its day alone, of a lot that was loaded on that day', async () => {
  const all = facts('D');
  await record(all.receive, { ...all.clean, at: '2026-03-01' }, all.load, all.again);
  expect(await now('D')).toEqual(['in-stock A ?']);
});

it('is a serial too, unless it went on to something else', async () => {
  const unit = { item: 'NOZZLE', serial: 'N1' };
  await record(
    { type: 'create', id: 'n1', at: T(0), place: 'A', unit },
    { type: 'clean', id: 'n3', at: T(20), place: 'A', run: run('NF1') },
    { type: 'load', id: 'n2', at: T(10), run: run('NF1'), unit },
  );
  expect(await now('N1')).toEqual(['in-stock A 1']);
  await record({ type: 'unload', id: 'n4', at: T(15), place: 'B', run: run('NF1'), unit });
  expect(await now('N1')).toEqual(['in-stock B 1']);
  await record({ type: 'load', id: 'n5', at: T(16), run: run('NF2'), unit });
  expect(await now('N1')).toEqual(['in-work - 1']);
  await record({ type: 'clean', id: 'n6', at: T(45), place: 'A', run: run('NF2') });
  expect(await now('N1')).toEqual(['in-stock A 1']);
  await record({ type: 'load', id: 'n7', at: T(50), run: run('NF1'), unit });
  expect(await now('N1')).toEqual(['in-work - 1']);
});

it('comes back by position where two reels of one lot are on one feeder', async () => {
  const all = facts('S');
  await record(
    all.receive,
    { ...all.load, position: 'left' },
    { ...all.load, id: 'S-l4', at: T(12), quantity: kg(4), position: 'right' },
    { ...all.unload, run: run('S-F1'), position: 'left' },
  );
  expect(await now('S')).toEqual(['in-stock A 86', 'in-stock B 10', 'in-work - 4']);
});

it('leaves projections that are what the facts come to', async () => {
  for (let after: number | null = 0; after !== null;) {
    const from: number = after;
    const part = await db().uow.run(ctx, (tx) => rebuildHoldings(tx, from));
    expect(part.differences).toEqual([]);
    after = part.last;
  }
});
