import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { parsePeriod } from '@/kernel';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { PAGE_SIZE_MAX } from '@/platform/http';
import { sealLedger } from '../app/seal';
import { findUnit, unitHistory, unitLinks } from '../queries';
import { unitPage } from '../unit-page';

class PageQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_SIZE_MAX) limit?: number;
}

class TreeQuery extends PageQuery {
  /** only what holds at this time: ISO 8601 with offset, or a date (its end) */
  @ApiPropertyOptional() @IsOptional() @IsString() at?: string;
}

@ApiTags('units')
@Controller('units/:unit')
@RequirePermission('units:read')
export class UnitsController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What a unit is: identity, state, where it is, holds; `unit` is an id of any answer or item~kind~code',
  })
  async one(@Param('unit') ref: string) {
    return unitPage(this.db, await findUnit(this.db, ref), await sealLedger(this.uow));
  }

  @Get('history')
  @ApiOperation({ summary: 'Everything that was recorded of it, newest first, voided facts marked' })
  async history(@Param('unit') ref: string, @Query() query: PageQuery) {
    return unitHistory(this.db, await findUnit(this.db, ref), query.cursor, query.limit);
  }

  @Get('contains')
  @ApiOperation({ summary: 'What it contains, one level' })
  contains(@Param('unit') ref: string, @Query() query: TreeQuery) {
    return this.tree(ref, 'contains', query);
  }

  @Get('used-in')
  @ApiOperation({ summary: 'What it went into, one level' })
  usedIn(@Param('unit') ref: string, @Query() query: TreeQuery) {
    return this.tree(ref, 'used-in', query);
  }

  private async tree(ref: string, side: 'contains' | 'used-in', query: TreeQuery) {
    const unit = await findUnit(this.db, ref);
    const at = query.at === undefined ? null : parsePeriod(query.at, this.settings.timeZone, 'at').until - 1;
    return unitLinks(this.db, await sealLedger(this.uow), unit, side, at, query.cursor, query.limit);
  }
}
