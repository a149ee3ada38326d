import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { RecordEvents } from '@/ledger';
import { HoldUnits, ProposeDisposition } from '@/operations/holds';
import { PutInstruction } from '@/operations/instructions';
import { CreateOrder, LoadRun, PutWorkCenter } from '@/operations/production';
import { PutOrder } from '@/operations/trade';
import { CreateTask, PutRule, RunRules } from '@/operations/warehouse';
import type { Context } from '@/platform/db';
import { PutBoms, PutItems } from '@/reference/catalog';
import { type PutResult, throwRefusal } from '@/reference/master';
import { PutPlaces } from '@/reference/places';

/** What people do at their screens, for the demo to do: nothing here writes but by these. */
@Injectable()
export class Verbs {
  constructor(
    readonly putItems: PutItems,
    readonly putBoms: PutBoms,
    readonly putPlaces: PutPlaces,
    readonly recordEvents: RecordEvents,
    readonly putInstruction: PutInstruction,
    readonly holdUnits: HoldUnits,
    readonly proposeDisposition: ProposeDisposition,
    readonly createOrder: CreateOrder,
    readonly putWorkCenter: PutWorkCenter,
    readonly loadRun: LoadRun,
    readonly orders: PutOrder,
    readonly createTask: CreateTask,
    readonly putRule: PutRule,
    readonly runRules: RunRules,
  ) {}

  async master(result: Promise<PutResult>): Promise<void> {
    throwRefusal(await result);
  }

  /** Throws the DomainError of the first event that is refused. */
  async record(ctx: Context, events: readonly object[]): Promise<void> {
    const { refused } = await this.recordEvents.execute(ctx, events);
    const [first] = refused;
    if (first) throw new DomainError(first.code, first.details);
  }
}

/** The day on which the work is laid out: what is due and what expires is told from it. */
export class Day {
  private readonly startMs: number;

  constructor(readonly date: string) {
    this.startMs = Date.parse(date);
  }

  /** A date, `days` later; earlier where below zero. */
  in(days: number): string {
    return new Date(this.startMs + days * 86_400_000).toISOString().slice(0, 10);
  }

  at(days: number, time: string): string {
    return `${this.in(days)}T${time}:00Z`;
  }
}
