import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Context, Database } from '@/platform/db';
import { ImportHere } from '../app/import-here';
import { folderSource } from '../app/source';
import { importRun, ImportView, refusedCsv } from '../queries';
import { ProgressLine } from './progress-line';

const CONTEXT: Context = { actor: 'cli', source: 'cli' };
const REFUSED_FILE = 'refused.csv';
const USAGE = 'Write: import FOLDER (or one file). Rows that are refused are written to refused.csv where you stand.';

/** The same engine as an upload's, in this process. */
@Injectable()
export class ImportCommand implements Command, OnModuleInit {
  readonly name = 'import';
  readonly help = 'import FOLDER   imports the CSV and NDJSON files of a folder; refused rows go to refused.csv';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly importHere: ImportHere,
    private readonly db: Database,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const [path, ...more] = argv;
    if (path === undefined || more.length > 0 || path.startsWith('-')) {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    const source = await folderSource(resolve(path));
    const stop = new AbortController();
    const onSignal = () => stop.abort(new Error('The import was asked to stop'));
    const progress = new ProgressLine();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    try {
      const view = await this.importHere.execute(CONTEXT, basename(resolve(path)), source, progress.show, stop.signal);
      progress.end();
      return await this.tell(view);
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  }

  private async tell(view: ImportView): Promise<number> {
    const say = (text: string) => process.stdout.write(`${text}\n`);
    for (const notice of view.notices) say(`Note: ${notice}`);
    if (view.error) process.stderr.write(`${view.error.message} (${view.error.code})\n`);
    const { accepted, duplicates, refused, refusedRows } = view.counts;
    say(`Import ${view.id} is ${view.status}: ${accepted} accepted, ${duplicates} there already, ${refused} refused.`);
    if (view.status === 'cancelled') say('It was stopped; the same command goes on where it stopped.');
    if (refusedRows > 0)
      say(`The ${refusedRows} refused rows, each with what to do: ${await this.writeRefused(view.id)}`);
    return view.status === 'done' && refused === 0 ? 0 : 1;
  }

  private async writeRefused(id: string): Promise<string> {
    const path = resolve(REFUSED_FILE);
    const { import_no: importNo } = await importRun(this.db, id);
    const file = createWriteStream(path);
    await Promise.race([
      once(file, 'open'),
      once(file, 'error').then(([error]) => Promise.reject(error as Error)),
    ]).catch((error: Error) => {
      throw new DomainError('UNAVAILABLE', { what: `${path} (${error.message})` });
    });
    Readable.from(refusedCsv(this.db, importNo)).pipe(file);
    await finished(file);
    return path;
  }
}
