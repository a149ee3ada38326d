import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { SearchPageDto } from '@/platform/http';
import { TASK_KINDS, TASK_STATUSES, type TaskKind, type TaskStatus } from '../domain/task';

const LINES_MAX = 5_000;
const CODE_MAX = 100;

/** The client's own key of a command: sent again it answers as the first time. */
export class CommandDto {
  @ApiProperty({ example: '0190f3a2-6f5e-7c1d-9a37-3d1d6e0c9b11' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  id: string;
}

export class QuantityDto {
  @ApiProperty({ example: '12.5' }) @IsString() @MaxLength(60) value: string;
  @ApiProperty({ example: 'kg' }) @IsString() @MaxLength(30) uom: string;
}

export class UnitNameDto {
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) item?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) lot?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) serial?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) run?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(1_000) scan?: string;
}

class TaskUnitDto {
  @ApiPropertyOptional({ example: 'u12', description: 'opaque id or item~kind~code' })
  @IsOptional()
  @IsString()
  @MaxLength(400)
  unitId?: string;

  @ApiPropertyOptional({ type: UnitNameDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => UnitNameDto)
  unit?: UnitNameDto;

  @ApiPropertyOptional({ description: 'any free units of the item, first to expire first' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  item?: string;

  @ApiPropertyOptional({ type: QuantityDto })
  @IsOptional()
  @ValidateNested()
  @Type(() => QuantityDto)
  quantity?: QuantityDto;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) from?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) to?: string;
}

export class CreateTaskDto extends CommandDto {
  @ApiProperty({ enum: TASK_KINDS }) @IsIn(TASK_KINDS) kind: TaskKind;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(200) title?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 3, default: 2, description: '1 is first' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3)
  priority?: number;

  @ApiPropertyOptional({ description: 'user name' }) @IsOptional() @IsString() @MaxLength(CODE_MAX) assignee?: string;
  @ApiPropertyOptional({ example: 'operator' }) @IsOptional() @IsString() @MaxLength(CODE_MAX) role?: string;
  @ApiPropertyOptional({ example: '2026-03-02T16:00:00+01:00' }) @IsOptional() @IsString() @MaxLength(40) due?: string;
  @ApiPropertyOptional({ example: 'NCR-1' }) @IsOptional() @IsString() @MaxLength(CODE_MAX) ref?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(2_000) instruction?: string;

  @ApiPropertyOptional({ description: 'what is to be counted, with all places below it' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  place?: string;

  @ApiPropertyOptional({ description: 'what is to be counted' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  item?: string;

  @ApiPropertyOptional({ description: 'where all of it goes' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  to?: string;

  @ApiPropertyOptional({
    type: [TaskUnitDto],
    description: 'a sweep without units fetches all that is held (with this ref)',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LINES_MAX)
  @ValidateNested({ each: true })
  @Type(() => TaskUnitDto)
  units?: TaskUnitDto[];
}

export class AssignTaskDto extends CommandDto {
  @ApiProperty({ type: String, nullable: true, description: 'user name; null: nobody' })
  @ValidateIf((body: AssignTaskDto) => body.assignee !== null)
  @IsString()
  @IsNotEmpty()
  @MaxLength(CODE_MAX)
  assignee: string | null;
}

export class FinishTaskDto extends CommandDto {
  @ApiPropertyOptional({ description: 'why open lines are not done' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  reason?: string;
}

export class CancelTaskDto extends CommandDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason: string;
}

export class SkipLineDto extends CancelTaskDto {
  @ApiProperty({ enum: ['missing', 'skipped'] }) @IsIn(['missing', 'skipped']) status: 'missing' | 'skipped';
}

export class ScanTaskDto extends CommandDto {
  @ApiProperty({ description: 'what the scanner sent: a place, or a unit' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  scan: string;

  @ApiPropertyOptional({ description: 'the place that was scanned before it' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  place?: string;

  @ApiPropertyOptional({ description: 'another destination than the task says' })
  @IsOptional()
  @IsString()
  @MaxLength(CODE_MAX)
  to?: string;

  @ApiPropertyOptional({ description: 'in the base unit of the item; absent: all that the line asks for' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  quantity?: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) at?: string;

  @ApiPropertyOptional({ type: [String] })
  @IsOptional()
  @IsArray()
  @IsString({ each: true })
  acknowledged?: string[];
}

const LISTED = ['open', 'all', ...TASK_STATUSES] as const;

export class TasksQueryDto extends SearchPageDto {
  @ApiPropertyOptional({ enum: LISTED, default: 'open', description: 'open: all that is not over' })
  @IsOptional()
  @IsIn(LISTED)
  status?: 'all' | TaskStatus;

  @ApiPropertyOptional({ enum: TASK_KINDS }) @IsOptional() @IsIn(TASK_KINDS) kind?: TaskKind;

  @ApiPropertyOptional({ description: 'user name' }) @IsOptional() @IsString() @MaxLength(CODE_MAX) assignee?: string;

  @ApiPropertyOptional({ enum: ['true'], description: 'what is yours, and what is nobody’s and for your role' })
  @IsOptional()
  @IsIn(['true'])
  mine?: 'true';

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) ref?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(CODE_MAX) place?: string;
}
