/** What a story asks and the right answer to it, worked out by hand in the STORY.md beside it. */
export type UnitKind = 'serial' | 'lot' | 'run';
export type Certainty = 'certain' | 'possible';
export type Reason = 'before-exposure' | 'removed' | 'barrier' | 'only-possible' | 'below-threshold';

export interface NamedUnit {
  item: string;
  kind: UnitKind;
  code: string;
}

export interface ExpectedUnit extends NamedUnit {
  certainty: Certainty;
  /** maximal intervals, ISO 8601 UTC; null = open. Absent where the story does not work it out (backward). */
  exposure?: [string | null, string | null][];
  depth?: number;
}

export interface ExpectedConsignee extends NamedUnit {
  customer: string;
  shipment: string;
  at: string;
  /** was it in there when this shipment left? */
  hit: boolean;
  certainty: Certainty;
  quantity: { value: string; uom: string };
  /** the code of the shipped parent that it left in; absent where it left under its own code */
  inside?: string;
}

export interface StoryQuestion {
  name: string;
  ask: {
    direction: 'forward' | 'backward';
    seeds: { unit: { item: string } & Record<string, string>; from?: string; until?: string }[];
    at?: string;
    certainty?: Certainty;
  };
  /** every affected unit but runs */
  affected: ExpectedUnit[];
  excluded: (NamedUnit & { reason: Reason })[];
  /** every shipment of an affected unit, under its own code or inside another; absent where the story does not say */
  consignees?: ExpectedConsignee[];
  /** where some of the affected units are: code → each part's state, place or customer, and quantity */
  holdings?: Record<string, string[]>;
}

export interface Story {
  title: string;
  /** the text with the reasoning, beside the compiled story's source */
  text: string;
  questions: StoryQuestion[];
}

/** `affected` in short: kind, item, code, certainty, depth, exposure from, exposure until. */
export function affected(
  kind: UnitKind,
  item: string,
  code: string,
  certainty: Certainty,
  depth: number,
  from: string | null,
  until: string | null = null,
): ExpectedUnit {
  return { item, kind, code, certainty, depth, exposure: [[utc(from), utc(until)]] };
}

export function excluded(kind: UnitKind, item: string, code: string, reason: Reason): NamedUnit & { reason: Reason } {
  return { item, kind, code, reason };
}

/** The plant's wall clock with its offset, as answers give it: UTC with milliseconds. */
export function utc(time: string): string;
export function utc(time: string | null): string | null;
export function utc(time: string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
