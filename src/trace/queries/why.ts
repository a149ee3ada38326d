/** Why a unit is among the affected, or is not: chains of links back to a seed, as data and as sentences. */
import { DomainError, formatTime } from '@/kernel';
import { findUnit } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { Reason, why, Why, WhyNot, whyNot } from '../engine';
import { Certainty, UnitRef, unitText } from '../domain/question';
import { capital } from '../domain/sentences';
import { surelyNotThen } from '../domain/sentences-why';
import { standingOf } from '../results/standing';
import type { TraceHeadRow } from './views';
import { ExcludedWhy, excludedWhy, thresholdWhy } from './why-excluded';
import { LinkTeller, ToldLink } from './why-links';
import { MissingFact, missingFacts } from './why-missing';
import { Ways, waysTo } from './why-ways';

export interface WhyView {
  id: string;
  unit: UnitRef;
  /** null: the unit is not among the affected */
  certainty: Certainty | null;
  /** a shortest chain; of an excluded unit, the links that hold, up to the one at which the way failed */
  chain: ToldLink[];
  sentences: string[];
  /** how many facts link what is affected directly into the unit (backward: out of it) */
  waysIn: number;
  /** of a possible unit: what is not recorded and would settle it, for each possible link of the surest chain */
  missing: MissingFact[];
  /** a longer chain over fewer possible links, or to the time asked about, where there is one */
  surest: { chain: ToldLink[]; sentences: string[] } | null;
  /** of a possible unit that surely was affected at other times than the one asked about */
  surely: { exposure: [string | null, string | null][]; sentence: string } | null;
  excluded: ExcludedWhy | null;
}

type Unit = Awaited<ReturnType<typeof findUnit>>;

export async function whyUnit(q: Queryable, head: TraceHeadRow, ref: string, linksMax: number): Promise<WhyView> {
  const unit = await findUnit(q, ref);
  const standing = await standingOf(q, head.trace_no, unit.unitId);
  if (!standing) throw new DomainError('NOT_IN_TRACE', { unit: nameOf(unit) });
  const ways = await waysTo(q, head, unit, linksMax);
  const { reason } = standing;
  if (reason === null || reason === 'below-threshold') {
    const found = why(ways.graph, ways.asked, ways.question.direction, ways.unit);
    if (found) return affectedWhy(q, head, unit, ways, found, reason, standing.certain ? 'certain' : 'possible');
  } else {
    const found = whyNot(ways.graph, ways.asked, ways.question.direction, ways.unit, reason);
    if (found) return leftOut(q, head, unit, ways, found);
  }
  throw new Error(`Nothing explains how ${nameOf(unit)} stands in trace ${head.trace_id}.`);
}

async function affectedWhy(
  q: Queryable,
  head: TraceHeadRow,
  unit: Unit,
  ways: Ways,
  found: Why,
  reason: Reason | null,
  certainty: Certainty,
): Promise<WhyView> {
  const surest = found.surest?.steps ?? [];
  const possible = surest.filter((s) => !s.certain).map((s) => s.link);
  const teller = await LinkTeller.read(
    q,
    head.position,
    ways,
    [...found.chain, ...surest].map((s) => s.link),
  );
  const chain = found.chain.map((s) => teller.tell(s.link));
  const other = surest === found.chain ? null : surest.map((s) => teller.tell(s.link));
  const sure = found.sure ?? [];
  const excluded = reason === null ? null : await thresholdWhy(q, head, unit);
  const sentences = chain.length > 0 ? chain.map((c) => c.sentence) : [isSeed(unit)];
  return {
    ...identity(unit),
    certainty: reason === null ? certainty : null,
    chain,
    sentences: excluded ? [...sentences, excluded.sentence] : sentences,
    waysIn: found.waysIn,
    missing: certainty === 'possible' ? await missingFacts(q, head.position, ways, possible, teller) : [],
    surest: other && { chain: other, sentences: other.map((c) => c.sentence) },
    surely:
      certainty === 'certain' || sure.length === 0
        ? null
        : {
            exposure: sure.map(([from, until]) => [formatTime(from), formatTime(until)]),
            sentence: surelyNotThen(unit, sure),
          },
    excluded,
  };
}

async function leftOut(q: Queryable, head: TraceHeadRow, unit: Unit, ways: Ways, found: WhyNot): Promise<WhyView> {
  const links = [...found.chain.map((s) => s.link), ...found.failing, ...found.onwards];
  const teller = await LinkTeller.read(q, head.position, ways, links);
  const chain = found.chain.map((s) => teller.tell(s.link));
  const excluded = await excludedWhy(q, head.position, ways, found, teller);
  const missing =
    found.reason === 'only-possible' ? await missingFacts(q, head.position, ways, found.failing, teller) : [];
  return {
    ...identity(unit),
    certainty: null,
    chain,
    sentences: [...chain.map((c) => c.sentence), excluded.sentence],
    waysIn: 0,
    missing,
    surest: null,
    surely: null,
    excluded,
  };
}

function identity(unit: Unit): Pick<WhyView, 'id' | 'unit'> {
  return { id: unit.id, unit: { item: unit.item, [unit.kind]: unit.code } as unknown as UnitRef };
}

function nameOf({ item, kind, code }: Unit): string {
  return unitText(item, kind, code);
}

function isSeed(unit: Unit): string {
  return `${capital(nameOf(unit))} is what was asked about.`;
}
