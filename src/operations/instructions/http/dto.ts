import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { SearchPageDto } from '@/platform/http';
import { SEVERITIES, type Severity, SUBJECTS, type SubjectKind } from '../domain/instruction';

class AboutDto {
  @ApiPropertyOptional({ example: 'RM-100' }) @IsOptional() @IsString() @MaxLength(100) item?: string;

  @ApiPropertyOptional({
    example: { item: 'RM-100', lot: 'L-1' },
    description: 'by item and lot, serial or run; or by scan',
  })
  @IsOptional()
  @IsObject()
  unit?: Record<string, string>;

  @ApiPropertyOptional({ example: 'LYON.RM', description: 'a place, and all places below it' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  place?: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) customer?: string;

  @ApiPropertyOptional({ description: 'all items of this category' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  category?: string;
}

export class PutInstructionDto {
  @ApiProperty({ example: 'Keep below 4 °C' })
  @IsString()
  @MaxLength(200)
  title: string;

  @ApiPropertyOptional({ example: 'Put it into the cold store within 15 minutes of receipt.' })
  @IsOptional()
  @IsString()
  @MaxLength(4_000)
  text?: string;

  @ApiProperty({ enum: SEVERITIES })
  @IsIn(SEVERITIES)
  severity: Severity;

  @ApiPropertyOptional({ default: false, description: 'whoever scans it must acknowledge it before going on' })
  @IsOptional()
  @IsBoolean()
  acknowledge?: boolean;

  @ApiProperty({ type: AboutDto })
  @IsObject()
  @ValidateNested()
  @Type(() => AboutDto)
  about: AboutDto;

  @ApiPropertyOptional({ example: '2026-03-01' }) @IsOptional() @IsString() @MaxLength(40) validFrom?: string;

  @ApiPropertyOptional({ example: '2026-06-30', description: 'a date is the end of that day' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  validUntil?: string;

  @ApiPropertyOptional({ example: 'ECN-12', description: 'what else ends it; it counts until it is retired' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  untilRef?: string;
}

export class RetireDto {
  @ApiProperty({ example: 'ECN-12 is in force' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  reason: string;
}

export class InstructionsQueryDto extends SearchPageDto {
  @ApiPropertyOptional({ enum: ['active', 'retired', 'all'], default: 'active', description: 'active: not retired' })
  @IsOptional()
  @IsIn(['active', 'retired', 'all'])
  state?: 'active' | 'retired' | 'all';

  @ApiPropertyOptional({ enum: SEVERITIES }) @IsOptional() @IsIn(SEVERITIES) severity?: Severity;

  @ApiPropertyOptional({ enum: SUBJECTS }) @IsOptional() @IsIn(SUBJECTS) about?: SubjectKind;

  @ApiPropertyOptional({ description: 'code of the item, place, customer or category; `item~kind~code` of a unit' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  key?: string;

  @ApiPropertyOptional({ example: 'ECN-12' }) @IsOptional() @IsString() @MaxLength(100) untilRef?: string;
}
