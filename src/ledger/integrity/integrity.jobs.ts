import { Injectable, OnModuleInit } from '@nestjs/common';
import { JobHandler, JobRegistry } from '@/platform/jobs';
import { INTEGRITY_QUEUE, IntegrityRuns } from './runs';

@Injectable()
export class IntegrityJobs implements JobHandler, OnModuleInit {
  readonly queue = INTEGRITY_QUEUE;
  readonly concurrency = 1;

  constructor(
    private readonly registry: JobRegistry,
    private readonly runs: IntegrityRuns,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  handle(id: string, signal: AbortSignal): Promise<void> {
    return this.runs.execute(id, signal);
  }

  findLost(): Promise<string[]> {
    return this.runs.findLost();
  }
}
