/**
 * The whole answer to a question at a ledger position, column by column: place r of every column is one unit. Units stand in
 * the order in which they are kept and listed: the affected first, then the excluded, each part by item code, kind and code
 * (byte order). 400,000 units are a few typed arrays, and no object each.
 */
import type { Holding, HoldingState, NamedItem } from '@/ledger';
import type { GraphKind, SummaryGraph } from '../domain/summary-graph';
import { Interval, QUANTITY_UNKNOWN, UnitAmount } from '../engine';

export { QUANTITY_UNKNOWN };

/** `kind` columns hold places in this list. */
export const UNIT_KINDS = ['serial', 'lot', 'run'] as const;

/** `state` columns hold places in this list. Stored in packed results: only ever added to, at the end. */
export const STATES: readonly HoldingState[] = [
  'unknown',
  'in-stock',
  'in-work',
  'shipped',
  'returned',
  'scrapped',
  'used',
];

export interface TraceAnswer {
  length: number;
  /** rows 0 … affectedCount − 1 are affected */
  affectedCount: number;
  certainCount: number;
  unitId: Int32Array;
  itemId: Int32Array;
  /** place in UNIT_KINDS */
  kind: Uint8Array;
  code: string[];
  /** 0 affected, else 1 + the place of the reason in the engine's REASONS */
  verdict: Uint8Array;
  /** −1 where nothing exposes the unit */
  depth: Int32Array;
  certain: Uint8Array;
  /** the exposure, ms UTC, ±Infinity where open; from ≥ until where there is none */
  from: Float64Array;
  until: Float64Array;
  /** whole exposures of the rows that have more than one interval; from and until are their hull */
  exposures: Map<number, Interval[]>;
  /** when the unit was first made, ms UTC; NaN where that is not recorded */
  madeMs: Float64Array;
  /** the one holding of the unit: place in STATES, place id, customer id (0: none), nanos or QUANTITY_UNKNOWN */
  state: Uint8Array;
  placeId: Int32Array;
  customerId: Int32Array;
  quantity: BigInt64Array;
  /** rows whose whereabouts the four columns cannot say: several holdings, or a quantity beyond 64 bits */
  holdings: Map<number, Holding[]>;
  items: Map<number, NamedItem>;
  deliveries: Deliveries;
  gaps: AnswerGap[];
  digest: string;
}

/** Shipments of affected units: by themselves, or inside the unit that was shipped. In no order. */
export interface Deliveries {
  length: number;
  /** row of the answer */
  row: Int32Array;
  /** the unit that was shipped, where the row's unit was inside it; 0: itself */
  parentUnitId: Int32Array;
  /** 0: not recorded */
  customerId: Int32Array;
  /** place in `documents`, −1: none */
  document: Int32Array;
  documents: string[];
  fromMs: Float64Array;
  eventId: Float64Array;
  /** nanos or QUANTITY_UNKNOWN */
  quantity: BigInt64Array;
  /** 1 when the unit was affected when it left */
  hit: Uint8Array;
}

export interface AnswerGap {
  kind: string;
  message: string;
  /** row of the answer */
  row: number;
  event?: number | undefined;
}

/** The links that carry exposure from one affected unit to another, each recorded link once; rows are the answer's. */
export interface CarriedLinks {
  /**
   * `quantity`: nanos of the input's base unit that went over the link, or QUANTITY_UNKNOWN. `repeated`: where one recorded
   * row of inputs went into several outputs together, its name: its quantity counts once.
   */
  visit(link: (input: number, output: number, quantity: bigint, repeated: string | undefined) => void): void;
}

export interface Computed {
  answer: TraceAnswer;
  graphs: Record<GraphKind, SummaryGraph>;
  /** by unit id, where they were asked for */
  amounts?: ReadonlyMap<number, UnitAmount> | undefined;
}

/** Where a unit is, and how much of it, in as many parts as there are. */
export function holdingsOf(
  answer: Pick<TraceAnswer, 'state' | 'placeId' | 'customerId' | 'quantity'> & {
    holdings: ReadonlyMap<number, readonly Holding[]>;
  },
  row: number,
): readonly Holding[] {
  const several = answer.holdings.get(row);
  if (several) return several;
  const quantity = answer.quantity[row]!;
  return [
    {
      state: STATES[answer.state[row]!]!,
      placeId: answer.placeId[row]! || null,
      customerId: answer.customerId[row]! || null,
      containerId: null,
      quantity: quantity === QUANTITY_UNKNOWN ? null : quantity,
    },
  ];
}

/** The whole exposure of a row's unit. */
export function exposureAt(answer: TraceAnswer, row: number): readonly Interval[] {
  const several = answer.exposures.get(row);
  if (several) return several;
  const [from, until] = [answer.from[row]!, answer.until[row]!];
  return from < until ? [[from, until]] : [];
}
