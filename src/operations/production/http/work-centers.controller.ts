import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { decodeCursor, encodeCursor, PageDto, pageSize } from '@/platform/http';
import { PutWorkCenter } from '../app/put-work-center';
import { listWorkCenters, workCenterByCode } from '../db/work-centers';
import { viewCenters } from '../queries';
import { WorkCenterDto } from './dto';

@ApiTags('production')
@Controller('work-centers')
export class WorkCentersController {
  constructor(
    private readonly db: Database,
    private readonly putWorkCenter: PutWorkCenter,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Work centres, with their runs and what is loaded on them now' })
  async list(@Query() query: PageDto) {
    const size = pageSize(query.limit);
    const rows = await listWorkCenters(this.db, decodeCursor<string>(query.cursor) ?? '', size + 1);
    const shown = rows.slice(0, size);
    return {
      data: await viewCenters(this.db, shown),
      nextCursor: rows.length > size ? encodeCursor(shown.at(-1)!.code) : null,
    };
  }

  @Get(':workCenter')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A work centre, with its runs and what is loaded on them now' })
  async one(@Param('workCenter') code: string) {
    return (await viewCenters(this.db, [await workCenterByCode(this.db, code)]))[0];
  }

  @Put(':workCenter')
  @RequirePermission('work:plan')
  @ApiOperation({
    summary:
      'Creates or replaces a work centre: its place, its runs, and whether builds take in what is loaded on them',
  })
  put(@Ctx() ctx: Context, @Param('workCenter') code: string, @Body() body: WorkCenterDto) {
    return this.putWorkCenter.execute(ctx, code, body);
  }
}
