/** What a case adds up to: from the ledger's facts and from what consignees say, exact, and nothing twice. */
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { recallByKey } from '@/quality/recalls';
import {
  accountByConsignee,
  accountByUnit,
  contradictionsPage,
  wholeAccount,
} from '@/quality/accounts/queries/reconciliation';
import { useDatabase } from '../support';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const T = (time: string) => `2026-03-${time}:00Z`;
const kg = (value: string) => ({ value, uom: 'kg' });
let events = 0;

async function record(...facts: object[]): Promise<void> {
  const { refused } = await new RecordEvents(db().uow, settings).execute(
    ctx,
    facts.map((fact) => ({ id: `e${events++}`, at: T('02T08:00'), ...fact })),
  );
  expect(refused).toEqual([]);
}

const lot = (code: string) => ({ item: 'RM', lot: code });
const made = (code: string, quantity: string) =>
  record({ type: 'receive', at: T('01T08:00'), place: 'A', unit: lot(code), quantity: kg(quantity) });
const ship = (code: string, quantity: string, customer: string) =>
  record({
    type: 'ship',
    at: T('03T08:00'),
    customer,
    shipment: 'S1',
    units: [{ unit: lot(code), quantity: kg(quantity) }],
  });
const comeBack = (code: string, quantity: string, customer: string) =>
  record({
    type: 'return',
    at: T('05T08:00'),
    place: 'A',
    customer,
    units: [{ unit: lot(code), quantity: kg(quantity) }],
  });

async function aCase(codes: string[], drill = false): Promise<string> {
  const [row] = await db().asOwner<{ id: number }>(
    `INSERT INTO recall (key, drill, title, state, jurisdiction, language, four_eyes, details, goals, created_by)
     VALUES (gen_random_uuid()::text, $1, 'Bad resin', 'monitoring', 'US-FDA', 'en', true, '{}', '{}', 'user:anna') RETURNING recall_id AS id`,
    [drill],
  );
  const key = `${drill ? 'D' : 'R'}${row!.id}`;
  await db().asOwner(`UPDATE recall SET key = $2 WHERE recall_id = $1`, [row!.id, key]);
  await db().asOwner(
    `INSERT INTO recall_unit (recall_id, unit_id, certain, version_in) SELECT $1, unit_id, true, 1 FROM unit WHERE code = ANY ($2)`,
    [row!.id, codes],
  );
  return key;
}

const recallOf = (key: string) => recallByKey(db().database, key);

async function holdAll(key: string, codes: string[]): Promise<void> {
  await record({
    type: 'hold',
    at: T('04T08:00'),
    reason: 'recall',
    ref: key,
    units: codes.map((code) => ({ unit: lot(code) })),
  });
}

interface Said {
  found?: string;
  sold?: string;
  destroyed?: string;
  returned?: string;
}
async function answer(key: string, customer: string, code: string, said: Said): Promise<void> {
  await db().asOwner(
    `INSERT INTO recall_answer (recall_id, partner_id, unit_id, found, sold, destroyed, returned, via, by)
     SELECT r.recall_id, p.partner_id, u.unit_id, $4, $5, $6, $7, 'phone', 'user:anna' FROM recall r, partner p, unit u
      WHERE r.key = $1 AND p.code = $2 AND u.code = $3`,
    [key, customer, code, said.found ?? '0', said.sold ?? '0', said.destroyed ?? '0', said.returned ?? '0'],
  );
}

const unitOf = async (key: string, code: string) => {
  const { data } = await accountByUnit(db().database, await recallOf(key), {}, undefined, 1_000);
  return data.find((row) => Object.values(row.unit).includes(code))!;
};
const contradictions = async (key: string) =>
  (await contradictionsPage(db().database, await recallOf(key), undefined, 100)).data.map((row) => row.code);

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('FG', 'Part', 'serial', 'pcs'), ('BIKE', 'Bike', 'serial', 'pcs')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer'), ('STORE', 'Store', 'customer')`,
  );
});

it('a lot is in house, used, scrapped, with two customers and back: every kilogram is in one bucket', async () => {
  await made('L1', '100');
  await record({
    type: 'produce',
    place: 'A',
    outputs: [{ unit: { item: 'FG', serial: 'F1' } }],
    inputs: [{ unit: lot('L1'), quantity: kg('10.5') }],
  });
  await record({ type: 'scrap', place: 'A', unit: lot('L1'), quantity: kg('4.5'), reason: 'certificate 7' });
  await ship('L1', '40', 'SHOP');
  await ship('L1', '20', 'STORE');
  const key = await aCase(['L1', 'F1']);
  await holdAll(key, ['L1']);
  expect(await unitOf(key, 'L1')).toMatchObject({
    scope: '100',
    inHouse: '25',
    used: '10.5',
    destroyed: '4.5',
    pending: '60',
    balanced: false,
  });
  // F1 is in house, and the case does not hold it: pending.
  expect(await unitOf(key, 'F1')).toMatchObject({ scope: '1', inHouse: '0', pending: '1' });

  await answer(key, 'SHOP', 'L1', { found: '5', sold: '30', returned: '3' });
  expect(await unitOf(key, 'L1')).toMatchObject({ passedOn: '30', notFound: '2', pending: '28' });
  expect((await wholeAccount(db().database, await recallOf(key))).pending).toEqual([
    { uom: 'kg', uncovered: '0', found: '5', returning: '3', unanswered: '20', unexplained: '0' },
    { uom: 'pcs', uncovered: '1', found: '0', returning: '0', unanswered: '0', unexplained: '0' },
  ]);

  // What comes back takes the place of what was said: first of what was on its way, then of what was found.
  await comeBack('L1', '7', 'SHOP');
  expect(await unitOf(key, 'L1')).toMatchObject({
    inHouse: '25',
    recovered: '7',
    passedOn: '30',
    notFound: '2',
    pending: '21',
  });
  const { data } = await accountByConsignee(db().database, await recallOf(key), undefined, 10);
  expect(data).toEqual([
    expect.objectContaining({
      consignee: 'SHOP',
      shipped: '40',
      recovered: '7',
      passedOn: '30',
      notFound: '2',
      pending: '1',
      found: '1',
    }),
    expect.objectContaining({ consignee: 'STORE', shipped: '20', recovered: '0', pending: '20', answered: 0 }),
  ]);
  expect(await contradictions(key)).toEqual([]);

  await answer(key, 'STORE', 'L1', { destroyed: '20' });
  await comeBack('L1', '1', 'SHOP');
  expect(await unitOf(key, 'L1')).toMatchObject({ pending: '0', recovered: '8', destroyed: '24.5', balanced: true });
  const { items } = await wholeAccount(db().database, await recallOf(key));
  expect(items.map(({ item, units, balanced, unknown }) => [item, units, balanced, unknown])).toEqual([
    ['FG', 1, 0, 0],
    ['RM', 1, 1, 0],
  ]);
});

it('what is built into something in scope is accounted for there', async () => {
  await record({ type: 'create', at: T('01T08:00'), place: 'A', unit: { item: 'FG', serial: 'F2' } });
  await record({
    type: 'produce',
    place: 'A',
    outputs: [{ unit: { item: 'BIKE', serial: 'B2' } }],
    inputs: [{ unit: { item: 'FG', serial: 'F2' } }],
  });
  await record({
    type: 'ship',
    at: T('03T08:00'),
    customer: 'SHOP',
    shipment: 'S2',
    units: [{ unit: { item: 'BIKE', serial: 'B2' } }],
  });
  const key = await aCase(['F2', 'B2']);
  expect(await unitOf(key, 'F2')).toMatchObject({ used: '1', pending: '0', balanced: true });
  expect(await unitOf(key, 'B2')).toMatchObject({ pending: '1', balanced: false });
  await answer(key, 'SHOP', 'B2', { found: '1' });
  await record({
    type: 'return',
    at: T('05T08:00'),
    place: 'A',
    customer: 'SHOP',
    units: [{ unit: { item: 'BIKE', serial: 'B2' } }],
  });
  // In house again, and on hold by nobody of the case.
  expect(await unitOf(key, 'B2')).toMatchObject({ recovered: '0', pending: '1' });
  await record({
    type: 'hold',
    at: T('06T08:00'),
    reason: 'recall',
    ref: key,
    units: [{ unit: { item: 'BIKE', serial: 'B2' } }],
  });
  expect(await unitOf(key, 'B2')).toMatchObject({ recovered: '1', pending: '0', balanced: true });
});

it('an unknown quantity is never balanced', async () => {
  await record({ type: 'ship', customer: 'STORE', shipment: 'S4', units: [{ unit: lot('NEVER-MADE') }] });
  const key = await aCase(['NEVER-MADE']);
  await answer(key, 'STORE', 'NEVER-MADE', { sold: '3' });
  expect(await unitOf(key, 'NEVER-MADE')).toMatchObject({ scope: null, balanced: false });
  const [item] = (await wholeAccount(db().database, await recallOf(key))).items;
  expect(item).toMatchObject({ units: 1, unknown: 1, balanced: 0, scope: '0' });
});

it('says what contradicts itself', async () => {
  await made('L5', '10');
  await ship('L5', '10', 'SHOP');
  const key = await aCase(['L5']);
  await answer(key, 'SHOP', 'L5', { sold: '8', destroyed: '3' });
  expect(await contradictions(key)).toEqual(['answered-more-than-shipped']);
  // Cut off at what it was sent: never more than there was.
  expect(await unitOf(key, 'L5')).toMatchObject({ passedOn: '8', destroyed: '2', pending: '0' });
  await db().asOwner(`UPDATE recall_answer SET destroyed = 2 WHERE sold = 8`);
  expect(await contradictions(key)).toEqual([]);
  await comeBack('L5', '1', 'SHOP');
  expect(await contradictions(key)).toEqual(['returned-but-said-gone']);
  await answer(key, 'STORE', 'L5', { sold: '1' });
  expect(await contradictions(key)).toEqual(['returned-but-said-gone', 'answered-without-shipment']);

  await made('L6', '10');
  const other = await aCase(['L6']);
  await holdAll(other, ['L6']);
  await record({ type: 'ship', at: T('05T09:00'), customer: 'SHOP', shipment: 'S9', units: [{ unit: lot('L6') }] });
  expect(await contradictions(other)).toEqual(['used-after-hold']);
  expect((await wholeAccount(db().database, await recallOf(other))).contradictions).toBe(1);
});

it('a drill asks nobody: what a known customer has is accounted for', async () => {
  await made('L7', '10');
  await ship('L7', '4', 'SHOP');
  const key = await aCase(['L7'], true);
  expect(await unitOf(key, 'L7')).toMatchObject({ inHouse: '6', passedOn: '4', pending: '0', balanced: true });
});

it('whatever is answered and returned, the buckets add up to the scope, exactly', async () => {
  let seed = 7;
  const random = (max: number) => (seed = (seed * 48_271) % 2_147_483_647) % (max + 1);
  const tenths = (n: number) => (n / 10).toFixed(1);
  const codes = Array.from({ length: 60 }, (_, i) => `P${i}`);
  for (const code of codes) {
    const scope = 1 + random(1_000);
    const out = random(scope);
    const back = random(out);
    await made(code, tenths(scope));
    if (out > 0) await ship(code, tenths(out), 'SHOP');
    if (back > 0) await comeBack(code, tenths(back), 'SHOP');
  }
  const key = await aCase(codes);
  for (const code of codes)
    if (random(3) > 0) {
      const [found, sold, destroyed, returned] = [0, 1, 2, 3].map(() => tenths(random(600)));
      await answer(key, 'SHOP', code, { found: found!, sold: sold!, destroyed: destroyed!, returned: returned! });
    }
  const tenth = (text: string) => Math.round(Number(text) * 10);
  const { data } = await accountByUnit(db().database, await recallOf(key), {}, undefined, 1_000);
  expect(data).toHaveLength(codes.length);
  for (const row of data) {
    const parts = [row.inHouse, row.recovered, row.remedied, row.destroyed, row.used, row.passedOn, row.notFound].map(
      tenth,
    );
    expect([...parts, tenth(row.pending)].every((n) => n >= 0)).toBe(true);
    expect(parts.reduce((sum, n) => sum + n, tenth(row.pending))).toBe(tenth(row.scope!));
  }
  const lines = (await accountByConsignee(db().database, await recallOf(key), undefined, 10)).data;
  for (const line of lines)
    expect(
      [line.recovered, line.remedied, line.destroyed, line.passedOn, line.notFound, line.pending]
        .map(tenth)
        .reduce((sum, n) => sum + n),
    ).toBe(tenth(line.shipped));
});
