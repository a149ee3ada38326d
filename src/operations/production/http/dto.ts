import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageDto, SearchPageDto } from '@/platform/http';

const CODE = 100;
const REASON = 2_000;
const ACKNOWLEDGED_MAX = 200;

export class AmountDto {
  @ApiProperty({ example: '12.5' }) @IsString() @MaxLength(60) value: string;
  @ApiProperty({ example: 'kg' }) @IsString() @MaxLength(30) uom: string;
}

/** Every command carries an id of the client's own: sent again, it changes nothing and is answered as the first time. */
export class CommandDto {
  @ApiProperty({ description: "the client's own id of this command" })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  id: string;
}

export class ReasonDto extends CommandDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(REASON) reason?: string;
}

export class AbandonDto extends CommandDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(REASON) reason: string;
}

export class OrderDto extends CommandDto {
  @ApiProperty({ example: 'WO-7' }) @IsString() @Matches(/^[^~\s][^~]*$/) @MaxLength(CODE) number: string;
  @ApiPropertyOptional({ enum: ['build', 'rework'] }) @IsOptional() @IsIn(['build', 'rework']) kind?:
    'build' | 'rework';
  @ApiProperty() @IsString() @MaxLength(CODE) item: string;
  @ApiProperty({ type: AmountDto }) @IsDefined() @ValidateNested() @Type(() => AmountDto) quantity: AmountDto;
  @ApiPropertyOptional({ description: 'a BOM revision; absent: the one in force at the planned time' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE)
  revision?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) planned?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) due?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) workCenter?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) place?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) customer?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) salesOrder?: string;
  @ApiPropertyOptional({ example: 'EB-{0000}' }) @IsOptional() @IsString() @MaxLength(60) serialPattern?: string;
  @ApiPropertyOptional({
    enum: ['refuse', 'reason'],
    description: 'finishing with open lines: refused, or with a reason',
  })
  @IsOptional()
  @IsIn(['refuse', 'reason'])
  openLines?: 'refuse' | 'reason';
  @ApiPropertyOptional({ description: 'true: released at once' }) @IsOptional() @IsBoolean() release?: boolean;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(REASON) note?: string;
}

export class ReviseOrderDto extends CommandDto {
  @ApiPropertyOptional({ type: AmountDto }) @IsOptional() @ValidateNested() @Type(() => AmountDto) quantity?: AmountDto;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) due?: string;
}

export class OrdersQuery extends SearchPageDto {
  @ApiPropertyOptional({ description: 'states, separated by commas' }) @IsOptional() @IsString() state?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() item?: string;
  @ApiPropertyOptional({ enum: ['build', 'rework'] }) @IsOptional() @IsIn(['build', 'rework']) kind?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() workCenter?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() customer?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() salesOrder?: string;
  @ApiPropertyOptional({ description: 'due before this time or the end of this date' })
  @IsOptional()
  @IsString()
  dueBefore?: string;
}

export class RunDto {
  @ApiProperty() @IsString() @MaxLength(CODE) item: string;
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(CODE) run: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) position?: string;
}

export class WorkCenterDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) place?: string;
  @ApiPropertyOptional({ description: 'what is loaded on its runs goes into what is built there' })
  @IsOptional()
  @IsBoolean()
  takesRuns?: boolean;
  @ApiPropertyOptional({ type: [RunDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => RunDto)
  runs?: RunDto[];
}

class WhereDto extends CommandDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) workCenter?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) place?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) station?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) operator?: string;
}

export class ResumeDto extends WhereDto {}

export class StartDto extends WhereDto {
  @ApiProperty() @IsString() @MaxLength(CODE) workOrder: string;
  @ApiPropertyOptional({ description: "the parent's serial or lot, as scanned; absent: the next of the order" })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  scan?: string;
  @ApiPropertyOptional({ type: AmountDto, description: 'of a lot; absent: what is left of the order' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  quantity?: AmountDto;
  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ACKNOWLEDGED_MAX)
  @IsString({ each: true })
  acknowledged?: string[];
  @ApiPropertyOptional({
    type: [String],
    description: 'codes of refusals that the person confirms: BUILD_CODE_KNOWN',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  accept?: string[];
}

export class ScanDto extends CommandDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(1_000) scan: string;
  @ApiPropertyOptional({ type: AmountDto, description: 'of a lot; absent: what its line still needs' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  quantity?: AmountDto;
  @ApiPropertyOptional() @IsOptional() @IsInt() @Min(1) line?: number;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) position?: string;
  @ApiPropertyOptional({
    type: [String],
    description: 'codes of "ask" verdicts that the person confirms: PART_REVISION',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  accept?: string[];
  @ApiPropertyOptional({ type: [String], description: 'ids of instructions that the person has read' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ACKNOWLEDGED_MAX)
  @IsString({ each: true })
  acknowledged?: string[];
}

export class FinishDto extends ReasonDto {
  @ApiPropertyOptional({ type: AmountDto, description: 'how much of a lot came out; absent: what it was begun for' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AmountDto)
  quantity?: AmountDto;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) at?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) operator?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) shift?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE) tool?: string;
  @ApiPropertyOptional({ type: [String], description: 'ids of instructions that the person has read' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ACKNOWLEDGED_MAX)
  @IsString({ each: true })
  acknowledged?: string[];
}

export class BuildsQuery extends PageDto {
  @ApiPropertyOptional() @IsOptional() @IsString() workOrder?: string;
  @ApiPropertyOptional({ description: 'open, parked, finished, abandoned; several separated by commas' })
  @IsOptional()
  @IsString()
  state?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() workCenter?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() item?: string;
}
