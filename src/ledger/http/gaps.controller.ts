import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { parsePeriod } from '@/kernel';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { PAGE_SIZE_MAX } from '@/platform/http';
import { gapCounts, GapFilter, listGaps } from '../search/gap-list';

const DAY_MS = 86_400_000;

class GapQuery {
  @ApiPropertyOptional({ example: 'installed-twice' }) @IsOptional() @IsString() @MaxLength(100) kind?: string;
  /** code of a place; what is below it counts too */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) place?: string;
  /** code of an item */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) item?: string;
  /** what happened so many days ago or earlier (`30d`), or before a time or date */
  @ApiPropertyOptional({ example: '30d' })
  @IsOptional()
  @IsString()
  @Matches(/^(\d{1,5}d|\d{4}-.+)$/)
  olderThan?: string;
  /** a part of its sentence: item, code, day */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(200) q?: string;
}

class GapListQuery extends GapQuery {
  @ApiPropertyOptional() @IsOptional() @IsIn(['oldest', 'newest']) order?: 'oldest' | 'newest';
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_SIZE_MAX) limit?: number;
}

@ApiTags('gaps')
@Controller('gaps')
@RequirePermission('units:read')
export class GapsController {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'Everything that the record cannot tell now, with what would close it: a sentence, and an event to fill in',
  })
  list(@Query() query: GapListQuery) {
    const { cursor, limit, order } = query;
    return listGaps(this.db, this.filter(query), { cursor, limit, newest: order === 'newest', nowMs: Date.now() });
  }

  @Get('counts')
  @ApiOperation({ summary: 'How many gaps there are, by kind and by place, with the oldest of each' })
  counts(@Query() query: GapQuery) {
    return gapCounts(this.db, this.filter(query));
  }

  private filter({ kind, place, item, olderThan, q }: GapQuery): GapFilter {
    const days = olderThan === undefined ? null : /^(\d+)d$/.exec(olderThan);
    const before =
      olderThan === undefined
        ? null
        : days
          ? Date.now() - Number(days[1]) * DAY_MS
          : parsePeriod(olderThan, this.settings.timeZone, 'olderThan').from;
    return {
      before,
      ...(kind === undefined ? {} : { kind }),
      ...(place === undefined ? {} : { place }),
      ...(item === undefined ? {} : { item }),
      ...(q === undefined ? {} : { q }),
    };
  }
}
