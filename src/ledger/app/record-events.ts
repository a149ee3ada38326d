import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { canonicalJson, DomainError, ErrorCode, formatTime } from '@/kernel';
import { Context, RaceLost, Tx, UnitOfWork } from '@/platform/db';
import { Settings } from '@/platform/config';
import { checkContainers } from './check-containers';
import { checkLive, CLOCKS_DIFFER_MS } from './check-live';
import { readLiveState } from '../db/live-state';
import { loadWorld } from '../db/load';
import { takeIds } from '../db/rows-in';
import { EventRecord, writeSegment } from '../db/write';
import { ParsedEvent, parseEvent } from '../domain/event-shapes';
import { type Draft, emptyDraft } from '../domain/draft';
import { eventKey, Fact } from '../domain/draft-builder';
import { sameContent } from '../domain/same-content';
import { type Caller, checkRights } from '../domain/rights';
import { draftEvent, periodOf } from '../domain/rules';
import type { World } from '../domain/world';

export interface RecordOptions {
  /** record: what happened is accepted; live: also refuses on the present state, for a scanner at work */
  check?: 'record' | 'live';
  /** refuse: one refused event refuses the request; proceed: the others are kept */
  onError?: 'refuse' | 'proceed';
  /** whose rights are looked at; without one, whoever calls has looked */
  caller?: Caller;
}

interface Recording {
  refused: Refusal[];
  recordedAt: number;
  caller: Caller | undefined;
}

export interface Refusal {
  index: number;
  id: string | null;
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

export interface RecordResult {
  accepted: number;
  duplicates: number;
  refused: Refusal[];
  /** ids that the server gave to events that came without one */
  assigned: { index: number; id: string }[];
}

/** One event of a request, or the DomainError that its line met before it could be read. */
export type RawEvent = unknown;

interface Prepared {
  index: number;
  id: string;
  /** the client gave an id */
  named: boolean;
  event: ParsedEvent;
  raw: unknown;
  /** of its canonical JSON, in hex */
  sha256: string;
}

/** Events whose shape was read already, apart from the transaction: to read a chunk while the one before it is written. */
export interface ReadEvents {
  readonly prepared: readonly Prepared[];
  readonly refused: readonly Refusal[];
  readonly count: number;
}

/** So many are read in 2 to 3 ms. */
const EVENTS_PER_TURN = 250;

/**
 * Reads the shape of each event; what cannot be read is refused by its index. Between turns others go on: while a chunk is read
 * ahead, the one before it is not kept waiting for its next statement.
 */
export async function readEvents(events: readonly RawEvent[]): Promise<ReadEvents> {
  const read = prepareAll(events.slice(0, EVENTS_PER_TURN));
  for (let from = EVENTS_PER_TURN; from < events.length; from += EVENTS_PER_TURN) {
    await setImmediate();
    const { prepared, refused } = prepareAll(events.slice(from, from + EVENTS_PER_TURN), from);
    read.prepared.push(...prepared);
    read.refused.push(...refused);
  }
  return { ...read, count: events.length };
}

class NothingStored extends Error {
  constructor(readonly result: RecordResult) {
    super('refused');
  }
}

/** The one door through which facts enter: shape, idempotency, rules and storage, in one transaction. */
@Injectable()
export class RecordEvents {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  /**
   * Records events of one source. All or nothing unless `onError` is `proceed`. Sending an event again (same id, same
   * content) counts as a duplicate and changes nothing. Throws TOO_MANY_EVENTS; every other refusal is in the result.
   */
  async execute(
    ctx: Context,
    events: readonly RawEvent[] | ReadEvents,
    options: RecordOptions = {},
  ): Promise<RecordResult> {
    const count = 'prepared' in events ? events.count : events.length;
    if (count > this.settings.eventsMax)
      throw new DomainError('TOO_MANY_EVENTS', { limit: this.settings.eventsMax, setting: 'EVENTS_MAX' });
    const { prepared, refused } = 'prepared' in events ? events : await readEvents(events);
    try {
      return await this.uow.run(ctx, (tx) => this.record(tx, prepared, [...refused], options));
    } catch (error) {
      if (error instanceof NothingStored) return error.result;
      throw error;
    }
  }

  /**
   * Records events in a transaction that writes more than facts: a build with its work order, a receipt with its order line.
   * All or nothing. Throws the DomainError of the first refusal, EVENTS_REFUSED where there are several.
   */
  async within(tx: Tx, events: readonly RawEvent[], options: Pick<RecordOptions, 'check'> = {}): Promise<RecordResult> {
    const { prepared, refused } = prepareAll(events);
    const result = await this.record(tx, prepared, refused, options).catch((error: unknown) => {
      if (error instanceof NothingStored) return error.result;
      throw error;
    });
    const [first, second] = result.refused;
    if (second) throw new DomainError('EVENTS_REFUSED', { ...result, count: result.refused.length });
    if (first) throw new DomainError(first.code, first.details);
    return result;
  }

  private async record(
    tx: Tx,
    prepared: readonly Prepared[],
    refused: Refusal[],
    options: RecordOptions,
  ): Promise<RecordResult> {
    const { fresh, duplicates } = await this.sift(tx, prepared, refused);
    const recordedAt = Date.now();
    const batchId = fresh.length > 0 ? await openBatch(tx) : 0;
    let accepted = 0;
    if (options.check === 'live')
      // At work each event is judged on what the ones before it have left behind.
      for (const p of fresh)
        accepted += await this.recordLive(tx, batchId, p, { refused, recordedAt, caller: options.caller });
    else
      for (const segment of segments(fresh))
        accepted += await this.recordSegment(tx, batchId, segment, { refused, recordedAt, caller: options.caller });
    refused.sort((a, b) => a.index - b.index);
    const stored = accepted > 0 && (refused.length === 0 || options.onError === 'proceed');
    const assigned = fresh
      .filter((p) => !p.named && !refused.some((r) => r.index === p.index))
      .map((p) => ({ index: p.index, id: p.id }));
    const result: RecordResult = { accepted, duplicates, refused, assigned };
    if (!stored)
      throw new NothingStored(
        refused.length > 0 && options.onError !== 'proceed' ? { ...result, accepted: 0, assigned: [] } : result,
      );
    return result;
  }

  /** Sorts out what was sent before: same content is a duplicate, other content is refused. */
  private async sift(
    tx: Tx,
    prepared: readonly Prepared[],
    refused: Refusal[],
  ): Promise<{ fresh: Prepared[]; duplicates: number }> {
    const named = prepared.filter((p) => p.named);
    const rows =
      named.length === 0
        ? []
        : await tx.query<{ client_id: string; sha256: string }>(
            `SELECT client_id, encode(sha256, 'hex') AS sha256 FROM event WHERE source = $1 AND client_id = ANY ($2)`,
            [tx.ctx.source, named.map((p) => p.id)],
          );
    const seen = new Map<string, { sha256: string; raw?: unknown }>(
      rows.map((r) => [r.client_id, { sha256: r.sha256 }]),
    );
    const fresh: Prepared[] = [];
    const again: { event: Prepared; before: { raw?: unknown } }[] = [];
    let duplicates = 0;
    for (const p of prepared) {
      const before = seen.get(p.id);
      if (!before) {
        seen.set(p.id, p);
        fresh.push(p);
      } else if (before.sha256 === p.sha256) duplicates++;
      else again.push({ event: p, before });
    }
    if (again.length === 0) return { fresh, duplicates };
    // Written otherwise, it may say the same all the same: the hash is of what was sent, the fields decide.
    const stored = new Map(
      (
        await tx.query<{ client_id: string; body: unknown }>(
          `SELECT client_id, body FROM event WHERE source = $1 AND client_id = ANY ($2)`,
          [tx.ctx.source, again.filter(({ before }) => before.raw === undefined).map(({ event }) => event.id)],
        )
      ).map((r) => [r.client_id, r.body]),
    );
    for (const { event, before } of again) {
      if (sameContent(before.raw ?? stored.get(event.id), event.raw)) duplicates++;
      else refused.push(refusal(event.index, event.id, new DomainError('EVENT_ID_REUSED', { id: event.id })));
    }
    return { fresh, duplicates };
  }

  private async recordSegment(
    tx: Tx,
    batchId: number,
    segment: readonly Prepared[],
    { refused, recordedAt, caller }: Recording,
  ): Promise<number> {
    const world = await this.load(
      tx,
      segment.flatMap((p) => [p.event, ...corrected(p.event)]),
    );
    const ids = await takeIds(tx, 'event', 'event_id', segment.length);
    const records: EventRecord[] = [];
    for (const [i, p] of segment.entries()) {
      try {
        if (caller) for (const event of [p.event, ...corrected(p.event)]) checkRights(world, event, p.id, caller);
        const fact = factOf(tx, world, p, ids[i]!, recordedAt);
        const draft = draftEvent(world, fact);
        for (const event of corrected(p.event)) {
          // What is put in its place is judged in a world where the wrong fact never happened.
          const put = world.without(draft.voids!.eventId, () => draftEvent(world, { ...fact, event }));
          Object.assign(draft, { ...put, voids: draft.voids });
        }
        world.commit(fact, draft);
        records.push(recordOf(p, fact, draft));
      } catch (error) {
        refused.push(refusal(p.index, p.id, error));
      }
    }
    await write(tx, world, batchId, records);
    return records.length;
  }

  /** One event, judged on the present besides. Of one that is refused nothing stays. */
  private async recordLive(
    tx: Tx,
    batchId: number,
    p: Prepared,
    { refused, recordedAt, caller }: Recording,
  ): Promise<number> {
    const [put] = corrected(p.event);
    let world = await this.load(tx, put ? [p.event, put] : [p.event]);
    const [eventId] = await takeIds(tx, 'event', 'event_id', 1);
    if (put) await tx.query('SAVEPOINT correction');
    try {
      if (caller) for (const event of put ? [p.event, put] : [p.event]) checkRights(world, event, p.id, caller);
      let fact = factOf(tx, world, p, eventId!, recordedAt);
      let draft = draftEvent(world, fact);
      if (put) {
        // The present in which the right fact is judged is the one without the wrong fact: that is taken back first. All that
        // both touch is locked by now.
        const taking = { ...emptyDraft(), voids: draft.voids };
        world.commit(fact, taking);
        await write(tx, world, batchId, [recordOf(p, fact, taking)]);
        world = await this.load(tx, [put]);
        fact = { ...fact, event: put };
        draft = draftEvent(world, fact);
      }
      const live = await readLiveState(tx, draft);
      await checkLive(tx, world, draft, live, recordedAt);
      await checkContainers(tx, world, draft, fact.event, live, recordedAt);
      world.commit(fact, draft);
      await write(tx, world, batchId, [{ ...recordOf(p, fact, draft), stored: put !== undefined }]);
      if (put) await tx.query('RELEASE SAVEPOINT correction');
      return 1;
    } catch (error) {
      refused.push(refusal(p.index, p.id, error));
      if (put) await tx.query('ROLLBACK TO SAVEPOINT correction');
      return 0;
    }
  }

  private load(tx: Tx, events: readonly ParsedEvent[]): Promise<World> {
    const { timeZone: zone, linksPerEventMax } = this.settings;
    return loadWorld(tx, events, { zone, linksPerEventMax, source: tx.ctx.source });
  }
}

/** Whose time is the correction's own where what it puts in place names none. Throws NOT_YET: nothing is free before it is. */
function factOf(tx: Tx, world: World, p: Prepared, eventId: number, recordedAt: number): Fact {
  const said = corrected(p.event)[0] ?? p.event;
  const at = periodOf(world, said, recordedAt);
  if (said.type === 'release' && at.from > recordedAt + CLOCKS_DIFFER_MS)
    throw new DomainError('NOT_YET', { at: formatTime(at.from) });
  return { eventId, key: eventKey(tx.ctx.source, p.id), at, event: p.event };
}

function recordOf(p: Prepared, { eventId, at }: Fact, draft: Draft): EventRecord {
  return {
    eventId,
    clientId: p.id,
    type: p.event.type,
    from: at.from,
    until: at.until,
    body: p.raw,
    sha256: p.sha256,
    draft,
  };
}

async function write(tx: Tx, world: World, batchId: number, records: readonly EventRecord[]): Promise<void> {
  try {
    await writeSegment(tx, world, batchId, tx.ctx.source, records);
  } catch (error) {
    // Another request made the same unit or recorded the same event at this moment: try again, and see it.
    if ((error as { code?: string }).code === '23505')
      throw new RaceLost(`unique key: ${(error as { constraint?: string }).constraint}`);
    throw error;
  }
}

function prepareAll(events: readonly RawEvent[], first = 0): { prepared: Prepared[]; refused: Refusal[] } {
  const refused: Refusal[] = [];
  const prepared = events.flatMap((raw, i) => {
    const index = first + i;
    try {
      if (raw instanceof DomainError) throw raw;
      return [prepare(raw, index)];
    } catch (error) {
      refused.push(refusal(index, idOf(raw), error));
      return [];
    }
  });
  return { prepared, refused };
}

function prepare(raw: unknown, index: number): Prepared {
  const event = parseEvent(raw);
  if (event.type === 'correct') {
    const inner = corrected(event)[0]!;
    if (inner.type === 'void' || inner.type === 'correct')
      throw new DomainError('FIELD_INVALID', {
        field: 'with',
        reason: 'a correction puts a fact in place, not another void or correction.',
      });
  }
  return {
    index,
    id: event.id ?? randomUUID(),
    named: event.id !== undefined,
    event,
    raw,
    sha256: createHash('sha256').update(canonicalJson(raw)).digest('hex'),
  };
}

const correctedEvents = new WeakMap<ParsedEvent, ParsedEvent[]>();

/** The fact that a correction puts in place, with its own time or the correction's. */
function corrected(event: ParsedEvent): ParsedEvent[] {
  if (event.type !== 'correct') return [];
  let inner = correctedEvents.get(event);
  if (!inner) {
    const given = event.with;
    if (given.at === undefined && event.at === undefined) throw new DomainError('FIELD_REQUIRED', { field: 'with.at' });
    inner = [parseEvent({ at: event.at, ...given })];
    correctedEvents.set(event, inner);
  }
  return inner;
}

/** Cuts before a void, correction or release of what the segment itself brings: it must be there to be taken back. */
function segments(events: readonly Prepared[]): Prepared[][] {
  const out: Prepared[][] = [];
  let current: Prepared[] = [];
  let ids = new Set<string>();
  for (const p of events) {
    const needed = p.event.type === 'release' ? p.event.hold : 'event' in p.event ? p.event.event : undefined;
    if (needed !== undefined && ids.has(needed)) {
      out.push(current);
      current = [];
      ids = new Set();
    }
    current.push(p);
    ids.add(p.id);
  }
  if (current.length > 0) out.push(current);
  return out;
}

async function openBatch(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ batch_id: number }>(`SELECT ledger_open_batch($1, $2, $3) AS batch_id`, [
    tx.ctx.source,
    tx.ctx.actor,
    tx.ctx.requestId ?? null,
  ]);
  return row!.batch_id;
}

function refusal(index: number, id: string | null, error: unknown): Refusal {
  if (!(error instanceof DomainError)) throw error;
  return { index, id, code: error.code, message: error.message, details: error.details };
}

function idOf(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null ? (raw as { id?: unknown }).id : undefined;
  return typeof id === 'string' ? id : null;
}
