/** Why a unit that plain reachability reaches is not among the affected: the link at which the way to it failed. */
import { formatTime } from '@/kernel';
import { inspectionsOf, movementsOf, RecordedInspection, UnitIdentity } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { barrierLinks, CONSUME, Interval, WhyNot } from '../engine';
import {
  AskedTime,
  belowThreshold,
  missedIt,
  noLonger,
  onlyLater,
  onlyPossible,
  stoppedByInspection,
  stoppedByItem,
} from '../domain/sentences-why';
import { StoredResult } from '../results/stored';
import type { TraceHeadRow } from './views';
import { LinkTeller, ToldLink, UnitNames, WhyLinkView } from './why-links';
import { shippedSpans, Ways } from './why-ways';

export interface ExcludedWhy {
  reason: string;
  /** the link at which the way failed; null where it is the time asked about of the seed itself that does not reach */
  failedAt: WhyLinkView | null;
  sentence: string;
  /** the links by which the way would have gone on from there to the unit */
  onwards: ToldLink[];
  /** milliseconds by which the failed link missed the exposure of its near end */
  missedByMs: number | null;
  /** the exposure that was missed, or that had ended before the time asked */
  exposed: [from: string | null, until: string | null] | null;
  /** the time asked that was missed */
  asked: { kind: AskedTime['kind']; from: string | null; until: string | null } | null;
  barrier: { item: string } | { inspection: string; at: string | null; event: string } | null;
  threshold: { share: string | null; limit: string; justification: string | null } | null;
}

export async function excludedWhy(
  q: Queryable,
  position: number,
  ways: Ways,
  found: WhyNot,
  teller: LinkTeller,
): Promise<ExcludedWhy> {
  const { failed, exposed, asked } = found;
  const failedAt = failed === null ? null : teller.tell(failed);
  const near = nearOf(ways, found);
  const units = await UnitNames.read(q, position, [
    ways.reached.units[found.unit]!,
    ways.reached.units[near]!,
    ...(failed === null ? [] : [ways.reached.units[ways.graph.output[failed]!]!]),
  ]);
  const time = asked ? askedTime(ways, asked) : null;
  const common = {
    reason: found.reason,
    failedAt: failedAt?.link ?? null,
    onwards: found.onwards.map((link) => teller.tell(link)),
    missedByMs: null,
    exposed: exposed && ([formatTime(exposed[0]), formatTime(exposed[1])] as ExcludedWhy['exposed']),
    asked: time && askedView(time),
    barrier: null,
    threshold: null,
  };
  const told = (more: string) => (failedAt ? `${failedAt.sentence} ${more}` : more);
  const unit = units.named(ways.reached.units[found.unit]!);
  switch (found.reason) {
    case 'before-exposure': {
      if (time) return { ...common, sentence: told(onlyLater(unit, exposed![0], time)) };
      const miss = missOf(ways, failed!, exposed!);
      const seed = ways.asked.seeds.some((s) => s.unit === near) && found.chain.length === 0;
      const backward = ways.question.direction === 'backward';
      const sentence = missedIt({ ...miss, near: units.named(ways.reached.units[near]!), seed, backward });
      return { ...common, missedByMs: miss.by, sentence: told(sentence) };
    }
    case 'removed':
      return { ...common, sentence: told(noLonger(unit, exposed![1], time!)) };
    case 'barrier': {
      const barrier = await barrierOf(q, position, ways, failed!);
      const stopped = units.named(ways.reached.units[ways.graph.output[failed!]!]!);
      if (!barrier) return { ...common, barrier: { item: stopped.item }, sentence: told(stoppedByItem(stopped)) };
      const { characteristic: inspection, atFrom, eventId } = barrier;
      return {
        ...common,
        barrier: { inspection, at: formatTime(atFrom), event: `e${eventId}` },
        sentence: told(stoppedByInspection(stopped, inspection, atFrom)),
      };
    }
    case 'only-possible':
      return { ...common, sentence: told(onlyPossible(new Set(found.failing).size)) };
  }
}

/** The unit at which the failed link leaves what is exposed. */
function nearOf({ graph, question }: Ways, { failed, unit }: WhyNot): number {
  if (failed === null) return unit;
  return question.direction === 'forward' ? graph.input[failed]! : graph.output[failed]!;
}

function missOf({ graph }: Ways, link: number, [from, until]: Interval) {
  const consumed = graph.mode[link] === CONSUME;
  // A draw is over with its last millisecond; a removed part is not in there at the moment of its removal.
  const ended = graph.until[link]! - (consumed ? 1 : 0);
  if (from >= graph.until[link]!) return { side: 'before' as const, by: from - ended, at: from };
  return { side: 'after' as const, by: graph.from[link]! - until, at: until };
}

function askedTime({ question, shipments }: Ways, [from, until]: Interval): AskedTime {
  if (from === Infinity) return { kind: 'now' };
  if (question.at.kind === 'period') return { kind: 'period', from, until };
  const shipment = shipments.find((s) => s.atFrom === from && s.atUntil === until);
  return { kind: 'shipment', from, document: shipment?.document ?? null };
}

function askedView(time: AskedTime): ExcludedWhy['asked'] {
  const from = time.kind === 'now' ? null : formatTime(time.from);
  return { kind: time.kind, from, until: time.kind === 'period' ? formatTime(time.until) : from };
}

/** The inspection for which a link into an inspected unit is dropped; null where it is the item of the unit. */
async function barrierOf(
  q: Queryable,
  position: number,
  { graph, reached, question }: Ways,
  link: number,
): Promise<RecordedInspection | null> {
  const number = graph.output[link]!;
  const unitId = reached.units[number]!;
  const { itemId } = (await UnitNames.read(q, position, [unitId])).known(unitId);
  if (question.barrierItems.some((b) => b.itemId === itemId)) return null;
  const inspections = await inspectionsOf(q, position, [unitId], question.barrierInspections);
  const shipments = shippedSpans(await movementsOf(q, position, [unitId], { types: false }));
  const column = (of: readonly { from: number; until: number }[]) => ({
    offset: Int32Array.of(0, of.length),
    from: Float64Array.from(of, (s) => s.from),
    until: Float64Array.from(of, (s) => s.until),
  });
  // Each pass alone beside all failures: the first that drops the link is the one to name.
  const names = question.barrierInspections;
  const drops = (pass: RecordedInspection) => {
    const judged = inspections.filter((i) => !i.passed || i === pass);
    const facts = {
      barred: Uint8Array.of(0),
      inspections: {
        ...column(judged.map((i) => ({ from: i.atFrom, until: i.atUntil }))),
        passed: Uint8Array.from(judged, (i) => (i.passed ? 1 : 0)),
        characteristic: Int32Array.from(judged, (i) => names.indexOf(i.characteristic)),
      },
      shipments: column(shipments),
    };
    return barrierLinks(graph, facts, Int32Array.of(number))[link] === 1;
  };
  return inspections.find((i) => i.passed && drops(i)) ?? null;
}

/** Of a unit whose share is below the limit that was set: the chain to it holds. */
export async function thresholdWhy(q: Queryable, head: TraceHeadRow, unit: UnitIdentity): Promise<ExcludedWhy> {
  const { thresholdShare, justification } = head.question.asked;
  const share = await shareOf(q, head.trace_no, unit.unitId);
  const limit = thresholdShare ?? '0';
  return {
    reason: 'below-threshold',
    failedAt: null,
    sentence: belowThreshold(unit, share, limit, justification),
    onwards: [],
    missedByMs: null,
    exposed: null,
    asked: null,
    barrier: null,
    threshold: { share, limit, justification },
  };
}

/** The share that is kept beside a stored row, where there is one. */
async function shareOf(q: Queryable, traceNo: number, unitId: number): Promise<string | null> {
  const result = await StoredResult.open(q, traceNo);
  for (const part of result.partsOf('excluded')) {
    const [columns] = await result.columns([part], ['unit_id']);
    const row = columns!.unit_id.indexOf(unitId);
    if (row < 0) continue;
    const amounts = await result.amounts([part]);
    return amounts?.[0]!.share.at(row) || null;
  }
  return null;
}
