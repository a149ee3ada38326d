import type { Queryable } from '@/platform/db';
import type { Prng } from '../../scenarios/prng';
import type { TraceAnswer } from '@/trace/app/answer';
import { computeTrace } from '@/trace/app/compute-trace';
import type { View } from '@/trace/app/view';
import type { ResolvedQuestion } from '@/trace/domain/question';

const DAY_MS = 86_400_000;
const START_MS = 1_767_600_000_000;

/** A question about a unit that the ledger knows at the position; undefined where chance met none. */
export async function randomQuestion(
  q: Queryable,
  position: number,
  families: number,
  prng: Prng,
): Promise<ResolvedQuestion | undefined> {
  const [unit] = await q.query<{ unit_id: number; item: string; kind: 'serial' | 'lot'; code: string }>(
    `SELECT u.unit_id, i.code AS item, u.kind, u.code FROM unit u JOIN item i USING (item_id)
       JOIN ledger_position p ON p.batch_id = u.batch_id AND p.position <= $1
      WHERE u.item_id = $2 AND u.code >= $3 ORDER BY u.code LIMIT 1`,
    [position, prng.int(1, families), prng.int(0, 0xeff).toString(16).padStart(3, '0')],
  );
  if (!unit) return undefined;
  const forward = prng.next() < 0.75;
  const from = START_MS + Math.floor(prng.next() * DAY_MS);
  const windows: [number | null, number | null][] = prng.next() < 0.6 ? [[null, null]] : [[from, from + DAY_MS / 4]];
  const at: ResolvedQuestion['at'] =
    !forward || prng.next() < 0.5
      ? { kind: 'ever' }
      : prng.next() < 0.5
        ? { kind: 'shipment' }
        : { kind: 'period', from, until: from + DAY_MS / 2 };
  return {
    direction: forward ? 'forward' : 'backward',
    seeds: [{ unitId: unit.unit_id, item: unit.item, kind: unit.kind, code: unit.code, windows }],
    at,
    certainty: prng.next() < 0.8 ? 'possible' : 'certain',
    barrierItems: [],
    barrierInspections: [],
  };
}

/** The whole answer over a view, one line of text for each thing that it says; the first is the digest. */
export async function answerLines(q: Queryable, question: ResolvedQuestion, view: View): Promise<string[]> {
  const { answer: a } = await computeTrace(q, question, view, {});
  const lines = [`digest ${a.digest}`, `affected ${a.affectedCount} certain ${a.certainCount} of ${a.length}`];
  for (let r = 0; r < a.length; r++) {
    const facts = [a.unitId, a.itemId, a.kind, a.verdict, a.depth, a.certain, a.from, a.until, a.madeMs].map(
      (c) => c[r],
    );
    const place = [a.state, a.placeId, a.customerId, a.quantity].map((c) => c[r]);
    const more = JSON.stringify([a.exposures.get(r), a.holdings.get(r)], inText);
    lines.push(`row ${r}: ${a.code[r]} ${facts.join(' ')} ${place.join(' ')} ${more}`);
  }
  return [...lines, ...deliveryLines(a), ...gapLines(a)];
}

export const rowsIn = (lines: readonly string[]): number => lines.filter((line) => line.startsWith('row ')).length;

function deliveryLines({ deliveries: d }: TraceAnswer): string[] {
  const columns = [d.row, d.parentUnitId, d.customerId, d.fromMs, d.eventId, d.quantity, d.hit];
  return Array.from({ length: d.length }, (_, n) => {
    const document = d.document[n]! < 0 ? '' : d.documents[d.document[n]!];
    return `delivery ${columns.map((c) => c[n]).join(' ')} ${document}`;
  }).sort();
}

function gapLines({ gaps }: TraceAnswer): string[] {
  return gaps.map((g) => `gap ${g.kind} ${g.row} ${g.event} ${g.message}`).sort();
}

function inText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' || value === Infinity || value === -Infinity ? String(value) : value;
}
