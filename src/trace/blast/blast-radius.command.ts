import { Injectable, OnModuleInit } from '@nestjs/common';
import { type Command, CommandRegistry } from '@/platform/cli';
import type { Context } from '@/platform/db';
import { BlastLotView, BlastQueries } from './blast-queries';
import { RunBlast } from './run-blast';
import { StartBlast } from './start-blast';

const CONTEXT: Context = { actor: 'cli', source: 'cli' };
const WRONG_COMMAND = 2;
const FAILED = 1;
const LOTS_SHOWN = 20;
/** How often to look whether a worker, which took the run over, is done. */
const LOOK_EVERY_MS = 200;

/** Computes the blast radius of all lots in this process and prints the riskiest. */
@Injectable()
export class BlastRadiusCommand implements Command, OnModuleInit {
  readonly name = 'blast-radius';
  readonly help =
    'blast-radius [--top N]   computes what a recall of each lot would touch, and prints the riskiest lots';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly startBlast: StartBlast,
    private readonly runBlast: RunBlast,
    private readonly queries: BlastQueries,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const top = topOf(argv);
    if (top === null) {
      process.stderr.write(`Usage: ${this.help}\n`);
      return WRONG_COMMAND;
    }
    const run = await this.finished(await this.startBlast.execute(CONTEXT));
    if (run.status !== 'done') {
      process.stderr.write(`${run.error?.message ?? `The run is ${run.status}.`}\n`);
      return FAILED;
    }
    const { data } = await this.queries.lots(run.id!, {}, undefined, top);
    process.stdout.write(
      `${run.lots} lots at ledger position ${run.ledgerPosition}. ` +
        `Finished units in a recall: worst ${run.worst}, mean ${(run.mean ?? 0).toFixed(1)}, median ${run.median ?? 0}.\n\n`,
    );
    process.stdout.write(table(data));
    return 0;
  }

  /** Runs it here; a worker that has taken it over is waited for. */
  private async finished(id: string) {
    const stop = new AbortController();
    const onSignal = () => stop.abort(new Error('The run was asked to stop.'));
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    try {
      for (;;) {
        await this.runBlast.execute(id, stop.signal);
        const run = await this.queries.one(id);
        if (run.status !== 'queued' && run.status !== 'running') return run;
        stop.signal.throwIfAborted();
        await new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS));
      }
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  }
}

function topOf(argv: string[]): number | null {
  if (argv.length === 0) return LOTS_SHOWN;
  const value = argv[0] === '--top' && argv.length === 2 ? argv[1]! : '';
  return /^[1-9]\d{0,2}$/.test(value) ? Number(value) : null;
}

function table(lots: readonly BlastLotView[]): string {
  const head = ['finished', 'customers', 'units', 'downward', 'upward', 'lot'];
  const rows = lots.map((l) => [
    ...[l.finished, l.customers, l.units, l.downward, l.upward].map(String),
    `${l.unit.item} ${'lot' in l.unit ? l.unit.lot : ''}  ${l.name}`,
  ]);
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i < head.length - 1 ? cell.padStart(head[i]!.length) : cell)).join('  ');
  return [head, ...rows].map((cells) => `${line(cells)}\n`).join('');
}
