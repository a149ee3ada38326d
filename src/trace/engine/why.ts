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
  const answer = { unit, seed: found.seed, chain: chain.steps, waysIn: waysIn(shortest, rules), sure: null };
  if (meets && dearOf(rules, found) === 0) return { ...answer, surest: chain };
  if (!asked.meets(shortest.set(unit))) return { ...answer, surest: null };

  const sparing = new CheapestChains({ ...rules, first: 'dear' });
  sparing.run((set) => asked.meets(set));
  const surest = sparing.chainTo(unit, asked.pointIn(sparing.set(unit)));
  const missing = dearOf(rules, surest);
  const same = meets && dearOf(rules, found) === missing;
  return {
    ...answer,
    sure: missing > 0 ? sparing.cheapSet(unit) : null,
    surest: same ? chain : tell(sparing, surest, rules),
  };
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
