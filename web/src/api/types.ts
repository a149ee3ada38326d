/** The shapes that the API answers with, as its OpenAPI document has them. Times are ISO 8601 UTC, quantities decimal strings. */

import type { ShownInstruction } from './warehouse';

export type Kind = 'lot' | 'serial' | 'run';
export type UnitRef = { item: string; lot?: string; serial?: string; run?: string };
export type Quantity = { value: string; uom: string };
export type State = 'in-stock' | 'in-work' | 'shipped' | 'returned' | 'scrapped' | 'used' | 'unknown';
export type Certainty = 'certain' | 'possible';
export type Page<T> = { data: T[]; nextCursor: string | null; total?: number };

export type User = { username: string; displayName: string; role: string; permissions: string[]; active?: boolean };
export type Config = { timeZone: string; version: string; limits?: Record<string, number> };

export type Item = {
  item: string;
  name: string;
  tracking: string;
  uom: string;
  gtin?: string | null;
  category?: string | null;
};
export type Place = { place: string; name: string; kind: string; parent?: string | null; timeZone?: string | null };
export type Partner = {
  partner: string;
  name: string;
  kind: string;
  email?: string | null;
  phone?: string | null;
  address?: string | null;
  country?: string | null;
};
export type BomLine = {
  component: string;
  quantity: string;
  uom: string;
  position?: string | null;
  substitutes?: string[] | null;
};
export type Bom = { revision: string; lines: BomLine[]; effectiveFrom?: string | null; effectiveUntil?: string | null };

export type Holding = { state: State; place: string | null; customer: string | null; quantity: Quantity | null };
export type Hold = { id: string; reason: string; ref?: string | null; at: string };
export type Gap = { kind: string; message: string };

/** An own attribute of a unit as it holds now, with its definition where it has one. */
export type UnitAttribute = {
  name: string;
  label: string;
  type: string;
  value: string | number | boolean;
  uom: string | null;
  choices: string[] | null;
  event: string;
  at: string;
};

export type Unit = {
  id: string;
  unit: UnitRef;
  name: string | null;
  kind: Kind;
  made: string | null;
  origin: string;
  supplier?: string | null;
  supplierLot?: string | null;
  expires?: string | null;
  aliases: { alias: string; kind: string; partner?: string | null }[];
  attributes: UnitAttribute[];
  /** null: it is in several */
  state: State | null;
  place: string | null;
  customer: string | null;
  quantity: Quantity | null;
  holdings: Holding[];
  holds: Hold[];
  heldInside: { unit: string; reason: string } | null;
  gaps?: Gap[];
};

export type HistoryEntry = {
  event: string;
  clientId: string;
  type: string;
  role: string;
  at: string | null;
  until: string | null;
  coarse?: boolean;
  recordedAt: string;
  actor: string;
  source: string;
  place: string | null;
  partner: string | null;
  document: string | null;
  quantity: Quantity | null;
  other?: { id: string; unit: UnitRef }[];
  /** how many there are; `other` lists the first */
  othersTotal?: number;
  voided?: { by: string; reason: string } | null;
  body: unknown;
};

export type TreeRow = {
  id: string;
  unit: UnitRef;
  name: string | null;
  mode: 'consume' | 'install';
  certainty: Certainty;
  from: string | null;
  until: string | null;
  quantity: Quantity | null;
  position: string | null;
  event: string;
  document: string | null;
  hasMore: boolean;
};

export type ScanMatch = {
  type: 'unit' | 'item' | 'place' | 'partner' | 'document' | 'container';
  id?: string;
  key: string;
  label: string;
  unit?: UnitRef;
  via?: string;
};
export type ScanAnswer = {
  read: { as: 'gs1' | 'digital-link' | 'text'; parts?: Record<string, string>; error?: string };
  matches: ScanMatch[];
  tried: string[];
  near: ScanMatch[];
  /** how what matched is to be treated */
  instructions?: ShownInstruction[];
};

export type TraceStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type Seed = { id?: string; unit: UnitRef; from?: string | null; until?: string | null };
export type Barrier = { item: string } | { inspection: string };
export type Question = {
  direction: 'forward' | 'backward';
  seeds: Seed[];
  at?: string;
  certainty?: Certainty;
  barriers?: Barrier[];
  thresholdShare?: string | null;
  justification?: string | null;
  ledgerPosition?: number | null;
  source?: Source;
  priority?: Priority;
};
/** What answers: the index in a worker's memory, or the database; `auto` leaves the choice. */
export type Source = 'auto' | 'index' | 'sql';
export type Priority = 'recall' | 'normal' | 'report';
export type Facet = {
  key: string | null;
  name?: string | null;
  units: number;
  certain?: number;
  possible?: number;
  quantity?: Quantity | null;
  quantities?: Quantity[];
  /** units whose quantity is not known */
  unknown?: number;
};
export type Counts = {
  affected: number;
  certain: number;
  possible: number;
  excluded: Record<string, number>;
  gaps: Record<string, number>;
  byItem: Facet[];
  byKind?: Facet[];
  byCertainty?: Facet[];
  /** the month in which a unit was first made, "2026-03"; "unknown" where that is not recorded */
  byMonth?: Facet[];
  byState: Facet[];
  byPlace: Facet[];
  byCustomer: Facet[];
};
export type Progress = { stage: string | null; done: number; total: number | null };
export type Trace = {
  id: string;
  status: TraceStatus;
  progress: Progress | null;
  question: Question;
  createdAt: string;
  createdBy: string;
  ledgerPosition: number | null;
  took_ms: number | null;
  digest: string | null;
  complete: boolean | null;
  error: { code: string; message: string } | null;
  counts: Counts | null;
  /** what answered */
  source?: 'index' | 'sql' | null;
  /** expected amounts come after the counts where there are many; backward has none */
  amounts?: 'done' | 'pending' | 'none' | null;
  priority?: Priority;
  /** how many wait before it, while it waits */
  queue?: { ahead: number } | null;
  expiresAt?: string | null;
};

export type TraceUnit = {
  id: string;
  unit: UnitRef;
  name: string | null;
  depth: number | null;
  certainty: Certainty;
  exposure: [string | null, string | null][];
  quantity: Quantity | null;
  /** expected amount of suspect material, null where it is not known */
  amount?: Quantity | null;
  share?: string | null;
  made?: string | null;
  state: State | null;
  place: string | null;
  customer: string | null;
  holdings?: Holding[];
};
export type ExcludedUnit = TraceUnit & { reason: string };
export type Consignee = {
  customer: {
    partner: string | null;
    name: string | null;
    email?: string | null;
    phone?: string | null;
    address?: string | null;
    country?: string | null;
  };
  shipment: string | null;
  at: string | null;
  unit: UnitRef;
  id: string;
  quantity: Quantity | null;
  hit: boolean;
  certainty: Certainty | null;
  /** the unit that was shipped with this one in it */
  inside?: { id: string; unit: UnitRef } | null;
  event?: string;
};
export type TraceGap = {
  kind: string;
  unit: UnitRef | null;
  id: string | null;
  message: string;
  event?: string | null;
};
export type GraphNode = {
  id: string;
  label: string | null;
  name?: string | null;
  item: string;
  lot?: string | null;
  units: number;
  certain: number;
  possible: number;
  quantity: Quantity | null;
  level: number;
  seed: boolean;
};
export type GraphEdge = { from: string; to: string; links: number; quantity: Quantity | null };
export type Graph = { nodes: GraphNode[]; edges: GraphEdge[]; shown: { nodes: number; of: number } };
export type WhyLink = {
  input: { id: string; unit: UnitRef };
  output: { id: string; unit: UnitRef };
  mode: 'consume' | 'install';
  certainty: Certainty;
  from: string | null;
  until: string | null;
  quantity: Quantity | null;
  position: string | null;
  event: string;
  type: string;
  document: string | null;
  place: string | null;
  workOrder?: string | null;
};
export type ToldLink = { link: WhyLink; sentence: string };
export type Why = {
  unit: UnitRef;
  certainty: Certainty | null;
  chain: ToldLink[];
  sentences: string[];
  waysIn: number;
  /** of a possible unit: what record would settle it */
  missing?: { fact: string; sentence: string }[] | null;
  /** of an excluded unit: where the way to it ends, why, and how it would have gone on */
  excluded?: { reason: string; sentence: string; failedAt: WhyLink | null; onwards?: ToldLink[] } | null;
  /** a longer chain over fewer possible links, or to the time asked about */
  surest?: { chain: ToldLink[] } | null;
  /** of a possible unit that surely was affected at other times than the one asked about */
  surely?: { sentence: string } | null;
};

export type Change = 'added' | 'removed' | 'reclassified';
export type Standing = {
  affected: boolean;
  certainty: Certainty | null;
  reason: string | null;
  exposure: [string | null, string | null][] | null;
};
export type ComparedUnit = {
  id: string;
  unit: UnitRef;
  name: string | null;
  change: Change;
  before: Standing | null;
  after: Standing | null;
  reason: string;
  sentence: string;
};
export type Comparison = Page<ComparedUnit> & {
  counts: { added: number; removed: number; reclassified: number; same: number };
  /** the parts of the question that are not the same */
  questionsDiffer: string[];
  positions: [number, number];
};

/** What a recall of each lot would touch today: one run over the whole plant. */
export type BlastRun = {
  /** null, with the status `none`, where none was ever asked for */
  id: string | null;
  status: TraceStatus | 'none';
  progress: Progress | null;
  ledgerPosition: number | null;
  /** when it was finished */
  at: string | null;
  lots: number | null;
  /** finished units in the widest recall, and in the mean and median one */
  worst: number | null;
  mean: number | null;
  median: number | null;
  error: { code: string; message: string } | null;
};
/** The last finished run, and the one that is under way. */
export type Blast = BlastRun & { open: BlastRun | null };
export type BlastLot = {
  id: string;
  unit: UnitRef;
  name: string | null;
  units: number;
  finished: number;
  customers: number;
  downward: number;
  upward: number;
  state: State | null;
  states: State[];
};

/** Where all of a lot went; what it comes to is said in its own unit of measure. */
export type Balance = {
  unit: UnitRef;
  uom: string;
  ledgerPosition: number;
  in: Record<string, string | null>;
  usedIn: { id: string; unit: UnitRef; name: string | null; mode: 'consume' | 'install'; quantity: string | null }[];
  /** outputs beyond those that are listed */
  usedInMore: { units: number; quantity: string | null } | null;
  usedTotal: string | null;
  inStock: { place: string | null; quantity: string | null }[];
  shipped: { customer: string | null; quantity: string | null }[];
  scrapped: string | null;
  adjusted: string | null;
  unexplained: string | null;
  balanced: boolean;
  /** sentences: what is not known */
  unknown: string[];
};

export type WorkerHealth = {
  worker: string;
  startedAt: string;
  seenAt: string;
  alive: boolean;
  /** what its parts say of themselves: process, jobs, index … */
  metrics: Record<string, Record<string, unknown>>;
};

export type ImportStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
export type ImportJob = {
  id: string;
  status: ImportStatus;
  name: string;
  progress: { done: number; total: number | null; file?: string | null; stage?: string | null } | null;
  dryRun?: boolean;
  mappings?: string[];
  mends?: string | null;
  /** on its own page alone */
  upload?: string | null;
  mendedBy?: { id: string; status: ImportStatus; name: string }[];
  /** records; a refused record can have several rows, which `refusedRows` counts */
  counts: { accepted: number; duplicates: number; refused: number; refusedRows?: number };
  notices: (string | { message: string })[];
  error: { code: string; message: string } | string | null;
  createdAt?: string;
  createdBy?: string;
};
export type RefusedRow = { file: string; row: number; column: string | null; code: string; message: string };

export type ApiKey = { id: number; name: string; role: string; createdAt: string; createdBy: string };
export type AuditEntry = {
  id: string | number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
  requestId?: string | null;
};

/** The recall impact report as data: the same that its PDF, workbook and CSV are made from. */
export type Contact = {
  partner: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
};
export type Listed<R> = { of: number; listed: R[] };
export type Tally = { units: number; certain: number; possible: number; quantities: Quantity[]; unknown: number };
export type Making = {
  event: string;
  type: string;
  at: string;
  coarse: boolean;
  /** the day that was written, where only that is known */
  day: string | null;
  place: string | null;
  quantity: Quantity | null;
  supplier: Contact | null;
  supplierLot: string | null;
  document: string | null;
  recordedAt: string;
  recordedBy: string;
};
export type Suspect = {
  id: string;
  unit: UnitRef;
  name: string | null;
  origin: string;
  from: string | null;
  until: string | null;
  makings: Making[];
};
export type ReportShipment = Tally & {
  shipment: string | null;
  from: string | null;
  until: string | null;
  fromDay: string | null;
  untilDay: string | null;
  hit: number;
};
export type CustomerImpact = Tally & {
  customer: Contact;
  delivered: Tally & { hit: number };
  shipments: Listed<ReportShipment>;
};
export type Report = {
  title: string;
  subject: string;
  complete: boolean;
  verdict: string;
  verdictMeaning: string;
  summary: string[];
  asked: string[];
  trace: { id: string; askedBy: string; askedAt: string; ledgerPosition: number; digest: string };
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
  items: (Tally & { item: string; name: string | null; states: (Tally & { state: string })[] })[];
  states: (Tally & { state: string })[];
  places: (Tally & { place: string | null })[];
  customers: Listed<CustomerImpact>;
  /** `ended`: it was affected, and does not hold the suspect any more */
  units: Listed<TraceUnit & { ended: boolean }>;
  excluded: Listed<ExcludedUnit> & { reasons: { reason: string; meaning: string; units: number }[] };
  gaps: Listed<TraceGap> & { kinds: { kind: string; meaning: string; gaps: number }[] };
};
