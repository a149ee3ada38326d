import { coarseTimeGap, type Gap, heldInsideGaps, itemsAt, NamedItem } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import { conclude, finishAsync, Question, TraceRows, traceDigest, walkFrom } from '../engine';
import { canonicalQuestion, ResolvedQuestion, unitText, windowsOf } from '../domain/question';
import type { UnitAmount } from './amounts';
import { amountsIn } from './amounts-of-answer';
import { AnswerGap, Computed, TraceAnswer } from './answer';
import { leaveOutBelow } from './below-limit';
import { carriedLinks } from './carried-links';
import { deliveriesOf } from './deliveries';
import { graphsOf } from './graph-summary';
import { listingOrder } from './listing-order';
import { placeUnits } from './place-units';
import { kindAt, textAt, UnitColumns } from './unit-columns';
import type { View } from './view';
import { barredLinks } from './walk-graph';

export interface ComputeOptions {
  signal?: AbortSignal | undefined;
  progress?: (stage: string, done: number, total: number | null) => void;
  /** answers of at most so many units come with their amounts */
  amountsUnitsMax?: number;
}

/** Answers a question from the facts of a view: the same question and position give the same answer for ever. */
export async function computeTrace(
  q: Queryable,
  question: ResolvedQuestion,
  view: View,
  options: ComputeOptions,
): Promise<Computed> {
  const { position, graph } = view;
  const backward = question.direction === 'backward';
  const progress = options.progress ?? (() => undefined);
  const walking = {
    signal: options.signal,
    onProgress: ({ stage, done }: { stage: string; done: number }) => progress(stage, done, null),
  };
  const seeds = question.seeds.map((s) => ({ unit: view.numberOf(s.unitId), windows: windowsOf(s) }));
  const walked = await finishAsync(walkFrom(graph, seeds, backward, view.memory), walking);
  try {
    const { units } = walked.field;
    progress('facts', 0, units.length);
    const columns = await view.facts(units);
    const names = await namesOf(q, position, columns);
    const { offset, from, until } = columns.shipments;
    const unitIds = Array.from(columns.unitId);
    const inside = await heldInsideGaps(q, position, unitIds);
    const dropped = backward
      ? undefined
      : await barredLinks(q, position, question, graph, {
          unitIds,
          itemIds: columns.itemId,
          shipments: { offset, from, until },
          numbers: units,
        });
    const asked: Question = {
      seeds,
      certainty: question.certainty,
      ...(backward ? {} : { at: question.at, dropped }),
      facts: {
        byRow: true,
        shipmentOffset: offset,
        shipmentFrom: from,
        shipmentUntil: until,
        inHouse: columns.inHouse,
      },
    };
    let rows = await finishAsync(conclude(graph, asked, backward, walked), walking);
    const { thresholdShare } = question;
    let amounts: Map<number, UnitAmount> | undefined;
    if (!backward && (thresholdShare !== undefined || rows.length <= (options.amountsUnitsMax ?? 0))) {
      const exposed = { unitId: columns.unitId, exposureOf: (row: number) => rows.exposure(row) };
      amounts = await amountsIn(q, position, question, exposed, options);
      if (thresholdShare !== undefined)
        rows = await leaveOutBelow(q, position, graph, rows, columns, amounts, thresholdShare);
    }

    progress('places', 0, null);
    options.signal?.throwIfAborted();
    const whereabouts = await placeUnits(view, columns, rows, backward);
    const order = listingOrder(columns, rows, names.items);
    const answer = answerOf(columns, rows, whereabouts, order, names.items);
    const place = new Int32Array(rows.length);
    for (let row = 0; row < order.length; row++) place[order[row]!] = row;
    progress('digest', 0, null);
    const whole: TraceAnswer = {
      ...answer,
      deliveries: deliveriesOf(view, columns, rows, whereabouts, place, backward),
      gaps: gapsOf(columns, inside, rows, place, answer, names),
      digest: traceDigest(canonicalQuestion(question), digestRows(answer)),
    };
    // Now, while the view stands: the links are not copied.
    const graphs = graphsOf(whole, carriedLinks(graph, columns, rows, place, dropped, backward));
    return { answer: whole, graphs, amounts };
  } finally {
    view.memory?.clear(walked.field);
  }
}

interface ItemNames {
  items: Map<number, NamedItem>;
  /** items whose bill of materials has tracked lines at the position */
  tracked: Set<number>;
}

async function namesOf(q: Queryable, position: number, columns: UnitColumns): Promise<ItemNames> {
  const itemIds = [...new Set(columns.itemId)];
  const items = await itemsAt(q, position, itemIds);
  const boms = await bomsAt(q, itemIds, position);
  const tracked = [...boms].filter(([, revisions]) =>
    revisions.some((bom) => bom.lines.some((line) => line.tracking !== 'none')),
  );
  return { items, tracked: new Set(tracked.map(([itemId]) => itemId)) };
}

type Placed = Awaited<ReturnType<typeof placeUnits>>;

/** The rows of the walk in the order in which they are kept. */
function answerOf(
  columns: UnitColumns,
  rows: TraceRows,
  placed: Placed,
  order: Int32Array,
  items: Map<number, NamedItem>,
): Omit<TraceAnswer, 'deliveries' | 'gaps' | 'digest'> {
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
    exposures: new Map<number, [number, number][]>(),
    madeMs: new Float64Array(length),
    state: new Uint8Array(length),
    placeId: new Int32Array(length),
    customerId: new Int32Array(length),
    quantity: new BigInt64Array(length),
    holdings: new Map<number, Placed['holdings'] extends Map<number, infer H> ? H : never>(),
    items,
  };
  for (let place = 0; place < length; place++) {
    const row = order[place]!;
    answer.unitId[place] = columns.unitId[row]!;
    answer.itemId[place] = columns.itemId[row]!;
    answer.kind[place] = columns.kind[row]!;
    answer.code[place] = textAt(columns.code, row);
    answer.verdict[place] = rows.verdict[row]!;
    answer.depth[place] = rows.depth[row]!;
    answer.certain[place] = rows.certain[row]!;
    const [from, until, several] = rows.bounds(row);
    answer.from[place] = from;
    answer.until[place] = until;
    if (several) answer.exposures.set(place, rows.exposure(row) as [number, number][]);
    answer.madeMs[place] = columns.madeMs[row]!;
    answer.state[place] = placed.state[row]!;
    answer.placeId[place] = placed.placeId[row]!;
    answer.customerId[place] = placed.customerId[row]!;
    answer.quantity[place] = placed.quantity[row]!;
    if (placed.holdings.size === 0) continue;
    const holdings = placed.holdings.get(row);
    if (holdings) answer.holdings.set(place, holdings);
  }
  return answer;
}

function gapsOf(
  columns: UnitColumns,
  inside: readonly { unitId: number; gap: Gap }[],
  rows: TraceRows,
  place: Int32Array,
  answer: Pick<TraceAnswer, 'itemId' | 'code'>,
  { items, tracked }: ItemNames,
): AnswerGap[] {
  const gaps: AnswerGap[] = [];
  for (const [row, own] of columns.gaps) for (const gap of own) gaps.push({ ...gap, row: place[row]! });
  for (const [row, own] of columns.noInputs)
    if (tracked.has(columns.itemId[row]!)) for (const gap of own) gaps.push({ ...gap, row: place[row]! });
  for (let row = 0; row < rows.length; row++) {
    if (!rows.coarse[row]) continue;
    const item = items.get(columns.itemId[row]!)!.code;
    const text = unitText(item, kindAt(columns, row), textAt(columns.code, row));
    gaps.push({ ...coarseTimeGap(text), row: place[row]! });
  }
  if (inside.length > 0) {
    const rowOf = new Map<number, number>();
    for (let row = 0; row < columns.length; row++) rowOf.set(columns.unitId[row]!, row);
    for (const { unitId, gap } of inside) gaps.push({ ...gap, row: place[rowOf.get(unitId)!]! });
  }
  // By unit in the order of its key, whether it is affected or not: that is what a person looks for.
  const key = (gap: AnswerGap) => items.get(answer.itemId[gap.row]!)!.code;
  gaps.sort(
    (a, b) =>
      compare(a.kind, b.kind) ||
      compare(key(a), key(b)) ||
      compare(answer.code[a.row]!, answer.code[b.row]!) ||
      (a.event ?? 0) - (b.event ?? 0) ||
      compare(a.message, b.message),
  );
  // One unit can be in an event twice, with the same to say of both.
  return gaps.filter((gap, i) => i === 0 || !same(gap, gaps[i - 1]!));
}

function same(a: AnswerGap, b: AnswerGap): boolean {
  return a.row === b.row && a.kind === b.kind && a.event === b.event && a.message === b.message;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function* digestRows(answer: Omit<TraceAnswer, 'deliveries' | 'gaps' | 'digest'>) {
  for (let row = 0; row < answer.affectedCount; row++) {
    const several = answer.exposures.get(row);
    yield {
      item: answer.items.get(answer.itemId[row]!)!.code,
      kind: kindAt(answer, row),
      code: answer.code[row]!,
      certainty: answer.certain[row] ? ('certain' as const) : ('possible' as const),
      exposure: several ?? [[answer.from[row]!, answer.until[row]!] as const],
    };
  }
}
