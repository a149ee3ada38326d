import { Components, Holding, Housed, mayBeInstalled, Stay } from '@/ledger';
import { INSTALL, linksOut, OutLinks, TraceRows } from '../engine';
import { STATES } from './answer';
import { housedAt } from './sql-view';
import { IN_WORK, putHoldings, SERIAL, unpacked, UnitColumns } from './unit-columns';
import type { View } from './view';

/** Where each row's unit is, with regard to what it is installed in. */
export interface Whereabouts {
  state: Uint8Array;
  placeId: Int32Array;
  customerId: Int32Array;
  quantity: BigInt64Array;
  holdings: Map<number, Holding[]>;
  /** by row, the outermost parents that are with a customer, where there are any */
  shippedIn: Map<number, readonly number[]>;
  components: Components;
}

const SHIPPED = STATES.indexOf('shipped');

export async function placeUnits(
  view: View,
  columns: UnitColumns,
  rows: TraceRows,
  backward: boolean,
): Promise<Whereabouts> {
  const components = backward ? await componentsAbove(view, columns, rows) : componentsWithin(view, columns, rows);
  const placed: Whereabouts = {
    state: columns.state.slice(),
    placeId: columns.placeId.slice(),
    customerId: columns.customerId.slice(),
    quantity: columns.quantity.slice(),
    holdings: new Map([...columns.holdings].map(([row, holdings]) => [row, [...holdings]])),
    shippedIn: new Map(),
    components,
  };
  const out = new OutLinks(view.graph);
  for (let row = 0; row < columns.length; row++) {
    const several = columns.holdings.get(row);
    if (several ? !several.some((h) => h.state === 'in-work') : columns.state[row] !== IN_WORK) continue;
    if (!backward && !several && inOneParent(view, columns, rows, row, placed, out)) continue;
    const { holdings, shippedIn } = components.place(columns.unitId[row]!);
    placed.holdings.delete(row);
    putHoldings(placed, row, holdings);
    if (shippedIn.length > 0) placed.shippedIn.set(row, shippedIn);
  }
  return placed;
}

/** The common case without objects: a serial that is surely in one parent, which is in one place by itself. */
function inOneParent(
  { graph }: View,
  columns: UnitColumns,
  rows: TraceRows,
  row: number,
  placed: Whereabouts,
  out: OutLinks,
): boolean {
  if (columns.kind[row] !== SERIAL) return false;
  let parent = -1;
  out.of(rows.unit[row]!);
  for (let i = 0; i < out.count; i++) {
    const link = out.link(i);
    if (graph.mode[link] !== INSTALL || graph.until[link] !== Infinity) continue;
    if (parent !== -1 || graph.certain[link] !== 1) return false;
    parent = graph.output[link]!;
  }
  const at = parent < 0 ? -1 : rows.rowOf(parent);
  if (at < 0 || at === row || columns.holdings.has(at)) return false;
  const state = columns.state[at]!;
  const there = STATES[state]!;
  if (there === 'in-work') return false;
  placed.state[row] = there === 'shipped' || there === 'scrapped' || there === 'returned' ? state : IN_WORK;
  placed.placeId[row] = columns.placeId[at]!;
  placed.customerId[row] = columns.customerId[at]!;
  if (state === SHIPPED) placed.shippedIn.set(row, [columns.unitId[at]!]);
  return true;
}

/** Forward, every link out of what was reached was walked: parents are among the rows. */
function componentsWithin(view: View, columns: UnitColumns, rows: TraceRows): Components {
  return new Components(
    (unitId) => housedAt(columns, rows.rowOf(view.numberOf(unitId))),
    (unitId) => staysIn(view, view.numberOf(unitId)),
  );
}

/** The installations of a unit, from the graph's links out of it. */
export function staysIn(view: View, number: number): Stay[] {
  const { graph } = view;
  const stays: Stay[] = [];
  for (const link of linksOut(graph, number)) {
    if (graph.mode[link] !== INSTALL) continue;
    stays.push({
      parent: view.unitIdOf(graph.output[link]!),
      certain: graph.certain[link] === 1,
      from: graph.from[link]!,
      until: graph.until[link]!,
      quantity: graph.quantity ? unpacked(graph.quantity[link]!) : null,
    });
  }
  return stays;
}

/** Backward, parents were not walked: what may be installed somewhere is looked up. */
async function componentsAbove(view: View, columns: UnitColumns, rows: TraceRows): Promise<Components> {
  const own = new Map<number, Housed>();
  for (let row = 0; row < rows.length; row++) own.set(columns.unitId[row]!, housedAt(columns, row));
  const parents = await view.parentsOf([...own].filter(([, housed]) => mayBeInstalled(housed)).map(([id]) => id));
  return new Components(
    (unitId) => own.get(unitId) ?? parents.unit(unitId)!,
    (unitId) => parents.stays(unitId),
  );
}
