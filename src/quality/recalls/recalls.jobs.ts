import { Injectable, OnModuleInit } from '@nestjs/common';
import { type JobHandler, JobRegistry } from '@/platform/jobs';
import { RECALL_QUEUE } from './app/initiate-recall';
import { RunInitiation } from './app/run-initiation';
import { initiationJob, initiationOf } from './initiation-queries';

/** Initiations, one at a time in a worker: each locks what it holds. */
@Injectable()
export class RecallJobs implements JobHandler, OnModuleInit {
  readonly queue = RECALL_QUEUE;
  readonly concurrency = 1;

  constructor(
    private readonly registry: JobRegistry,
    private readonly initiation: RunInitiation,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async handle(job: string, signal: AbortSignal): Promise<void> {
    const id = initiationOf(job);
    if (id !== null) await this.initiation.execute(id, signal);
  }

  async findLost(): Promise<string[]> {
    return (await this.initiation.findLost()).map(initiationJob);
  }
}
