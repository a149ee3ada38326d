/**
 * The trace algorithm, pure: typed arrays in, typed arrays out; it knows no database, clock or key, and imports the kernel alone.
 * Promises: the exposures of DOMAIN.md exactly, for any graph (cycles, self links, any order of links), without recursion
 * and without a limit on depth.
 */
export * from './types';
export { GraphBuilder, buildGraph, isCoarse } from './graph';
export { linksIn, linksOut, OutLinks } from './graph';
export { conclude, finish, finishAsync, walkFrom } from './trace';
export { traceForward, traceBackward, traceForwardAsync, traceBackwardAsync } from './trace';
export { why } from './why';
export { whyNot } from './why-not';
export * from './why-types';
export { barrierLinks } from './barriers';
export type { BarrierFacts } from './barriers';
export { hits, hitsEnd, normalize } from './intervals';
export { traceDigest, digestLine } from './digest';
export type { DigestRow } from './digest';
export { PlantDispersion, ReachWalk } from './dispersion';
export type { Dispersion, PlantUnits, ReachGraph } from './dispersion';
export { flattened } from './flatten';
export { mix, UNKNOWN_AMOUNT } from './amounts';
export type { Mixture, UnitAmount } from './amounts';
export { MixingBuilder } from './amounts-plant';
export type { MixingPlant, MixingUnit, MoveRole } from './amounts-plant';
export { exposedThrough } from './amounts-through';
export type { Stay } from './amounts-through';
export { widened } from './exposure-table';
export { WalkMemory } from './walk-memory';
