import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { PageDto } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { DrawChecks } from '../app/draw-checks';
import { ReadStatus } from '../app/read-status';
import { RecordAttempt } from '../app/record-attempt';
import type { ClockView } from '../domain/clocks';
import { checksPage, drawsOf } from '../queries/checks';
import type { StatusReport } from '../queries/status-report';
import { AttemptDto, DrawChecksDto, StatusQuery, ToldDto } from './dto';

@ApiTags('recalls')
@Controller()
export class ChecksController {
  constructor(
    private readonly database: Database,
    private readonly read: ReadStatus,
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
    return { recall: key, clocks: await this.read.clocks(key) };
  }

  @Get('recall-clocks')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The clocks of all open cases, the newest case first' })
  async allClocks() {
    const data = await this.read.openClocks();
    return { data, nextCursor: null };
  }

  @Get('recalls/:recall/status-report')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The status report as at any date, with what 21 CFR 7.53(b) asks for' })
  async status(@Param('recall') key: string, @Query() { date }: StatusQuery): Promise<StatusReport> {
    return this.read.status(await recallByKey(this.database, key), date);
  }
}
