import { randomUUID } from 'node:crypto';
import { linkParts, linksOutOf, RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { verify } from '../../src/ledger/integrity/verify';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'Europe/Paris' });

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom, gtin) VALUES
    ('RM', 'Resin', 'lot', 'kg', NULL), ('RM2', 'Filler', 'lot', 'kg', NULL), ('FG', 'Part', 'lot', 'pcs', NULL),
    ('BIKE', 'Bike', 'serial', 'pcs', NULL), ('BAT', 'Battery', 'serial', 'pcs', '09506000134352'), ('SCREW', 'Screw', 'none', 'pcs', NULL),
    ('FEEDER', 'Feeder', 'lot', 'pcs', NULL)`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin')`);
  await db().asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('SUP', 'Supplier', 'supplier'), ('SHOP', 'Shop', 'customer')`,
  );
});

const record = (events: unknown[], options = {}) => new RecordEvents(db().uow, settings).execute(ctx, events, options);
const serial = (item: string, code: string) => ({ item, serial: code });
const lot = (item: string, code: string) => ({ item, lot: code });
const kg = (value: string) => ({ value, uom: 'kg' });
const T = (time: string) => `2026-03-0${time}:00Z`;

async function accepted(...events: Record<string, unknown>[]): Promise<void> {
  const result = await record(events.map((e) => ({ id: randomUUID(), ...e })));
  expect(result.refused).toEqual([]);
  expect(result.accepted).toBe(events.length);
}

async function refusedCodes(...events: Record<string, unknown>[]): Promise<string[]> {
  const result = await record(events.map((e) => ({ id: randomUUID(), ...e })));
  expect(result.accepted).toBe(0);
  return result.refused.map((r) => r.code);
}

/** The intervals that each unit is in something, as a trace sees them now. */
async function spansOf(item: string, codes: readonly string[]): Promise<Map<string, string[]>> {
  const position = await sealLedger(db().uow);
  const units = await db().asOwner<{ unit_id: number; code: string }>(
    `SELECT unit_id, unit.code FROM unit JOIN item USING (item_id) WHERE item.code = $1 AND unit.code = ANY ($2)`,
    [item, codes],
  );
  const ids = units.map((u) => u.unit_id);
  const links = await linksOutOf(db().database, position, ids);
  const all = await db().asOwner<{ id: number; code: string }>(`SELECT unit_id AS id, code FROM unit`);
  const names = new Map(all.map((u) => [u.id, u.code]));
  const time = (ms: number) =>
    Number.isFinite(ms) ? new Date(ms).toISOString().slice(8, 16) : ms < 0 ? 'ever' : 'open';
  const found = new Map(codes.map((code): [string, string[]] => [code, []]));
  for (const l of links)
    for (const p of linkParts(l, undefined))
      found
        .get(names.get(l.input)!)!
        .push(`${names.get(l.output)!} ${time(p.from)}..${time(p.until)} ${p.certain ? 'certain' : 'possible'}`);
  for (const own of found.values()) own.sort();
  return found;
}

const spans = async (item: string, code: string): Promise<string[]> => (await spansOf(item, [code])).get(code)!;

describe('recording', () => {
  it('answers a repeated event as the first time and refuses its id with other content', async () => {
    const event = {
      id: 'twice',
      type: 'receive',
      at: T('1T08:00'),
      unit: lot('RM', 'L-twice'),
      quantity: kg('5'),
      supplier: 'SUP',
    };
    expect(await record([event])).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await record([event])).toMatchObject({ accepted: 0, duplicates: 1, refused: [] });
    expect((await record([{ ...event, quantity: kg('6') }])).refused).toMatchObject([
      { index: 0, id: 'twice', code: 'EVENT_ID_REUSED' },
    ]);
    expect(await db().asOwner(`SELECT 1 FROM movement JOIN unit USING (unit_id) WHERE code = 'L-twice'`)).toHaveLength(
      1,
    );
  });

  it('takes another way of writing the same for the same, of what is stored and within one request', async () => {
    const event = (value: string) => ({
      id: 'rewritten',
      type: 'receive',
      at: T('1T08:00'),
      unit: lot('RM', 'L-rewritten'),
      quantity: kg(value),
      supplier: 'SUP',
    });
    expect(await record([event('5'), event('5.0')])).toMatchObject({ accepted: 1, duplicates: 1, refused: [] });
    expect(await record([event('5.000')])).toMatchObject({ accepted: 0, duplicates: 1, refused: [] });
    expect((await record([event('5.001')])).refused).toMatchObject([{ id: 'rewritten', code: 'EVENT_ID_REUSED' }]);
  });

  it('keeps all or nothing, and the right ones alone when told to proceed', async () => {
    const good = { id: 'good', type: 'receive', at: T('1T08:00'), unit: lot('RM', 'L-good'), quantity: kg('5') };
    const bad = { id: 'bad', type: 'receive', at: T('1T08:00'), unit: lot('NOPE', 'X'), quantity: kg('5') };
    expect(await record([good, bad])).toMatchObject({ accepted: 0, refused: [{ index: 1, code: 'UNKNOWN_ITEM' }] });
    expect(await db().asOwner(`SELECT 1 FROM unit WHERE code = 'L-good'`)).toEqual([]);
    expect(await record([bad, good], { onError: 'proceed' })).toMatchObject({
      accepted: 1,
      refused: [{ index: 0, code: 'UNKNOWN_ITEM' }],
    });
  });

  it.each([
    ['UNKNOWN_FIELD', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('1'), supplyer: 'SUP' }],
    ['UOM_UNKNOWN', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: { value: '1', uom: 'l' } }],
    ['QUANTITY_INVALID', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('-1') }],
    ['QUANTITY_INVALID', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('0.0000000001') }],
    ['TIME_NEEDS_OFFSET', { type: 'receive', at: '2026-03-01T08:00:00', unit: lot('RM', 'x'), quantity: kg('1') }],
    ['TIME_INVALID', { type: 'receive', at: '2026-02-30', unit: lot('RM', 'x'), quantity: kg('1') }],
    ['UNIT_NOT_TRACKED', { type: 'receive', at: T('1T08:00'), unit: lot('SCREW', 'x'), quantity: kg('1') }],
    ['UNIT_KIND', { type: 'receive', at: T('1T08:00'), unit: serial('RM', 'x') }],
    ['UNKNOWN_PLACE', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('1'), place: 'nowhere' }],
    [
      'UNKNOWN_PARTNER',
      { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('1'), supplier: 'nobody' },
    ],
    ['CONTAINER_SCAN_UNREADABLE', { type: 'unpack', at: T('1T08:00'), container: '(00)395060001343520009' }],
    ['EVENT_TYPE_UNKNOWN', { type: 'teleport', at: T('1T08:00') }],
    ['FIELD_REQUIRED', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x') }],
    ['INPUTS_WITHOUT_OUTPUTS', { type: 'produce', at: T('1T08:00'), inputs: [{ unit: lot('RM', 'x') }] }],
    [
      'TIME_RANGE',
      {
        type: 'produce',
        at: T('1T08:00'),
        outputs: [{ unit: lot('FG', 'x') }],
        inputs: [{ unit: lot('RM', 'x'), from: T('1T09:00'), until: T('1T09:00') }],
      },
    ],
    [
      'FIELD_INVALID',
      {
        type: 'produce',
        at: T('1T08:00'),
        outputs: [{ unit: lot('FG', 'x') }],
        inputs: [{ unit: lot('RM', 'x'), for: [1] }],
      },
    ],
    [
      'SERIAL_NOT_DIVISIBLE',
      {
        type: 'split',
        at: T('1T08:00'),
        from: [{ unit: serial('BAT', 'x') }],
        to: [{ unit: lot('FG', 'x'), quantity: { value: '1', uom: 'pcs' } }],
      },
    ],
    ['FIELD_INVALID', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'half \ud800'), quantity: kg('1') }],
    ['FIELD_INVALID', { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('1'), note: '\u0000' }],
    [
      'FIELD_INVALID',
      { type: 'receive', at: T('1T08:00'), unit: lot('RM', 'x'), quantity: kg('1'), attributes: { 'a\udc00': 1 } },
    ],
    ['EVENT_UNKNOWN', { type: 'void', event: 'never-was', reason: 'r' }],
  ])('refuses with %s', async (code, event) => {
    expect(await refusedCodes(event)).toEqual([code]);
  });

  it('lets a serial come into being once, and be consumed once', async () => {
    await accepted(
      { type: 'receive', at: T('1T08:00'), unit: serial('BAT', 'once') },
      {
        id: 'eats',
        type: 'produce',
        at: T('1T09:00'),
        outputs: [{ unit: serial('BIKE', 'b-once') }],
        inputs: [{ unit: serial('BAT', 'once'), mode: 'consume' }],
      },
    );
    expect(await refusedCodes({ type: 'receive', at: T('2T08:00'), unit: serial('BAT', 'once') })).toEqual([
      'SERIAL_EXISTS',
    ]);
    expect(
      await refusedCodes({
        type: 'produce',
        at: T('2T08:00'),
        outputs: [{ unit: serial('BIKE', 'b-once2') }],
        inputs: [{ unit: serial('BAT', 'once'), mode: 'consume' }],
      }),
    ).toEqual(['SERIAL_CONSUMED']);
    expect(
      await refusedCodes({
        type: 'install',
        at: T('2T08:00'),
        parent: serial('BIKE', 'b'),
        unit: serial('BAT', 'once'),
      }),
    ).toEqual(['SERIAL_INSTALLED_AFTER_CONSUMED']);
    await accepted({ type: 'void', event: 'eats', reason: 'wrong bike' });
    await accepted({ type: 'install', at: T('2T08:00'), parent: serial('BIKE', 'b'), unit: serial('BAT', 'once') });
    expect(await spans('BAT', 'once')).toEqual(['b 02T08:00..open certain']);
  });

  it('refuses one serial in two places at one millisecond, and a void of a void', async () => {
    await accepted({
      id: 'in-a',
      type: 'install',
      at: T('1T08:00'),
      parent: serial('BIKE', 'two-a'),
      unit: serial('BAT', 'two'),
    });
    expect(
      await refusedCodes({
        type: 'install',
        at: T('1T08:00'),
        parent: serial('BIKE', 'two-b'),
        unit: serial('BAT', 'two'),
      }),
    ).toEqual(['SERIAL_TWO_PLACES']);
    await accepted({ id: 'takes-back', type: 'void', event: 'in-a', reason: 'typo' });
    expect(await refusedCodes({ type: 'void', event: 'takes-back', reason: 'typo' })).toEqual(['VOID_OF_VOID']);
    expect(await refusedCodes({ type: 'void', event: 'in-a', reason: 'typo' })).toEqual(['EVENT_ALREADY_VOID']);
  });

  it('voids and corrects events of the same request', async () => {
    await accepted(
      { id: 'sr-1', type: 'install', at: T('1T08:00'), parent: serial('BIKE', 'sr-a'), unit: serial('BAT', 'sr') },
      {
        id: 'sr-2',
        type: 'correct',
        event: 'sr-1',
        reason: 'it was the other bike',
        with: { type: 'install', at: T('1T08:00'), parent: serial('BIKE', 'sr-b'), unit: serial('BAT', 'sr') },
      },
    );
    expect(await spans('BAT', 'sr')).toEqual(['sr-b 01T08:00..open certain']);
    await accepted({ type: 'void', event: 'sr-2', reason: 'neither' });
    expect(await spans('BAT', 'sr')).toEqual([]);
  });

  it('finds a unit by its scan', async () => {
    await accepted({ type: 'receive', at: T('1T08:00'), unit: { scan: '(01)09506000134352(21)SCANNED' } });
    expect(await db().asOwner(`SELECT kind FROM unit WHERE code = 'SCANNED'`)).toEqual([{ kind: 'serial' }]);
    expect(
      await refusedCodes({ type: 'receive', at: T('1T08:00'), unit: { scan: '(01)09506000134353(21)X' } }),
    ).toEqual(['SCAN_UNREADABLE']);
  });
});

describe('installations in any order', () => {
  const facts = (tag: string) => [
    { id: `${tag}1`, type: 'install', at: T('1T08:00'), parent: serial('BIKE', `${tag}-A`), unit: serial('BAT', tag) },
    { id: `${tag}2`, type: 'remove', at: T('2T08:00'), parent: serial('BIKE', `${tag}-A`), unit: serial('BAT', tag) },
    { id: `${tag}3`, type: 'install', at: T('3T08:00'), parent: serial('BIKE', `${tag}-B`), unit: serial('BAT', tag) },
    { id: `${tag}4`, type: 'install', at: T('4T08:00'), parent: serial('BIKE', `${tag}-C`), unit: serial('BAT', tag) },
    { id: `${tag}5`, type: 'remove', at: T('5T08:00'), parent: serial('BIKE', `${tag}-B`), unit: serial('BAT', tag) },
    { id: `${tag}6`, type: 'void', event: `${tag}2`, reason: 'never happened' },
  ];

  function permutations<T>(list: T[]): T[][] {
    if (list.length <= 1) return [list];
    return list.flatMap((x, i) =>
      permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [x, ...rest]),
    );
  }

  it('ends alike for all 360 orders of six facts with a void', async () => {
    const orders = permutations([0, 1, 2, 3, 4, 5]).filter((o) => o.indexOf(1) < o.indexOf(5));
    expect(orders).toHaveLength(360);
    const results = new Set<string>();
    // One at a time they were 2,160 requests of 27 statements and 360 seals: the time went into round trips. Each battery's come one by one still.
    const groups = Array.from({ length: 30 }, (_, g) => [...orders.entries()].slice(g * 12, g * 12 + 12));
    const work = async () => {
      for (let group = groups.pop(); group; group = groups.pop())
        for (let at = 0; at < 6; at++) await accepted(...group.map(([n, order]) => facts(`p${n}`)[order[at]!]!));
    };
    await Promise.all([work(), work(), work(), work()]);
    const codes = orders.map((_, n) => `p${n}`);
    for (const [code, found] of await spansOf('BAT', codes))
      results.add(found.map((s) => s.replace(code, '')).join(', '));
    expect([...results]).toEqual([
      '-A 01T08:00..03T08:00 certain, -A 03T08:00..open possible, -B 03T08:00..04T08:00 certain, -B 04T08:00..05T08:00 possible, -C 04T08:00..05T08:00 certain, -C 05T08:00..open possible',
    ]);
  }, 120_000);

  it('takes out of A and into B on one date as legal, whichever was recorded first', async () => {
    const day = '2026-03-02';
    for (const [n, order] of [
      [0, 1],
      [1, 0],
    ].entries()) {
      const both = [
        { type: 'remove', at: day, parent: serial('BIKE', `d${n}-A`), unit: serial('BAT', `d${n}`) },
        { type: 'install', at: day, parent: serial('BIKE', `d${n}-B`), unit: serial('BAT', `d${n}`) },
      ];
      await accepted({
        type: 'install',
        at: T('1T08:00'),
        parent: serial('BIKE', `d${n}-A`),
        unit: serial('BAT', `d${n}`),
      });
      for (const i of order) await accepted(both[i]!);
      // The day in Paris: from 23:00 UTC the evening before.
      expect(await spans('BAT', `d${n}`)).toEqual([
        `d${n}-A 01T08:00..02T23:00 certain`,
        `d${n}-B 01T23:00..open certain`,
      ]);
    }
  });

  it('keeps a removal without installation as possible from ever, until the installation arrives', async () => {
    await accepted({ type: 'remove', at: T('5T08:00'), parent: serial('BIKE', 'or-A'), unit: serial('BAT', 'or') });
    expect(await spans('BAT', 'or')).toEqual(['or-A ever..05T08:00 possible']);
    await accepted({ type: 'install', at: T('4T08:00'), parent: serial('BIKE', 'or-A'), unit: serial('BAT', 'or') });
    expect(await spans('BAT', 'or')).toEqual(['or-A 04T08:00..05T08:00 certain']);
  });

  it('closes reels by quantity, by position and by cleaning', async () => {
    const run = { item: 'FEEDER', run: 'F1' };
    const pcs = (value: string) => ({ value, uom: 'kg' });
    await accepted(
      { type: 'load', at: T('1T08:00'), run, unit: lot('RM', 'R1'), quantity: pcs('10'), position: '1' },
      { type: 'load', at: T('1T09:00'), run, unit: lot('RM', 'R1'), quantity: pcs('5'), position: '2' },
      { type: 'unload', at: T('1T10:00'), run, unit: lot('RM', 'R1'), quantity: pcs('3'), position: '1' },
      { type: 'unload', at: T('1T11:00'), run, unit: lot('RM', 'R1'), position: '2' },
    );
    expect(await spans('RM', 'R1')).toEqual(['F1 01T08:00..open certain', 'F1 01T09:00..01T11:00 certain']);
    await accepted({ id: 'cl', type: 'clean', at: T('2T08:00'), run });
    expect(await spans('RM', 'R1')).toEqual(['F1 01T08:00..02T08:00 certain', 'F1 01T09:00..01T11:00 certain']);
    // A load recorded late is closed by the cleaning that came after it.
    await accepted({ type: 'load', at: T('1T12:00'), run, unit: lot('RM2', 'R2') });
    expect(await spans('RM2', 'R2')).toEqual(['F1 01T12:00..02T08:00 certain']);
    await accepted({ type: 'void', event: 'cl', reason: 'not cleaned' });
    expect(await spans('RM2', 'R2')).toEqual(['F1 01T12:00..open certain']);
  });
});

describe('produce', () => {
  it('is certain where the record can tell, possible where it cannot', async () => {
    await accepted({
      type: 'produce',
      at: T('3T08:00'),
      outputs: [{ unit: lot('FG', 'o1') }, { unit: lot('FG', 'o2') }],
      inputs: [
        { unit: lot('RM', 'only') },
        { unit: lot('RM2', 'one') },
        { unit: lot('RM2', 'other') },
        { unit: serial('BAT', 'some') },
        { unit: serial('BAT', 'first'), for: [0, 0] },
      ],
    });
    expect(await spans('RM', 'only')).toEqual(['o1 03T08:00..03T08:00 certain', 'o2 03T08:00..03T08:00 certain']);
    expect(await spans('RM2', 'one')).toEqual(['o1 03T08:00..03T08:00 possible', 'o2 03T08:00..03T08:00 possible']);
    expect(await spans('BAT', 'some')).toEqual(['o1 03T08:00..open possible', 'o2 03T08:00..open possible']);
    expect(await spans('BAT', 'first')).toEqual(['o1 03T08:00..open certain']);
    // Alternatives count as one installation: removal from one ends all.
    await accepted({ type: 'remove', at: T('4T08:00'), parent: lot('FG', 'o2'), unit: serial('BAT', 'some') });
    expect(await spans('BAT', 'some')).toEqual(['o1 03T08:00..04T08:00 possible', 'o2 03T08:00..04T08:00 possible']);
  });
});

describe('the facts', () => {
  it('cannot be changed by the application', async () => {
    for (const table of [
      'ledger_batch',
      'event',
      'event_void',
      'unit',
      'unit_alias',
      'link',
      'link_end',
      'movement',
      'inspection',
      'hold',
      'hold_release',
      'ledger_position',
      'ledger_seal',
      'master_version',
      'audit_line',
    ]) {
      await expect(db().database.query(`DELETE FROM ${table}`)).rejects.toThrow(/permission denied/);
      await expect(db().database.query(`TRUNCATE ${table}`)).rejects.toThrow(/permission denied/);
      const [column] = await db().asOwner<{ column_name: string }>(
        `SELECT column_name FROM information_schema.columns WHERE table_name = $1 LIMIT 1`,
        [table],
      );
      await expect(
        db().database.query(`UPDATE ${table} SET ${column!.column_name} = ${column!.column_name}`),
      ).rejects.toThrow(/permission denied/);
    }
  });

  it('have positions that grow, and seals that chain their hashes', async () => {
    const before = await sealLedger(db().uow);
    expect(await sealLedger(db().uow)).toBe(before);
    await accepted({ type: 'receive', at: T('1T08:00'), unit: lot('RM', 'sealed'), quantity: kg('1') });
    expect(await sealLedger(db().uow)).toBe(before + 1);
    const broken = await db().asOwner(
      `SELECT s.position FROM ledger_seal s LEFT JOIN ledger_seal b ON b.position = s.position - 1
        WHERE s.previous_hash <> coalesce(b.hash, '\\x'::bytea)`,
    );
    expect(broken).toEqual([]);
    // What the hashes are of, test/db/integrity.spec.ts takes apart.
    expect((await verify(db().uow, { findingsMax: 10 })).findings).toEqual([]);
  });

  it('lets many writers of the same new units and serials through, once each', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        record([
          {
            id: `race-${i}`,
            type: 'produce',
            at: T(`1T0${i}:00`),
            outputs: [{ unit: serial('BIKE', `race-${i}`) }],
            inputs: [
              { unit: serial('BAT', 'raced'), mode: 'consume' },
              { unit: lot('RM', 'race-lot'), quantity: kg('1') },
            ],
          },
        ]),
      ),
    );
    expect(results.map((r) => r.accepted).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    expect(results.flatMap((r) => r.refused.map((x) => x.code))).toEqual(Array(7).fill('SERIAL_CONSUMED'));
  });
});

describe('at work (check=live)', () => {
  const live = (event: Record<string, unknown>) => record([{ id: randomUUID(), ...event }], { check: 'live' });
  const codes = async (event: Record<string, unknown>) => (await live(event)).refused.map((r) => r.code);

  it('refuses what is not here, short, on hold, expired or installed elsewhere, and names the missing fact', async () => {
    await accepted(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: lot('RM', 'live'), quantity: kg('10') },
      {
        type: 'receive',
        at: T('1T08:00'),
        place: 'A',
        unit: lot('RM', 'old'),
        quantity: kg('10'),
        expires: '2026-02-01',
      },
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'live') },
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'back') },
      { type: 'ship', at: T('2T08:00'), units: [{ unit: serial('BAT', 'back') }], customer: 'SHOP', shipment: 'S1' },
      {
        type: 'return',
        at: T('3T08:00'),
        place: 'A',
        units: [{ unit: serial('BAT', 'back') }],
        customer: 'SHOP',
        condition: 'dented',
      },
    );
    const use = (unit: unknown, quantity?: unknown, place?: string) => ({
      type: 'produce',
      at: T('4T08:00'),
      place,
      outputs: [{ unit: lot('FG', randomUUID()) }],
      inputs: [{ unit, quantity }],
    });
    expect(await codes(use(lot('RM', 'live'), kg('11')))).toEqual(['STOCK_SHORT']);
    expect(await codes(use(lot('RM', 'live'), kg('1'), 'B'))).toEqual(['NOT_HERE']);
    expect(await codes(use(lot('RM', 'never'), kg('1')))).toEqual(['NOT_IN_HOUSE']);
    expect(await codes(use(lot('RM', 'old'), kg('1')))).toEqual(['UNIT_EXPIRED']);
    expect(await codes(use(serial('BAT', 'back')))).toEqual(['UNIT_ON_HOLD']);
    expect(await codes(use(lot('RM', 'live'), kg('10'), 'A'))).toEqual([]);
    expect(await codes(use(lot('RM', 'live'), kg('1'), 'A'))).toEqual(['NOT_IN_HOUSE']);
    await accepted({ type: 'install', at: T('4T08:00'), parent: serial('BIKE', 'live'), unit: serial('BAT', 'live') });
    const again = await live({
      type: 'install',
      at: T('5T08:00'),
      parent: serial('BIKE', 'other'),
      unit: serial('BAT', 'live'),
    });
    expect(again.refused).toMatchObject([
      { code: 'ALREADY_INSTALLED', message: 'BAT live is installed in BIKE live; record its removal first.' },
    ]);
    expect(
      await codes({ type: 'ship', at: T('5T08:00'), units: [{ unit: serial('BAT', 'back') }], customer: 'SHOP' }),
    ).toEqual(['UNIT_ON_HOLD']);
    // What happened all the same is recorded.
    await accepted({ type: 'ship', at: T('5T08:00'), units: [{ unit: serial('BAT', 'back') }], customer: 'SHOP' });
  });

  it('lets a released unit go', async () => {
    await accepted(
      { type: 'receive', at: T('1T08:00'), place: 'A', unit: serial('BAT', 'held') },
      { id: 'HOLD-1', type: 'hold', at: T('1T09:00'), units: [serial('BAT', 'held')], reason: 'bad smell' },
    );
    const install = { type: 'install', at: T('2T08:00'), parent: serial('BIKE', 'held'), unit: serial('BAT', 'held') };
    expect(await codes(install)).toEqual(['UNIT_ON_HOLD']);
    await accepted({ type: 'release', at: T('1T10:00'), hold: 'HOLD-1' });
    expect(await codes(install)).toEqual([]);
    // A hold that is off already may be released again, by whoever heard of it later.
    await accepted({ type: 'release', at: T('1T11:00'), hold: 'HOLD-1' });
    expect(await codes({ type: 'release', at: T('1T11:00'), hold: 'HOLD-none' })).toEqual(['NOT_FOUND']);
  });
});
