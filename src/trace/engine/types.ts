/** The words of the engine: dense unit numbers (0 … unitCount−1), link numbers, milliseconds UTC, ±Infinity for open ends. */

/** Half-open [from, until) in ms UTC; from may be −Infinity, until may be Infinity. */
export type Interval = readonly [from: number, until: number];

/** A quantity (nanos of the base unit) that is not known, in columns of 64-bit integers. */
export const QUANTITY_UNKNOWN = -(2n ** 63n);

export const CONSUME = 0;
export const INSTALL = 1;

/** Links as parallel columns; a link's number is its place in them and stays its name in every answer. */
export interface LinkColumns {
  input: Int32Array;
  output: Int32Array;
  /** CONSUME or INSTALL */
  mode: Uint8Array;
  /** 1 certain, 0 possible */
  certain: Uint8Array;
  /** the widest reading: [from, until), never empty */
  from: Float64Array;
  until: Float64Array;
  /** the narrowest reading; equal to the widest where times are exact. A consume link is coarse when sureFrom > from. */
  sureFrom: Float64Array;
  sureUntil: Float64Array;
  /** the fact that a link stands for: the certain and the possible part of one recorded link share it */
  source: Float64Array | Uint32Array;
  /** the event that made the link, where the graph's reader wants to know */
  event?: Float64Array | Uint32Array;
  /** nanos of the input's base unit; the smallest 64-bit integer where unknown */
  quantity?: BigInt64Array;
}

/** One link to add to a graph. `source` defaults to the link's own number. */
export interface EngineLink {
  input: number;
  output: number;
  mode: typeof CONSUME | typeof INSTALL;
  certain: boolean;
  from: number;
  until: number;
  sureFrom?: number;
  sureUntil?: number;
  source?: number;
  event?: number;
  /** nanos */
  quantity?: bigint;
}

/** An immutable genealogy: link columns, and their numbers by input and by output (compressed sparse rows). */
export interface GenealogyGraph extends LinkColumns {
  unitCount: number;
  linkCount: number;
  /** the links out of unit u are outLink[outOffset[u] … outOffset[u + 1] − 1]; without outLink, those numbers themselves */
  outOffset: Int32Array;
  outLink: Int32Array | null;
  inOffset: Int32Array;
  inLink: Int32Array | null;
  /** what has changed since the rows were built */
  patch?: GraphPatch | null;
  /** true when a link is only possible, or its times are coarse: without them whole passes are saved */
  hasPossible: boolean;
  hasCoarse: boolean;
}

/** Units whose links are no longer those of the rows; units that the rows do not know are among them. */
export interface GraphPatch {
  /** 1 where `out` (or `in`) answers instead of the rows */
  changedOut: Uint8Array;
  changedIn: Uint8Array;
  /** all links out of the unit */
  out(unit: number): Int32Array;
  /** all links into it */
  in(unit: number): Int32Array;
}

export interface Seed {
  unit: number;
  /** the union of them counts; all time is [[−Infinity, Infinity]] */
  windows: readonly Interval[];
}

/** When a unit has to be exposed to count. */
export type At = { kind: 'ever' } | { kind: 'shipment' } | { kind: 'period'; from: number; until: number };

export interface Question {
  seeds: readonly Seed[];
  /** forward only; default ever */
  at?: At;
  /** default possible: both, told apart */
  certainty?: 'possible' | 'certain';
  /** forward only: one byte a link, 1 where a barrier drops it (see barrierLinks) */
  dropped?: Uint8Array;
  /** needed for at: shipment */
  facts?: UnitFacts;
}

/** What `at: shipment` needs to know of each unit: its unvoided shipments, and whether some of it is in house. */
export interface UnitFacts {
  /** the facts are those of rows of the walk's field, instead of units */
  byRow?: boolean;
  /** the shipments of unit u are at places shipmentOffset[u] … shipmentOffset[u + 1] − 1 */
  shipmentOffset: Int32Array;
  shipmentFrom: Float64Array;
  shipmentUntil: Float64Array;
  /** 1 where some of the unit is in house; a unit that was never shipped counts as if it were */
  inHouse: Uint8Array;
}

export const REASONS = ['before-exposure', 'removed', 'barrier', 'only-possible', 'below-threshold'] as const;
export type Reason = (typeof REASONS)[number];

/** A trace's verdict on a row: affected, or the place of its reason in REASONS plus 1. */
export const AFFECTED = 0;

/** Every unit that plain reachability reaches, as rows in the order in which they were found, with the verdict on each. */
export interface TraceRows {
  length: number;
  unit: Int32Array;
  /** AFFECTED, or 1 + the place of the reason in REASONS */
  verdict: Uint8Array;
  /** SETTLED 30: the smallest k such that chains of at most k links expose the unit; −1 where nothing does */
  depth: Int32Array;
  /** 1 when the question's test holds over certain links alone */
  certain: Uint8Array;
  /** 1 when the unit is affected only because times known by their day were read wide */
  coarse: Uint8Array;
  /** the whole exposure (over certain links when the question asks for certain), maximal intervals in order */
  exposure(row: number): Interval[];
  /** its first millisecond, its exclusive end (from ≥ until: none), and whether it has more than one interval */
  bounds(row: number): [from: number, until: number, several: boolean];
  /** the row of a unit, or −1 when the trace does not reach it */
  rowOf(unit: number): number;
  affectedCount: number;
  certainCount: number;
}

export interface WalkProgress {
  stage: 'reach' | 'exposure' | 'certainty' | 'coarse-times';
  /** links looked at in this stage so far */
  done: number;
}

export interface WalkOptions {
  /** called between chunks of about 100,000 links */
  onProgress?: (progress: WalkProgress) => void;
  /** checked between chunks; throws its reason */
  signal?: AbortSignal;
}
