/** What lies between a question's seeds and one unit of its trace, as the engine walks it. */
import {
  findUnit,
  firstMade,
  foldHoldings,
  holdingMovements,
  inspectionsOf,
  linksOutOf,
  movementsOf,
  RecordedMovement,
  unitsByIds,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { Question, UnitFacts } from '../engine';
import { reach, Reached } from '../app/reach';
import { byUnit } from '../app/stories';
import { droppedLinks, walkGraph, WalkGraph } from '../app/walk-graph';
import { ResolvedQuestion, windowsOf } from '../domain/question';
import { unitsOf } from '../results/standing';
import type { TraceHeadRow } from './views';

export interface Ways extends WalkGraph {
  reached: Reached;
  question: ResolvedQuestion;
  /** the question over the graph's units */
  asked: Question;
  /** the unit's number in the graph */
  unit: number;
  /** shipments of the unit, in the order of time */
  shipments: RecordedMovement[];
}

export async function waysTo(
  q: Queryable,
  head: TraceHeadRow,
  unit: Awaited<ReturnType<typeof findUnit>>,
  linksMax: number,
): Promise<Ways> {
  const { position } = head;
  const question = head.question.resolved;
  const reached = await between(q, head, question, unit.unitId, linksMax);
  const made = await firstMade(q, position, reached.units);
  const walk = walkGraph(reached, (n) => made.get(reached.units[n]!));
  const dropped = await dropsOf(q, position, question, walk, reached);
  const seeds = question.seeds
    .filter((s) => reached.dense.has(s.unitId))
    .map((s) => ({ unit: reached.dense.get(s.unitId)!, windows: windowsOf(s) }));
  const number = reached.dense.get(unit.unitId)!;
  const moved = question.at.kind === 'shipment' ? await movementsOf(q, position, [unit.unitId]) : [];
  const shipments = moved.filter((m) => m.role === 'shipped');
  const facts = shipmentFacts(reached.units.length, number, shipments, () => {
    return foldHoldings(holdingMovements(moved), unit.kind).inHouse;
  });
  return {
    ...walk,
    reached,
    question,
    asked: {
      seeds,
      certainty: question.certainty,
      at: question.at,
      ...(dropped ? { dropped } : {}),
      ...(question.at.kind === 'shipment' ? { facts } : {}),
    },
    unit: number,
    shipments,
  };
}

/** The facts that `at: shipment` needs, of the one unit that is asked about. */
function shipmentFacts(
  units: number,
  unit: number,
  shipments: readonly RecordedMovement[],
  inHouse: () => boolean,
): UnitFacts {
  return {
    shipmentOffset: Int32Array.from({ length: units + 1 }, (_, u) => (u > unit ? shipments.length : 0)),
    shipmentFrom: Float64Array.from(shipments, (s) => s.atFrom),
    shipmentUntil: Float64Array.from(shipments, (s) => s.atUntil),
    inHouse: Uint8Array.from({ length: units }, (_, u) => (u === unit && inHouse() ? 1 : 0)),
  };
}

/** What lies between the seeds and the unit: walked back from the unit, within what the trace reached. */
async function between(
  q: Queryable,
  head: TraceHeadRow,
  question: ResolvedQuestion,
  unitId: number,
  linksMax: number,
): Promise<Reached> {
  const inTrace = await unitsOf(q, head.trace_no);
  const back = question.direction === 'forward' ? 'backward' : 'forward';
  const reached = await reach(q, head.position, [unitId], back, { linksMax, within: (id) => inTrace.has(id) });
  if (question.barrierInspections.length === 0) return reached;
  // Whether a pass stops the risk hangs on whether the unit was used before it: all links out of what was inspected count.
  const inspected = await inspectionsOf(q, head.position, reached.units, question.barrierInspections);
  const seen = new Set(reached.links.linkId.subarray(0, reached.links.length));
  for (const link of await linksOutOf(q, head.position, [...new Set(inspected.map((i) => i.unitId))])) {
    if (seen.has(link.linkId)) continue;
    let output = reached.dense.get(link.output);
    if (output === undefined) {
      output = reached.units.length;
      reached.units.push(link.output);
      reached.dense.set(link.output, output);
    }
    reached.links.add(link, reached.dense.get(link.input)!, output);
  }
  return reached;
}

async function dropsOf(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  walk: WalkGraph,
  reached: Reached,
): Promise<Uint8Array | undefined> {
  if (question.barrierItems.length === 0 && question.barrierInspections.length === 0) return undefined;
  const items = new Map((await unitsByIds(q, reached.units)).map((u) => [u.unitId, u.itemId]));
  const movements = byUnit(await movementsOf(q, position, reached.units, { types: false }));
  return droppedLinks(
    q,
    position,
    question,
    walk.graph,
    reached,
    reached.units.map((id) => ({ itemId: items.get(id)! })),
    reached.units.map((id) => ({ shipments: shippedSpans(movements.get(id) ?? []) })),
  );
}

export function shippedSpans(movements: readonly RecordedMovement[]): { from: number; until: number }[] {
  return movements.filter((m) => m.role === 'shipped').map((m) => ({ from: m.atFrom, until: m.atUntil }));
}
