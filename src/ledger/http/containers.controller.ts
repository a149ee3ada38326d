import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { parsePeriod } from '@/kernel';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { PAGE_SIZE_MAX } from '@/platform/http';
import { sealLedger } from '../app/seal';
import { containerHistory, containerPage, findContainer } from '../container-page';

class HistoryQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_SIZE_MAX) limit?: number;
}

class ContentQuery extends HistoryQuery {
  /** what was in it at this time: ISO 8601 with offset, or a date (its end) */
  @ApiPropertyOptional() @IsOptional() @IsString() at?: string;
}

@ApiTags('containers')
@Controller('containers/:container')
@RequirePermission('units:read')
export class ContainersController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What is in a container (by its code or SSCC, or a scan of it), now or at a time, and where it is',
  })
  async one(@Param('container') ref: string, @Query() query: ContentQuery) {
    const at = query.at === undefined ? null : parsePeriod(query.at, this.settings.timeZone, 'at').until - 1;
    const container = await findContainer(this.db, ref);
    return containerPage(this.db, container, await sealLedger(this.uow), at, query.cursor, query.limit);
  }

  @Get('history')
  @ApiOperation({ summary: 'Everything that was done with it, newest first, voided facts marked' })
  async history(@Param('container') ref: string, @Query() query: HistoryQuery) {
    return containerHistory(this.db, await findContainer(this.db, ref), query.cursor, query.limit);
  }
}
