/** Why a unit is in: a shortest chain of links that are true in time, the surest one, and the number of direct ways in. */
import type { GenealogyGraph, Question } from './types';
import { Asked } from './why-asked';
import { CheapestChains, ChainRules, FoundChain, passOn } from './why-search';
import type { Why, WhyChain } from './why-types';

/**
 * A shortest chain from a seed to the unit (backward: from the unit to the target), or null when nothing exposes it.
 * Only what lies between is walked, so the whole graph may be handed in. Of several shortest chains, one that meets the
 * question's `at`, then one with the fewest links that are only possible; where these are equal, the smallest sources.
 */
export function why(
  graph: GenealogyGraph,
  question: Question,
  direction: 'forward' | 'backward',
  unit: number,
): Why | null {
  const { dropped } = question;
  const certainOnly = question.certainty === 'certain';
  const asked = new Asked(question, unit);
  const rules: ChainRules = {
    graph,
    seeds: question.seeds,
    backward: direction === 'backward',
    target: unit,
    open: (link) => !dropped?.[link] && !(certainOnly && !graph.certain[link]),
    dear: (link) => !graph.certain[link],
    first: 'links',
  };
  const shortest = new CheapestChains(rules);
  shortest.run();
  const nearest = shortest.nearestSet(unit, (set) => asked.meets(set));
  if (nearest.length === 0) return null;
  const meets = asked.meets(nearest);
  const found = shortest.chainTo(unit, meets ? asked.pointIn(nearest) : nearest[0]![0]);
  const chain = tell(shortest, found, rules);
  const answer = { unit, seed: found.seed, chain: chain.steps, waysIn: waysIn(shortest, rules) };
  const whole = shortest.set(unit);
  if (!graph.hasPossible || certainOnly)
    return { ...answer, sure: whole, surest: meets ? chain : otherOf(shortest, rules, asked) };

  const sparing = new CheapestChains({ ...rules, first: 'dear' });
  sparing.run((set) => asked.meets(set));
  const set = sparing.set(unit);
  if (!asked.meets(set)) return { ...answer, sure: sparing.cheapSet(unit), surest: null };
  const surest = sparing.chainTo(unit, asked.pointIn(set));
  const same = meets && dearOf(rules, found) === dearOf(rules, surest);
  return { ...answer, sure: sparing.cheapSet(unit), surest: same ? chain : tell(sparing, surest, rules) };
}

/** Where no link is only possible: the shortest chain that meets the question's `at`. */
function otherOf(chains: CheapestChains, rules: ChainRules, asked: Asked): WhyChain | null {
  const set = chains.set(rules.target);
  return asked.meets(set) ? tell(chains, chains.chainTo(rules.target, asked.pointIn(set)), rules) : null;
}

function dearOf({ dear }: ChainRules, { links }: FoundChain): number {
  return links.filter((link) => dear(link)).length;
}

/** A chain as it is told: in the order of the material. */
export function tell(chains: CheapestChains, found: FoundChain, { backward }: ChainRules): WhyChain {
  const steps = chains.carried(found);
  return { seed: found.seed, steps: backward ? steps.reverse() : steps };
}

function waysIn(chains: CheapestChains, { graph, target, backward }: ChainRules): number {
  const sources = new Set<number>();
  for (const { link, near } of chains.linksInto(target)) {
    if (passOn(graph, link, chains.set(near), backward).length > 0) sources.add(graph.source[link]!);
  }
  return sources.size;
}
