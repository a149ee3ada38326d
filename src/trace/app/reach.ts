import { DomainError } from '@/kernel';
import { linksInto, linksOutOf } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { Direction } from '../domain/question';
import { LinkStore } from './link-store';

/** What plain reachability reaches from some units, with every link that it walked over. */
export interface Reached {
  /** unit ids in the order in which they were found; a unit's place is its dense number */
  units: number[];
  dense: Map<number, number>;
  links: LinkStore;
}

export interface ReachOptions {
  linksMax: number;
  signal?: AbortSignal;
  onLevel?: (units: number, links: number) => Promise<void> | void;
  /** walk only over links that lead to these units */
  within?: (unit: number) => boolean;
}

/**
 * Fetches level by level, one set-based query a level, until nothing new is found. There is no limit on depth or rows;
 * meeting the memory limit is an error, never a shorter answer.
 */
export async function reach(
  q: Queryable,
  position: number,
  seeds: readonly number[],
  direction: Direction,
  options: ReachOptions,
): Promise<Reached> {
  const units = [...new Set(seeds)];
  const dense = new Map(units.map((unit, n) => [unit, n]));
  const links = new LinkStore();
  const read = direction === 'forward' ? linksOutOf : linksInto;
  let from = 0;
  while (from < units.length) {
    options.signal?.throwIfAborted();
    const level = units.slice(from);
    from = units.length;
    for (let at = 0; at < level.length; at += LEVEL_IDS_MAX) {
      options.signal?.throwIfAborted();
      for (const link of await read(q, position, level.slice(at, at + LEVEL_IDS_MAX))) {
        const far = direction === 'forward' ? link.output : link.input;
        if (options.within && !options.within(far)) continue;
        let n = dense.get(far);
        if (n === undefined) {
          n = units.length;
          units.push(far);
          dense.set(far, n);
        }
        const near = dense.get(direction === 'forward' ? link.input : link.output)!;
        if (direction === 'forward') links.add(link, near, n);
        else links.add(link, n, near);
        if (links.length > options.linksMax)
          throw new DomainError('TRACE_MEMORY_LIMIT', { limit: options.linksMax, setting: 'TRACE_LINKS_MAX' });
      }
      await options.onLevel?.(units.length, links.length);
    }
  }
  return { units, dense, links };
}

/** Small enough that a signal is heard and progress is seen between two queries of a wide level. */
const LEVEL_IDS_MAX = 50_000;
