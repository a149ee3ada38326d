import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageDto, SearchPageDto } from '@/platform/http';
import {
  DISPOSITION_KINDS,
  DISPOSITION_STATES,
  type DispositionKind,
  type DispositionState,
} from '../domain/disposition';

const ID = /^[A-Za-z0-9._:/+=-]{1,150}$/;
const UNITS_NAMED_MAX = 10_000;

export class CommandDto {
  @ApiProperty({ description: "the client's own id of this command: sent again it changes nothing" })
  @IsString()
  @Matches(ID)
  id: string;
}

export class ScopeDto {
  @ApiPropertyOptional({
    example: [{ item: 'RM-100', lot: 'L-1' }],
    description: 'by item and lot, serial or run; or by scan',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(UNITS_NAMED_MAX)
  @IsObject({ each: true })
  units?: Record<string, string>[];

  @ApiPropertyOptional({ description: 'SSCC: everything that is in it' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  container?: string;

  @ApiPropertyOptional({ example: 'LYON.RM', description: 'all stock there and in the places below it' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  place?: string;

  @ApiPropertyOptional({
    example: { supplier: 'CELLWORKS', madeFrom: '2026-03-01' },
    description: 'the parameters of GET /stock',
  })
  @IsOptional()
  @IsObject()
  query?: Record<string, string>;
}

export class HoldDto extends ScopeDto {
  @ApiProperty({ description: "the client's own id of this command: sent again it changes nothing" })
  @IsString()
  @Matches(ID)
  id: string;

  @ApiPropertyOptional({ description: 'why; may be left out where "reasonCode" says it' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  reason?: string;

  @ApiPropertyOptional({ example: 'supplier-defect', description: "a code of the plant's list of reasons" })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  reasonCode?: string;

  @ApiPropertyOptional({ example: 'NC-88', description: 'by default a number of its own' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  ref?: string;

  @ApiPropertyOptional({ description: 'whom to ask; by default whoever places it' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  owner?: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(2_000) note?: string;
  @ApiPropertyOptional({ description: 'by default now' }) @IsOptional() @IsString() @MaxLength(40) at?: string;

  @ApiPropertyOptional({ description: 'the number of units of the preview: if it is another one now, nothing is held' })
  @IsOptional()
  @IsInt()
  @Min(0)
  expected?: number;
}

export class ReleaseDto extends CommandDto {
  @ApiPropertyOptional({ example: ['h12'], description: 'these holds' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(UNITS_NAMED_MAX)
  @IsString({ each: true })
  holds?: string[];

  @ApiPropertyOptional({ description: 'all open holds of this group' })
  @IsOptional()
  @IsString()
  @MaxLength(32)
  group?: string;

  @ApiProperty({ example: 'Measured again: within limits' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  reason: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) at?: string;

  @ApiPropertyOptional({ description: 'how many holds were shown: if it is another number now, none is released' })
  @IsOptional()
  @IsInt()
  @Min(1)
  expected?: number;
}

export class GroupsQueryDto extends SearchPageDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) owner?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) reasonCode?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) item?: string;

  @ApiPropertyOptional({ description: 'only groups with a hold that is at least so many days old' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  olderThanDays?: number;
}

class QuantityDto {
  @ApiProperty({ example: '12.5' }) @IsString() @MaxLength(60) value: string;
  @ApiProperty({ example: 'kg' }) @IsString() @MaxLength(30) uom: string;
}

class PartDto {
  @ApiProperty({ example: { item: 'RM-100', lot: 'L-1' } }) @IsObject() unit: Record<string, string>;

  @ApiPropertyOptional({ type: QuantityDto, description: 'a part of a lot: it is split off when it is carried out' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuantityDto)
  quantity?: QuantityDto;
}

export class ProposeDto extends CommandDto {
  @ApiProperty({ enum: DISPOSITION_KINDS }) @IsIn(DISPOSITION_KINDS) kind: DispositionKind;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason: string;

  @ApiPropertyOptional({ description: 'where it is reworked or sorted' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  place?: string;

  @ApiPropertyOptional({ description: 'to whom it is returned' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  supplier?: string;

  @ApiPropertyOptional({ description: 'the holds it is about; without units, all units of the group' })
  @IsOptional()
  @IsString()
  @MaxLength(32)
  group?: string;

  @ApiPropertyOptional({ type: [PartDto] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(UNITS_NAMED_MAX)
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  units?: PartDto[];
}

export class DecideDto extends CommandDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(2_000) note?: string;
}

export class DispositionsQueryDto extends PageDto {
  @ApiPropertyOptional({ enum: DISPOSITION_STATES }) @IsOptional() @IsIn(DISPOSITION_STATES) state?: DispositionState;

  @ApiPropertyOptional({ description: '`u12` or `item~kind~code`' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  unit?: string;
}

export class ReasonDto {
  @ApiProperty({ enum: ['hold', 'disposition'] }) @IsIn(['hold', 'disposition']) kind: 'hold' | 'disposition';
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) text: string;
  @ApiPropertyOptional({ default: false }) @IsOptional() @IsBoolean() retired?: boolean;
}
