import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDefined,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  Name,
  OptionalNames,
  OptionalOneOf,
  OptionalPart,
  OptionalParts,
  OptionalProse,
  OptionalText,
  PageDto,
  Prose,
  Scanned,
  SearchPageDto,
} from '@/platform/http';

const CODE = 100;
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
  @OptionalProse() reason?: string;
}

export class AbandonDto extends CommandDto {
  @Prose() reason: string;
}

export class OrderDto extends CommandDto {
  @ApiProperty({ example: 'WO-7' }) @IsString() @Matches(/^[^~\s][^~]*$/) @MaxLength(CODE) number: string;
  @OptionalOneOf(['build', 'rework']) kind?: 'build' | 'rework';
  @ApiProperty() @IsString() @MaxLength(CODE) item: string;
  @ApiProperty({ type: AmountDto }) @IsDefined() @ValidateNested() @Type(() => AmountDto) quantity: AmountDto;
  @OptionalText('a BOM revision; absent: the one in force at the planned time')
  revision?: string;
  @OptionalText('', 40) planned?: string;
  @OptionalText('', 40) due?: string;
  @OptionalText() workCenter?: string;
  @OptionalText() place?: string;
  @OptionalText() customer?: string;
  @OptionalText() salesOrder?: string;
  @ApiPropertyOptional({ example: 'EB-{0000}' }) @IsOptional() @IsString() @MaxLength(60) serialPattern?: string;
  @OptionalOneOf(['refuse', 'reason'], 'finishing with open lines: refused, or with a reason')
  openLines?: 'refuse' | 'reason';
  @ApiPropertyOptional({ description: 'true: released at once' }) @IsOptional() @IsBoolean() release?: boolean;
  @OptionalProse() note?: string;
}

export class ReviseOrderDto extends CommandDto {
  @OptionalPart(() => AmountDto) quantity?: AmountDto;
  @OptionalText('', 40) due?: string;
}

export class OrdersQuery extends SearchPageDto {
  @ApiPropertyOptional({ description: 'states, separated by commas' }) @IsOptional() @IsString() state?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() item?: string;
  @OptionalOneOf(['build', 'rework']) kind?: string;
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
  @Name() run: string;
  @OptionalText() position?: string;
}

export class WorkCenterDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @OptionalText() place?: string;
  @ApiPropertyOptional({ description: 'what is loaded on its runs goes into what is built there' })
  @IsOptional()
  @IsBoolean()
  takesRuns?: boolean;
  @OptionalParts(() => RunDto, 1_000)
  runs?: RunDto[];
}

class WhereDto extends CommandDto {
  @OptionalText() workCenter?: string;
  @OptionalText() place?: string;
  @OptionalText() station?: string;
  @OptionalText() operator?: string;
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
  @OptionalPart(() => AmountDto, 'of a lot; absent: what is left of the order')
  quantity?: AmountDto;
  @OptionalNames(ACKNOWLEDGED_MAX)
  acknowledged?: string[];
  @OptionalNames(10, 'codes of refusals that the person confirms: BUILD_CODE_KNOWN')
  accept?: string[];
}

export class ScanDto extends CommandDto {
  @Scanned() scan: string;
  @OptionalPart(() => AmountDto, 'of a lot; absent: what its line still needs')
  quantity?: AmountDto;
  @ApiPropertyOptional() @IsOptional() @IsInt() @Min(1) line?: number;
  @OptionalText() position?: string;
  @OptionalNames(10, 'codes of "ask" verdicts that the person confirms: PART_REVISION')
  accept?: string[];
  @OptionalNames(ACKNOWLEDGED_MAX, 'ids of instructions that the person has read')
  acknowledged?: string[];
}

export class FinishDto extends ReasonDto {
  @OptionalPart(() => AmountDto, 'how much of a lot came out; absent: what it was begun for')
  quantity?: AmountDto;
  @OptionalText('', 40) at?: string;
  @OptionalText() operator?: string;
  @OptionalText() shift?: string;
  @OptionalText() tool?: string;
  @OptionalNames(ACKNOWLEDGED_MAX, 'ids of instructions that the person has read')
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
