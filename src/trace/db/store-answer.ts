import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { formatDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import { quantityNow } from '../app/summarize';
import { reasonOf, TraceAnswer } from '../app/compute-trace';

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
  const { rows, facts, order } = answer;
  for (let ord = 0; ord < order.length; ord++) {
    const row = order[ord]!;
    const n = rows.unit[row]!;
    const { unitId, itemId, kind, code } = facts[n]!;
    const reason = reasonOf(rows, row);
    const holdings = answer.places[n]!;
    const exposure = rows.exposure(row).map(([from, until]) => `${end(from)},${end(until)}`);
    const distinct = (values: (string | number | null)[]) =>
      `{${(values.length === 1 ? values : [...new Set(values)]).filter((v) => v !== null).join(',')}}`;
    yield [
      traceNo,
      ord,
      unitId,
      reason,
      itemId,
      kind,
      code,
      rows.depth[row]! < 0 ? null : rows.depth[row]!,
      reason === null ? rows.certain[row] === 1 : null,
      `{${exposure.join(',')}}`,
      decimal(quantityNow(answer, n)),
      distinct(holdings.map((h) => h.state)),
      distinct(holdings.map((h) => h.placeId)),
      distinct(holdings.map((h) => h.customerId)),
      JSON.stringify(holdings.map((h) => ({ s: h.state, p: h.placeId, c: h.customerId, q: decimal(h.quantity) }))),
    ];
  }
}

function* deliveryLines(traceNo: number, answer: TraceAnswer): Generator<Value[]> {
  const place = new Int32Array(answer.rows.length);
  answer.order.forEach((row, ord) => (place[row] = ord));
  const sorted = [...answer.deliveries].sort(
    (a, b) =>
      (a.customerId ?? 0) - (b.customerId ?? 0) ||
      compare(a.document ?? '', b.document ?? '') ||
      place[a.row]! - place[b.row]! ||
      a.from - b.from ||
      a.eventId - b.eventId,
  );
  for (const [ord, d] of sorted.entries()) {
    const n = answer.rows.unit[d.row]!;
    yield [
      traceNo,
      ord,
      d.customerId,
      d.document,
      d.from,
      d.eventId,
      answer.reached.units[n]!,
      d.parentUnitId,
      decimal(d.quantity),
      d.hit,
      answer.rows.certain[d.row] === 1,
    ];
  }
}

function* gapLines(traceNo: number, answer: TraceAnswer): Generator<Value[]> {
  for (const [ord, gap] of answer.gaps.entries())
    yield [traceNo, ord, gap.kind, answer.reached.units[gap.unit]!, gap.message, gap.event ?? null];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
