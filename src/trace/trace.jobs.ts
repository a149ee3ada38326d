import { Injectable, OnModuleInit } from '@nestjs/common';
import { JobHandler, JobRegistry } from '@/platform/jobs';
import { RunTrace } from './app/run-trace';

/** One trace at a time a worker: a wide one needs all of its memory. */
const CONCURRENCY = 1;

@Injectable()
export class TraceJobs implements JobHandler, OnModuleInit {
  readonly queue = 'trace';
  readonly concurrency = CONCURRENCY;

  constructor(
    private readonly registry: JobRegistry,
    private readonly runTrace: RunTrace,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  handle(id: string, signal: AbortSignal): Promise<void> {
    return this.runTrace.execute(id, signal);
  }

  findLost(): Promise<string[]> {
    return this.runTrace.findLost();
  }

  giveUp(id: string, error: Error): Promise<void> {
    return this.runTrace.giveUp(id, error);
  }
}
