import { Injectable, OnModuleInit } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { JobHandler, JobRegistry } from '@/platform/jobs';
import { RunAmounts } from './app/run-amounts';
import { RunTrace } from './app/run-trace';
import { TraceQueue } from './app/trace-queue';

/** A job is a wake-up: it lets the worker run the trace whose turn it is. There is at least one for every trace that waits. */
@Injectable()
export class TraceJobs implements JobHandler, OnModuleInit {
  readonly queue = 'trace';
  readonly concurrency: number;

  constructor(
    private readonly registry: JobRegistry,
    private readonly turns: TraceQueue,
    private readonly runTrace: RunTrace,
    settings: Settings,
  ) {
    this.concurrency = settings.traceConcurrency;
  }

  onModuleInit(): void {
    this.registry.register(this);
  }

  async handle(_wakeUp: string, signal: AbortSignal): Promise<void> {
    const id = await this.turns.next();
    if (id !== undefined) await this.runTrace.execute(id, signal);
  }

  findLost(): Promise<string[]> {
    return this.turns.findLost();
  }
}

/** Amounts of wide answers, beside the traces: nobody's question waits for them. */
@Injectable()
export class AmountJobs implements JobHandler, OnModuleInit {
  readonly queue = 'amounts';
  readonly concurrency = 1;

  constructor(
    private readonly registry: JobRegistry,
    private readonly runAmounts: RunAmounts,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  handle(id: string, signal: AbortSignal): Promise<void> {
    return this.runAmounts.execute(id, signal);
  }

  findLost(): Promise<string[]> {
    return this.runAmounts.findLost();
  }
}
