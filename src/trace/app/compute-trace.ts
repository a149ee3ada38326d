import { Holding, itemsAt, RecordedLink, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import {
  AFFECTED,
  coarseTimeGap,
  GenealogyGraph,
  hits,
  Interval,
  Question,
  REASONS,
  traceBackwardAsync,
  TraceRows,
  traceDigest,
  traceForwardAsync,
} from '../engine';
import { canonicalQuestion, ResolvedQuestion, unitText, windowsOf } from '../domain/question';
import { CarriedLinks, Computed, Deliveries, QUANTITY_UNKNOWN, STATES, TraceAnswer, UNIT_KINDS } from './answer';
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

/** Units whose facts are read in one go. */
const FACTS_BATCH = 50_000;

/** Answers a question from the facts at or below a position: the same question and position give the same answer for ever. */
export async function computeTrace(
  q: Queryable,
  question: ResolvedQuestion,
  position: number,
  options: ComputeOptions,
): Promise<Computed> {
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
  const place = new Int32Array(rows.length);
  order.forEach((row, ord) => (place[row] = ord));
  const answer: TraceAnswer = {
    ...columnsOf(rows, facts, folds, whereabouts.placed, order),
    items,
    deliveries: deliveriesOf(rows, place, facts, folds, whereabouts, forward),
    gaps: sortGaps(gaps, facts).map(({ unit, kind, message, event }) => ({
      kind,
      message,
      row: place[rows.rowOf(unit)]!,
      event,
    })),
    digest: traceDigest(canonicalQuestion(question), digestRows(rows, facts, order)),
  };
  return { answer, links: carriedLinks(reached, walk, dropped, facts, rows, place, forward) };
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

function columnsOf(
  rows: TraceRows,
  facts: readonly UnitFacts[],
  folds: readonly UnitFold[],
  placed: readonly Placed[],
  order: Int32Array,
): Omit<TraceAnswer, 'items' | 'deliveries' | 'gaps' | 'digest'> {
  const { length } = rows;
  const answer = {
    length,
    affectedCount: rows.affectedCount,
    certainCount: rows.certainCount,
    unitId: new Int32Array(length),
    itemId: new Int32Array(length),
    kind: new Uint8Array(length),
    code: new Array<string>(length),
    verdict: new Uint8Array(length),
    depth: new Int32Array(length),
    certain: new Uint8Array(length),
    from: new Float64Array(length),
    until: new Float64Array(length),
    exposures: new Map<number, Interval[]>(),
    madeMs: new Float64Array(length),
    state: new Uint8Array(length),
    placeId: new Int32Array(length),
    customerId: new Int32Array(length),
    quantity: new BigInt64Array(length),
    holdings: new Map<number, Holding[]>(),
  };
  order.forEach((row, ord) => {
    const n = rows.unit[row]!;
    const { unitId, itemId, kind, code } = facts[n]!;
    answer.unitId[ord] = unitId;
    answer.itemId[ord] = itemId;
    answer.kind[ord] = UNIT_KINDS.indexOf(kind);
    answer.code[ord] = code;
    answer.verdict[ord] = rows.verdict[row]!;
    answer.depth[ord] = rows.depth[row]!;
    answer.certain[ord] = rows.certain[row]!;
    const exposure = rows.exposure(row);
    answer.from[ord] = exposure[0]?.[0] ?? Infinity;
    answer.until[ord] = exposure.at(-1)?.[1] ?? -Infinity;
    if (exposure.length > 1) answer.exposures.set(ord, exposure);
    answer.madeMs[ord] = folds[n]!.firstMadeMs ?? NaN;
    const { holdings } = placed[n]!;
    const only = holdings.length === 1 ? holdings[0]! : undefined;
    if (!only || !fits(only.quantity)) {
      answer.holdings.set(ord, holdings);
      return;
    }
    answer.state[ord] = STATES.indexOf(only.state);
    answer.placeId[ord] = only.placeId ?? 0;
    answer.customerId[ord] = only.customerId ?? 0;
    answer.quantity[ord] = only.quantity ?? QUANTITY_UNKNOWN;
  });
  return answer;
}

const QUANTITY_MAX = 2n ** 63n - 1n;

function fits(quantity: bigint | null): boolean {
  return quantity === null || (quantity <= QUANTITY_MAX && quantity > QUANTITY_UNKNOWN);
}

function deliveriesOf(
  rows: TraceRows,
  place: Int32Array,
  facts: readonly UnitFacts[],
  folds: readonly UnitFold[],
  { placed, components }: { placed: readonly Placed[]; components: Components },
  forward: boolean,
): Deliveries {
  const found = new DeliveryColumns();
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    const n = rows.unit[row]!;
    const { shipments } = folds[n]!;
    const { unitId, kind } = facts[n]!;
    const carried = kind === 'serial' ? components.carried(unitId, placed[n]!.shippedIn) : [];
    if (shipments.length === 0 && carried.length === 0) continue;
    const exposure = rows.exposure(row);
    // Backward, what is asked is the input's part in the target, not when it left.
    const hit = (s: Shipment) => !forward || hits(exposure, s.from, s.until);
    for (const s of shipments) found.add(place[row]!, s, 0, s.quantity, hit(s));
    for (const c of carried)
      found.add(
        place[row]!,
        c.shipment,
        c.parentUnitId,
        c.certain ? nanos('1') : null,
        !c.fittedAfter && hit(c.shipment),
      );
  }
  return found.columns();
}

class DeliveryColumns {
  private readonly rows: { row: number; shipment: Shipment; parent: number; quantity: bigint | null; hit: boolean }[] =
    [];

  add(row: number, shipment: Shipment, parent: number, quantity: bigint | null, hit: boolean): void {
    this.rows.push({ row, shipment, parent, quantity, hit });
  }

  columns(): Deliveries {
    const { rows } = this;
    const documents = new Map<string, number>();
    const numberOf = (document: string | null): number => {
      if (document === null) return -1;
      let known = documents.get(document);
      if (known === undefined) documents.set(document, (known = documents.size));
      return known;
    };
    return {
      length: rows.length,
      row: Int32Array.from(rows, (d) => d.row),
      parentUnitId: Int32Array.from(rows, (d) => d.parent),
      customerId: Int32Array.from(rows, (d) => d.shipment.customerId ?? 0),
      document: Int32Array.from(rows, (d) => numberOf(d.shipment.document)),
      documents: [...documents.keys()],
      fromMs: Float64Array.from(rows, (d) => d.shipment.from),
      eventId: Float64Array.from(rows, (d) => d.shipment.eventId),
      quantity: BigInt64Array.from(rows, (d) =>
        d.quantity !== null && fits(d.quantity) ? d.quantity : QUANTITY_UNKNOWN,
      ),
      hit: Uint8Array.from(rows, (d) => (d.hit ? 1 : 0)),
    };
  }
}

/** The links of the walk as the summary graph reads them. */
function carriedLinks(
  reached: Reached,
  { graph, stored }: WalkGraph,
  dropped: Uint8Array | undefined,
  facts: readonly UnitFacts[],
  rows: TraceRows,
  place: Int32Array,
  forward: boolean,
): CarriedLinks {
  return {
    visit(link) {
      const exposures: (readonly Interval[])[] = [];
      for (let row = 0; row < rows.length; row++)
        if (rows.verdict[row] === AFFECTED) exposures[row] = rows.exposure(row);
      const repeated = repeatedRows(reached);
      let last = -1;
      for (let k = 0; k < graph.linkCount; k++) {
        const n = stored[k]!;
        if (n === last || dropped?.[k]) continue;
        const input = rows.rowOf(graph.input[k]!);
        const output = rows.rowOf(graph.output[k]!);
        if (input < 0 || output < 0 || input === output) continue;
        if (rows.verdict[input] !== AFFECTED || rows.verdict[output] !== AFFECTED) continue;
        if (!carries(graph, k, exposures[forward ? input : output]!, forward)) continue;
        // The certain and the possible part of one link count once.
        last = n;
        const text = reached.links.quantity[n]!;
        const one = facts[graph.input[k]!]!.kind === 'serial' ? nanos('1') : QUANTITY_UNKNOWN;
        const row = repeated[n] ? `${reached.links.eventId[n]} ${graph.input[k]} ${text}` : undefined;
        link(place[input]!, place[output]!, text === null ? one : nanos(text), row);
      }
    },
  };
}

/** One byte a stored link, 1 where its event has more links out of the same unit: a row of inputs goes into each of several outputs. */
function repeatedRows({ links, units }: Reached): Uint8Array {
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

/** The reason that a verdict stands for; null: affected. */
export function reasonOf(verdict: number): (typeof REASONS)[number] | null {
  return verdict === AFFECTED ? null : REASONS[verdict - 1]!;
}

/** True when the link brings exposure from one affected unit to another. */
function carries(
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
