import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Injectable, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Command, CommandRegistry } from '@/platform/cli';
import { Context, Database } from '@/platform/db';
import { ImportHere } from '../app/import-here';
import { folderFiles, FoundFile, ImportSource, mappedSource } from '../app/source';
import { tablesOf } from '../app/spool';
import { mappingForHeaders } from '../db/mapping-store';
import { importRun, ImportView, refusedCsv } from '../queries';
import { mappingByName } from '../mappings';
import { ProgressLine } from './progress-line';

const CONTEXT: Context = { actor: 'cli', source: 'cli' };
const REFUSED_FILE = 'refused.csv';
const USAGE =
  'Write: import FOLDER (or one file) [--dry-run] [--mapping NAME …]. Rows that are refused are written to refused.csv where you stand.';

/** The same engine as an upload's, in this process. */
@Injectable()
export class ImportCommand implements Command, OnModuleInit {
  readonly name = 'import';
  readonly help =
    'import FOLDER [--dry-run] [--mapping NAME]   imports the CSV, XLSX, zip and NDJSON files of a folder; refused rows go to refused.csv';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly importHere: ImportHere,
    private readonly db: Database,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    const call = readCall(argv);
    if (!call) {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    const path = resolve(call.path);
    const folder = await mkdtemp(join(tmpdir(), 'unitrail-import-'));
    const stop = new AbortController();
    const onSignal = () => stop.abort(new Error('The import was asked to stop'));
    const progress = new ProgressLine();
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    try {
      const source = await this.source(path, call.mappings, folder);
      const { dryRun } = call;
      const view = await this.importHere.execute(CONTEXT, basename(path), source, progress.show, stop.signal, {
        dryRun,
      });
      progress.end();
      return await this.tell(view);
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The files of a folder, the sheets of its workbooks, and what is in its zips. */
  private async source(path: string, names: readonly string[], folder: string): Promise<ImportSource> {
    const found: FoundFile[] = [];
    for (const [n, file] of (await folderFiles(path)).entries()) {
      const inner = join(folder, String(n));
      await mkdir(inner);
      found.push(...(await tablesOf(file.path, file.name, inner)));
    }
    const chosen = await Promise.all(names.map((name) => mappingByName(this.db, name)));
    return mappedSource(found, chosen, (key) => mappingForHeaders(this.db, key));
  }

  private async tell(view: ImportView): Promise<number> {
    const say = (text: string) => process.stdout.write(`${text}\n`);
    for (const notice of view.notices) say(`Note: ${notice}`);
    if (view.error) process.stderr.write(`${view.error.message} (${view.error.code})\n`);
    const { accepted, duplicates, refused, refusedRows } = view.counts;
    if (view.dryRun) say('A dry run: nothing was stored.');
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

interface Call {
  path: string;
  dryRun: boolean;
  mappings: string[];
}

function readCall(argv: readonly string[]): Call | null {
  const call: Call = { path: '', dryRun: false, mappings: [] };
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word === '--dry-run') call.dryRun = true;
    else if (word === '--mapping' && argv[i + 1] !== undefined) call.mappings.push(argv[++i]!);
    else if (word.startsWith('-') || call.path !== '') return null;
    else call.path = word;
  }
  return call.path === '' ? null : call;
}
