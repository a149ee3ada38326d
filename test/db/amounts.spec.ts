import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { amountsOf, belowThreshold } from '@/trace/app/amounts';
import { useDatabase } from '../support';

const db = useDatabase();
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });

const ITEMS: [item: string, tracking: string, uom: string][] = [
  ['RM', 'lot', 'kg'],
  ['MIX', 'lot', 'kg'],
  ['LIQ', 'lot', 'l'],
  ['BAT', 'serial', 'pcs'],
  ['LINE', 'lot', 'pcs'],
];

beforeAll(async () => {
  for (const [item, tracking, uom] of ITEMS)
    await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ($1, $1, $2, $3)`, [item, tracking, uom]);
  for (const place of ['P1', 'P2'])
    await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ($1, $1, 'bin')`, [place]);
  for (const partner of ['SHOP-A', 'SHOP-B'])
    await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ($1, $1, 'customer')`, [partner]);
});

type Event = Record<string, unknown>;
let story = 0;

/** Codes and event ids of their own for every test, in one database. */
class Story {
  private readonly prefix = `${++story}-`;
  private n = 0;

  private kg(value: string, uom = 'kg') {
    return { value, uom };
  }

  lot(item: string, code: string) {
    return { item, lot: this.prefix + code };
  }

  serial(code: string) {
    return { item: 'BAT', serial: this.prefix + code };
  }

  run(code: string) {
    return { item: 'LINE', run: this.prefix + code };
  }

  row(unit: object, value?: string, uom?: string, more: object = {}) {
    return { unit, ...(value === undefined ? {} : { quantity: this.kg(value, uom) }), ...more };
  }

  async record(...events: (Event & { t: number | string })[]): Promise<void> {
    const sent = events.map(({ t, ...e }) => ({ id: `${this.prefix}e${this.n++}`, at: at(t), place: 'P1', ...e }));
    const result = await new RecordEvents(db().uow, settings).execute({ actor: 'user:test', source: 'test' }, sent);
    expect(result.refused).toEqual([]);
  }

  /** "amount share" by code, over all units of the story; exposure begins when the test says. */
  async amounts(
    seeds: { unit: Record<string, string>; from?: number; until?: number }[],
    exposed: Record<string, number | [from: number, until: number]>,
  ): Promise<Record<string, string>> {
    const units = await db().asOwner<{ unit_id: number; code: string }>(
      `SELECT unit_id, code FROM unit WHERE code LIKE $1 ORDER BY unit_id`,
      [`${this.prefix}%`],
    );
    const byCode = new Map(units.map((u) => [u.code, u.unit_id]));
    const codes = new Map(units.map((u) => [u.unit_id, u.code.slice(this.prefix.length)]));
    const position = await sealLedger(db().uow);
    const exposureOf = (id: number): [number, number][] => {
      const t = exposed[codes.get(id)!];
      if (t === undefined) return [];
      return typeof t === 'number' ? [[Date.parse(at(t)), Infinity]] : [[Date.parse(at(t[0])), Date.parse(at(t[1]))]];
    };
    const found = await amountsOf(db().database, position, {
      units: [...codes.keys()],
      seeds: seeds.map(({ unit, from, until }) => {
        const kind = 'lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run';
        const code = unit[kind]!;
        const ms = (t: number | undefined): number | null => (t === undefined ? null : Date.parse(at(t)));
        return { unitId: byCode.get(code)!, item: unit.item!, kind, code, windows: [[ms(from), ms(until)]] };
      }),
      exposureOf,
    });
    return Object.fromEntries([...found].map(([id, a]) => [codes.get(id)!, `${a.amount} ${a.share} ${a.peakShare}`]));
  }
}

/** A minute of one day, or a date. */
function at(t: number | string): string {
  return typeof t === 'string' ? t : new Date(Date.parse('2026-03-02T08:00:00Z') + t * 60_000).toISOString();
}

describe('amounts at a position', () => {
  it('mix in a tank in the order of time: top-up, draw, top-up, draw', async () => {
    const s = new Story();
    const [bad, good, tank] = [s.lot('RM', 'bad'), s.lot('RM', 'good'), s.lot('MIX', 'tank')];
    const fill = (t: number, unit: object, value: string) => ({
      t,
      type: 'top-up',
      vessel: tank,
      ...s.row(unit, value),
    });
    const draw = (t: number, code: string, value: string) => ({
      t,
      type: 'produce',
      outputs: [s.row(s.lot('MIX', code), value)],
      inputs: [s.row(tank, value)],
    });
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '100') },
      { t: 0, type: 'receive', ...s.row(good, '1000') },
      fill(10, good, '90'),
      draw(11, 'before', '10'),
      fill(12, bad, '20'),
      draw(13, 'first', '50'),
      fill(14, good, '50'),
      draw(15, 'second', '20'),
    );
    // 80 good + 20 bad = 100: share 0.2. 50 out: 10 of 50 left. 50 good in: 10 of 100: share 0.1. 20 out: 2.
    expect(await s.amounts([{ unit: bad }], { bad: 0, tank: 12, first: 13, second: 15 })).toEqual({
      bad: '80 1 1',
      good: '0 0 0',
      tank: '8 0.1 0.2',
      before: '0 0 0',
      first: '10 0.2 0.2',
      second: '2 0.1 0.1',
    });
  });

  it('divide a draw among the outputs of its event, and name one row after the other', async () => {
    const s = new Story();
    const [bad, a, b, c] = [s.lot('RM', 'bad'), s.lot('MIX', 'a'), s.lot('MIX', 'b'), s.lot('LIQ', 'c')];
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '100') },
      { t: 1, type: 'produce', outputs: [s.row(a, '30'), s.row(b, '10')], inputs: [s.row(bad, '20')] },
      {
        t: 2,
        type: 'produce',
        outputs: [s.row(a, '5'), s.row(b, '5')],
        inputs: [s.row(bad, '3', 'kg', { for: [0] }), s.row(bad, '4', 'kg', { for: [1] }), s.row(bad, '2')],
      },
    );
    expect(await s.amounts([{ unit: bad }], { bad: 0, a: 1, b: 1 })).toMatchObject({
      bad: '71 1 1',
      // 15 + 3 + 1 of 35; 5 + 4 + 1 of 15
      a: '19 0.542857142857 0.54285714285714285714',
      b: '10 0.666666666667 0.66666666666666666667',
    });
    // Kilograms and litres in one event: how much went where, nobody knows. What the lot has left is known.
    await s.record({ t: 3, type: 'produce', outputs: [s.row(a, '5'), s.row(c, '5', 'l')], inputs: [s.row(bad, '1')] });
    expect(await s.amounts([{ unit: bad }], { bad: 0, a: 1, b: 1, c: 3 })).toMatchObject({
      bad: '70 1 1',
      a: 'null null null',
      b: '10 0.666666666667 0.66666666666666666667',
      c: 'null null null',
    });
  });

  it('keep the seed’s unit of measure through a change of unit and a loss of yield', async () => {
    const s = new Story();
    const [bad, soup, jar] = [s.lot('RM', 'bad'), s.lot('LIQ', 'soup'), s.lot('MIX', 'jar')];
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '12') },
      { t: 1, type: 'produce', outputs: [s.row(soup, '8', 'l')], inputs: [s.row(bad, '12')] },
      { t: 2, type: 'produce', outputs: [s.row(jar, '2')], inputs: [s.row(soup, '2', 'l')] },
    );
    expect(await s.amounts([{ unit: bad }], { bad: 0, soup: 1, jar: 2 })).toEqual({
      bad: '0 1 1',
      soup: '9 null null',
      jar: '3 1 1',
    });
  });

  it('stay with the unit when it is shipped or scrapped, and come back at the share of what had gone', async () => {
    const s = new Story();
    const [bad, good, mix] = [s.lot('RM', 'bad'), s.lot('RM', 'good'), s.lot('MIX', 'mix')];
    const ship = { type: 'ship', customer: 'SHOP-A' };
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '50') },
      { t: 0, type: 'receive', ...s.row(good, '50') },
      { t: 1, type: 'produce', outputs: [s.row(mix, '40')], inputs: [s.row(bad, '20')] },
      { t: 2, ...ship, units: [s.row(mix, '20')] },
      { t: 3, type: 'top-up', vessel: mix, ...s.row(good, '20') },
      { t: 4, type: 'return', customer: 'SHOP-A', units: [s.row(mix, '10')] },
      { t: 5, type: 'scrap', ...s.row(mix, '5') },
      { t: 6, type: 'produce', outputs: [s.row(s.lot('MIX', 'out'), '9')], inputs: [s.row(mix, '9')] },
    );
    // 20 of 40; 10 leave with 20. 10 of 40 after the good top-up. 10 come back with 5: 15 of 50, share 0.3. 9 out with 2.7.
    expect(await s.amounts([{ unit: bad }], { bad: 0, mix: 1, out: 6 })).toMatchObject({
      bad: '30 1 1',
      mix: '17.3 0.339215686275 0.5',
      out: '2.7 0.3 0.3',
    });
  });

  it('leave and come back whole where no quantity is named and there is one place and one customer', async () => {
    const s = new Story();
    const [bad, one, two] = [s.lot('RM', 'bad'), s.lot('MIX', 'one'), s.lot('MIX', 'two')];
    const into = (t: number, unit: object) => ({
      t,
      type: 'produce',
      outputs: [s.row(unit, '10')],
      inputs: [s.row(bad, '5')],
    });
    const ship = (t: number, unit: object) => ({ t, type: 'ship', customer: 'SHOP-A', units: [{ unit }] });
    const draw = (t: number, code: string, unit: object) => ({
      t,
      type: 'produce',
      outputs: [s.row(s.lot('MIX', code), '1')],
      inputs: [s.row(unit, '2')],
    });
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '50') },
      into(1, one),
      into(1, two),
      { t: 2, type: 'move', unit: two, quantity: { value: '5', uom: 'kg' }, to: 'P2' },
      ship(3, one),
      ship(3, two),
      { t: 4, type: 'return', customer: 'SHOP-A', units: [{ unit: one }] },
      draw(5, 'x', one),
      draw(5, 'y', two),
    );
    expect(await s.amounts([{ unit: bad }], { bad: 0, one: 1, two: 1, x: 5, y: 5 })).toEqual({
      bad: '40 1 1',
      one: '4 0.5 0.5',
      two: 'null null null',
      x: '1 1 1',
      y: 'null null null',
    });
  });

  it('are unknown where a quantity is missing, too much was drawn, or something was installed', async () => {
    const s = new Story();
    const bad = s.lot('RM', 'bad');
    const make = (t: number, code: string, value: string | undefined, input: object) => ({
      t,
      type: 'produce',
      outputs: [s.row(s.lot('MIX', code), value)],
      inputs: [input],
    });
    await s.record(
      { t: 0, type: 'receive', ...s.row(bad, '100') },
      make(1, 'no quantity', undefined, s.row(bad, '5')),
      make(1, 'no draw', '5', { unit: bad }),
      { t: 1, type: 'load', run: s.run('R'), ...s.row(bad, '5') },
      make(3, 'from run', '5', { unit: s.run('R') }),
      { t: 4, type: 'unload', run: s.run('R'), unit: bad },
      make(5, 'run empty', '5', { unit: s.run('R') }),
    );
    const lost = 'null null null';
    const exposed = { bad: 0, 'no quantity': 1, 'no draw': 1, R: [1, 4] as [number, number], 'from run': 3 };
    expect(await s.amounts([{ unit: bad }], exposed)).toEqual({
      bad: 'null null 1',
      'no quantity': lost,
      'no draw': lost,
      R: lost,
      'from run': lost,
      // Once it is off the line, what comes from there has none of it.
      'run empty': '0 0 0',
    });
    const t = new Story();
    const seed = t.lot('RM', 'bad');
    await t.record(
      { t: 0, type: 'receive', ...t.row(seed, '100') },
      { t: 1, type: 'produce', outputs: [t.row(t.lot('MIX', 'm'), '10')], inputs: [t.row(seed, '5')] },
      { t: 2, type: 'produce', outputs: [t.row(t.lot('MIX', 'x'), '11')], inputs: [t.row(t.lot('MIX', 'm'), '11')] },
    );
    expect(await t.amounts([{ unit: seed }], { bad: 0, m: 1, x: 2 })).toEqual({ bad: '95 1 1', m: lost, x: lost });
  });

  it('count a long draw at its start, and a seed only inside its window', async () => {
    const s = new Story();
    const tank = s.lot('MIX', 'tank');
    const draw = (t: number, code: string, more: object = {}) => ({
      t,
      type: 'produce',
      outputs: [s.row(s.lot('MIX', code), '10')],
      inputs: [s.row(tank, '10', 'kg', more)],
    });
    await s.record(
      { t: 0, type: 'receive', ...s.row(tank, '100') },
      draw(10, 'early'),
      draw(20, 'in'),
      draw(12, 'long', { from: at(12), until: at(25) }),
      draw(40, 'late'),
    );
    const seeds = [{ unit: tank, from: 15, until: 30 }];
    expect(await s.amounts(seeds, { tank: 15, in: 20, long: 15 })).toEqual({
      // Now, after its window, it is no seed material any more.
      tank: '0 0 1',
      early: '0 0 0',
      in: '10 1 1',
      long: 'null null null',
      late: '0 0 0',
    });
  });

  it('pass whole with a serial, and are the piece itself where it is the seed', async () => {
    const s = new Story();
    const [cell, pack, other] = [s.serial('cell'), s.serial('pack'), s.serial('other')];
    await s.record(
      { t: 0, type: 'receive', unit: cell },
      {
        t: 1,
        type: 'produce',
        outputs: [{ unit: pack }, { unit: other }],
        inputs: [{ unit: cell, mode: 'consume', for: [0] }],
      },
    );
    expect(await s.amounts([{ unit: cell }], { cell: 0, pack: 1 })).toEqual({
      cell: '0 1 1',
      pack: '1 1 1',
      other: '0 0 0',
    });
  });

  it('are all unknown where seeds are counted in different units', async () => {
    const s = new Story();
    await s.record(
      { t: 0, type: 'receive', ...s.row(s.lot('RM', 'a'), '1') },
      { t: 0, type: 'receive', ...s.row(s.lot('LIQ', 'b'), '1', 'l') },
    );
    expect(await s.amounts([{ unit: s.lot('RM', 'a') }, { unit: s.lot('LIQ', 'b') }], { a: 0, b: 0 })).toEqual({
      a: 'null null null',
      b: 'null null null',
    });
  });
});

it.each([
  ['0.0009', '0.001', true],
  ['0.001', '0.001', false],
  ['0.00099999999999999999999', '0.001', true],
  ['0', '0.0000000000000000000000001', true],
  ['1', '1', false],
  [null, '1', false],
])('a share of %s against a limit of %s', (share, limit, below) => {
  expect(belowThreshold(share, limit)).toBe(below);
});
