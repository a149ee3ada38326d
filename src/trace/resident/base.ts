/** The immutable part of the resident index: the genealogy and the facts of all units at one position. Plain data, so that it can be handed from thread to thread. */
import type { GenealogyGraph } from '../engine';
import type { UnitColumns } from '../app/unit-columns';

export interface Base {
  position: number;
  /** a unit's number is its id; columns of links have room for more than `graph.linkCount` */
  graph: Required<Omit<GenealogyGraph, 'patch' | 'outLink' | 'inLink'>> & { outLink: null; inLink: Int32Array };
  units: UnitColumns;
  /** units whose record is always read from the database: a quantity of theirs is too large for 64 bits */
  wide: Set<number>;
  /** bytes of the typed arrays */
  bytes: number;
  /** of those, what links take beyond their times and quantities, in both directions */
  linkBytes: number;
  loadMs: number;
}

/** All buffers of a base, for handing it on without a copy. */
export function buffersOf(base: Base): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
    else if (value && typeof value === 'object' && !(value instanceof Map) && !(value instanceof Set))
      Object.values(value).forEach(look);
  };
  look(base);
  return [...buffers];
}
