/** A trace's question, as it was asked (for people) and as it was understood (ids, milliseconds). Pure. */
import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { At, Interval, normalize } from '../engine';

export type Direction = 'forward' | 'backward';
export type Certainty = 'certain' | 'possible';
/** What is to answer: the index where it can, the index alone, or the database. */
export type Source = 'auto' | 'index' | 'sql';
export type UnitKind = 'serial' | 'lot' | 'run';
export type UnitRef = { item: string; lot: string } | { item: string; serial: string } | { item: string; run: string };
export type Barrier = { item: string } | { inspection: string };

/** What was asked, as the summary shows it. Times as they were typed. */
export interface AskedQuestion {
  direction: Direction;
  seeds: { id: string; unit: UnitRef; from: string | null; until: string | null }[];
  /** "ever", "shipment", a time or a date */
  at: string;
  certainty: Certainty;
  barriers: Barrier[];
  /** units with less of the suspect than this share are left out */
  thresholdShare: string | null;
  justification: string | null;
  source: Source;
  /** null: the newest position when it was asked */
  ledgerPosition: number | null;
}

export interface ResolvedSeed {
  unitId: number;
  item: string;
  kind: UnitKind;
  code: string;
  /** ms UTC, null = open end */
  windows: [number | null, number | null][];
}

/** What was understood. */
export interface ResolvedQuestion {
  direction: Direction;
  seeds: ResolvedSeed[];
  at: At;
  certainty: Certainty;
  barrierItems: { itemId: number; item: string }[];
  barrierInspections: string[];
  /** a decimal above 0 and up to 1 */
  thresholdShare?: string;
}

export interface StoredQuestion {
  asked: AskedQuestion;
  resolved: ResolvedQuestion;
}

export function windowsOf(seed: ResolvedSeed): Interval[] {
  return normalize(seed.windows.map(([from, until]) => [from ?? -Infinity, until ?? Infinity] as const));
}

/** The question in natural keys and plain times, in an order that does not hang on how it was typed: what the digest covers. */
export function canonicalQuestion(q: ResolvedQuestion): unknown {
  const seeds = q.seeds
    .map((s) => ({
      item: s.item,
      kind: s.kind,
      code: s.code,
      windows: windowsOf(s).map(([from, until]) => [formatTime(from), formatTime(until)]),
    }))
    .sort((a, b) => order(a.item, b.item) || order(a.kind, b.kind) || order(a.code, b.code));
  return {
    direction: q.direction,
    seeds,
    at: q.at.kind === 'period' ? { from: formatTime(q.at.from), until: formatTime(q.at.until) } : q.at.kind,
    certainty: q.certainty,
    barriers: [
      ...q.barrierItems.map(({ item }) => ({ item })).sort((a, b) => order(a.item, b.item)),
      ...[...q.barrierInspections].sort(order).map((inspection) => ({ inspection })),
    ],
    ...(q.thresholdShare === undefined ? {} : { thresholdShare: formatDecimal(parseDecimal(q.thresholdShare)) }),
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function unitRefOf(item: string, kind: UnitKind, code: string): UnitRef {
  return { item, [kind]: code } as unknown as UnitRef;
}

/** "lot RM-100 L-1": how sentences name a unit. */
export function unitText(item: string, kind: UnitKind, code: string): string {
  return `${kind} ${item} ${code}`;
}
