import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { DomainError, formatDecimal, formatTime } from '@/kernel';
import { unitRef } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { placesById } from '@/reference/places';
import { AdjustStock } from '../app/adjust-stock';
import { MoveStock } from '../app/move-stock';
import type { Verdict } from '../app/verdict';
import { containerNamed } from '../db/containers';
import { stockOfUnits } from '../db/stock';
import { CommandDto, QuantityDto, UnitNameDto } from './task-dto';

class MoveDto extends CommandDto {
  @ApiProperty({ description: 'a unit, or a container with all that is in it' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  scan: string;

  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(100) to: string;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) from?: string;

  @ApiPropertyOptional({ description: 'in the base unit of the item; absent: all that is there' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  quantity?: string;

  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(40) at?: string;
  @ApiPropertyOptional({ type: [String] }) @IsOptional() @IsArray() @IsString({ each: true }) acknowledged?: string[];
}

class AdjustDto extends CommandDto {
  @ApiProperty({ type: UnitNameDto }) @IsObject() @ValidateNested() @Type(() => UnitNameDto) unit: UnitNameDto;
  @ApiPropertyOptional() @IsOptional() @IsString() @MaxLength(100) place?: string;

  @ApiProperty({ type: QuantityDto, description: 'signed: "-1.5" is less' })
  @IsObject()
  @ValidateNested()
  @Type(() => QuantityDto)
  quantity: QuantityDto;

  @ApiProperty() @IsString() @IsNotEmpty() @MaxLength(2_000) reason: string;
}

@ApiTags('warehouse')
@Controller()
export class MovesController {
  constructor(
    private readonly database: Database,
    private readonly moveStock: MoveStock,
    private readonly adjustStock: AdjustStock,
  ) {}

  @Post('moves')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Moves a scanned unit or container; a verdict of "stop" or "ask" has changed nothing' })
  move(@Ctx() ctx: Context, @Body() body: MoveDto): Promise<Verdict> {
    return this.moveStock.execute(ctx, body);
  }

  @Post('adjustments')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Corrects stock by a signed amount, with the reason' })
  adjust(@Ctx() ctx: Context, @Body() body: AdjustDto): Promise<{ event: string }> {
    return this.adjustStock.execute(ctx, body);
  }

  @Get('containers/:container')
  @RequirePermission('units:read')
  @ApiOperation({ summary: 'What is in a container now, by its code or SSCC' })
  async content(@Param('container') scanned: string) {
    const container = await containerNamed(this.database, scanned);
    if (!container) throw new DomainError('NOT_FOUND', { what: 'container', key: scanned });
    const stock = (await stockOfUnits(this.database, container.units)).filter(
      (row) => row.container === container.code,
    );
    const places = await placesById(
      this.database,
      stock.flatMap((row) => row.placeId ?? []),
    );
    const where = [...new Set([...places.values()].map((place) => place.code))];
    return {
      container: container.code,
      place: where.length === 1 ? where[0]! : null,
      units: container.units.length,
      held: stock.filter((row) => row.holds.length > 0).length,
      data: stock.map((row) => ({
        id: `u${row.unitId}`,
        unit: unitRef(row.item, row.kind, row.code),
        name: row.itemName,
        quantity: row.quantity === null ? null : { value: formatDecimal(row.quantity), uom: row.uom },
        place: row.placeId === null ? null : (places.get(row.placeId)?.code ?? null),
        held: row.holds,
        expires: formatTime(row.expiresMs),
      })),
    };
  }
}
