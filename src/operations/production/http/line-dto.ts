import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Min, ValidateNested } from 'class-validator';
import {
  Name,
  OptionalNames,
  OptionalOneOf,
  OptionalPart,
  OptionalParts,
  OptionalProse,
  OptionalText,
  Prose,
  Scanned,
} from '@/platform/http';
import { AmountDto, CommandDto } from './dto';

const ROWS_MAX = 100;

/** What every verb of the line may say besides. */
class LineDto extends CommandDto {
  @OptionalText('when it happened; absent: now', 40)
  at?: string;
  @OptionalText() place?: string;
  @OptionalText() operator?: string;
  @OptionalText() workOrder?: string;
  @OptionalOneOf(['record', 'live'], 'record: late entry; live (the default): at work')
  check?: 'record' | 'live';
}

export class CleanDto extends LineDto {
  @Scanned('the feeder or vessel: its code, its position, or item~run~code')
  run: string;
  @OptionalProse() reason?: string;
}

export class LoadDto extends CleanDto {
  @Scanned() scan: string;
  @OptionalPart(() => AmountDto) quantity?: AmountDto;
  @OptionalPart(() => AmountDto, 'when all of it is unloaded: how much is left; the rest was used there')
  left?: AmountDto;
  @OptionalText() position?: string;
  @OptionalNames(ROWS_MAX)
  acknowledged?: string[];
}

export class ScrapDto extends LineDto {
  @Scanned() scan: string;
  @OptionalPart(() => AmountDto) quantity?: AmountDto;
  @Prose() reason: string;
  @OptionalText() workCenter?: string;
}

class InstallDto {
  @Scanned() scan: string;
  @OptionalText() position?: string;
  @OptionalPart(() => AmountDto) quantity?: AmountDto;
}

const FATES = ['stock', 'scrap', 'quarantine', 'supplier'] as const;

class RemoveDto extends InstallDto {
  @ApiProperty({ enum: FATES, description: 'what becomes of what is taken out' })
  @IsIn(FATES)
  fate: (typeof FATES)[number];
}

class TestDto {
  @Name() characteristic: string;
  @ApiProperty({ enum: ['pass', 'fail'] }) @IsIn(['pass', 'fail']) result: 'pass' | 'fail';
  @OptionalText('', 60) measured?: string;
}

class FinishedDto extends LineDto {
  @Scanned('the finished unit, as scanned')
  parent: string;
  @Prose() reason: string;
  @OptionalNames(10)
  accept?: string[];
  @OptionalNames(ROWS_MAX)
  acknowledged?: string[];
}

export class SwapDto extends FinishedDto {
  @Scanned('what is taken out') out: string;
  @ApiProperty({ enum: FATES }) @IsIn(FATES) fate: (typeof FATES)[number];
  @Scanned('what is put in') in: string;
  @OptionalText() position?: string;
}

export class ReworkDto extends FinishedDto {
  @OptionalParts(() => RemoveDto, ROWS_MAX)
  remove?: RemoveDto[];
  @OptionalParts(() => InstallDto, ROWS_MAX)
  install?: InstallDto[];
  @OptionalParts(() => TestDto, ROWS_MAX)
  inspect?: TestDto[];
}

class LotDto {
  @Scanned() scan: string;
  @ApiProperty({ type: AmountDto }) @ValidateNested() @Type(() => AmountDto) quantity: AmountDto;
}

class BackflushLineDto {
  @ApiProperty() @IsInt() @Min(1) line: number;
  @OptionalOneOf(['split', 'possible']) how?: 'split' | 'possible';
  @OptionalParts(() => LotDto, ROWS_MAX)
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
