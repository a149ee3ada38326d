import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { decodeCursor, encodeCursor, pageSize } from '@/platform/http';
import { Backflush, viewBackflush } from '../app/backflush';
import { FinishBuild } from '../app/finish-build';
import { ScanPart } from '../app/scan-part';
import { SetAside } from '../app/set-aside';
import { StartBuild } from '../app/start-build';
import { buildByRef } from '../db/builds';
import { buildsPage, viewBuild } from '../queries';
import { AbandonDto, BuildsQuery, CommandDto, FinishDto, ReasonDto, ResumeDto, ScanDto, StartDto } from './dto';
import { BackflushDto } from './line-dto';

@ApiTags('production')
@Controller('builds')
export class BuildsController {
  constructor(
    private readonly db: Database,
    private readonly startBuild: StartBuild,
    private readonly scanPart: ScanPart,
    private readonly backflush: Backflush,
    private readonly finishBuild: FinishBuild,
    private readonly setAside: SetAside,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Builds, the latest first' })
  async list(@Query() query: BuildsQuery) {
    const { cursor, limit, workOrder, ...filter } = query;
    const page = await buildsPage(
      this.db,
      { ...filter, order: workOrder },
      decodeCursor<number>(cursor),
      pageSize(limit),
    );
    return { data: page.views, nextCursor: page.last === null ? null : encodeCursor(page.last) };
  }

  @Post()
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Begins to build a piece or a lot of a work order: the scanned one, or the next of the order',
  })
  start(@Ctx() ctx: Context, @Body() body: StartDto) {
    return this.startBuild.execute(ctx, body);
  }

  @Get(':build')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A build: its lines, what fills them, and what is still open' })
  async one(@Param('build') ref: string) {
    return viewBuild(this.db, await buildByRef(this.db, ref));
  }

  @Post(':build/scans')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Judges a scanned component and takes it; a verdict of "stop" or "ask" has changed nothing',
  })
  scan(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: ScanDto) {
    return this.scanPart.execute(ctx, ref, body);
  }

  @Post(':build/parts/:part/take-out')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Takes a part out of an open build again' })
  takeOut(
    @Ctx() ctx: Context,
    @Param('build') ref: string,
    @Param('part', ParseIntPipe) part: number,
    @Body() body: CommandDto,
  ) {
    return this.scanPart.takeOut(ctx, ref, part, body);
  }

  @Get(':build/backflush')
  @RequirePermission('work:read')
  @ApiOperation({
    summary: 'Which lots the open lines of bulk material were most likely taken from, and which else they may be',
  })
  proposals(@Param('build') ref: string) {
    return viewBackflush(this.db, ref);
  }

  @Post(':build/backflush')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Takes bulk material by BOM quantity; where several lots may be it, the person says how' })
  takeBulk(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: BackflushDto) {
    return this.backflush.execute(ctx, ref, body);
  }

  @Post(':build/finish')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Finishes the build: records one event; all is judged again; open lines are refused or need a reason',
  })
  finish(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: FinishDto) {
    return this.finishBuild.execute(ctx, ref, body);
  }

  @Post(':build/park')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Sets the build aside with all that was scanned for it' })
  park(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: ReasonDto) {
    return this.setAside.park(ctx, ref, body);
  }

  @Post(':build/resume')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Goes on with a build, at this station' })
  resume(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: ResumeDto) {
    return this.setAside.resume(ctx, ref, body);
  }

  @Post(':build/abandon')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Gives the build up: nothing is recorded and its parts are free again' })
  abandon(@Ctx() ctx: Context, @Param('build') ref: string, @Body() body: AbandonDto) {
    return this.setAside.abandon(ctx, ref, body);
  }
}
