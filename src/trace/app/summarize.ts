import { partnersAt, placesAt } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { GRAPH_KINDS, GRAPH_NODES_MAX, GraphKind, GraphSummary, SummaryGraph } from '../domain/summary-graph';
import { Quantity, sumOf, Tally, TallyRow } from '../domain/tally';
import { CarriedLinks, Computed, holdingsOf, QUANTITY_UNKNOWN, TraceAnswer, UNIT_KINDS } from './answer';
import { reasonOf } from './compute-trace';
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
export function quantityNow(answer: TraceAnswer, row: number): bigint | null {
  const kind = UNIT_KINDS[answer.kind[row]!]!;
  if (kind === 'run') return null;
  const holdings = holdingsOf(answer, row);
  const here = holdings.filter((h) => h.state !== 'scrapped' && h.state !== 'used');
  // A piece that may be in either of two places is one piece all the same.
  if (kind === 'serial' && here.length > 1 && here.length === holdings.length) return nanos('1');
  return sumOf(here.map((h) => h.quantity));
}

export async function summarize(q: Queryable, position: number, { answer, links }: Computed): Promise<TraceSumming> {
  const tallies = {
    item: new Tally<number>(),
    kind: new Tally<string>(),
    certainty: new Tally<string>(),
    state: new Tally<string>(),
    place: new Tally<number>(),
    customer: new Tally<number>(),
  };
  const excluded: Record<string, number> = {};
  const placeIds = new Set<number>();
  const partnerIds = new Set<number>();
  for (let row = 0; row < answer.length; row++) {
    const holdings = holdingsOf(answer, row);
    for (const h of holdings) {
      if (h.placeId !== null) placeIds.add(h.placeId);
      if (h.customerId !== null) partnerIds.add(h.customerId);
    }
    const reason = reasonOf(answer.verdict[row]!);
    if (reason !== null) {
      excluded[reason] = (excluded[reason] ?? 0) + 1;
      continue;
    }
    const itemId = answer.itemId[row]!;
    const kind = UNIT_KINDS[answer.kind[row]!]!;
    const { uom } = answer.items.get(itemId)!;
    const certain = answer.certain[row] === 1;
    const now = quantityNow(answer, row);
    tallies.item.add(itemId, certain, now, uom);
    tallies.kind.add(kind, certain, now, uom);
    tallies.certainty.add(certain ? 'certain' : 'possible', certain, now, uom);
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

  const placeNames = await placesAt(q, position, [...placeIds]);
  const partners = await partnersAt(q, position, [...partnerIds]);
  const plain = (key: string) => ({ key, name: null });
  return {
    counts: {
      affected: answer.affectedCount,
      certain: answer.certainCount,
      possible: answer.affectedCount - answer.certainCount,
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
    graphs: graphsOf(answer, links),
  };
}

function named(thing: { code: string; name: string } | undefined, id: number) {
  return thing ? { key: thing.code, name: thing.name } : { key: String(id), name: null };
}

function graphsOf(answer: TraceAnswer, links: CarriedLinks): Record<GraphKind, SummaryGraph> {
  const summaries = GRAPH_KINDS.map((by) => new GraphSummary(by));
  const single = nearest(answer, GRAPH_NODES_MAX);
  for (let row = 0; row < answer.affectedCount; row++) {
    const item = answer.items.get(answer.itemId[row]!)!;
    const unit = {
      unitId: answer.unitId[row]!,
      item: item.code,
      name: item.name,
      uom: item.uom,
      kind: UNIT_KINDS[answer.kind[row]!]!,
      code: answer.code[row]!,
      certain: answer.certain[row] === 1,
      depth: answer.depth[row]!,
      seed: answer.depth[row] === 0,
      quantity: quantityNow(answer, row),
    };
    for (const [i, summary] of summaries.entries())
      if (GRAPH_KINDS[i] !== 'unit' || single.has(row)) summary.addUnit(row, unit);
  }
  links.visit((input, output, quantity, repeated) => {
    const known = quantity === QUANTITY_UNKNOWN ? null : quantity;
    for (const summary of summaries) summary.addLink(input, output, known, repeated);
  });
  const [item, lot, unit] = summaries.map((s, i) =>
    s.build(GRAPH_NODES_MAX, GRAPH_KINDS[i] === 'unit' ? answer.affectedCount : undefined),
  ) as [SummaryGraph, SummaryGraph, SummaryGraph];
  return { item, lot, unit };
}

/** The affected rows nearest to the seeds: a graph of single units shows those, and no object is made for all others. */
function nearest(answer: TraceAnswer, max: number): Set<number> {
  const byDepth: number[][] = [];
  for (let row = 0; row < answer.affectedCount; row++) {
    const level = (byDepth[answer.depth[row]!] ??= []);
    if (level.length < max) level.push(row);
  }
  return new Set(byDepth.flat().slice(0, max));
}
