import { Injectable, OnModuleInit } from '@nestjs/common';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Settings } from '@/platform/config';
import { Context, Database } from '@/platform/db';
import { ImportHere } from '../app/import-here';
import { DEMO_SIZES, demoSource, SCENARIO_NAMES, ScenarioName } from './demo-plants';

const CONTEXT: Context = { actor: 'system:demo', source: 'system:demo' };
const TOLD_EVERY_PERCENT = 25;

/** The two demo plants, through the same import as anyone's files. A plant that is there whole is not imported again. */
@Injectable()
export class SeedDemoCommand implements Command, OnModuleInit {
  readonly name = 'seed-demo';
  readonly help = 'seed-demo   imports the two demo plants once (DEMO=0 leaves the plant empty)';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly settings: Settings,
    private readonly importHere: ImportHere,
    private readonly db: Database,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(): Promise<number> {
    if (!this.settings.demo) return say('DEMO=0: no demo plants.');
    for (const name of SCENARIO_NAMES) {
      if (await this.isThere(name)) say(`The demo plant ${name} is there already.`);
      else if (!(await this.seed(name))) return 1;
    }
    return 0;
  }

  private async seed(name: ScenarioName): Promise<boolean> {
    let told = 0;
    const view = await this.importHere.execute(CONTEXT, marker(name), demoSource(name), ({ done, total }) => {
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

  /** An import that went through says so in the list of imports; one that was cut off is done again, which changes nothing twice. */
  private async isThere(name: ScenarioName): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT 1 FROM import_run WHERE name = $1 AND status = 'done' AND refused = 0 LIMIT 1`,
      [marker(name)],
    );
    return rows.length > 0;
  }
}

function marker(name: ScenarioName): string {
  return `demo plant ${name} (${DEMO_SIZES[name]})`;
}

function say(text: string): 0 {
  process.stdout.write(`${text}\n`);
  return 0;
}
