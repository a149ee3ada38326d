/**
 * What the recall impact report says, as plain data: the console, the PDF, the workbook, the CSV and the terminal are all made
 * from it, so that no two of them can differ. Times are ISO 8601 UTC with milliseconds, null is an open end; quantities are
 * exact decimal strings. Lists that can grow with the plant carry how many there are (`of`) beside the ones that are listed.
 */

export type UnitRef = { item: string; lot: string } | { item: string; serial: string } | { item: string; run: string };
export type Certainty = 'certain' | 'possible';

export interface Quantity {
  value: string;
  uom: string;
}

/** A supplier or customer, with everything one needs to reach them. */
export interface Contact {
  partner: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
}

/** A list of which the first `listed.length` are shown. */
export interface Listed<T> {
  of: number;
  listed: T[];
}

/** One event by which a suspect came to be: a receipt, a production, a count at the start. */
export interface Making {
  /** the client's own key of the event */
  event: string;
  type: string;
  at: string;
  /** `at` is not exact: a day, or a shift */
  coarse: boolean;
  /** where only the day is known: that day as it was written, in the zone of its place */
  day: string | null;
  place: string | null;
  quantity: Quantity | null;
  supplier: Contact | null;
  supplierLot: string | null;
  document: string | null;
  recordedAt: string;
  recordedBy: string;
}

/** One receipt of a unit that went into the one asked about. */
export interface ReceiptRow {
  id: string;
  unit: UnitRef;
  name: string | null;
  certainty: Certainty;
  making: Making;
}

/** What the question starts from, and where it came from. */
export interface Suspect {
  id: string;
  unit: UnitRef;
  name: string | null;
  origin: 'received' | 'created' | 'produced' | 'split' | 'merged' | 'topped-up' | 'mentioned';
  /** the part of its life that is under suspicion; null is an open end */
  from: string | null;
  until: string | null;
  makings: Making[];
}

export interface Question {
  direction: 'forward' | 'backward';
  /** "ever", "shipment" or a time */
  at: string;
  certainty: Certainty;
  barriers: ({ item: string } | { inspection: string })[];
  thresholdShare: string | null;
  justification: string | null;
  /** null: the newest when it was asked */
  ledgerPosition: number | null;
}

/** Units counted once each; `quantities` one a unit of measure; `unknown` units have no known quantity. */
export interface Tally {
  units: number;
  certain: number;
  possible: number;
  quantities: Quantity[];
  unknown: number;
}

export interface ItemTally extends Tally {
  item: string;
  name: string | null;
  /** the units of the item in each state; a lot that is in two states counts in both */
  states: (Tally & { state: string })[];
}

export interface Shipment extends Tally {
  shipment: string | null;
  /** first and last time that it left; equal where it left once */
  from: string | null;
  until: string | null;
  /** the days that were written, where only they are known */
  fromDay: string | null;
  untilDay: string | null;
  /** units of it that were affected when they left ("at shipment"), of `units` */
  hit: number;
  /** units of it that left inside others, of `units` */
  inside: number;
}

/** The tally is of what is with the customer now, inside other units too; `delivered` of what was ever shipped to them. */
export interface CustomerImpact extends Tally {
  customer: Contact;
  delivered: Tally & { hit: number; inside: number };
  shipments: Listed<Shipment>;
}

export interface Holding {
  state: string;
  place: string | null;
  customer: string | null;
  quantity: Quantity | null;
}

export interface UnitRow {
  id: string;
  unit: UnitRef;
  name: string | null;
  depth: number | null;
  certainty: Certainty;
  exposure: [string | null, string | null][];
  amount: Quantity | null;
  share: string | null;
  quantity: Quantity | null;
  state: string | null;
  place: string | null;
  customer: string | null;
  holdings: Holding[];
}

/** A row of the list in the report itself. */
export interface ListedUnit extends UnitRow {
  /** the suspect part left it: it was affected, and does not hold it any more */
  ended: boolean;
}

export interface ExcludedRow extends UnitRow {
  reason: string;
}

export interface ConsigneeRow {
  id: string;
  unit: UnitRef;
  name: string | null;
  customer: Contact;
  shipment: string | null;
  at: string | null;
  /** where only the day is known: that day as it was written */
  day: string | null;
  quantity: Quantity | null;
  hit: boolean;
  certainty: Certainty;
  /** the unit that was shipped, where this one was inside it */
  inside: { id: string; unit: UnitRef } | null;
}

export interface GapRow {
  kind: string;
  message: string;
  id: string | null;
  unit: UnitRef | null;
  event: string | null;
}

export interface ReportModel {
  title: string;
  /** the suspects in a few words, for a heading */
  subject: string;
  /** false: something that touches this question is not known, and the list may be too short or too long */
  complete: boolean;
  /** "COMPLETE" or "INCOMPLETE: n gaps", with what that means */
  verdict: string;
  verdictMeaning: string;
  /** what a manager reads in a minute */
  summary: string[];
  question: Question;
  /** the question as sentences */
  asked: string[];
  trace: {
    id: string;
    askedBy: string;
    askedAt: string;
    ledgerPosition: number;
    digest: string;
  };
  /** the zone in which the printed report shows its times */
  timeZone: string;
  suspects: Suspect[];
  totals: {
    affected: number;
    certain: number;
    possible: number;
    excluded: number;
    gaps: number;
    customers: number;
    shipments: number;
  };
  items: ItemTally[];
  states: (Tally & { state: string })[];
  places: (Tally & { place: string | null })[];
  customers: Listed<CustomerImpact>;
  /** backward: what came from outside, with its supplier; forward it is empty, the suspects say it */
  receipts: Listed<ReceiptRow>;
  units: Listed<ListedUnit>;
  /** what held the suspect and does not any more, of the units that are shipped and of those in the house */
  ended: { shipped: number; inHouse: number };
  excluded: Listed<ExcludedRow> & { reasons: { reason: string; meaning: string; units: number }[] };
  gaps: Listed<GapRow> & { kinds: { kind: string; meaning: string; gaps: number }[] };
}

/** How many rows of each kind stand in the report itself; the workbook and the CSV hold all of them. */
export interface ReportLimits {
  unitsMax: number;
  customersMax: number;
  shipmentsPerCustomerMax: number;
  receiptsMax: number;
  excludedMax: number;
  gapsMax: number;
}

export const REPORT_LIMITS: ReportLimits = {
  unitsMax: 500,
  customersMax: 500,
  shipmentsPerCustomerMax: 25,
  receiptsMax: 500,
  excludedMax: 200,
  gapsMax: 200,
};

/** What the report is made from: one finished trace, read at its own ledger position. Each stream can be asked for again. */
export interface TraceReading {
  head: TraceHead;
  suspects(): Promise<Suspect[]>;
  units(): AsyncIterable<UnitRow>;
  excluded(): AsyncIterable<ExcludedRow>;
  consignees(): AsyncIterable<ConsigneeRow>;
  /** none for a forward question */
  receipts(): AsyncIterable<ReceiptRow>;
  gaps(): AsyncIterable<GapRow>;
}

export interface TraceHead {
  id: string;
  askedBy: string;
  askedAt: string;
  ledgerPosition: number;
  digest: string;
  complete: boolean;
  question: Question;
  counts: {
    affected: number;
    certain: number;
    possible: number;
    excluded: Record<string, number>;
    gaps: Record<string, number>;
  };
}

/** Forward: every time at which it was affected had an end by then. What was asked about itself ends with its window, not so. */
export function exposureEnded(row: UnitRow, question: Question, askedAt: string): boolean {
  if (question.direction === 'backward' || row.depth === 0 || row.exposure.length === 0) return false;
  return row.exposure.every(([, until]) => until !== null && until <= askedAt);
}

export function unitKind(unit: UnitRef): 'lot' | 'serial' | 'run' {
  return 'lot' in unit ? 'lot' : 'serial' in unit ? 'serial' : 'run';
}

export function unitCode(unit: UnitRef): string {
  return 'lot' in unit ? unit.lot : 'serial' in unit ? unit.serial : unit.run;
}

/** "BAT-48 serial B0001" */
export function unitText(unit: UnitRef): string {
  return `${unit.item} ${unitKind(unit)} ${unitCode(unit)}`;
}

/** "Épicerie Lafarge (SHOP-1)"; a delivery without a customer on record says so. */
export function customerName({ partner, name }: Contact): string {
  if (partner === NOBODY) return 'Customer not on record';
  return name ? `${name} (${partner})` : partner;
}

/** The key of deliveries whose customer is not on record. */
export const NOBODY = '';

/** A time, or the day alone where only that is known. */
export function whenOf<T extends string | null>({ at, day }: { at: T; day: string | null }): T | string {
  return day ?? at;
}
