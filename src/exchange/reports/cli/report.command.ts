import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Injectable, OnModuleInit } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Command, CommandRegistry } from '@/platform/cli';
import type { Context } from '@/platform/db';
import { AskTrace, RunTrace, TraceQueries } from '@/trace';
import { Reports } from '../app/reports';
import { fileName } from '../domain/file-name';
import { printReport } from '../writers/terminal';
import { readArguments, UsageError } from './arguments';

const CONTEXT: Context = { actor: 'cli', source: 'cli' };

/** Exit codes: a script must be able to tell an answer with gaps from one without. */
const COMPLETE = 0;
const WRONG_COMMAND = 2;
const INCOMPLETE = 3;

/** How often to look whether a worker, which took the trace over, is done. */
const LOOK_EVERY_MS = 200;

/** Asks a trace, runs it in this process, prints the summary and writes the files. */
@Injectable()
export class ReportCommand implements Command, OnModuleInit {
  readonly name = 'report';
  readonly help =
    'report --item I --lot L|--serial S [--direction backward] [--out DIR] …   traces it, prints the report and writes PDF, XLSX and CSV';

  constructor(
    private readonly registry: CommandRegistry,
    private readonly ask: AskTrace,
    private readonly runTrace: RunTrace,
    private readonly traces: TraceQueries,
    private readonly reports: Reports,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async run(argv: string[]): Promise<number> {
    try {
      return await this.report(argv);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`${error.message}\n`);
      return WRONG_COMMAND;
    }
  }

  private async report(argv: string[]): Promise<number> {
    const { question, formats, out } = readArguments(argv);
    const id = await this.ask.execute(CONTEXT, question);
    await this.answer(id);
    const { report, write } = await this.reports.file(id);
    process.stdout.write(printReport(report));
    const folder = resolve(out);
    await mkdir(folder, { recursive: true });
    process.stdout.write('\n');
    for (const format of formats) {
      const file = join(folder, fileName(report, format));
      await pipeline(await write(format), createWriteStream(file));
      process.stdout.write(`Written: ${file}\n`);
    }
    return report.complete ? COMPLETE : INCOMPLETE;
  }

  /** Runs the trace here; a worker that has taken it over meanwhile is waited for. */
  private async answer(id: string): Promise<void> {
    const stop = new AbortController();
    const onSignal = () => stop.abort(new Error('The report was asked to stop.'));
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
    try {
      await this.runTrace.execute(id, stop.signal);
      for (;;) {
        const { status, error } = await this.traces.summary(id);
        if (status === 'done') return;
        if (status === 'failed' && error) throw Object.assign(new Error(error.message), { code: error.code });
        if (status === 'cancelled') throw new DomainError('TRACE_NOT_DONE', { status });
        stop.signal.throwIfAborted();
        await new Promise((resume) => setTimeout(resume, LOOK_EVERY_MS));
        if (status === 'queued') await this.runTrace.execute(id, stop.signal);
      }
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    }
  }
}
