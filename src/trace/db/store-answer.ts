import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { formatDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import type { Interval } from '../engine';
import { quantityNow } from '../app/summarize';
import { holdingsOf, QUANTITY_UNKNOWN, TraceAnswer, UNIT_KINDS } from '../app/answer';
import { reasonOf } from '../app/compute-trace';

/** Writes the rows of an answer by COPY; the transaction that does it also makes the trace `done`. */
export async function storeAnswer(tx: Tx, traceNo: number, answer: TraceAnswer): Promise<void> {
  await copy(
    tx,
    `trace_unit (trace_no, ord, unit_id, reason, item_id, kind, code, depth, certain, exposure, quantity, states, places, customers, holdings)`,
    unitLines(traceNo, answer),
  );
  await copy(
    tx,
    `trace_consignee (trace_no, ord, customer_id, shipment, at_ms, event_id, unit_id, parent_unit_id, quantity, hit, certain)`,
    deliveryLines(traceNo, answer),
  );
  await copy(tx, `trace_gap (trace_no, ord, kind, unit_id, message, event_id)`, gapLines(traceNo, answer));
}

type Value = string | number | boolean | null;

/** Lines are handed on in pieces of this many characters: one write a row costs more than the row. */
const PIECE_CHARS = 65_536;

async function copy(tx: Tx, target: string, rows: Iterable<Value[]>): Promise<void> {
  await pipeline(Readable.from(pieces(rows)), tx.raw.query(copyFrom(`COPY ${target} FROM STDIN`)));
}

function* pieces(rows: Iterable<Value[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += `${row.map(field).join('\t')}\n`;
    if (piece.length > PIECE_CHARS) {
      yield piece;
      piece = '';
    }
  }
  if (piece) yield piece;
}

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: Value): string {
  if (value === null) return '\\N';
  return typeof value === 'string' ? value.replace(SPECIAL, (c) => ESCAPED[c]!) : String(value);
}

const end = (ms: number) => (Number.isFinite(ms) ? String(ms) : 'NULL');
const decimal = (q: bigint | null) => (q === null ? null : formatDecimal(q));

function* unitLines(traceNo: number, answer: TraceAnswer): Generator<Value[]> {
  for (let row = 0; row < answer.length; row++) {
    const reason = reasonOf(answer.verdict[row]!);
    const holdings = holdingsOf(answer, row);
    const exposure = exposureOf(answer, row).map(([from, until]) => `${end(from)},${end(until)}`);
    const distinct = (values: (string | number | null)[]) =>
      `{${(values.length === 1 ? values : [...new Set(values)]).filter((v) => v !== null).join(',')}}`;
    yield [
      traceNo,
      row,
      answer.unitId[row]!,
      reason,
      answer.itemId[row]!,
      UNIT_KINDS[answer.kind[row]!]!,
      answer.code[row]!,
      answer.depth[row]! < 0 ? null : answer.depth[row]!,
      reason === null ? answer.certain[row] === 1 : null,
      `{${exposure.join(',')}}`,
      decimal(quantityNow(answer, row)),
      distinct(holdings.map((h) => h.state)),
      distinct(holdings.map((h) => h.placeId)),
      distinct(holdings.map((h) => h.customerId)),
      JSON.stringify(holdings.map((h) => ({ s: h.state, p: h.placeId, c: h.customerId, q: decimal(h.quantity) }))),
    ];
  }
}

function exposureOf(answer: TraceAnswer, row: number): Interval[] {
  const several = answer.exposures.get(row);
  if (several) return several;
  const [from, until] = [answer.from[row]!, answer.until[row]!];
  return from < until ? [[from, until]] : [];
}

function* deliveryLines(traceNo: number, { deliveries: d, ...answer }: TraceAnswer): Generator<Value[]> {
  const document = (n: number) => (d.document[n]! < 0 ? null : d.documents[d.document[n]!]!);
  const sorted = Array.from({ length: d.length }, (_, n) => n).sort(
    (a, b) =>
      d.customerId[a]! - d.customerId[b]! ||
      compare(document(a) ?? '', document(b) ?? '') ||
      d.row[a]! - d.row[b]! ||
      d.fromMs[a]! - d.fromMs[b]! ||
      d.eventId[a]! - d.eventId[b]!,
  );
  for (const [ord, n] of sorted.entries()) {
    const row = d.row[n]!;
    const quantity = d.quantity[n]!;
    yield [
      traceNo,
      ord,
      d.customerId[n]! || null,
      document(n),
      d.fromMs[n]!,
      d.eventId[n]!,
      answer.unitId[row]!,
      d.parentUnitId[n]! || null,
      decimal(quantity === QUANTITY_UNKNOWN ? null : quantity),
      d.hit[n] === 1,
      answer.certain[row] === 1,
    ];
  }
}

function* gapLines(traceNo: number, answer: TraceAnswer): Generator<Value[]> {
  for (const [ord, gap] of answer.gaps.entries())
    yield [traceNo, ord, gap.kind, answer.unitId[gap.row]!, gap.message, gap.event ?? null];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
