/** Answers made by a seed, without a ledger behind them: what packed results are tested with. */
import { randomUUID } from 'node:crypto';
import type { Holding } from '@/ledger';
import { Settings } from '@/platform/config';
import { QUANTITY_UNKNOWN, STATES, TraceAnswer, UNIT_KINDS } from '@/trace/app/answer';
import { countAnswer } from '@/trace/app/summarize';
import { storeAnswer } from '@/trace/db/store-answer';
import type { ResolvedQuestion } from '@/trace/domain/question';
import { TraceQueries } from '@/trace/queries';
import { Prng } from '../scenarios/prng';
import type { TestDatabase } from '../support';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const ITEMS = [
  { itemId: 1, code: 'BIKE', name: 'City bike', tracking: 'serial', uom: 'pcs' },
  { itemId: 2, code: 'PAINT', name: 'Paint, grün', tracking: 'lot', uom: 'kg' },
  { itemId: 3, code: 'TUBE', name: 'Steel tube', tracking: 'lot', uom: 'm' },
] as const;
const PLACES = 4;
const PARTNERS = 5;

/** A number from 0 to `below` − 1. */
type Pick = (below: number) => number;

const kindOf = (item: number, pick: Pick) => (item === 1 ? 0 : pick(20) === 0 ? 2 : 1);

/** Master data under the ids that the answers use. */
export async function storeNames(db: TestDatabase): Promise<void> {
  for (const i of ITEMS)
    await db.asOwner('INSERT INTO item (item_id, code, name, tracking, uom) VALUES ($1, $2, $3, $4, $5)', [
      ...[i.itemId, i.code, i.name, i.tracking, i.uom],
    ]);
  for (let id = 1; id <= PLACES; id++)
    // Codes in another order than ids: sorting by the one is told from sorting by the other.
    await db.asOwner(`INSERT INTO place (place_id, code, name, kind) VALUES ($1, $2, $2, 'zone')`, [id, `P${9 - id}`]);
  for (let id = 1; id <= PARTNERS; id++)
    await db.asOwner(`INSERT INTO partner (partner_id, code, name, kind) VALUES ($1, $2, $2, 'customer')`, [
      id,
      `C${(id * 3) % 7}`,
    ]);
}

export interface AnswerShape {
  affected: number;
  excluded?: number;
  deliveries?: number;
  /** all serials in one state: what wide answers mostly are */
  plain?: boolean;
}

/** Units have the ids 1, 2, 3 … in the order of the rows of one item; affected and excluded ones are mixed over them. */
export function answerOf(
  seed: number,
  { affected, excluded = 0, deliveries = 0, plain = false }: AnswerShape,
): TraceAnswer {
  const random = new Prng(seed);
  const pick: Pick = (below) => random.int(0, below - 1);
  const length = affected + excluded;
  const answer: TraceAnswer = {
    length,
    affectedCount: affected,
    certainCount: 0,
    unitId: new Int32Array(length),
    itemId: new Int32Array(length),
    kind: new Uint8Array(length),
    code: [],
    verdict: new Uint8Array(length),
    depth: new Int32Array(length),
    certain: new Uint8Array(length),
    from: new Float64Array(length),
    until: new Float64Array(length),
    exposures: new Map(),
    madeMs: new Float64Array(length),
    state: new Uint8Array(length),
    placeId: new Int32Array(length),
    customerId: new Int32Array(length),
    quantity: new BigInt64Array(length),
    holdings: new Map(),
    items: new Map(ITEMS.map((i) => [i.itemId, i])),
    deliveries: noDeliveries(),
    gaps: [],
    digest: 'd'.repeat(64),
  };
  for (let row = 0; row < length; row++) {
    const part = row < affected ? affected : excluded;
    const item = plain ? 1 : 1 + Math.floor(((row < affected ? row : row - affected) * 3) / part);
    answer.unitId[row] = row < affected ? 2 * row + 1 : 2 * (row - affected) + 2;
    answer.itemId[row] = item;
    answer.kind[row] = plain ? 0 : kindOf(item, pick);
    answer.code.push(codeOf(row, plain, pick));
    answer.verdict[row] = row < affected ? 0 : 1 + pick(5);
    answer.depth[row] = row < affected ? pick(6) : pick(3) - 1;
    answer.certain[row] = row < affected && (plain || pick(3) > 0) ? 1 : 0;
    answer.certainCount += answer.certain[row]!;
    expose(answer, row, plain, pick);
    answer.madeMs[row] = !plain && pick(9) === 0 ? NaN : START + pick(180 * 24) * (DAY / 24);
    house(answer, row, plain, pick);
  }
  if (deliveries > 0) answer.deliveries = deliveriesOf(answer, deliveries, pick);
  return answer;
}

function codeOf(row: number, plain: boolean, pick: Pick): string {
  const number = String(row).padStart(7, '0');
  return plain ? `SN-${number}` : pick(50) === 0 ? `Ä-${number}` : `L${pick(2) ? 'x' : ''}-${number}`;
}

function expose(answer: TraceAnswer, row: number, plain: boolean, pick: Pick): void {
  const from = START + pick(1_000) * 3_600_000;
  answer.from[row] = from;
  answer.until[row] = Infinity;
  if (plain) return;
  const chance = pick(12);
  if (chance === 0) answer.from[row] = -Infinity;
  if (chance === 1) answer.until[row] = from + DAY;
  if (row >= answer.affectedCount && chance < 6) [answer.from[row], answer.until[row]] = [0, 0];
  else if (chance === 2)
    answer.exposures.set(row, [
      [from, from + 1],
      [from + 5, Infinity],
    ]);
}

function house(answer: TraceAnswer, row: number, plain: boolean, pick: Pick): void {
  const serial = answer.kind[row] === 0;
  const state = plain ? 1 : pick(STATES.length);
  answer.state[row] = state;
  answer.placeId[row] = state === 1 || state === 4 ? 1 + pick(PLACES) : 0;
  answer.customerId[row] = state === 3 ? pick(PARTNERS + 1) : 0;
  answer.quantity[row] = serial ? 1_000_000_000n : BigInt(1 + pick(1_000_000)) * 1_234_567n;
  if (!serial && pick(10) === 0) answer.quantity[row] = QUANTITY_UNKNOWN;
  if (plain || pick(15) > 0) return;
  const holding = (): Holding => ({
    state: STATES[1 + pick(3)]!,
    placeId: pick(3) || null,
    customerId: pick(3) || null,
    containerId: null,
    quantity: pick(6) === 0 ? null : BigInt(pick(1_000)) * 10n ** 20n,
  });
  answer.holdings.set(row, pick(10) === 0 ? [holding()] : [holding(), holding(), holding()].slice(pick(2)));
}

const noDeliveries = (length = 0) => ({
  length,
  row: new Int32Array(length),
  parentUnitId: new Int32Array(length),
  customerId: new Int32Array(length),
  document: new Int32Array(length),
  documents: ['SH-3', 'SH-1', 'SH-2'],
  fromMs: new Float64Array(length),
  eventId: new Float64Array(length),
  quantity: new BigInt64Array(length),
  hit: new Uint8Array(length),
});

function deliveriesOf(answer: TraceAnswer, length: number, pick: Pick): TraceAnswer['deliveries'] {
  const d = noDeliveries(length);
  for (let i = 0; i < length; i++) {
    d.row[i] = pick(answer.affectedCount);
    d.parentUnitId[i] = pick(4) === 0 ? answer.unitId[pick(answer.affectedCount)]! : 0;
    d.customerId[i] = pick(PARTNERS + 1);
    d.document[i] = pick(4) - 1;
    d.fromMs[i] = START + pick(100) * DAY;
    d.eventId[i] = i + 1;
    d.quantity[i] = pick(5) === 0 ? QUANTITY_UNKNOWN : BigInt(1 + pick(50)) * 1_000_000_000n;
    d.hit[i] = pick(2);
  }
  return d;
}

/** The units of an answer, where lists read them by id. */
export async function storeUnits(db: TestDatabase, answer: TraceAnswer): Promise<void> {
  await db.asOwner(
    `INSERT INTO unit (unit_id, batch_id, item_id, kind, code)
     SELECT *  FROM unnest($1::int[], $2::int[], $3::int[], $4::text[], $5::text[])`,
    [
      [...answer.unitId],
      answer.code.map(() => 1),
      [...answer.itemId],
      Array.from(answer.kind, (kind) => UNIT_KINDS[kind]),
      answer.code.map((code, row) => `${code}/${answer.unitId[row]}`),
    ],
  );
}

const QUESTION: ResolvedQuestion = {
  direction: 'forward',
  seeds: [{ unitId: 1, item: 'PAINT', kind: 'lot', code: 'L-1', windows: [[null, null]] }],
  at: { kind: 'ever' },
  certainty: 'possible',
  barrierItems: [],
  barrierInspections: [],
};

/** A finished trace with this answer; gives its id and its running number. */
export async function storeTrace(
  db: TestDatabase,
  answer: TraceAnswer,
  { position = 5, question = {} }: { position?: number; question?: Partial<ResolvedQuestion> } = {},
): Promise<{ id: string; traceNo: number }> {
  const id = randomUUID();
  const resolved = { ...QUESTION, ...question };
  const counts = await countAnswer(db.database, position, answer, 'Europe/Paris');
  const ctx = { actor: 'user:test', source: 'user:test' };
  const traceNo = await db.uow.run(ctx, async (tx) => {
    const [row] = await tx.query<{ trace_no: number }>(
      `INSERT INTO trace (trace_id, status, question, position, created_by, finished_at, counts, complete, digest)
       VALUES ($1, 'done', $2, $3, 'user:test', now(), $4, true, $5) RETURNING trace_no`,
      [id, { asked: { ...resolved, thresholdShare: null }, resolved }, position, counts, answer.digest],
    );
    await storeAnswer(tx, row!.trace_no, answer);
    return row!.trace_no;
  });
  return { id, traceNo };
}

export const settingsOf = (db: TestDatabase, env: Record<string, string> = {}): Settings =>
  new Settings({ DATABASE_URL: db.url, REDIS_URL: 'redis://localhost:6379', TIME_ZONE: 'Europe/Paris', ...env });

export const queriesOf = (db: TestDatabase, env: Record<string, string> = {}): TraceQueries =>
  new TraceQueries(db.database, settingsOf(db, env));
