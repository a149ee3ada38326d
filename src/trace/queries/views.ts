/** What the API answers about traces: shapes, and the readers that turn stored rows into them. */
import { DomainError, formatTime } from '@/kernel';
import { itemsAt, NamedItem, NamedPlace, PartnerContact, partnersAt, placesAt } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { TraceCounts } from '../app/summarize';
import { TRACE_PRIORITIES, TracePriority, tracesAhead } from '../app/trace-queue';
import type { AskedQuestion, Certainty, StoredQuestion, UnitKind, UnitRef } from '../domain/question';
import { unitRefOf } from '../domain/question';
import type { Quantity } from '../domain/tally';

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
  error: { code: string; message: string } | null;
  counts: TraceCounts | null;
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
}

const HEAD = `trace_no, trace_id, status, priority, question, position, created_at, created_by, finished_at, stage, done, total,
  error_code, error_message, counts, complete, digest`;

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
  return head;
}

export async function traceHeads(q: Queryable, before: number | null, limit: number): Promise<TraceHeadRow[]> {
  return q.query<TraceHeadRow>(
    `SELECT ${HEAD} FROM trace WHERE $1::int IS NULL OR trace_no < $1 ORDER BY trace_no DESC LIMIT $2`,
    [before, limit],
  );
}

/** The summaries of traces, with their places in the queue where they wait. */
export async function summariesOf(q: Queryable, rows: readonly TraceHeadRow[]): Promise<TraceSummary[]> {
  const ahead = await tracesAhead(
    q,
    rows.filter((r) => r.status === 'queued').map((r) => r.trace_no),
  );
  return rows.map((r) => summaryOf(r, ahead.get(r.trace_no)));
}

export function summaryOf(r: TraceHeadRow, ahead?: number): TraceSummary {
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
    error: r.error_code === null ? null : { code: r.error_code, message: r.error_message ?? '' },
    counts: r.counts,
  };
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

export interface StoredUnitRow {
  ord: number;
  unit_id: number;
  reason: string | null;
  item_id: number;
  kind: UnitKind;
  code: string;
  depth: number | null;
  certain: boolean | null;
  exposure: (number | null)[];
  quantity: string | null;
  states: string[];
  places: number[];
  customers: number[];
  holdings: { s: string; p: number | null; c: number | null; q: string | null }[];
}

export function unitView(r: StoredUnitRow, names: Names): TraceUnitView {
  const holdings = r.holdings.map((h) => ({
    state: h.s,
    place: names.place(h.p),
    customer: names.partner(h.c),
    quantity: names.quantity(r.item_id, h.q),
  }));
  const only = (key: 'state' | 'place' | 'customer') =>
    holdings.every((h) => h[key] === holdings[0]![key]) ? (holdings[0]?.[key] ?? null) : null;
  const exposure: [string | null, string | null][] = [];
  for (let i = 0; i < r.exposure.length; i += 2)
    exposure.push([formatTime(r.exposure[i]!), formatTime(r.exposure[i + 1]!)]);
  return {
    id: `u${r.unit_id}`,
    unit: names.ref(r.item_id, r.kind, r.code),
    name: names.items.get(r.item_id)!.name,
    depth: r.depth,
    certainty: r.certain ? 'certain' : 'possible',
    exposure,
    amount: null,
    share: null,
    quantity: names.quantity(r.item_id, r.quantity),
    state: only('state'),
    place: only('place'),
    customer: only('customer'),
    holdings,
  };
}
