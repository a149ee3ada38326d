import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PAGE_SIZE_MAX } from '@/platform/http';
import { Change, CHANGES } from '../domain/changes';
import { GRAPH_KINDS, GRAPH_NODES_MAX, GraphKind } from '../domain/summary-graph';
import { TRACE_PRIORITIES, type TracePriority } from '../app/trace-queue';
import type { Source, UnitKind } from '../domain/question';
import { Sort, SORT_KEYS } from '../results/select';

const CODE_MAX = 100;
const SOURCES: Source[] = ['auto', 'index', 'sql'];
const SEEDS_MAX = 100_000;

class UnitNameDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(CODE_MAX) item?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(CODE_MAX) lot?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(CODE_MAX) serial?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(CODE_MAX) run?: string;
  @ApiPropertyOptional({ description: 'what a scanner read, instead of item and code' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  scan?: string;
}

class SeedDto {
  @ApiProperty({ type: UnitNameDto }) @IsObject() @ValidateNested() @Type(() => UnitNameDto) unit: UnitNameDto;
  @ApiPropertyOptional({ description: 'ISO 8601 with offset, or a date: its first millisecond' })
  @IsOptional()
  @IsString()
  from?: string;
  @ApiPropertyOptional({ description: 'ISO 8601 with offset, or a date: its end' })
  @IsOptional()
  @IsString()
  until?: string;
}

class BarrierDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @IsNotEmpty() @MaxLength(CODE_MAX) item?: string;
  @ApiPropertyOptional({ description: 'a characteristic that units are inspected for' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  inspection?: string;
}

export class AskTraceDto {
  @ApiProperty({ enum: ['forward', 'backward'] })
  @IsIn(['forward', 'backward'])
  direction: 'forward' | 'backward';

  @ApiProperty({ type: [SeedDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SEEDS_MAX)
  @ValidateNested({ each: true })
  @Type(() => SeedDto)
  seeds: SeedDto[] = [];

  @ApiPropertyOptional({ description: '"ever" (default), "shipment", a time or a date' })
  @IsOptional()
  @IsString()
  at?: string;

  @ApiPropertyOptional({ enum: ['possible', 'certain'] })
  @IsOptional()
  @IsIn(['possible', 'certain'])
  certainty?: 'possible' | 'certain';

  @ApiPropertyOptional({ type: [BarrierDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => BarrierDto)
  barriers?: BarrierDto[];

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(60) thresholdShare?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(2000) justification?: string;
  @ApiPropertyOptional({ description: 'as it was known at that position; default now' })
  @IsOptional()
  @IsInt()
  @Min(0)
  ledgerPosition?: number;

  @ApiPropertyOptional({ enum: SOURCES, description: 'what answers; the answer is the same; default auto' })
  @IsOptional()
  @IsIn(SOURCES)
  source?: Source;

  @ApiPropertyOptional({ enum: TRACE_PRIORITIES, description: 'a recall goes before a report; default normal' })
  @IsOptional()
  @IsIn(TRACE_PRIORITIES)
  priority?: TracePriority;
}

/** How long a client may wait for an answer in one request. */
const WAIT_SECONDS_MAX = 60;

export class WaitQuery {
  /** answer when it is done, at most so many seconds (60) */
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(WAIT_SECONDS_MAX) wait?: number;
}

export class PageQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_SIZE_MAX) limit?: number;
}

const SORTS: Sort[] = SORT_KEYS.flatMap((key) => [key, `-${key}` as const]);
const MONTH_OR_UNKNOWN = /^(\d{4}-(0[1-9]|1[0-2])|unknown)$/;
const KINDS: UnitKind[] = ['serial', 'lot', 'run'];

export class UnitsQuery extends PageQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() item?: string;
  @ApiPropertyOptional() @IsOptional() @IsIn(['certain', 'possible']) certainty?: 'certain' | 'possible';
  @ApiPropertyOptional() @IsOptional() @IsString() state?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() place?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() customer?: string;
  /** part of a code, or of an item's code or name */
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(200) q?: string;
  /** which kinds, by comma; default serial,lot */
  @ApiPropertyOptional({ type: String })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(KINDS, { each: true })
  kinds?: UnitKind[];
  /** of first making: "2026-03", or "unknown" */
  @ApiPropertyOptional() @IsOptional() @Matches(MONTH_OR_UNKNOWN) month?: string;
  /** what to sort by, "-" before it for descending; what is not known comes last */
  @ApiPropertyOptional({ enum: SORTS }) @IsOptional() @IsIn(SORTS) sort: Sort = 'key';
}

export class ExcludedQuery extends UnitsQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() reason?: string;
}

export class ConsigneesQuery extends PageQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() customer?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() shipment?: string;
  /** only those that were affected when they left, or only those that were not */
  @ApiPropertyOptional({ type: Boolean })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  hit?: boolean;
}

export class CompareQuery extends PageQuery {
  @ApiPropertyOptional({ enum: CHANGES }) @IsOptional() @IsIn(CHANGES) change?: Change;
}

export class GapsQuery extends PageQuery {
  @ApiPropertyOptional() @IsOptional() @IsString() kind?: string;
}

export class GraphQuery {
  @ApiPropertyOptional({ enum: GRAPH_KINDS }) @IsOptional() @IsIn(GRAPH_KINDS) by: GraphKind = 'item';
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(GRAPH_NODES_MAX) limit: number = 300;
}
