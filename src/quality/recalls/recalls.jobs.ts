import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { type JobHandler, JobRegistry } from '@/platform/jobs';
import { RECALL_QUEUE } from './app/initiate-recall';
import { RunInitiation } from './app/run-initiation';
import { WatchRecalls } from './app/watch-recalls';
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

/** Looks at open cases every so often, in the worker; several workers share them. */
@Injectable()
export class RecallWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Recalls');
  private readonly stop = new AbortController();
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  constructor(
    private readonly watch: WatchRecalls,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const seconds = this.settings.recallWatchSeconds;
    if (seconds === 0) return;
    this.timer = setInterval(() => {
      this.running ??= this.watch
        // A little earlier than a whole turn: what was looked at in the last one is due in this one.
        .execute(0.9 * seconds, this.stop.signal)
        .catch((error: Error) => this.logger.warn(`open recalls wait for the database: ${error.message}`))
        .finally(() => {
          this.running = undefined;
        });
    }, seconds * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort(new Error('The process is asked to stop'));
    await this.running;
  }
}
