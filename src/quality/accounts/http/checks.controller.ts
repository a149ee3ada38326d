import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parsePeriod } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { type Context, Database } from '@/platform/db';
import { PageDto } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { DrawChecks } from '../app/draw-checks';
import { RecordAttempt } from '../app/record-attempt';
import { clockAt, type ClockView } from '../domain/clocks';
import { checksPage, drawsOf } from '../queries/checks';
import { type CaseClocks, clocksOf, openClocks } from '../queries/clocks';
import { type StatusReport, statusReport } from '../queries/status-report';
import { AttemptDto, DrawChecksDto, StatusQuery, ToldDto } from './dto';

@ApiTags('recalls')
@Controller()
export class ChecksController {
  constructor(
    private readonly database: Database,
    private readonly settings: Settings,
    private readonly draws: DrawChecks,
    private readonly record: RecordAttempt,
  ) {}

  @Get('recalls/:recall/checks')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Effectiveness checks: what was drawn with which seed, every attempt, and what was found' })
  async checks(@Param('recall') recall: string, @Query() { cursor, limit }: PageDto) {
    const { recallId } = await recallByKey(this.database, recall);
    const page = await checksPage(this.database, recallId, cursor, limit);
    return { draws: await drawsOf(this.database, recallId), ...page };
  }

  @Post('recalls/:recall/checks')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({
    summary: 'Draws the consignees that are checked, by the level of the case; again only with a reason',
  })
  drawn(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: DrawChecksDto) {
    return this.draws.execute(ctx, { ...body, recall });
  }

  @Post('recalls/:recall/checks/:check/attempts')
  @HttpCode(200)
  @RequirePermission('recalls:respond')
  @ApiOperation({ summary: 'Records an attempt and what it found, for ever' })
  attempt(
    @Ctx() ctx: Context,
    @Param('recall') recall: string,
    @Param('check', ParseIntPipe) check: number,
    @Body() body: AttemptDto,
  ) {
    return this.record.attempt(ctx, { ...body, recall, check });
  }

  @Post('recalls/:recall/told')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Records that an authority was told' })
  told(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: ToldDto) {
    return this.record.told(ctx, { ...body, recall });
  }

  @Get('recalls/:recall/clocks')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The clocks of a case: since when, what they are held to, due, done, breached' })
  async clocks(@Param('recall') recall: string): Promise<{ recall: string; clocks: ClockView[] }> {
    const { key } = await recallByKey(this.database, recall);
    return { recall: key, clocks: this.at(await clocksOf(this.database, key), Date.now()) };
  }

  @Get('recall-clocks')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The clocks of all open cases, the newest case first' })
  async allClocks() {
    const now = Date.now();
    const cases = await openClocks(this.database);
    const data = cases.map(({ facts, ...of }) => ({ ...of, clocks: this.at({ ...of, facts }, now) }));
    return { data, nextCursor: null };
  }

  @Get('recalls/:recall/status-report')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The status report as at any date, with what 21 CFR 7.53(b) asks for' })
  async status(@Param('recall') key: string, @Query() { date }: StatusQuery): Promise<StatusReport> {
    const recall = await recallByKey(this.database, key);
    const asked = date === undefined ? null : parsePeriod(date, this.settings.timeZone, 'date');
    const now = Date.now();
    // The whole of a day, but nothing that has not happened yet.
    const until = asked === null ? now : Math.min(asked.until - 1, now);
    const clocks = await clocksOf(this.database, key);
    const accounted = this.at(clocks, until).find((one) => one.clock === 'accounted');
    const closed = accounted?.doneAt != null && Date.parse(accounted.doneAt) <= until;
    const begun = accounted?.startedAt != null && Date.parse(accounted.startedAt) <= until;
    return statusReport(this.database, recall, until, {
      at: closed ? accounted.doneAt : begun ? accounted.dueAt : null,
      basis: closed ? 'closed' : begun ? 'goal' : 'not initiated',
    });
  }

  private at(clocks: CaseClocks | undefined, nowMs: number): ClockView[] {
    const calendar = { zone: this.settings.timeZone, holidays: this.settings.holidays };
    return (clocks?.facts ?? []).map((facts) => clockAt(facts, nowMs, calendar));
  }
}
