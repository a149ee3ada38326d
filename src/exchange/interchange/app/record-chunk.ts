import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { readEvents, ReadEvents, RecordEvents, RecordResult, Refusal } from '@/ledger';
import { Context, Database } from '@/platform/db';
import { recordedBefore } from '../db/store';
import type { MappedEvent, RefusedRow } from '../domain/record';
import { refuseRecord } from '../domain/refuse';

/** What a chunk came to. */
export interface Outcome {
  accepted: number;
  duplicates: number;
  refused: number;
  refusedRows: RefusedRow[];
}

/** A chunk as it was read: events with ids, the rows that cannot become one, and the events' shapes. */
export interface EventChunk {
  events: MappedEvent[];
  refusedRows: RefusedRow[];
  refused: number;
  read: ReadEvents;
}

export async function eventChunk(mapped: readonly (MappedEvent | RefusedRow[])[]): Promise<EventChunk> {
  const events = mapped.filter((m): m is MappedEvent => !Array.isArray(m));
  const refusedRows = mapped.filter((m): m is RefusedRow[] => Array.isArray(m)).flat();
  const read = await readEvents(events.map((m) => m.event));
  return { events, refusedRows, refused: mapped.length - events.length, read };
}

type Recorded = Pick<RecordResult, 'accepted' | 'duplicates'> & { refused: Omit<Refusal, 'id'>[] };

/** Brings a chunk of events through the ledger's door, and says which rows were not taken. */
@Injectable()
export class RecordChunk {
  constructor(
    private readonly db: Database,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** `begun`: it may have been recorded already, before the import was cut off. */
  async execute(ctx: Context, file: string, chunk: EventChunk, begun: boolean): Promise<Outcome> {
    const { events } = chunk;
    const result = await this.recordWhole(ctx, chunk);
    const refusedRows = [...chunk.refusedRows];
    for (const refusal of result.refused) refusedRows.push(...refuseRecord(file, events[refusal.index]!, refusal));
    // Cut off between the facts and the position, the chunk comes again: what is a duplicate now was accepted then.
    const ids = begun ? events.map((m) => String(m.event.id)) : [];
    const own = begun ? await recordedBefore(this.db, ctx.source, ctx.requestId!, ids) : 0;
    const before = begun ? Math.max(0, own - result.accepted) : 0;
    return {
      accepted: result.accepted + before,
      duplicates: result.duplicates - before,
      refused: chunk.refused + result.refused.length,
      refusedRows: refusedRows.sort((a, b) => a.row - b.row),
    };
  }

  /**
   * What the database itself cannot keep (half a surrogate pair in a text, SQLSTATE class 22) is found by halving, so that one such
   * event refuses itself and not its whole chunk.
   */
  private async recordWhole(ctx: Context, chunk: EventChunk): Promise<Recorded> {
    try {
      return await this.recordEvents.execute(ctx, chunk.read, { check: 'record', onError: 'proceed' });
    } catch (error) {
      if (!cannotBeKept(error)) throw error;
      return this.halved(
        ctx,
        chunk.events.map((m) => m.event),
        error as Error,
      );
    }
  }

  private async halved(ctx: Context, events: unknown[], cause: Error): Promise<Recorded> {
    if (events.length === 1) {
      const reason = `it holds something that cannot be kept (${cause.message}).`;
      const { code, message, details } = new DomainError('FIELD_INVALID', { field: 'event', reason });
      return { accepted: 0, duplicates: 0, refused: [{ index: 0, code, message, details }] };
    }
    const middle = Math.ceil(events.length / 2);
    const first = await this.half(ctx, events.slice(0, middle));
    const second = await this.half(ctx, events.slice(middle));
    return {
      accepted: first.accepted + second.accepted,
      duplicates: first.duplicates + second.duplicates,
      refused: [...first.refused, ...second.refused.map((r) => ({ ...r, index: r.index + middle }))],
    };
  }

  private async half(ctx: Context, events: unknown[]): Promise<Recorded> {
    try {
      return await this.recordEvents.execute(ctx, events, { check: 'record', onError: 'proceed' });
    } catch (error) {
      if (!cannotBeKept(error)) throw error;
      return this.halved(ctx, events, error as Error);
    }
  }
}

function cannotBeKept(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('22');
}
