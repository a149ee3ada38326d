import { inspectionsOf, linkParts } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { BarrierFacts, barrierLinks, GenealogyGraph, GraphBuilder } from '../engine';
import type { ResolvedQuestion } from '../domain/question';
import type { Reached } from './reach';
import { nanos } from './stories';
import { packed } from './unit-columns';

export interface WalkGraph {
  graph: GenealogyGraph;
  /** a link of the graph → its place in the store: an implied end makes two links out of one */
  stored: Int32Array;
}

/** The engine's graph over recorded links, each with the end that held at the position. */
export function walkGraph(reached: Reached, firstMadeMs: (unit: number) => number | undefined): WalkGraph {
  const { links, units } = reached;
  const builder = new GraphBuilder(links.length);
  let stored = new Int32Array(Math.max(16, links.length));
  const keep = (link: number, n: number) => {
    if (link === stored.length) {
      const wider = new Int32Array(stored.length * 2);
      wider.set(stored);
      stored = wider;
    }
    stored[link] = n;
  };
  for (let n = 0; n < links.length; n++) {
    const input = links.input[n]!;
    const output = links.output[n]!;
    const mode = links.mode[n] as 0 | 1;
    const certain = links.certain[n] === 1;
    const source = links.linkId[n]!;
    const text = links.quantity[n]!;
    const more = { source, event: links.eventId[n]!, quantity: packed(text === null ? null : nanos(text)) };
    const until = links.recordedUntil(n);
    const made = firstMadeMs(input);
    // Nearly all links stand as they were recorded: no objects are made for those.
    if (!links.endOf(n) && (mode === 1 || made === undefined || until > made)) {
      const { sureFrom, sureUntil } = links.recordedSure(n);
      keep(
        builder.add({ input, output, mode, certain, from: links.recordedFrom(n), until, sureFrom, sureUntil, ...more }),
        n,
      );
      continue;
    }
    for (const part of linkParts(links.get(n, units), made)) {
      keep(builder.add({ ...part, input, output, mode, ...more }), n);
    }
  }
  return { graph: builder.build(units.length), stored };
}

/** Columns of periods, those of unit u at offset[u] … offset[u + 1] − 1. */
function periods(count: number, of: (unit: number) => readonly { from: number; until: number }[]) {
  const offset = new Int32Array(count + 1);
  for (let u = 0; u < count; u++) offset[u + 1] = offset[u]! + of(u).length;
  const from = new Float64Array(offset[count]!);
  const until = new Float64Array(offset[count]!);
  for (let u = 0; u < count; u++) {
    let at = offset[u]!;
    for (const p of of(u)) {
      from[at] = p.from;
      until[at++] = p.until;
    }
  }
  return { offset, from, until };
}

/** What barriers are judged by: place i of everything is about unit unitIds[i], which is graph unit numbers[i] (or i itself). */
export interface BarrierUnits {
  unitIds: readonly number[];
  itemIds: ArrayLike<number>;
  shipments: NonNullable<BarrierFacts['shipments']>;
  numbers?: Int32Array;
}

/** One byte a link, 1 where a barrier of the question drops it; undefined where it has none. */
export async function barredLinks(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  graph: GenealogyGraph,
  { unitIds, itemIds, shipments, numbers }: BarrierUnits,
): Promise<Uint8Array | undefined> {
  if (question.barrierItems.length === 0 && question.barrierInspections.length === 0) return undefined;
  const items = new Set(question.barrierItems.map((b) => b.itemId));
  const barrier: BarrierFacts = { barred: Uint8Array.from(itemIds, (id) => (items.has(id) ? 1 : 0)) };
  if (question.barrierInspections.length > 0) {
    const names = [...new Set(question.barrierInspections)];
    const rows = await inspectionsOf(q, position, unitIds, names);
    const place = new Map(unitIds.map((id, i) => [id, i]));
    const perUnit: (typeof rows)[] = [];
    for (const row of rows) (perUnit[place.get(row.unitId)!] ??= []).push(row);
    const none: typeof rows = [];
    const { offset, from, until } = periods(unitIds.length, (u) =>
      (perUnit[u] ?? none).map((r) => ({ from: r.atFrom, until: r.atUntil })),
    );
    const ordered = perUnit.flat();
    barrier.inspections = {
      offset,
      from,
      until,
      passed: Uint8Array.from(ordered, (r) => (r.passed ? 1 : 0)),
      characteristic: Int32Array.from(ordered, (r) => names.indexOf(r.characteristic)),
    };
    barrier.shipments = shipments;
  }
  return barrierLinks(graph, barrier, numbers);
}

/** As `barredLinks`, over all units of a small graph. */
export function droppedLinks(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  graph: GenealogyGraph,
  reached: Reached,
  facts: readonly { itemId: number }[],
  folds: readonly { shipments: readonly { from: number; until: number }[] }[],
): Promise<Uint8Array | undefined> {
  return barredLinks(q, position, question, graph, {
    unitIds: reached.units,
    itemIds: facts.map((f) => f.itemId),
    shipments: periods(graph.unitCount, (u) => folds[u]!.shipments),
  });
}
