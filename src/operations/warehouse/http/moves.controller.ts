import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { Ctx, RequirePermission } from '@/platform/auth';
import type { Context } from '@/platform/db';
import { AdjustStock } from '../app/adjust-stock';
import { MoveStock } from '../app/move-stock';
import type { Verdict } from '../app/verdict';
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
}
