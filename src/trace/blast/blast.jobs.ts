import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { JobHandler, JobRegistry } from '@/platform/jobs';
import { BLAST_QUEUE, RunBlast } from './run-blast';
import { StartBlast } from './start-blast';

const LOOK_EVERY_MS = 60_000;
const CLOCK = { actor: 'system:blast-radius', source: 'system:blast-radius' };

/** The worker's side: does the runs that were asked for, and asks for one by itself when the last one is old. */
@Injectable()
export class BlastJobs implements JobHandler, OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly queue = BLAST_QUEUE;
  readonly concurrency = 1;
  private readonly logger = new Logger('BlastRadius');
  private timer?: NodeJS.Timeout;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: JobRegistry,
    private readonly runBlast: RunBlast,
    private readonly startBlast: StartBlast,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  onApplicationBootstrap(): void {
    if (this.settings.blastEveryHours === 0) return;
    this.timer = setInterval(() => {
      this.looking = this.startWhenDue();
    }, LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  handle(id: string, signal: AbortSignal): Promise<void> {
    return this.runBlast.execute(id, signal);
  }

  findLost(): Promise<string[]> {
    return this.runBlast.findLost();
  }

  private async startWhenDue(): Promise<void> {
    try {
      if (await this.startBlast.isDue(this.settings.blastEveryHours)) await this.startBlast.execute(CLOCK);
    } catch (error) {
      this.logger.warn(`the next run waits for the database: ${(error as Error).message}`);
    }
  }
}
