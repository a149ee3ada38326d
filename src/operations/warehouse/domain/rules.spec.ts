import { PlaceTree } from './place-tree';
import { narrowestFirst, type OpenLine, plan, type Rule, type RulePlace, type Situation } from './rules';
import type { StockRow } from './stock';

const ONE = 1_000_000_000n;
const place = (
  placeId: number,
  code: string,
  parent: string | null,
  capacity: RulePlace['capacity'] = null,
): RulePlace => ({
  placeId,
  code,
  parent,
  capacity,
  name: code,
  kind: 'bin',
});
const [DOCK, STORE, BIN1, BIN2, QUAR] = [1, 2, 3, 4, 5];
const tree = new PlaceTree([
  place(DOCK, 'DOCK', null),
  place(STORE, 'STORE', null),
  place(BIN1, 'BIN1', 'STORE', { units: 1 }),
  place(BIN2, 'BIN2', 'STORE', { units: 2, categories: ['chemistry'] }),
  place(QUAR, 'QUAR', null),
]);
const row = (unitId: number, placeId: number, more: Partial<StockRow> = {}): StockRow => ({
  unitId,
  itemId: 1,
  item: 'RM',
  itemName: 'Resin',
  category: 'chemistry',
  uom: 'kg',
  kind: 'lot',
  code: `L${unitId}`,
  state: 'in-stock',
  placeId,
  container: null,
  quantity: 5n * ONE,
  holds: [],
  expiresMs: null,
  madeMs: unitId,
  movedMs: 7,
  ...more,
});
const rule = (kind: Rule['kind'], more: Partial<Rule> = {}): Rule => ({
  ruleId: 1,
  code: 'R',
  kind,
  itemId: null,
  category: null,
  fromPlaceId: null,
  toPlaceId: STORE,
  min: null,
  max: null,
  ...more,
});
const situation = (stock: StockRow[], open: OpenLine[] = [], made = 0): Situation => ({
  tree,
  stock,
  open,
  nowMs: 100,
  made: new Map([[1, made]]),
});
const said = (planned: ReturnType<typeof plan>): string[] =>
  planned.map(
    (one) => `${one.row.code}>${tree.get(one.toPlaceId)!.code} ${one.quantity === null ? 'all' : one.quantity / ONE}`,
  );
const line = (unitId: number, fromPlaceId: number, toPlaceId: number, quantity = 5n * ONE): OpenLine => ({
  unitId,
  itemId: 1,
  fromPlaceId,
  toPlaceId,
  quantity,
});

describe('putaway', () => {
  const putaway = rule('putaway', { fromPlaceId: DOCK });

  it('finds room place by place, and plans nothing where there is none', () => {
    const stock = [row(1, DOCK), row(2, DOCK), row(3, DOCK), row(4, DOCK)];
    expect(said(plan(putaway, situation(stock)))).toEqual(['L1>BIN1 5', 'L2>BIN2 5', 'L3>BIN2 5']);
  });

  it('puts goods beside their own kind, and only where their category may lie', () => {
    expect(said(plan(putaway, situation([row(1, DOCK), row(9, BIN2)])))).toEqual(['L1>BIN2 5']);
    expect(said(plan(putaway, situation([row(1, DOCK, { category: 'food' }), row(9, BIN1, { itemId: 2 })])))).toEqual(
      [],
    );
  });

  it('leaves what is held, elsewhere, under way, or not of the rule', () => {
    const stock = [row(1, DOCK, { holds: [{ reason: 'x', ref: null }] }), row(2, QUAR), row(3, DOCK)];
    expect(plan(putaway, situation(stock, [line(3, DOCK, BIN1)]))).toEqual([]);
    expect(plan({ ...putaway, itemId: 2 }, situation([row(1, DOCK)]))).toEqual([]);
  });

  it('counts what is on its way as being there', () => {
    const stock = [row(1, DOCK), row(2, DOCK), row(3, DOCK)];
    expect(said(plan(putaway, situation(stock, [line(1, DOCK, BIN1), line(2, DOCK, BIN2)])))).toEqual(['L3>BIN2 5']);
    expect(plan(putaway, situation(stock, [line(1, DOCK, BIN1), line(2, DOCK, BIN2), line(8, QUAR, BIN2)]))).toEqual(
      [],
    );
  });

  it('names the same thing alike, and another arrival otherwise', () => {
    const keys = (movedMs: number) => plan(putaway, situation([row(1, DOCK, { movedMs })])).map((one) => one.key);
    expect(keys(7)).toEqual(keys(7));
    expect(keys(7)).not.toEqual(keys(8));
  });
});

describe('replenishment', () => {
  const replenish = rule('replenish', { itemId: 1, toPlaceId: BIN1, min: 4n * ONE, max: 9n * ONE });

  it('fetches what is missing to the maximum, first to expire first', () => {
    const stock = [
      row(1, BIN1, { quantity: 2n * ONE }),
      row(2, QUAR, { expiresMs: 300 }),
      row(3, QUAR, { expiresMs: 200 }),
    ];
    expect(said(plan(replenish, situation(stock)))).toEqual(['L3>BIN1 5', 'L2>BIN1 2']);
  });

  it('counts what is there and what is on its way', () => {
    const stock = [row(1, BIN1, { quantity: 4n * ONE }), row(2, QUAR)];
    expect(plan(replenish, situation(stock))).toEqual([]);
    expect(plan(replenish, situation([row(2, QUAR)], [line(3, QUAR, BIN1)]))).toEqual([]);
  });

  it('counts and takes only what is free', () => {
    const stock = [row(1, BIN1, { expiresMs: 50 }), row(2, QUAR, { holds: [{ reason: 'x', ref: null }] })];
    expect(plan(replenish, situation(stock))).toEqual([]);
  });
});

describe('a sweep of what is held', () => {
  it('fetches all of it that is not in quarantine yet, each once', () => {
    const held = { holds: [{ reason: 'x', ref: null }] };
    const stock = [row(1, BIN1, held), row(2, QUAR, held), row(3, BIN2), row(4, BIN2, { ...held, kind: 'serial' })];
    const sweep = rule('sweep', { toPlaceId: QUAR });
    expect(said(plan(sweep, situation(stock)))).toEqual(['L1>QUAR 5', 'L4>QUAR all']);
    expect(said(plan(sweep, situation(stock, [line(1, BIN1, QUAR)])))).toEqual(['L4>QUAR all']);
  });
});

it('the narrower rule comes first', () => {
  const rules = [
    rule('putaway', { code: 'A' }),
    rule('putaway', { code: 'B', category: 'c' }),
    rule('putaway', { code: 'C', itemId: 1 }),
  ];
  expect(narrowestFirst(rules).map((one) => one.code)).toEqual(['C', 'B', 'A']);
});
