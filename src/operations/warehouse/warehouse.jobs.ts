import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '@/platform/config';
import { RunRules } from './app/run-rules';

const CLOCK = { actor: 'system:task-rules', source: 'system:task-rules' };

/** Runs the rules every so often in the worker. Several workers take turns, and none makes a task twice. */
@Injectable()
export class RuleTimer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('TaskRules');
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  constructor(
    private readonly runRules: RunRules,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const seconds = this.settings.taskRulesEverySeconds;
    if (seconds === 0) return;
    this.timer = setInterval(() => {
      this.running ??= this.run().finally(() => {
        this.running = undefined;
      });
    }, seconds * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      const { tasks } = await this.runRules.execute(CLOCK);
      if (tasks.length > 0) this.logger.log(`made ${tasks.join(', ')}`);
    } catch (error) {
      this.logger.warn(`the rules wait for the database: ${(error as Error).message}`);
    }
  }
}
