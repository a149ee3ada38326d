import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '@/platform/db';
import type { TraceAnswer } from '../app/answer';
import { packTexts } from '../results/columns';
import { packDeliveries, Packed, packUnits, rangesOf } from '../results/segments';

/** Writes an answer, packed; the transaction that does it also makes the trace `done`. */
export async function storeAnswer(tx: Tx, traceNo: number, answer: TraceAnswer): Promise<void> {
  for (const range of rangesOf(answer)) {
    const { listing, segment, from, until } = range;
    const key = { trace_no: traceNo, listing, segment, rows: until - from };
    await insert(tx, 'trace_segment', key, packUnits(answer, range));
  }
  for (const { segment, rows, packed } of packDeliveries(answer))
    await insert(tx, 'trace_delivery_segment', { trace_no: traceNo, segment, rows }, packed);
  await storeGaps(tx, traceNo, answer);
}

/** What is known of the amounts in a unit, as decimals; null: unknown. */
interface StoredAmount {
  amount: string | null;
  share: string | null;
}

/** Writes the amounts of an answer, by unit id, beside its rows: with them or later, once. */
export async function storeAmounts(
  tx: Tx,
  traceNo: number,
  answer: TraceAnswer,
  amounts: ReadonlyMap<number, StoredAmount>,
): Promise<void> {
  for (const { listing, segment, from, until } of rangesOf(answer)) {
    const amount: string[] = [];
    const share: string[] = [];
    for (let row = from; row < until; row++) {
      const known = amounts.get(answer.unitId[row]!);
      amount.push(known?.amount ?? '');
      share.push(known?.share ?? '');
    }
    const packed = { amount: packTexts(amount), share: packTexts(share) };
    await insert(tx, 'trace_amount_segment', { trace_no: traceNo, listing, segment }, packed);
  }
}

async function insert(
  tx: Tx,
  table: string,
  key: Record<string, string | number>,
  packed: Packed<string>,
): Promise<void> {
  const row = { ...key, ...packed };
  const values = Object.keys(row).map((_, i) => `$${i + 1}`);
  await tx.query(
    `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${values.join(', ')})`,
    Object.values(row),
  );
}

/** Lines are handed on in pieces of this many characters: one write a row costs more than the row. */
const PIECE_CHARS = 65_536;

async function storeGaps(tx: Tx, traceNo: number, answer: TraceAnswer): Promise<void> {
  if (answer.gaps.length === 0) return;
  const target = tx.raw.query(copyFrom('COPY trace_gap (trace_no, ord, kind, unit_id, message, event_id) FROM STDIN'));
  await pipeline(Readable.from(gapLines(traceNo, answer)), target);
}

function* gapLines(traceNo: number, answer: TraceAnswer): Generator<string> {
  let piece = '';
  for (const [ord, gap] of answer.gaps.entries()) {
    const fields = [traceNo, ord, gap.kind, answer.unitId[gap.row]!, gap.message, gap.event ?? null];
    piece += `${fields.map(field).join('\t')}\n`;
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = '';
  }
  if (piece) yield piece;
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: string | number | null): string {
  if (value === null) return '\\N';
  return typeof value === 'string' ? value.replace(SPECIAL, (c) => ESCAPED[c]!) : String(value);
}
