/** What the API answers about traces: shapes, and the readers that turn stored rows into them. */
import { DomainError, formatDecimal, formatTime } from '@/kernel';
import { Holding, itemsAt, NamedItem, NamedPlace, PartnerContact, partnersAt, placesAt } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { QUANTITY_UNKNOWN, STATES, UNIT_KINDS } from '../app/answer';
import { quantityNow } from '../app/quantity-now';
import type { TraceCounts } from '../app/summarize';
import { TRACE_PRIORITIES, TracePriority, tracesAhead } from '../app/trace-queue';
import type { AskedQuestion, Certainty, StoredQuestion, UnitKind, UnitRef } from '../domain/question';
import { unitRefOf } from '../domain/question';
import type { Quantity } from '../domain/tally';
import { REASONS } from '../engine';
import { exposureOf, UnitColumns } from '../results/segments';
import type { Texts } from '../results/columns';

export type TraceStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface TraceSummary {
  id: string;
  status: TraceStatus;
  priority: TracePriority;
  /** while it waits: how many traces have their turn before it */
  queue: { ahead: number } | null;
  progress: { stage: string | null; done: number; total: number | null };
  question: AskedQuestion;
  createdAt: string;
  createdBy: string;
  ledgerPosition: number;
  took_ms: number | null;
  digest: string | null;
  complete: boolean | null;
  /** what answered: the answer is the same */
  source: 'index' | 'sql' | null;
  /** pending: amounts and shares of a wide answer come a little later than the rest; none: the question has none */
  amounts: 'none' | 'pending' | 'done';
  error: { code: string; message: string } | null;
  counts: TraceCounts | null;
  /** when its lists are removed, or were; null: never */
  expiresAt: string | null;
}

export interface HoldingView {
  state: string;
  place: string | null;
  customer: string | null;
  quantity: Quantity | null;
}

export interface TraceUnitView {
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
  holdings: HoldingView[];
  /** when it was first made, where that is recorded */
  made: string | null;
}

export interface ExcludedUnitView extends TraceUnitView {
  reason: string;
}

export interface ContactView {
  partner: string;
  name: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  country: string | null;
}

export interface ConsigneeView {
  id: string;
  unit: UnitRef;
  name: string | null;
  customer: ContactView;
  shipment: string | null;
  at: string | null;
  quantity: Quantity | null;
  hit: boolean;
  certainty: Certainty;
  /** the unit that was shipped, where this one was inside it */
  inside: { id: string; unit: UnitRef } | null;
  event: string;
}

export interface GapView {
  kind: string;
  message: string;
  id: string | null;
  unit: UnitRef | null;
  event: string | null;
}

export interface TraceHeadRow {
  trace_no: number;
  trace_id: string;
  status: TraceStatus;
  priority: number;
  question: StoredQuestion;
  position: number;
  created_at: Date;
  created_by: string;
  finished_at: Date | null;
  stage: string | null;
  done: number;
  total: number | null;
  error_code: string | null;
  error_message: string | null;
  counts: TraceCounts | null;
  complete: boolean | null;
  digest: string | null;
  answered_by: 'index' | 'sql' | null;
  amounts: 'none' | 'pending' | 'done';
  pinned_at: Date | null;
  expired_at: Date | null;
}

const HEAD = `trace_no, trace_id, status, priority, question, position, created_at, created_by, finished_at, stage, done, total,
  error_code, error_message, counts, complete, digest, answered_by, amounts, pinned_at, expired_at`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function traceHead(q: Queryable, id: string): Promise<TraceHeadRow> {
  const rows = UUID.test(id) ? await q.query<TraceHeadRow>(`SELECT ${HEAD} FROM trace WHERE trace_id = $1`, [id]) : [];
  if (!rows[0]) throw new DomainError('NOT_FOUND', { what: 'trace', key: id });
  return rows[0];
}

/** The head of a trace whose result is there. */
export async function doneTrace(q: Queryable, id: string): Promise<TraceHeadRow> {
  const head = await traceHead(q, id);
  if (head.status !== 'done') throw new DomainError('TRACE_NOT_DONE', { status: head.status });
  if (head.expired_at) throw expired(head);
  return head;
}

export function expired(head: Pick<TraceHeadRow, 'expired_at'>): DomainError {
  return new DomainError('TRACE_EXPIRED', { removedAt: (head.expired_at ?? new Date()).toISOString() });
}

export async function traceHeads(q: Queryable, before: number | null, limit: number): Promise<TraceHeadRow[]> {
  return q.query<TraceHeadRow>(
    `SELECT ${HEAD} FROM trace WHERE $1::int IS NULL OR trace_no < $1 ORDER BY trace_no DESC LIMIT $2`,
    [before, limit],
  );
}

/** The summaries of traces, with their places in the queue where they wait. */
export async function summariesOf(
  q: Queryable,
  rows: readonly TraceHeadRow[],
  keepDays: number,
): Promise<TraceSummary[]> {
  const ahead = await tracesAhead(
    q,
    rows.filter((r) => r.status === 'queued').map((r) => r.trace_no),
  );
  return rows.map((r) => summaryOf(r, keepDays, ahead.get(r.trace_no)));
}

const DAY_MS = 86_400_000;

/** `keepDays`: how long lists are kept; 0 for ever. `ahead`: traces that come before one that waits. */
export function summaryOf(r: TraceHeadRow, keepDays: number, ahead?: number): TraceSummary {
  return {
    id: r.trace_id,
    status: r.status,
    priority: TRACE_PRIORITIES[r.priority]!,
    queue: ahead === undefined ? null : { ahead },
    progress: { stage: r.stage, done: r.done, total: r.total },
    question: r.question.asked,
    createdAt: r.created_at.toISOString(),
    createdBy: r.created_by,
    ledgerPosition: r.position,
    took_ms: r.finished_at ? r.finished_at.getTime() - r.created_at.getTime() : null,
    digest: r.digest,
    complete: r.complete,
    source: r.answered_by,
    amounts: r.amounts,
    error: r.error_code === null ? null : { code: r.error_code, message: r.error_message ?? '' },
    counts: r.counts,
    expiresAt: expiryOf(r, keepDays)?.toISOString() ?? null,
  };
}

function expiryOf(r: TraceHeadRow, keepDays: number): Date | null {
  if (r.expired_at) return r.expired_at;
  if (r.status !== 'done' || r.pinned_at || keepDays === 0) return null;
  return new Date(r.finished_at!.getTime() + keepDays * DAY_MS);
}

/** The names that a page of rows needs, as they were at the trace's position. */
export class Names {
  private constructor(
    readonly items: Map<number, NamedItem>,
    readonly places: Map<number, NamedPlace>,
    readonly partners: Map<number, PartnerContact>,
  ) {}

  static async read(
    q: Queryable,
    position: number,
    ids: { items: Iterable<number>; places?: Iterable<number>; partners?: Iterable<number> },
  ): Promise<Names> {
    const list = (of: Iterable<number> | undefined) => [...new Set(of ?? [])];
    const [items, places, partners] = [list(ids.items), list(ids.places), list(ids.partners)];
    return new Names(
      items.length > 0 ? await itemsAt(q, position, items) : new Map<number, NamedItem>(),
      places.length > 0 ? await placesAt(q, position, places) : new Map<number, NamedPlace>(),
      partners.length > 0 ? await partnersAt(q, position, partners) : new Map<number, PartnerContact>(),
    );
  }

  place(id: number | null): string | null {
    return id === null ? null : (this.places.get(id)?.code ?? null);
  }

  partner(id: number | null): string | null {
    return id === null ? null : (this.partners.get(id)?.code ?? null);
  }

  /** An unknown customer keeps its row: a delivery is never hidden because nobody wrote down to whom. */
  contact(id: number | null): ContactView {
    const p = id === null ? undefined : this.partners.get(id);
    if (!p) return { partner: '', name: null, email: null, phone: null, address: null, country: null };
    const { code, name, email, phone, address, country } = p;
    return { partner: code, name, email, phone, address, country };
  }

  ref(itemId: number, kind: UnitKind, code: string): UnitRef {
    return unitRefOf(this.items.get(itemId)!.code, kind, code);
  }

  quantity(itemId: number, value: string | null): Quantity | null {
    return value === null ? null : { value, uom: this.items.get(itemId)!.uom };
  }
}

/** Segment columns of amounts, and the unit of measure that they are in. */
export interface AmountColumns {
  amount: Texts;
  share: Texts;
  uom: string | null;
}

export function heldBy(c: UnitColumns, row: number): readonly Holding[] {
  const several = c.holdings.get(row);
  if (several) return several;
  const quantity = c.quantity[row]!;
  return [
    {
      state: STATES[c.state[row]!]!,
      placeId: c.place_id[row]! || null,
      customerId: c.customer_id[row]! || null,
      containerId: null,
      quantity: quantity === QUANTITY_UNKNOWN ? null : quantity,
    },
  ];
}

const decimal = (nanos: bigint | null) => (nanos === null ? null : formatDecimal(nanos));

/** A row of a segment as lists show it. */
export function unitView(
  c: UnitColumns,
  row: number,
  names: Names,
  amounts: AmountColumns | undefined,
): TraceUnitView | ExcludedUnitView {
  const itemId = c.item_id[row]!;
  const kind = UNIT_KINDS[c.kind[row]!]!;
  const held = heldBy(c, row);
  const holdings = held.map((h) => ({
    state: h.state,
    place: names.place(h.placeId),
    customer: names.partner(h.customerId),
    quantity: names.quantity(itemId, decimal(h.quantity)),
  }));
  const only = (key: 'state' | 'place' | 'customer') =>
    holdings.every((h) => h[key] === holdings[0]![key]) ? (holdings[0]?.[key] ?? null) : null;
  const amount = amounts && !amounts.amount.isEmpty(row) ? amounts.amount.at(row) : null;
  const view: TraceUnitView = {
    id: `u${c.unit_id[row]!}`,
    unit: names.ref(itemId, kind, c.code.at(row)),
    name: names.items.get(itemId)!.name,
    depth: c.depth[row]! < 0 ? null : c.depth[row]!,
    certainty: c.certain[row] === 1 ? 'certain' : 'possible',
    exposure: exposureOf(c, row).map(([from, until]) => [endOf(from), endOf(until)]),
    amount: amount !== null && amounts!.uom !== null ? { value: amount, uom: amounts!.uom } : null,
    share: amounts && !amounts.share.isEmpty(row) ? amounts.share.at(row) : null,
    quantity: names.quantity(itemId, decimal(quantityNow(kind, held))),
    state: only('state'),
    place: only('place'),
    customer: only('customer'),
    holdings,
    made: endOf(c.made[row]!),
  };
  const reason = c.verdict[row]! === 0 ? null : REASONS[c.verdict[row]! - 1]!;
  return reason === null ? view : { ...view, reason };
}

/** A time, or null where it is open or not known. */
function endOf(ms: number): string | null {
  return Number.isFinite(ms) ? formatTime(ms) : null;
}
