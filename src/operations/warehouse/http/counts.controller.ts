import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { formatDecimal } from '@/kernel';
import { identities, unitRef } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { placesById } from '@/reference/places';
import { type CountClosed, CountStock } from '../app/count-stock';
import type { Verdict } from '../app/verdict';
import { entriesOf } from '../db/counts';
import { taskByRef } from '../db/tasks';
import { CancelTaskDto, CommandDto } from './task-dto';

class CountScanDto extends CommandDto {
  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(1_000) scan: string;
  @ApiProperty({ description: 'the place that was scanned before it' }) @IsString() @MaxLength(100) place: string;

  @ApiPropertyOptional({ example: '12.5', description: 'in the base unit of the item; a serial needs none' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  quantity?: string;
}

class CloseCountDto extends CommandDto {
  @ApiPropertyOptional({ description: 'true: nothing at all is there' }) @IsOptional() @IsBoolean() nothing?: boolean;
}

@ApiTags('tasks')
@Controller('tasks/:task/count')
export class CountsController {
  constructor(
    private readonly database: Database,
    private readonly countStock: CountStock,
  ) {}

  @Get()
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'What was counted so far in this round; not what the record says' })
  async entries(@Param('task') ref: string) {
    const task = await taskByRef(this.database, ref);
    const entries = await entriesOf(this.database, task.taskId, task.round);
    const units = await identities(
      this.database,
      entries.map((entry) => entry.unitId),
    );
    const places = await placesById(
      this.database,
      entries.map((entry) => entry.placeId),
    );
    return {
      task: `T-${task.taskId}`,
      round: task.round,
      data: entries.map((entry) => {
        const unit = units.get(entry.unitId)!;
        return {
          id: unit.id,
          unit: unitRef(unit.item, unit.kind, unit.code),
          place: places.get(entry.placeId)?.code ?? null,
          quantity: { value: formatDecimal(entry.quantity), uom: unit.uom },
          countedBy: entry.countedBy,
          countedAt: entry.countedAt.toISOString(),
        };
      }),
    };
  }

  @Get('differences')
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'What was counted beside what the record says: for whoever confirms it' })
  async differences(@Param('task') ref: string) {
    return { data: await this.countStock.differencesOf(this.database, ref) };
  }

  @Post()
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Counts a unit at a place: a serial by its scan, a lot with the quantity' })
  scan(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: CountScanDto): Promise<Verdict> {
    return this.countStock.scan(ctx, ref, body);
  }

  @Post('close')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Ends a round: done, to be confirmed, or to be counted again by somebody else' })
  close(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: CloseCountDto): Promise<CountClosed> {
    return this.countStock.close(ctx, ref, body.id, body.nothing ?? false);
  }

  @Post('confirm')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Records the differences as count events, with the reason' })
  confirm(@Ctx() ctx: Context, @Param('task') ref: string, @Body() body: CancelTaskDto): Promise<CountClosed> {
    return this.countStock.confirm(ctx, ref, body.id, body.reason);
  }
}
