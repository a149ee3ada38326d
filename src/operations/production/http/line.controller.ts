import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { LoadRun, runNow } from '../app/load-run';
import { Rework } from '../app/rework';
import { Scrap } from '../app/scrap';
import { CleanDto, LoadDto, ReworkDto, ScrapDto, SwapDto } from './line-dto';

/** The verbs of the line besides building. */
@ApiTags('production')
@Controller()
export class LineController {
  constructor(
    private readonly db: Database,
    private readonly loadRun: LoadRun,
    private readonly scrapping: Scrap,
    private readonly reworking: Rework,
  ) {}

  @Get('runs/:run')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What is on a run now, by its code, its position or item~run~code; what was, see its unit' })
  run(@Param('run') run: string) {
    return runNow(this.db, run);
  }

  @Post('loads')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Loads material on a feeder or into a vessel' })
  load(@Ctx() ctx: Context, @Body() body: LoadDto) {
    return this.loadRun.execute(ctx, 'load', body);
  }

  @Post('unloads')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Takes material off a feeder or out of a vessel' })
  unload(@Ctx() ctx: Context, @Body() body: LoadDto) {
    return this.loadRun.execute(ctx, 'unload', body);
  }

  @Post('top-ups')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Fills a vessel up: the material becomes part of what is in it' })
  topUp(@Ctx() ctx: Context, @Body() body: LoadDto) {
    return this.loadRun.execute(ctx, 'top-up', body);
  }

  @Post('cleanings')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Cleans a feeder or vessel: nothing that was loaded is in it any more' })
  clean(@Ctx() ctx: Context, @Body() body: CleanDto) {
    return this.loadRun.execute(ctx, 'clean', body);
  }

  @Post('scraps')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Scraps a parent or a component at the line, with the reason' })
  scrap(@Ctx() ctx: Context, @Body() body: ScrapDto) {
    return this.scrapping.execute(ctx, body);
  }

  @Post('swaps')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Takes a component out, says what becomes of it, and puts another in its place: one transaction',
  })
  swap(@Ctx() ctx: Context, @Body() body: SwapDto) {
    const { out, fate, in: into, position, ...rest } = body;
    const at = position === undefined ? {} : { position };
    return this.reworking.execute(ctx, {
      ...rest,
      remove: [{ scan: out, fate, ...at }],
      install: [{ scan: into, ...at }],
    });
  }

  @Post('reworks')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Works on a finished unit: parts out with their fates, parts in, tests; it keeps its identity',
  })
  rework(@Ctx() ctx: Context, @Body() body: ReworkDto) {
    return this.reworking.execute(ctx, body);
  }
}
