/** Rules that make tasks: what should be moved where, from what lies where now. Pure. */
import { misfit } from './capacity';
import { PlaceTree, type PlaceNode } from './place-tree';
import { allocate, fefo, isFree, type StockRow } from './stock';

export const RULE_KINDS = ['putaway', 'replenish', 'sweep'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export interface RulePlace extends PlaceNode {
  capacity: Parameters<typeof misfit>[0];
}

export interface Rule {
  ruleId: number;
  code: string;
  kind: RuleKind;
  itemId: number | null;
  category: string | null;
  /** where it looks; null: everywhere */
  fromPlaceId: number | null;
  toPlaceId: number;
  /** of a replenishment, nanos of the item's base unit */
  min: bigint | null;
  max: bigint | null;
}

export interface Planned {
  row: StockRow;
  quantity: bigint | null;
  toPlaceId: number;
  /** what this line is for: no second line is ever made for it */
  key: string;
}

/** What of a unit is already on an open line, and where it is to go. */
export interface OpenLine {
  unitId: number;
  itemId: number;
  fromPlaceId: number | null;
  toPlaceId: number | null;
  quantity: bigint | null;
}

type Content = Pick<StockRow, 'unitId' | 'itemId' | 'item' | 'uom' | 'category' | 'quantity'>;

export interface Situation {
  tree: PlaceTree<RulePlace>;
  stock: readonly StockRow[];
  open: readonly OpenLine[];
  nowMs: number;
  /** how many lines each rule has made so far: what it makes next is another thing than what it made before */
  made: ReadonlyMap<number, number>;
}

/** The narrower rule first: of an item before of a category before of all. */
export function narrowestFirst(rules: readonly Rule[]): Rule[] {
  const width = (rule: Rule): number => (rule.itemId !== null ? 0 : rule.category !== null ? 1 : 2);
  return [...rules].sort((a, b) => width(a) - width(b) || (a.code < b.code ? -1 : 1));
}

function concerns(rule: Rule, row: StockRow): boolean {
  return (
    (rule.itemId === null || rule.itemId === row.itemId) && (rule.category === null || rule.category === row.category)
  );
}

const within = (tree: PlaceTree<RulePlace>, placeId: number | null, above: number | null): boolean =>
  above === null || (placeId !== null && tree.isWithin(placeId, above));

const underway = (open: readonly OpenLine[], row: StockRow): boolean =>
  open.some((line) => line.unitId === row.unitId && (line.fromPlaceId === null || line.fromPlaceId === row.placeId));

export function plan(rule: Rule, situation: Situation): Planned[] {
  switch (rule.kind) {
    case 'putaway':
      return planPutaway(rule, situation);
    case 'replenish':
      return planReplenishment(rule, situation);
    case 'sweep':
      return planSweep(rule, situation);
  }
}

/** What came in and is free goes where the rule says: beside its own kind where there is room, else into the first place that takes it. */
function planPutaway(rule: Rule, { tree, stock, open }: Situation): Planned[] {
  const targets = leaves(tree, rule.toPlaceId);
  const planned: Planned[] = [];
  const waiting = stock.filter(
    (row) =>
      row.state === 'in-stock' &&
      row.holds.length === 0 &&
      concerns(rule, row) &&
      within(tree, row.placeId, rule.fromPlaceId) &&
      !within(tree, row.placeId, rule.toPlaceId) &&
      !underway(open, row),
  );
  // What is on its way takes room as if it were there.
  const coming = open.map((line) => {
    const row = stock.find((one) => one.unitId === line.unitId);
    const { unitId, itemId, toPlaceId, quantity } = line;
    return { ...(row ?? { item: '', uom: '', category: null }), unitId, itemId, toPlaceId, quantity };
  });
  for (const row of waiting) {
    const content = (place: RulePlace): Content[] => [
      ...stock.filter((one) => within(tree, one.placeId, place.placeId)),
      ...coming.filter((one) => within(tree, one.toPlaceId, place.placeId)),
      ...planned.filter((one) => within(tree, one.toPlaceId, place.placeId)).map((one) => one.row),
    ];
    const takes = (place: RulePlace): boolean =>
      tree.up(place.placeId).every((above) => misfit(above.capacity, content(above), [row]) === null);
    const room = targets.filter(takes);
    const beside = room.find((place) => content(place).some((one) => one.itemId === row.itemId));
    const to = beside ?? room[0];
    // Nowhere is room: no task sends anybody on a walk for nothing.
    if (to)
      planned.push({
        row,
        quantity: row.kind === 'serial' ? null : row.quantity,
        toPlaceId: to.placeId,
        key: `putaway:${row.unitId}:${row.placeId ?? 0}:${row.movedMs ?? 0}`,
      });
  }
  return planned;
}

/** Below the minimum, what is missing to the maximum is fetched, first to expire first; what is on its way counts as there. */
function planReplenishment(rule: Rule, { tree, stock, open, nowMs, made }: Situation): Planned[] {
  if (rule.itemId === null || rule.min === null || rule.max === null) return [];
  const own = stock.filter((row) => row.itemId === rule.itemId && isFree(row, nowMs));
  const here = own.filter((row) => within(tree, row.placeId, rule.toPlaceId));
  const coming = open.filter((line) => line.itemId === rule.itemId && within(tree, line.toPlaceId, rule.toPlaceId));
  const sum = (rows: readonly { quantity: bigint | null }[]): bigint =>
    rows.reduce((total, row) => total + (row.quantity ?? 0n), 0n);
  const have = sum(here) + sum(coming);
  if (have >= rule.min) return [];
  const source = own
    .filter(
      (row) =>
        !within(tree, row.placeId, rule.toPlaceId) &&
        within(tree, row.placeId, rule.fromPlaceId) &&
        !underway(open, row),
    )
    .sort(fefo);
  const { picked } = allocate(source, rule.max - have);
  const before = made.get(rule.ruleId) ?? 0;
  return picked.map(({ row, quantity }, index) => ({
    row,
    // A serial on its way counts as one piece.
    quantity,
    toPlaceId: rule.toPlaceId,
    key: `replenish:${rule.ruleId}:${before + index}`,
  }));
}

/** Everything that is held and not yet in quarantine. */
function planSweep(rule: Rule, { tree, stock, open, made }: Situation): Planned[] {
  const before = made.get(rule.ruleId) ?? 0;
  return stock
    .filter(
      (row) =>
        row.holds.length > 0 &&
        concerns(rule, row) &&
        within(tree, row.placeId, rule.fromPlaceId) &&
        !within(tree, row.placeId, rule.toPlaceId) &&
        !underway(open, row),
    )
    .map((row, index) => ({
      row,
      quantity: row.kind === 'serial' ? null : row.quantity,
      toPlaceId: rule.toPlaceId,
      key: `sweep:${rule.ruleId}:${before + index}`,
    }));
}

/** The places without any below them, in walking order; the place itself where it has none. */
function leaves(tree: PlaceTree<RulePlace>, placeId: number): RulePlace[] {
  const walk = tree.walk();
  return tree
    .within(placeId)
    .filter((place) => tree.below(place.code).length === 0)
    .sort((a, b) => walk.get(a.placeId)! - walk.get(b.placeId)!);
}
