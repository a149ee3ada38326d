/** Why a unit is among the affected: a shortest chain of links back to a seed, as data and as sentences. */
import { DomainError, formatTime } from '@/kernel';
import { findUnit, firstMade, inspectionsOf, linksOutOf, movementsOf, RecordedLink, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { why, WhyStep } from '../engine';
import { reach, Reached } from '../app/reach';
import { byUnit, foldUnit, UnitFold } from '../app/stories';
import { droppedLinks, walkGraph, WalkGraph } from '../app/walk-graph';
import { Certainty, ResolvedQuestion, UnitRef, unitText, windowsOf } from '../domain/question';
import { sentenceOf } from '../domain/sentences';
import type { Quantity } from '../domain/tally';
import { standingOf, unitsOf } from '../results/standing';
import { Names, TraceHeadRow } from './views';

export interface WhyLinkView {
  input: { id: string; unit: UnitRef };
  output: { id: string; unit: UnitRef };
  mode: 'consume' | 'install';
  certainty: Certainty;
  from: string | null;
  until: string | null;
  coarse: boolean;
  quantity: Quantity | null;
  position: string | null;
  event: string;
  type: string;
  document: string | null;
  place: string | null;
  workOrder: string | null;
}

export interface WhyView {
  id: string;
  unit: UnitRef;
  certainty: Certainty;
  chain: { link: WhyLinkView; sentence: string }[];
  sentences: string[];
  waysIn: number;
}

export async function whyAffected(q: Queryable, head: TraceHeadRow, ref: string, linksMax: number): Promise<WhyView> {
  const unit = await findUnit(q, ref);
  const name = unitText(unit.item, unit.kind, unit.code);
  const standing = await standingOf(q, head.trace_no, unit.unitId);
  if (standing?.reason !== null) throw new DomainError('NOT_AFFECTED', { unit: name });
  const question = head.question.resolved;
  const reached = await between(q, head, question, unit.unitId, linksMax);
  const made = await firstMade(q, head.position, reached.units);
  const walk = walkGraph(reached, (n) => made.get(reached.units[n]!));
  const dropped = await dropsOf(q, head.position, question, walk, reached);
  const seeds = question.seeds
    .filter((s) => reached.dense.has(s.unitId))
    .map((s) => ({ unit: reached.dense.get(s.unitId)!, windows: windowsOf(s) }));
  const found = why(
    walk.graph,
    { seeds, certainty: question.certainty, ...(dropped ? { dropped } : {}) },
    question.direction,
    reached.dense.get(unit.unitId)!,
  );
  if (!found) throw new DomainError('NOT_AFFECTED', { unit: name });
  const chain = await viewChain(q, head.position, found.chain, walk, reached);
  const sentences = chain.map((c) => c.sentence);
  if (sentences.length === 0)
    sentences.push(`${name.charAt(0).toUpperCase()}${name.slice(1)} is what was asked about.`);
  return {
    id: unit.id,
    unit: { item: unit.item, [unit.kind]: unit.code } as unknown as UnitRef,
    certainty: standing.certain ? 'certain' : 'possible',
    chain,
    sentences,
    waysIn: found.waysIn,
  };
}

/** What lies between the seeds and the unit: walked back from the unit, within what the trace reached. */
async function between(
  q: Queryable,
  head: TraceHeadRow,
  question: ResolvedQuestion,
  unitId: number,
  linksMax: number,
): Promise<Reached> {
  const inTrace = await unitsOf(q, head.trace_no);
  const back = question.direction === 'forward' ? 'backward' : 'forward';
  const reached = await reach(q, head.position, [unitId], back, { linksMax, within: (id) => inTrace.has(id) });
  if (question.barrierInspections.length === 0) return reached;
  // Whether a pass stops the risk hangs on whether the unit was used before it: all links out of what was inspected count.
  const inspected = await inspectionsOf(q, head.position, reached.units, question.barrierInspections);
  const seen = new Set(reached.links.linkId.subarray(0, reached.links.length));
  for (const link of await linksOutOf(q, head.position, [...new Set(inspected.map((i) => i.unitId))])) {
    if (seen.has(link.linkId)) continue;
    let output = reached.dense.get(link.output);
    if (output === undefined) {
      output = reached.units.length;
      reached.units.push(link.output);
      reached.dense.set(link.output, output);
    }
    reached.links.add(link, reached.dense.get(link.input)!, output);
  }
  return reached;
}

async function dropsOf(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  walk: WalkGraph,
  reached: Reached,
): Promise<Uint8Array | undefined> {
  if (question.barrierItems.length === 0 && question.barrierInspections.length === 0) return undefined;
  const units = new Map((await unitsByIds(q, reached.units)).map((u) => [u.unitId, u]));
  const movements = byUnit(await movementsOf(q, position, reached.units));
  const facts = reached.units.map((id) => ({ ...units.get(id)!, item: '', uom: '', bomTracked: false }));
  const folds: UnitFold[] = reached.units.map((id, n) => foldUnit(movements.get(id) ?? [], facts[n]!.kind));
  return droppedLinks(q, position, question, walk.graph, reached, facts, folds);
}

async function viewChain(
  q: Queryable,
  position: number,
  steps: readonly WhyStep[],
  { graph, stored }: WalkGraph,
  reached: Reached,
): Promise<{ link: WhyLinkView; sentence: string }[]> {
  const links = steps.map((s) => ({ step: s, link: reached.links.get(stored[s.link]!, reached.units) }));
  const units = new Map(
    (await unitsByIds(q, [...new Set(links.flatMap(({ link }) => [link.input, link.output]))])).map((u) => [
      u.unitId,
      u,
    ]),
  );
  const names = await Names.read(q, position, { items: [...units.values()].map((u) => u.itemId) });
  const events = await eventsOf(
    q,
    links.map(({ link }) => link),
  );
  return links.map(({ step, link }) => {
    const end = (id: number) => {
      const u = units.get(id)!;
      return { item: names.items.get(u.itemId)!.code, kind: u.kind, code: u.code };
    };
    const ref = (id: number) => {
      const u = units.get(id)!;
      return { id: `u${id}`, unit: names.ref(u.itemId, u.kind, u.code) };
    };
    const event = events.get(link.eventId)!;
    const from = graph.from[step.link]!;
    const until = graph.until[step.link]!;
    const coarse = graph.sureFrom[step.link]! > from;
    const mode = link.mode === 0 ? ('consume' as const) : ('install' as const);
    const quantity = names.quantity(units.get(link.input)!.itemId, link.quantity);
    const told = { mode, from, until, coarse, quantity, position: link.slot, ...event };
    const view: WhyLinkView = {
      input: ref(link.input),
      output: ref(link.output),
      certainty: step.certain ? 'certain' : 'possible',
      event: `e${link.eventId}`,
      ...told,
      from: formatTime(from),
      until: formatTime(until),
    };
    const sentence = sentenceOf({
      ...told,
      input: end(link.input),
      output: end(link.output),
      certain: step.certain,
      // What was recorded as only possible may be in another output, in part or whole.
      shared: !link.certain,
    });
    return { link: view, sentence };
  });
}

interface EventFacts {
  type: string;
  place: string | null;
  workOrder: string | null;
  document: string | null;
}

async function eventsOf(q: Queryable, links: readonly RecordedLink[]): Promise<Map<number, EventFacts>> {
  const rows = await q.query<{
    event_id: number;
    type: string;
    place: string | null;
    work_order: string | null;
    document: string | null;
  }>(
    `SELECT e.event_id, b.body->>'type' AS type, b.body->>'place' AS place, b.body->>'workOrder' AS work_order,
            (SELECT min(m.document) FROM movement m WHERE m.event_id = e.event_id) AS document
       FROM event e CROSS JOIN LATERAL (SELECT CASE WHEN e.type = 'correct' THEN e.body->'with' ELSE e.body END AS body) b
      WHERE e.event_id = ANY ($1::bigint[])`,
    [[...new Set(links.map((l) => l.eventId))]],
  );
  return new Map(
    rows.map((r) => [r.event_id, { type: r.type, place: r.place, workOrder: r.work_order, document: r.document }]),
  );
}
