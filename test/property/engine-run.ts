/** The engine over a random plant, with its answer in the reference's words. */
import { AFFECTED, barrierLinks, Question, REASONS, traceBackward, traceForward, TraceRows } from '@/trace/engine';
import type { ReferencePlant, ReferenceQuestion } from '../reference';
import { compile, Compiled, factsOf, inspectionsOf } from './plants';

export function engineQuestion(plant: ReferencePlant, compiled: Compiled, q: ReferenceQuestion): Question {
  const { names, numbers, graph } = compiled;
  const facts = factsOf(plant, names);
  const question: Question = {
    seeds: q.seeds.map((s) => ({ unit: numbers.get(s.unit)!, windows: s.windows })),
    certainty: q.certainty,
  };
  if (q.direction === 'backward') return question;
  const items = new Set((q.barriers ?? []).flatMap((b) => ('item' in b ? [b.item] : [])));
  const asked = new Set((q.barriers ?? []).flatMap((b) => ('inspection' in b ? [b.inspection] : [])));
  const at = q.at ?? 'ever';
  return {
    ...question,
    at: at === 'ever' || at === 'shipment' ? { kind: at } : { kind: 'period', from: at[0], until: at[1] },
    facts: {
      shipmentOffset: facts.shipments.offset,
      shipmentFrom: facts.shipments.from,
      shipmentUntil: facts.shipments.until,
      inHouse: facts.inHouse,
    },
    dropped: barrierLinks(graph, {
      barred: Uint8Array.from(names, (n) => (items.has(plant.units.get(n)!.item) ? 1 : 0)),
      inspections: inspectionsOf(plant, names, asked),
      shipments: facts.shipments,
    }),
  };
}

export interface Run {
  compiled: Compiled;
  question: Question;
  rows: TraceRows;
}

export function run(plant: ReferencePlant, q: ReferenceQuestion, compiled = compile(plant)): Run {
  const question = engineQuestion(plant, compiled, q);
  const rows =
    q.direction === 'forward' ? traceForward(compiled.graph, question) : traceBackward(compiled.graph, question);
  return { compiled, question, rows };
}

/** The engine's answer in the reference's words. */
export function spoken({ compiled: { names }, rows }: Run, forward: boolean) {
  const affected: [string, unknown][] = [];
  const excluded: [string, unknown][] = [];
  for (let row = 0; row < rows.length; row++) {
    const name = names[rows.unit[row]!]!;
    const verdict = rows.verdict[row]!;
    if (verdict !== AFFECTED) excluded.push([name, REASONS[verdict - 1]]);
    else {
      const certainty = rows.certain[row] ? 'certain' : 'possible';
      const coarse = forward && rows.coarse[row] === 1;
      affected.push([name, { certainty, exposure: rows.exposure(row), depth: rows.depth[row], coarse }]);
    }
  }
  return { affected: sorted(affected), excluded: sorted(excluded) };
}

export const sorted = (entries: Iterable<[string, unknown]>): [string, unknown][] =>
  [...entries].sort((a, b) => (a[0] < b[0] ? -1 : 1));
