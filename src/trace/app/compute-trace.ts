import { Holding, itemsAt, NamedItem, RecordedLink, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import {
  AFFECTED,
  coarseTimeGap,
  GenealogyGraph,
  hits,
  Question,
  REASONS,
  traceBackwardAsync,
  TraceRows,
  traceDigest,
  traceForwardAsync,
} from '../engine';
import { canonicalQuestion, ResolvedQuestion, unitText, windowsOf } from '../domain/question';
import { Components, mayBeInstalled, Placed } from './components';
import { rowsByValue } from './link-store';
import { reach, Reached } from './reach';
import { nanos, Shipment, Stories, UnitFacts, UnitFold, UnitGap } from './stories';
import { droppedLinks, shipmentFacts, walkGraph, WalkGraph } from './walk-graph';

export interface ComputeOptions {
  linksMax: number;
  signal?: AbortSignal;
  progress?: (stage: string, done: number, total: number | null) => Promise<void> | void;
}

/** A delivery of an affected unit: by itself, or inside the unit that was shipped. */
export interface Delivery {
  /** row of the trace */
  row: number;
  parentUnitId: number | null;
  customerId: number | null;
  document: string | null;
  from: number;
  eventId: number;
  quantity: bigint | null;
  hit: boolean;
}

/** The whole answer to a question at a position, in memory; `order` says in which order its rows are kept. */
export interface TraceAnswer {
  reached: Reached;
  facts: UnitFacts[];
  items: Map<number, NamedItem>;
  walk: WalkGraph;
  dropped: Uint8Array | undefined;
  rows: TraceRows;
  /** where each unit is, by dense number */
  places: Holding[][];
  /** rows, affected ones first, each part by item, kind and code */
  order: Int32Array;
  deliveries: Delivery[];
  gaps: UnitGap[];
  digest: string;
}

/** Units whose facts are read in one go. */
const FACTS_BATCH = 50_000;

/** Answers a question from the facts at or below a position: the same question and position give the same answer for ever. */
export async function computeTrace(
  q: Queryable,
  question: ResolvedQuestion,
  position: number,
  options: ComputeOptions,
): Promise<TraceAnswer> {
  const { direction } = question;
  const forward = direction === 'forward';
  const progress = options.progress ?? (() => undefined);

  const seeds = question.seeds.map((s) => s.unitId);
  const reached = await reach(q, position, seeds, direction, {
    linksMax: options.linksMax,
    signal: options.signal,
    onLevel: (_, links) => progress('links', links, null),
  });
  const { units } = reached;

  const known = await unitFacts(q, position, units);
  const { facts, items } = known;
  const stories = new Stories(q, position, direction, units, facts, reached.links, known.nameOf);
  for (let from = 0; from < units.length; from += FACTS_BATCH) {
    options.signal?.throwIfAborted();
    await progress('facts', from, units.length);
    await stories.read(from, Math.min(units.length, from + FACTS_BATCH));
  }
  const { folds } = stories;

  const walk = walkGraph(reached, (n) => folds[n]!.firstMadeMs);
  const dropped = await droppedLinks(q, position, question, walk.graph, reached, facts, folds);
  const asked: Question = {
    seeds: question.seeds.map((s) => ({ unit: reached.dense.get(s.unitId)!, windows: windowsOf(s) })),
    certainty: question.certainty,
    ...(forward ? { at: question.at, dropped } : {}),
    ...(question.at.kind === 'shipment' ? { facts: shipmentFacts(folds) } : {}),
  };
  const rows = await (forward ? traceForwardAsync : traceBackwardAsync)(walk.graph, asked, {
    signal: options.signal,
    onProgress: ({ stage, done }) => void progress(stage, done, null),
  });

  await progress('places', 0, null);
  const whereabouts = await placeUnits(q, position, reached, facts, folds, forward);
  options.signal?.throwIfAborted();

  const gaps = stories.gaps;
  for (let row = 0; row < rows.length; row++) {
    const unit = rows.unit[row]!;
    if (rows.coarse[row]) {
      const { item, kind, code } = facts[unit]!;
      gaps.push({ ...coarseTimeGap(unitText(item, kind, code)), unit });
    }
  }
  const order = orderOf(rows, facts);
  return {
    reached,
    facts,
    items,
    walk,
    dropped,
    rows,
    places: whereabouts.placed.map((p) => p.holdings),
    order,
    deliveries: deliveriesOf(rows, facts, folds, whereabouts, forward),
    gaps: sortGaps(gaps, facts),
    digest: traceDigest(canonicalQuestion(question), digestRows(rows, facts, order)),
  };
}

async function unitFacts(q: Queryable, position: number, units: readonly number[]) {
  const found = new Map((await unitsByIds(q, units)).map((u) => [u.unitId, u]));
  const itemIds = [...new Set([...found.values()].map((u) => u.itemId))];
  const items = await itemsAt(q, position, itemIds);
  const boms = await bomsAt(q, itemIds, position);
  const tracked = new Set(
    [...boms].filter(([, revisions]) => revisions.some(hasTrackedLine)).map(([itemId]) => itemId),
  );
  const facts = units.map((unitId): UnitFacts => {
    const u = found.get(unitId)!;
    const item = items.get(u.itemId)!;
    return {
      unitId,
      itemId: u.itemId,
      item: item.code,
      kind: u.kind,
      code: u.code,
      uom: item.uom,
      bomTracked: tracked.has(u.itemId),
    };
  });
  /** A unit's name; those that the trace did not reach are read one by one (parents of odd installations: few). */
  const nameOf = async (unitId: number): Promise<string> => {
    let u = found.get(unitId);
    if (!u) {
      [u] = await unitsByIds(q, [unitId]);
      found.set(unitId, u!);
    }
    let item = items.get(u!.itemId);
    if (!item) {
      item = (await itemsAt(q, position, [u!.itemId])).get(u!.itemId)!;
      items.set(u!.itemId, item);
    }
    return unitText(item.code, u!.kind, u!.code);
  };
  return { facts, items, nameOf };
}

function hasTrackedLine(bom: { lines: readonly { tracking: string }[] }): boolean {
  return bom.lines.some((line) => line.tracking !== 'none');
}

/** Where each unit is, by dense number, and what its parents' shipments took along. */
async function placeUnits(
  q: Queryable,
  position: number,
  { units, dense, links }: Reached,
  facts: readonly UnitFacts[],
  folds: readonly UnitFold[],
  forward: boolean,
): Promise<{ placed: Placed[]; components: Components }> {
  const known = new Map(units.map((id, n) => [id, { kind: facts[n]!.kind, fold: folds[n]! }]));
  if (!forward) {
    const components = new Components(q, position, known, () => undefined);
    await components.load(units.filter((id) => mayBeInstalled(known.get(id))));
    return { placed: units.map((id) => components.place(id)), components };
  }
  // Every link out of what was reached is there already.
  const { offset, place } = rowsByValue(links.input, links.length, units.length);
  const walked = (unitId: number): RecordedLink[] => {
    const n = dense.get(unitId)!;
    const found: RecordedLink[] = [];
    for (let k = offset[n]!; k < offset[n + 1]!; k++)
      if (links.mode[place[k]!] === 1) found.push(links.get(place[k]!, units));
    return found;
  };
  const components = new Components(q, position, known, walked);
  return { placed: units.map((id) => components.place(id)), components };
}

function deliveriesOf(
  rows: TraceRows,
  facts: readonly UnitFacts[],
  folds: readonly UnitFold[],
  { placed, components }: { placed: readonly Placed[]; components: Components },
  forward: boolean,
): Delivery[] {
  const found: Delivery[] = [];
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    const n = rows.unit[row]!;
    const { shipments } = folds[n]!;
    const { unitId, kind } = facts[n]!;
    const carried = kind === 'serial' ? components.carried(unitId, placed[n]!.shippedIn) : [];
    if (shipments.length === 0 && carried.length === 0) continue;
    const exposure = rows.exposure(row);
    const add = (s: Shipment, parentUnitId: number | null, quantity: bigint | null, fittedAfter: boolean) =>
      found.push({
        row,
        parentUnitId,
        customerId: s.customerId,
        document: s.document,
        from: s.from,
        eventId: s.eventId,
        quantity,
        // Backward, what is asked is the input's part in the target, not when it left.
        hit: !fittedAfter && (!forward || hits(exposure, s.from, s.until)),
      });
    for (const s of shipments) add(s, null, s.quantity, false);
    for (const c of carried) add(c.shipment, c.parentUnitId, c.certain ? nanos('1') : null, c.fittedAfter);
  }
  return found;
}

function orderOf(rows: TraceRows, facts: readonly UnitFacts[]): Int32Array {
  const order = Int32Array.from({ length: rows.length }, (_, row) => row);
  return order.sort((a, b) => {
    const excluded = Number(rows.verdict[a] !== AFFECTED) - Number(rows.verdict[b] !== AFFECTED);
    return excluded || byKey(facts[rows.unit[a]!]!, facts[rows.unit[b]!]!);
  });
}

function byKey(a: UnitFacts, b: UnitFacts): number {
  return compare(a.item, b.item) || compare(a.kind, b.kind) || compare(a.code, b.code);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sortGaps(gaps: UnitGap[], facts: readonly UnitFacts[]): UnitGap[] {
  return gaps.sort((a, b) => compare(a.kind, b.kind) || byKey(facts[a.unit]!, facts[b.unit]!));
}

function* digestRows(rows: TraceRows, facts: readonly UnitFacts[], order: Int32Array) {
  for (const row of order) {
    if (rows.verdict[row] !== AFFECTED) return;
    const { item, kind, code } = facts[rows.unit[row]!]!;
    const certainty = rows.certain[row] ? ('certain' as const) : ('possible' as const);
    yield { item, kind, code, certainty, exposure: rows.exposure(row) };
  }
}

export function reasonOf(rows: TraceRows, row: number): (typeof REASONS)[number] | null {
  const verdict = rows.verdict[row]!;
  return verdict === AFFECTED ? null : REASONS[verdict - 1]!;
}

/** True when the link brings exposure from one affected unit to another. */
export function carries(
  graph: GenealogyGraph,
  link: number,
  near: readonly (readonly [number, number])[],
  forward: boolean,
): boolean {
  const from = graph.from[link]!;
  const until = graph.until[link]!;
  if (forward || graph.mode[link] === 1) return hits(near, from, until);
  const last = near.at(-1);
  return last !== undefined && from < last[1];
}
