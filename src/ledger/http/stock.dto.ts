import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { PageDto } from '@/platform/http';
import { STOCK_SORTS, StockSort } from '../stock/page';

const SORTS: StockSort[] = STOCK_SORTS.flatMap((sort): StockSort[] => [sort, `-${sort}`]);
const STATES = ['in-stock', 'in-work', 'returned', 'shipped', 'scrapped', 'used', 'unknown', 'any'] as const;

/** `a=1&a=2` and `a=1,2` say the same. */
const Listed = () =>
  Transform(({ value }: { value: unknown }) =>
    (Array.isArray(value) ? value : [value]).flatMap((v: unknown) => (typeof v === 'string' ? v.split(',') : [v])),
  );
/** true or false, and nothing else. */
const Flag = () =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

const DAYS_MAX = 36_500;
const TEXT_MAX = 200;

export class StockFilterDto {
  @ApiPropertyOptional({ type: [String], description: 'item codes: several times, or with commas between' })
  @IsOptional()
  @Listed()
  @IsArray()
  @IsString({ each: true })
  item?: string[];

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(TEXT_MAX) category?: string;

  @ApiPropertyOptional({ description: "the start of a unit's code" })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  unit?: string;

  @ApiPropertyOptional({ type: [String], enum: ['serial', 'lot', 'run'], description: 'default serial and lot' })
  @IsOptional()
  @Listed()
  @IsIn(['serial', 'lot', 'run'], { each: true })
  kind?: ('serial' | 'lot' | 'run')[];

  @ApiPropertyOptional({ description: 'a place, with all places below it' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  place?: string;

  @ApiPropertyOptional({
    type: [String],
    enum: STATES,
    description: 'default what is in house; with a customer: shipped',
  })
  @IsOptional()
  @Listed()
  @IsIn(STATES, { each: true })
  state?: (typeof STATES)[number][];

  @ApiPropertyOptional({ description: 'with, or without, an open hold' })
  @IsOptional()
  @Flag()
  @IsBoolean()
  held?: boolean;

  @ApiPropertyOptional({ description: 'in stock, not on hold, not expired' })
  @IsOptional()
  @Flag()
  @IsBoolean()
  free?: boolean;

  @ApiPropertyOptional({ description: 'a time with offset, or a date: before the end of that day' })
  @IsOptional()
  @IsString()
  expiresBefore?: string;

  @ApiPropertyOptional({ description: 'a time with offset, or a date: from that day on' })
  @IsOptional()
  @IsString()
  madeFrom?: string;

  @ApiPropertyOptional({ description: 'a time with offset, or a date: before that day' })
  @IsOptional()
  @IsString()
  madeBefore?: string;

  @ApiPropertyOptional({ description: 'made so many days ago or earlier' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(DAYS_MAX)
  olderThan?: number;

  @ApiPropertyOptional({ example: '2026-03-02', description: "a day in the plant's time zone" })
  @IsOptional()
  @Matches(/^\d{4}-\d\d-\d\d$/)
  madeOn?: string;

  @ApiPropertyOptional({ description: 'empty: without a supplier' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  supplier?: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(TEXT_MAX) customer?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(TEXT_MAX) container?: string;

  @ApiPropertyOptional({ description: 'the same as attr.revision; empty: without one' })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  revision?: string;

  @ApiPropertyOptional({
    description: "the start of a unit's code or other name or an item's code, or a part of an item's name",
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  q?: string;
}

export class StockQuery extends StockFilterDto implements PageDto {
  @ApiPropertyOptional({ enum: SORTS, default: 'item', description: '"-" for descending; quantity within one item' })
  @IsOptional()
  @IsIn(SORTS)
  sort?: StockSort;

  @ApiPropertyOptional({ description: 'with the totals per item of all that the filters leave' })
  @IsOptional()
  @Flag()
  @IsBoolean()
  totals?: boolean;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  cursor?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 1_000, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit?: number;
}

export class StockGroupsQuery extends StockFilterDto {
  @ApiPropertyOptional({
    description: 'supplier, revision, madeOn, place, item, state or attr.<name>',
    default: 'item',
  })
  @IsOptional()
  @IsString()
  @MaxLength(TEXT_MAX)
  by?: string;
}
