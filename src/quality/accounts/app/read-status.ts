import { Injectable } from '@nestjs/common';
import { parsePeriod } from '@/kernel';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import type { Recall } from '@/quality/recalls';
import { type Calendar, clockAt, type ClockView } from '../domain/clocks';
import { type CaseClocks, clocksOf, openClocks } from '../queries/clocks';
import { type StatusReport, statusReport } from '../queries/status-report';

export type ClocksView = Omit<CaseClocks, 'facts'> & { clocks: ClockView[] };

/** Reads clocks as they stand now, and the status of any date. */
@Injectable()
export class ReadStatus {
  private readonly calendar: Calendar;

  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {
    this.calendar = { zone: settings.timeZone, holidays: settings.holidays };
  }

  async clocks(key: string, nowMs = Date.now()): Promise<ClockView[]> {
    const { facts = [] } = (await clocksOf(this.db, key)) ?? {};
    return facts.map((one) => clockAt(one, nowMs, this.calendar));
  }

  async openClocks(): Promise<ClocksView[]> {
    const now = Date.now();
    return (await openClocks(this.db)).map((one) => this.view(one, now));
  }

  view({ facts, ...of }: CaseClocks, nowMs: number): ClocksView {
    return { ...of, clocks: facts.map((one) => clockAt(one, nowMs, this.calendar)) };
  }

  /** `date`: the whole of a day in the plant's zone, or a time; now unless said, and nothing that has not happened yet. Throws TIME_INVALID, TIME_NEEDS_OFFSET. */
  async status(recall: Recall, date: string | undefined): Promise<StatusReport> {
    const now = Date.now();
    const until = date === undefined ? now : Math.min(parsePeriod(date, this.settings.timeZone, 'date').until - 1, now);
    const accounted = (await this.clocks(recall.key, until)).find((one) => one.clock === 'accounted');
    const by = (time: string | null | undefined): boolean => time != null && Date.parse(time) <= until;
    if (by(accounted?.doneAt)) return statusReport(this.db, recall, until, { at: accounted!.doneAt, basis: 'closed' });
    return statusReport(
      this.db,
      recall,
      until,
      by(accounted?.startedAt) ? { at: accounted!.dueAt, basis: 'goal' } : { at: null, basis: 'not initiated' },
    );
  }
}
