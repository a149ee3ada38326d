import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Ctx, RequirePermission } from '@/platform/auth';
import type { Context } from '@/platform/db';
import { CommandId, OptionalName, OptionalOneOf, OptionalPart, OptionalText, OptionalTime } from '@/platform/http';
import { PlanDrill } from '../app/plan-drill';
import { PICKED_BY, type PickedBy, type Standard, STANDARDS } from '../domain/drill';
import { GoalsDto, UnitDto } from './dto';

class PlanDrillDto {
  @CommandId() id: string;
  @ApiProperty({ enum: PICKED_BY }) @IsIn(PICKED_BY) by: PickedBy;
  @OptionalText('with the same candidates it picks the same lot; made up unless said') seed?: string;
  @OptionalName('by supplier: whose lots') supplier?: string;
  @OptionalTime('by date: received or made from then on') from?: string;
  @OptionalTime('by date: until then, a date is its end; unless said the day or time of "from"') until?: string;
  @OptionalPart(() => UnitDto, 'by lot: this one') unit?: UnitDto;
  @OptionalOneOf(
    STANDARDS,
    'what it is held to: BRCGS 4 h, a retailer 2 h, SQF the goals of the plant; brcgs unless said',
  )
  standard?: Standard;
  @OptionalPart(() => GoalsDto) goals?: GoalsDto;
  @OptionalText('', 200) title?: string;
}

@ApiTags('recalls')
@Controller('drills')
export class DrillsController {
  constructor(private readonly plan: PlanDrill) {}

  @Post()
  @HttpCode(200)
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'Picks a lot at random, opens a drill over it, and asks what its scope would be' })
  plans(@Ctx() ctx: Context, @Body() body: PlanDrillDto) {
    return this.plan.execute(ctx, { ...body });
  }
}
