import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parsePeriod, toBase } from '@/kernel';
import { findUnit, readUnitName, unitNamed, type UnitNamed } from '@/ledger';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { type Item, itemsByCode, itemsById } from '@/reference/catalog';
import { allPlaces, type Place } from '@/reference/places';
import { heldUnits } from '../db/held';
import { stockOfItems, stockOfUnits } from '../db/stock';
import { insertTask, type NewLine } from '../db/tasks';
import { inWalkingOrder, PlaceTree } from '../domain/place-tree';
import { allocate, fefo, isFree, type StockRow } from '../domain/stock';
import type { TaskKind } from '../domain/task';

export interface TaskUnitInput {
  /** opaque id, or a name */
  unit?: string | UnitNamed;
  /** any free units of the item, first to expire first */
  item?: string;
  quantity?: { value: string; uom: string };
  from?: string;
  to?: string;
}

export interface TaskInput {
  id: string;
  kind: TaskKind;
  title?: string;
  priority?: number;
  assignee?: string;
  role?: string;
  due?: string;
  ref?: string;
  instruction?: string;
  /** what is to be counted or inspected; of a sweep, what is to be swept */
  place?: string;
  item?: string;
  /** where all of it goes, unless a unit says otherwise */
  to?: string;
  units?: TaskUnitInput[];
}

/** Makes a task by hand: its lines say what to fetch from where to where, in the order of walking. */
@Injectable()
export class CreateTask {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /** Throws TASK_EMPTY, UNIT_UNKNOWN, UNKNOWN_PLACE, UNKNOWN_ITEM, STOCK_SHORT, COMMAND_ID_REUSED. */
  execute(ctx: Context, input: TaskInput): Promise<{ task: string }> {
    return this.uow.run(ctx, (tx) => {
      const { id, ...content } = input;
      return once(tx, { id, verb: 'create-task', content }, () => this.within(tx, input));
    });
  }

  /** In a transaction of others, that makes sure itself that it is asked once. */
  async within(tx: Tx, input: TaskInput): Promise<{ task: string }> {
    const tree = new PlaceTree(await allPlaces(tx));
    const place = placeNamed(tree, input.place);
    const to = placeNamed(tree, input.to);
    const item = input.item === undefined ? null : await itemNamed(tx, input.item);
    const lines = input.kind === 'count' ? [] : await linesFor(tx, tree, input, place, to);
    if (input.kind === 'count' && !place && !item)
      throw new DomainError('TASK_EMPTY', { reason: 'a count is of a place, an item, or an item at a place.' });
    const { taskId } = await insertTask(
      tx,
      {
        kind: input.kind,
        title: input.title ?? titleOf(input, lines.length, to),
        priority: input.priority ?? 2,
        instruction: input.instruction ?? null,
        assignee: input.assignee ?? null,
        role: input.role ?? null,
        dueMs: input.due === undefined ? null : parsePeriod(input.due, this.settings.timeZone, 'due').until - 1,
        ref: input.ref ?? null,
        placeId: place?.placeId ?? null,
        itemId: item?.itemId ?? null,
        toPlaceId: to?.placeId ?? null,
        ruleId: null,
      },
      inWalkingOrder(tree, lines, (line) => line.fromPlaceId),
    );
    await tx.audit({ action: 'create-task', subject: `task:T-${taskId}`, after: { ...input, lines: lines.length } });
    return { task: `T-${taskId}` };
  }
}

function titleOf(input: TaskInput, lines: number, to: Place | null): string {
  if (input.kind === 'count') return `Count ${[input.item, input.place].filter(Boolean).join(' at ')}`;
  const what = lines === 1 ? '1 unit' : `${lines} units`;
  const verb = input.kind === 'sweep' ? 'Fetch' : input.kind === 'inspect' ? 'Inspect' : 'Move';
  return `${verb} ${what}${to ? ` to ${to.code}` : ''}${input.ref ? ` (${input.ref})` : ''}`;
}

/** Throws UNKNOWN_PLACE. */
export function placeNamed(tree: PlaceTree<Place>, code: string | undefined): Place | null {
  if (code === undefined) return null;
  const place = tree.named(code);
  if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
  return place;
}

/** Throws UNKNOWN_ITEM. */
async function itemNamed(tx: Tx, code: string): Promise<Item> {
  const item = (await itemsByCode(tx, [code])).get(code);
  if (!item) throw new DomainError('UNKNOWN_ITEM', { item: code });
  return item;
}

async function linesFor(
  tx: Tx,
  tree: PlaceTree<Place>,
  input: TaskInput,
  place: Place | null,
  to: Place | null,
): Promise<NewLine[]> {
  const nowMs = Date.now();
  const rows: { row: StockRow; quantity: bigint | null; to: Place | null }[] = [];
  if (input.kind === 'sweep' && input.units === undefined) {
    const held = await heldUnits(tx, input.ref ?? null);
    const stock = await stockOfUnits(
      tx,
      held.map((one) => one.unitId),
    );
    // What is in quarantine already needs no fetching.
    const away = stock.filter((row) => isFrom(tree, row, place) && !isFrom(tree, row, to, false));
    rows.push(...away.map((row) => ({ row, quantity: row.quantity, to })));
  }
  for (const wanted of input.units ?? []) {
    const target = placeNamed(tree, wanted.to) ?? to;
    const from = placeNamed(tree, wanted.from);
    if (wanted.unit === undefined) {
      const item = await itemNamed(tx, wanted.item ?? '');
      const free = (await stockOfItems(tx, [item.itemId]))
        .filter((row) => isFree(row, nowMs) && isFrom(tree, row, from) && !isFrom(tree, row, target, false))
        .sort(fefo);
      const need = wanted.quantity && toBase(wanted.quantity.value, wanted.quantity.uom, { ...item, item: item.code });
      const { picked, missing } =
        need === undefined
          ? { picked: free.map((row) => ({ row, quantity: row.quantity })), missing: 0n }
          : allocate(free, need);
      if (missing > 0n)
        throw new DomainError('STOCK_SHORT', {
          unit: item.code,
          uom: item.uom,
          available: formatDecimal(need! - missing),
          wanted: formatDecimal(need!),
        });
      rows.push(...picked.map((one) => ({ ...one, to: target })));
      continue;
    }
    const unit =
      typeof wanted.unit === 'string'
        ? await findUnit(tx, wanted.unit)
        : await unitNamed(tx, readUnitName(wanted.unit));
    const stock = (await stockOfUnits(tx, [unit.unitId])).filter((row) => isFrom(tree, row, from));
    if (stock.length === 0)
      throw new DomainError('TASK_EMPTY', {
        reason: `${unit.item} ${unit.code} is not in stock${from ? ` at ${from.code}` : ''}.`,
      });
    const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
    const need = wanted.quantity && toBase(wanted.quantity.value, wanted.quantity.uom, { ...item, item: item.code });
    if (need === undefined || stock.some((row) => row.quantity === null)) {
      rows.push(
        ...stock
          .slice(0, need === undefined ? undefined : 1)
          .map((row) => ({ row, quantity: need ?? row.quantity, to: target })),
      );
      continue;
    }
    // So much in all, not so much of each place.
    const { picked, missing } = allocate(stock, need);
    if (missing > 0n)
      throw new DomainError('STOCK_SHORT', {
        unit: `${unit.item} ${unit.code}`,
        uom: unit.uom,
        available: formatDecimal(need - missing),
        wanted: formatDecimal(need),
      });
    rows.push(...picked.map((one) => ({ ...one, to: target })));
  }
  if (rows.length === 0) throw new DomainError('TASK_EMPTY', { reason: 'no unit in stock is named, or held.' });
  if (input.kind !== 'inspect' && rows.some((one) => one.to === null))
    throw new DomainError('TASK_EMPTY', { reason: 'nothing says where it is to go.' });
  return rows.map(({ row, quantity, to: target }) => ({
    unitId: row.unitId,
    itemId: null,
    fromPlaceId: row.placeId,
    toPlaceId: input.kind === 'inspect' ? null : (target?.placeId ?? null),
    quantity: row.kind === 'serial' ? null : quantity,
    ruleKey: null,
  }));
}

/** True when the row lies at `place` or below it; `whenAny` where no place is asked for. */
function isFrom(tree: PlaceTree, row: StockRow, place: Place | null, whenAny = true): boolean {
  if (!place) return whenAny;
  return row.placeId !== null && tree.isWithin(row.placeId, place.placeId);
}
