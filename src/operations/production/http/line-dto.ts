import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { AmountDto, CommandDto } from './dto';

const CODE = 100;
const SCAN = 1_000;
const REASON = 2_000;
const ROWS_MAX = 100;

/** What every verb of the line may say besides. */
class LineDto extends CommandDto {
  @ApiPropertyOptional({ description: 'when it happened; absent: now' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  at?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) place?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) operator?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) workOrder?: string;
  @ApiPropertyOptional({ enum: ['record', 'live'], description: 'record: late entry; live (the default): at work' })
  @IsOptional()
  @IsIn(['record', 'live'])
  check?: 'record' | 'live';
}

export class CleanDto extends LineDto {
  @ApiProperty({ description: 'the feeder or vessel: its code, its position, or item~run~code' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(SCAN)
  run: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(REASON) reason?: string;
}

export class LoadDto extends CleanDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(SCAN) scan: string;
  @ApiPropertyOptional({ type: AmountDto }) @IsOptional() @ValidateNested() @Type(() => AmountDto) quantity?: AmountDto;
  @ApiPropertyOptional({
    type: AmountDto,
    description: 'when all of it is unloaded: how much is left; the rest was used there',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  left?: AmountDto;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) position?: string;
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @IsString({ each: true })
  acknowledged?: string[];
}

export class ScrapDto extends LineDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(SCAN) scan: string;
  @ApiPropertyOptional({ type: AmountDto }) @IsOptional() @ValidateNested() @Type(() => AmountDto) quantity?: AmountDto;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(REASON) reason: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) workCenter?: string;
}

class InstallDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(SCAN) scan: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) position?: string;
  @ApiPropertyOptional({ type: AmountDto }) @IsOptional() @ValidateNested() @Type(() => AmountDto) quantity?: AmountDto;
}

const FATES = ['stock', 'scrap', 'quarantine', 'supplier'] as const;

class RemoveDto extends InstallDto {
  @ApiProperty({ enum: FATES, description: 'what becomes of what is taken out' })
  @IsIn(FATES)
  fate: (typeof FATES)[number];
}

class TestDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(CODE) characteristic: string;
  @ApiProperty({ enum: ['pass', 'fail'] }) @IsIn(['pass', 'fail']) result: 'pass' | 'fail';
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(60) measured?: string;
}

class FinishedDto extends LineDto {
  @ApiProperty({ description: 'the finished unit, as scanned' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(SCAN)
  parent: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(REASON) reason: string;
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  accept?: string[];
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @IsString({ each: true })
  acknowledged?: string[];
}

export class SwapDto extends FinishedDto {
  @ApiProperty({ description: 'what is taken out' }) @IsString() @IsNotEmpty() @MaxLength(SCAN) out: string;
  @ApiProperty({ enum: FATES }) @IsIn(FATES) fate: (typeof FATES)[number];
  @ApiProperty({ description: 'what is put in' }) @IsString() @IsNotEmpty() @MaxLength(SCAN) in: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) position?: string;
}

export class ReworkDto extends FinishedDto {
  @ApiPropertyOptional({ type: [RemoveDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @ValidateNested({ each: true })
  @Type(() => RemoveDto)
  remove?: RemoveDto[];
  @ApiPropertyOptional({ type: [InstallDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @ValidateNested({ each: true })
  @Type(() => InstallDto)
  install?: InstallDto[];
  @ApiPropertyOptional({ type: [TestDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @ValidateNested({ each: true })
  @Type(() => TestDto)
  inspect?: TestDto[];
}

class LotDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(SCAN) scan: string;
  @ApiProperty({ type: AmountDto }) @ValidateNested() @Type(() => AmountDto) quantity: AmountDto;
}

class BackflushLineDto {
  @ApiProperty() @IsInt() @Min(1) line: number;
  @ApiPropertyOptional({ enum: ['split', 'possible'] }) @IsOptional() @IsIn(['split', 'possible']) how?:
    'split' | 'possible';
  @ApiPropertyOptional({ type: [LotDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ROWS_MAX)
  @ValidateNested({ each: true })
  @Type(() => LotDto)
  lots?: LotDto[];
}

export class BackflushDto extends CommandDto {
  @ApiPropertyOptional({ type: [BackflushLineDto], description: 'absent: all lines that only one lot can be in' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => BackflushLineDto)
  lines?: BackflushLineDto[];
}
