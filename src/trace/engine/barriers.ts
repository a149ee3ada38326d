/** Which links the user's barriers drop: "the risk stops at this item", or "at units that passed this inspection". */
import { linksIn, linksOut } from './graph';
import { GenealogyGraph, INSTALL } from './types';

export interface BarrierFacts {
  /** 1 for every unit of an item that is a barrier */
  barred?: Uint8Array;
  /** the inspections that are barriers: those of unit u are at places offset[u] … offset[u + 1] − 1 */
  inspections?: {
    offset: Int32Array;
    from: Float64Array;
    until: Float64Array;
    /** 1 passed, 0 failed */
    passed: Uint8Array;
    /** which characteristic: a failure takes back the passes of its own only; absent: all are one */
    characteristic?: Int32Array;
  };
  /** unvoided shipments of each unit, as in UnitFacts */
  shipments?: { offset: Int32Array; from: Float64Array; until: Float64Array };
}

/**
 * One byte a link, 1 where it is dropped (SETTLED 27). Seeds are never stopped: their windows are no links. With `units`, place
 * i of every column of the facts is about units[i]; else the columns are by unit.
 */
export function barrierLinks(graph: GenealogyGraph, facts: BarrierFacts, units?: Int32Array): Uint8Array {
  const dropped = new Uint8Array(graph.linkCount);
  const count = units?.length ?? graph.unitCount;
  for (let place = 0; place < count; place++) {
    const unit = units ? units[place]! : place;
    const barred = facts.barred?.[place] === 1;
    const inspected = facts.inspections && facts.inspections.offset[place]! < facts.inspections.offset[place + 1]!;
    if (!barred && !inspected) continue;
    for (const link of linksIn(graph, unit))
      if (barred || passedAfter(graph, facts, unit, place, link)) dropped[link] = 1;
  }
  return dropped;
}

function passedAfter(graph: GenealogyGraph, facts: BarrierFacts, unit: number, place: number, link: number): boolean {
  const { offset, from, until, passed, characteristic } = facts.inspections!;
  const linkFrom = graph.from[link]!;
  const linkUntil = graph.until[link]!;
  // What is in there for good is judged by its draw; what is still installed was never taken out before the inspection.
  if (graph.mode[link] === INSTALL && linkUntil === Infinity) return false;
  for (let i = offset[place]!; i < offset[place + 1]!; i++) {
    if (!passed[i] || from[i]! < linkUntil) continue;
    if (failedFrom(i) || leftBetween(graph, facts, unit, place, linkFrom, until[i]!)) continue;
    return true;
  }
  return false;

  function failedFrom(pass: number): boolean {
    for (let i = offset[place]!; i < offset[place + 1]!; i++) {
      if (passed[i] || (characteristic && characteristic[i] !== characteristic[pass])) continue;
      if (until[i]! > from[pass]!) return true;
    }
    return false;
  }
}

/** Whether the unit was used, installed or shipped in [from, until): then something of it left before it was inspected. */
function leftBetween(
  graph: GenealogyGraph,
  facts: BarrierFacts,
  unit: number,
  place: number,
  from: number,
  until: number,
): boolean {
  for (const link of linksOut(graph, unit)) {
    if (graph.output[link] === unit) continue;
    if (graph.from[link]! < until && graph.until[link]! > from) return true;
  }
  if (!facts.shipments) return false;
  const ships = facts.shipments;
  for (let i = ships.offset[place]!; i < ships.offset[place + 1]!; i++) {
    if (ships.from[i]! < until && ships.until[i]! > from) return true;
  }
  return false;
}
