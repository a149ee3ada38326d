/** Why a unit is out although links lead to it: the link at which the way failed, and why. */
import { CONSUME, GenealogyGraph, INSTALL, Interval, Question } from './types';
import { linksIn, linksOut } from './graph';
import { Asked } from './why-asked';
import { CheapestChains, ChainRules, FoundChain, precedes } from './why-search';
import type { WhyNot, WhyStep } from './why-types';

/** Where a whole way from a seed to the unit failed: from `place` on its links are beyond what failed. */
interface Failure {
  found: FoundChain;
  failing: number[];
  failed: number | null;
  exposed?: Interval;
  asked?: Interval | null;
}

/**
 * Explains a verdict of the trace on a unit that plain reachability reaches; null when the verdict does not fit the question.
 * - before-exposure: of all links out of exposed units into units that are not, the one that missed nearest in time; or,
 *   where the unit is exposed only after the time asked, the link that brought it.
 * - removed: the installation that ended the last stretch of exposure before the time asked.
 * - barrier, only-possible: the first link that was dropped, or is only possible, of a way that would do and has fewest of them.
 */
export function whyNot(
  graph: GenealogyGraph,
  question: Question,
  direction: 'forward' | 'backward',
  unit: number,
  reason: WhyNot['reason'],
): WhyNot | null {
  const asked = new Asked(question, unit);
  const all: ChainRules = {
    graph,
    seeds: question.seeds,
    backward: direction === 'backward',
    target: unit,
    dear: (link) => !graph.certain[link],
    first: 'links',
  };
  switch (reason) {
    case 'before-exposure':
    case 'removed': {
      const chains = new CheapestChains(all);
      chains.run();
      if (asked.meets(chains.set(unit))) return null;
      if (reason === 'removed') return told(all, chains, reason, removedFrom(all, chains, asked));
      if (chains.set(unit).length > 0) return told(all, chains, reason, tooLate(all, chains, asked));
      return missed(all, chains);
    }
    case 'barrier':
      return stoppedBy(
        reason,
        all,
        asked,
        () => true,
        (link) => question.dropped?.[link] === 1,
      );
    case 'only-possible':
      return stoppedBy(reason, all, asked, (link) => !question.dropped?.[link], all.dear);
  }
}

/** The way that would do with the fewest links that stop it. */
function stoppedBy(
  reason: WhyNot['reason'],
  all: ChainRules,
  asked: Asked,
  open: (link: number) => boolean,
  stops: (link: number) => boolean,
): WhyNot | null {
  const rules: ChainRules = { ...all, open, dear: stops, first: 'dear' };
  const chains = new CheapestChains(rules);
  chains.run((set) => asked.meets(set));
  const set = chains.set(rules.target);
  if (!asked.meets(set)) return null;
  const found = chains.chainTo(rules.target, asked.pointIn(set));
  const failing = found.links.filter(stops);
  return failing.length === 0 ? null : told(rules, chains, reason, { found, failing, failed: failing[0]! });
}

/** The unit is exposed, but only after the time asked. */
function tooLate(rules: ChainRules, chains: CheapestChains, asked: Asked): Failure {
  const exposed = chains.set(rules.target)[0]!;
  const found = chains.chainTo(rules.target, exposed[0]);
  const failing = found.links.slice(-1);
  return { found, failing, failed: failing[0] ?? null, exposed, asked: asked.before(exposed[0]) };
}

/** The last stretch of exposure before the time asked, followed back to what ended it: an installation, or the seed's window. */
function removedFrom(rules: ChainRules, chains: CheapestChains, asked: Asked): Failure {
  const { graph, target } = rules;
  const exposed = chains.set(target).findLast((i) => i[0] < asked.last())!;
  const [, end] = exposed;
  const found = chains.chainTo(target, end - 1);
  // After its last consumption nothing moves a moment on a chain: whatever ended there ended it.
  const lasting = found.links.slice(found.links.findLastIndex((link) => graph.mode[link] === CONSUME) + 1);
  const failing = lasting.filter((link) => graph.mode[link] === INSTALL && graph.until[link] === end);
  return { found, failing, failed: failing.at(-1) ?? null, exposed, asked: asked.from(end) };
}

interface Miss {
  link: number;
  near: number;
  far: number;
  /** milliseconds by which the link missed the exposure of its near end */
  by: number;
  exposed: Interval;
  /** the moment of the exposure that it came nearest to */
  point: number;
}

/** Nothing exposes the unit: of the links at which that is decided, the one that missed nearest in time. */
function missed(rules: ChainRules, chains: CheapestChains): WhyNot | null {
  const { graph, target } = rules;
  let best: Miss | null = null;
  for (const far of chains.hops.keys()) {
    if (chains.set(far).length > 0) continue;
    for (const { link, near } of chains.linksInto(far)) {
      const set = chains.set(near);
      if (set.length === 0) continue;
      const miss = { link, near, far, ...missOf(rules, link, set) };
      if (!best || nearer(rules, chains, miss, best)) best = miss;
    }
  }
  if (!best) return null;
  const found = chains.chainTo(best.near, best.point);
  const onwards = wayOn(graph, chains, best.far, rules);
  return {
    unit: target,
    reason: 'before-exposure',
    seed: found.seed,
    chain: ordered(chains.carried(found), rules),
    failed: best.link,
    onwards: ordered(onwards, rules),
    failing: [best.link],
    exposed: best.exposed,
    asked: null,
  };
}

function nearer({ graph }: ChainRules, { hops }: CheapestChains, a: Miss, b: Miss): boolean {
  if (a.by !== b.by) return a.by < b.by;
  const [here, there] = [hops.get(a.far)!, hops.get(b.far)!];
  return here === there ? precedes(graph, a.link, b.link) : here < there;
}

/** By how much a link that passes nothing on missed the exposure of its near end. */
function missOf(
  { graph, backward }: ChainRules,
  link: number,
  set: readonly Interval[],
): Pick<Miss, 'by' | 'exposed' | 'point'> {
  const [from, until] = [graph.from[link]!, graph.until[link]!];
  const before = set.findLast((i) => i[1] <= from);
  // Backward, what was drawn before it mattered matters all the same: a draw can only come too late.
  const after = backward && graph.mode[link] === CONSUME ? undefined : set.find((i) => i[0] >= until);
  const late = before ? from - before[1] + 1 : Infinity;
  const early = after ? after[0] - until + 1 : Infinity;
  return after && early <= late
    ? { by: early, exposed: after, point: after[0] }
    : { by: late, exposed: before!, point: before![1] - 1 };
}

/** A shortest way by plain reachability from a unit on to the target, in walking order. */
function wayOn(graph: GenealogyGraph, { hops }: CheapestChains, from: number, { backward }: ChainRules): number[] {
  const links: number[] = [];
  const far = backward ? graph.input : graph.output;
  for (let unit = from; hops.get(unit)! > 0; unit = far[links.at(-1)!]!) {
    const nearerBy = hops.get(unit)! - 1;
    let best = -1;
    for (const link of backward ? linksIn(graph, unit) : linksOut(graph, unit)) {
      if (hops.get(far[link]!) === nearerBy && (best < 0 || precedes(graph, link, best))) best = link;
    }
    links.push(best);
  }
  return links;
}

/** A way that leads all the way to the unit, parted at the link at which it failed. */
function told(rules: ChainRules, chains: CheapestChains, reason: WhyNot['reason'], failure: Failure): WhyNot {
  const { found, failing, failed } = failure;
  const steps = chains.carried(found);
  // A chain may pass a link twice: what stops it stops it the first time, what ends it ends it the last.
  const at =
    failed === null
      ? steps.length
      : reason === 'removed' || reason === 'before-exposure'
        ? found.links.lastIndexOf(failed)
        : found.links.indexOf(failed);
  return {
    unit: rules.target,
    reason,
    seed: found.seed,
    chain: ordered(steps.slice(0, at), rules),
    failed,
    onwards: ordered(found.links.slice(at + 1), rules),
    failing,
    exposed: failure.exposed ?? null,
    asked: failure.asked ?? null,
  };
}

function ordered<T extends WhyStep | number>(walked: T[], { backward }: ChainRules): T[] {
  return backward ? [...walked].reverse() : walked;
}
