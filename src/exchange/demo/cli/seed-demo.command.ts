import { Injectable, OnModuleInit } from '@nestjs/common';
import { ImportHere } from '@/exchange/interchange';
import { DomainError } from '@/kernel';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Settings } from '@/platform/config';
import { type Context, Database } from '@/platform/db';
import { LayOutWork } from '../app/lay-out-work';
import { importedWhole } from '../queries';
import { DEMO_SIZES, demoSource, SCENARIO_NAMES, type ScenarioName } from './demo-plants';

const CONTEXT: Context = { actor: 'system:demo', source: 'system:demo' };
const TOLD_EVERY_PERCENT = 25;

/** The two demo plants, through the same import as anyone's files, and the work that waits there. What is there whole is not done again. */
@Injectable()
export class SeedDemoCommand implements Command, OnModuleInit {
  readonly name = 'seed-demo';
  readonly help =
    'seed-demo   imports the two demo plants once, with work to do in them (DEMO=0 leaves the plant empty)';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly settings: Settings,
    private readonly importHere: ImportHere,
    private readonly db: Database,
    private readonly layOutWork: LayOutWork,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(): Promise<number> {
    if (!this.settings.demo) return say('DEMO=0: no demo plants.');
    for (const name of SCENARIO_NAMES) {
      if (await this.isThere(name)) say(`The demo plant ${name} is there already.`);
      else if (!(await this.seed(name))) return 1;
      await this.work(name);
    }
    return 0;
  }

  private async seed(name: ScenarioName): Promise<boolean> {
    let told = 0;
    const view = await this.importHere.execute(CONTEXT, marker(name), demoSource(name), ({ done, total }) => {
      if (total === 0) return;
      const percent = Math.floor((100 * done) / total);
      if (percent < told + TOLD_EVERY_PERCENT) return;
      told = percent - (percent % TOLD_EVERY_PERCENT);
      say(`Demo plant ${name}: ${percent} % of ${total} rows`);
    });
    if (view.status === 'done' && view.counts.refused === 0) return true;
    process.stderr.write(
      `The demo plant ${name} did not come in whole (import ${view.id}): ${JSON.stringify(view.counts)}\n`,
    );
    return false;
  }

  /** An import that was cut off is done again, which changes nothing twice. */
  private isThere(name: ScenarioName): Promise<boolean> {
    return importedWhole(this.db, marker(name));
  }

  /** Somebody's own things may have the numbers already: the plant is of use without, so the start goes on. */
  private async work(name: ScenarioName): Promise<void> {
    try {
      if (await this.layOutWork.execute(CONTEXT, name)) say(`Demo plant ${name}: work is laid out`);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      process.stderr.write(`Demo plant ${name}: not all of its work could be laid out: ${error.message}\n`);
    }
  }
}

function marker(name: ScenarioName): string {
  return `demo plant ${name} (${DEMO_SIZES[name]})`;
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
