import { partnersAt, placesAt } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { AFFECTED, TraceRows } from '../engine';
import type { Direction } from '../domain/question';
import { GRAPH_KINDS, GRAPH_NODES_MAX, GraphKind, GraphSummary, SummaryGraph } from '../domain/summary-graph';
import { Quantity, sumOf, Tally, TallyRow } from '../domain/tally';
import { carries, reasonOf, TraceAnswer } from './compute-trace';
import { rowsByValue } from './link-store';
import { nanos } from './stories';

/** What a trace comes to in numbers: units counted once for each distinct value, quantities beside them. */
export interface TraceCounts {
  affected: number;
  certain: number;
  possible: number;
  excluded: Record<string, number>;
  gaps: Record<string, number>;
  byItem: (TallyRow & { quantity: Quantity | null })[];
  byKind: TallyRow[];
  byCertainty: TallyRow[];
  byState: TallyRow[];
  byPlace: TallyRow[];
  byCustomer: TallyRow[];
}

export interface TraceSumming {
  counts: TraceCounts;
  graphs: Record<GraphKind, SummaryGraph>;
}

/** Quantity that there is of a unit: what was scrapped or used up is there no more. */
export function quantityNow(answer: TraceAnswer, unit: number): bigint | null {
  const { kind } = answer.facts[unit]!;
  if (kind === 'run') return null;
  const here = answer.places[unit]!.filter((h) => h.state !== 'scrapped' && h.state !== 'used');
  // A piece that may be in either of two places is one piece all the same.
  if (kind === 'serial' && here.length > 1 && here.length === answer.places[unit]!.length) return nanos('1');
  return sumOf(here.map((h) => h.quantity));
}

export async function summarize(
  q: Queryable,
  position: number,
  direction: Direction,
  answer: TraceAnswer,
): Promise<TraceSumming> {
  const { rows, facts, places } = answer;
  const tallies = {
    item: new Tally<number>(),
    kind: new Tally<string>(),
    certainty: new Tally<string>(),
    state: new Tally<string>(),
    place: new Tally<number>(),
    customer: new Tally<number>(),
  };
  const excluded: Record<string, number> = {};
  for (let row = 0; row < rows.length; row++) {
    const reason = reasonOf(rows, row);
    if (reason !== null) {
      excluded[reason] = (excluded[reason] ?? 0) + 1;
      continue;
    }
    const unit = rows.unit[row]!;
    const { itemId, kind, uom } = facts[unit]!;
    const certain = rows.certain[row] === 1;
    const now = quantityNow(answer, unit);
    tallies.item.add(itemId, certain, now, uom);
    tallies.kind.add(kind, certain, now, uom);
    tallies.certainty.add(certain ? 'certain' : 'possible', certain, now, uom);
    const holdings = places[unit]!;
    // Most units are in one state at one place: no maps for those.
    if (holdings.length === 1) {
      const h = holdings[0]!;
      tallies.state.add(h.state, certain, h.quantity, uom);
      if (h.placeId !== null) tallies.place.add(h.placeId, certain, h.quantity, uom);
      if (h.customerId !== null) tallies.customer.add(h.customerId, certain, h.quantity, uom);
      continue;
    }
    const each = <K extends string | number>(tally: Tally<K>, key: (h: (typeof holdings)[number]) => K | null) => {
      for (const value of new Set(holdings.map(key))) {
        if (value === null) continue;
        tally.add(value, certain, sumOf(holdings.filter((h) => key(h) === value).map((h) => h.quantity)), uom);
      }
    };
    each<string>(tallies.state, (h) => h.state);
    each<number>(tallies.place, (h) => h.placeId);
    each<number>(tallies.customer, (h) => h.customerId);
  }
  const gaps: Record<string, number> = {};
  for (const { kind } of answer.gaps) gaps[kind] = (gaps[kind] ?? 0) + 1;

  const placeIds = new Set<number>();
  const partnerIds = new Set<number>();
  for (const holdings of places)
    for (const h of holdings) {
      if (h.placeId !== null) placeIds.add(h.placeId);
      if (h.customerId !== null) partnerIds.add(h.customerId);
    }
  const placeNames = await placesAt(q, position, [...placeIds]);
  const partners = await partnersAt(q, position, [...partnerIds]);
  const plain = (key: string) => ({ key, name: null });
  return {
    counts: {
      affected: rows.affectedCount,
      certain: rows.certainCount,
      possible: rows.affectedCount - rows.certainCount,
      excluded,
      gaps,
      byItem: tallies.item
        .rows((id) => {
          const item = answer.items.get(id)!;
          return { key: item.code, name: item.name };
        })
        .map((row) => ({ ...row, quantity: row.unknown > 0 ? null : (row.quantities[0] ?? null) })),
      byKind: tallies.kind.rows(plain),
      byCertainty: tallies.certainty.rows(plain),
      byState: tallies.state.rows(plain),
      byPlace: tallies.place.rows((id) => named(placeNames.get(id), id)),
      byCustomer: tallies.customer.rows((id) => named(partners.get(id), id)),
    },
    graphs: graphsOf(answer, direction),
  };
}

function named(thing: { code: string; name: string } | undefined, id: number) {
  return thing ? { key: thing.code, name: thing.name } : { key: String(id), name: null };
}

function graphsOf(answer: TraceAnswer, direction: Direction): Record<GraphKind, SummaryGraph> {
  const { rows, facts, walk, dropped, reached } = answer;
  const { graph, stored } = walk;
  const forward = direction === 'forward';
  const summaries = GRAPH_KINDS.map((by) => new GraphSummary(by));
  const single = nearest(rows, GRAPH_NODES_MAX);
  const exposures: (readonly (readonly [number, number])[])[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    exposures[row] = rows.exposure(row);
    const n = rows.unit[row]!;
    const { unitId, item, itemId, kind, code, uom } = facts[n]!;
    const unit = {
      unitId,
      item,
      name: answer.items.get(itemId)!.name,
      uom,
      kind,
      code,
      certain: rows.certain[row] === 1,
      depth: rows.depth[row]!,
      seed: rows.depth[row] === 0,
      quantity: quantityNow(answer, n),
    };
    for (const [i, summary] of summaries.entries())
      if (GRAPH_KINDS[i] !== 'unit' || single.has(row)) summary.addUnit(row, unit);
  }
  const repeated = repeatedRows(answer);
  let last = -1;
  for (let link = 0; link < graph.linkCount; link++) {
    const place = stored[link]!;
    if (place === last || dropped?.[link]) continue;
    const input = rows.rowOf(graph.input[link]!);
    const output = rows.rowOf(graph.output[link]!);
    if (input < 0 || output < 0 || input === output) continue;
    if (rows.verdict[input] !== AFFECTED || rows.verdict[output] !== AFFECTED) continue;
    if (!carries(graph, link, exposures[forward ? input : output]!, forward)) continue;
    // The certain and the possible part of one link count once.
    last = place;
    const text = reached.links.quantity[place]!;
    const quantity = text === null ? (facts[graph.input[link]!]!.kind === 'serial' ? nanos('1') : null) : nanos(text);
    const row = repeated[place] ? `${reached.links.eventId[place]} ${graph.input[link]} ${text}` : undefined;
    for (const summary of summaries) summary.addLink(input, output, quantity, row);
  }
  const [item, lot, unit] = summaries.map((s, i) =>
    s.build(GRAPH_NODES_MAX, GRAPH_KINDS[i] === 'unit' ? rows.affectedCount : undefined),
  ) as [SummaryGraph, SummaryGraph, SummaryGraph];
  return { item, lot, unit };
}

/** One byte a stored link, 1 where its event has more links out of the same unit: a row of inputs goes into each of several outputs. */
function repeatedRows({ reached: { links, units } }: TraceAnswer): Uint8Array {
  const repeated = new Uint8Array(links.length);
  const { offset, place } = rowsByValue(links.input, links.length, units.length);
  for (let n = 0; n < units.length; n++) {
    if (offset[n + 1]! - offset[n]! < 2) continue;
    const own = place.subarray(offset[n], offset[n + 1]);
    const events = Float64Array.from(own, (link) => links.eventId[link]!).sort();
    const twice = new Set<number>();
    for (let k = 1; k < events.length; k++) if (events[k] === events[k - 1]) twice.add(events[k]!);
    if (twice.size > 0) for (const link of own) if (twice.has(links.eventId[link]!)) repeated[link] = 1;
  }
  return repeated;
}

/** The affected rows nearest to the seeds: a graph of single units shows those, and no object is made for all others. */
function nearest(rows: TraceRows, max: number): Set<number> {
  const byDepth: number[][] = [];
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    const level = (byDepth[rows.depth[row]!] ??= []);
    if (level.length < max) level.push(row);
  }
  return new Set(byDepth.flat().slice(0, max));
}
