/** Reports of finished traces. A finished trace never changes, so its report is made once and kept while it is asked for. */
import { Injectable } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Settings } from '@/platform/config';
import { buildReport } from '../domain/build';
import type { ReportFormat } from '../domain/file-name';
import type { ReportModel } from '../domain/model';
import { writeCsv } from '../writers/csv';
import { writePdf } from '../writers/pdf';
import { writeXlsx } from '../writers/xlsx';
import { TraceReader } from './trace-reader';

/** A report holds at most a few thousand rows, about 1 MB: whoever looks at one downloads its files next. */
const KEPT_MAX = 16;

export interface ReportFile {
  report: ReportModel;
  write: (format: ReportFormat) => Promise<Readable>;
}

@Injectable()
export class Reports {
  private readonly kept = new Map<string, Promise<ReportModel>>();

  constructor(
    private readonly reader: TraceReader,
    private readonly settings: Settings,
  ) {}

  /** Throws NOT_FOUND, and TRACE_NOT_DONE while it runs or where it failed. */
  async model(id: string): Promise<ReportModel> {
    const known = this.kept.get(id);
    if (known) return known;
    const made = this.make(id);
    this.kept.set(id, made);
    for (const oldest of this.kept.keys()) if (this.kept.size > KEPT_MAX) this.kept.delete(oldest);
    // Only what was made is kept: a trace that is not done yet is asked for again.
    made.catch(() => this.kept.delete(id));
    return made;
  }

  async file(id: string): Promise<ReportFile> {
    const report = await this.model(id);
    const reading = await this.reader.open(id);
    return {
      report,
      write: async (format) =>
        format === 'pdf'
          ? writePdf(report)
          : format === 'xlsx'
            ? writeXlsx(report, reading)
            : Readable.from(writeCsv(report, reading), { objectMode: false }),
    };
  }

  private async make(id: string): Promise<ReportModel> {
    return buildReport(await this.reader.open(id), { timeZone: this.settings.timeZone });
  }
}
