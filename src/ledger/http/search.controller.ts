import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { DomainError, parsePeriod } from '@/kernel';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { PAGE_SIZE_MAX } from '@/platform/http';
import { standingOf } from '../projections/cursor';
import { documentPage } from '../search/documents';
import { search, SEARCH_TYPES, SearchType } from '../search/find';

const HITS = 10;
const HITS_MAX = 100;

class SearchQuery {
  /** words; all of them are found in whatever is shown */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(500) q?: string;
  /** unit, event, document, container, item, place, partner; several with commas; default all */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(200) type?: string;
  /** what happened at or after: ISO 8601 with offset, or a date */
  @ApiPropertyOptional() @IsOptional() @IsString() from?: string;
  /** what happened before; a date is counted whole */
  @ApiPropertyOptional() @IsOptional() @IsString() to?: string;
  /** code of an item */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) item?: string;
  /** code of a supplier or customer */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) partner?: string;
  /** hits of each type */
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(HITS_MAX) limit?: number;
}

class DocumentQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_SIZE_MAX) limit?: number;
}

@ApiTags('search')
@Controller()
export class SearchController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  @Get('search')
  @RequirePermission('units:read')
  @ApiOperation({
    summary:
      'Units, events, documents and master data by any part of a number, name, note or attribute; grouped by type, with why each was found',
  })
  async find(@Query() query: SearchQuery) {
    const { timeZone, searchMsMax } = this.settings;
    const standing = await standingOf(this.db, 'search');
    const answer = await search(this.db, this.uow, {
      text: query.q ?? '',
      types: typesOf(query.type),
      from: query.from === undefined ? null : parsePeriod(query.from, timeZone, 'from').from,
      until: query.to === undefined ? null : untilOf(query.to, timeZone),
      item: query.item ?? null,
      partner: query.partner ?? null,
      limit: query.limit ?? HITS,
      msMax: searchMsMax,
    });
    return { ...answer, ...standing };
  }

  @Get('documents/:number')
  @RequirePermission('units:read')
  @ApiOperation({ summary: 'One document: its partners, events, and units with quantities' })
  document(@Param('number') number: string, @Query() query: DocumentQuery) {
    return documentPage(this.db, number, query.cursor, query.limit);
  }
}

function untilOf(text: string, zone: string): number {
  const period = parsePeriod(text, zone, 'to');
  return period.coarse ? period.until : period.from;
}

function typesOf(text: string | undefined): readonly SearchType[] {
  if (text === undefined || text.trim() === '') return SEARCH_TYPES;
  return text.split(',').map((name) => {
    const type = SEARCH_TYPES.find((t) => t === name.trim());
    if (!type)
      throw new DomainError('FIELD_INVALID', {
        field: 'type',
        reason: `"${name.trim()}" is none of ${SEARCH_TYPES.join(', ')}.`,
      });
    return type;
  });
}
