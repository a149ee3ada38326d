import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database, escapeLike } from '@/platform/db';
import {
  CommandId,
  OptionalFlag,
  OptionalName,
  OptionalNames,
  OptionalOneOf,
  OptionalParts,
  OptionalProse,
  OptionalTime,
  Page,
  Part,
  SearchPageDto,
} from '@/platform/http';
import { Inspect, type Inspected } from '../app/inspect';
import { checkInspection, type InspectionsFound, type InspectionView, listInspections } from '../queries/inspections';
import { InspectionResultDto, UnitDto } from './fields';

class InspectDto {
  @CommandId() id: string;
  @Part(() => UnitDto) unit: UnitDto;
  @OptionalName('which delivery, where the lot came with several that wait') receipt?: string;
  @OptionalFlag('the results count for all units of the delivered line that still wait') line?: boolean;
  @OptionalParts(() => InspectionResultDto, 200) inspection?: InspectionResultDto[];
  @OptionalProse('why the rest is not inspected, where the plan allows that') skipInspection?: string;
  @OptionalOneOf(['hold', 'reject'], 'what the results say, unless decided') decision?: 'hold' | 'reject';
  @OptionalProse() reason?: string;
  @OptionalTime() at?: string;
  @OptionalProse() note?: string;
  @OptionalNames(1_000, 'instructions that were shown and acknowledged') acknowledged?: string[];
}

class CheckInspectionDto {
  @Part(() => UnitDto) unit: UnitDto;
}

@ApiTags('receiving')
@Controller('inspections')
export class InspectionsController {
  constructor(
    private readonly db: Database,
    private readonly inspect: Inspect,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What came in and waits for its inspection, the oldest first' })
  list(@Query() { q, cursor, limit }: SearchPageDto): Promise<Page<InspectionView>> {
    return listInspections(this.db, { q: escapeLike(q ?? '') }, cursor, limit);
  }

  @Post('check')
  @HttpCode(200)
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What a unit waits for: the characteristics of its plan, instructions, verdict' })
  check(@Body() { unit }: CheckInspectionDto): Promise<InspectionsFound> {
    return checkInspection(this.db, unit);
  }

  @Post()
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Bring the results that a receipt waits for: passed is free of that hold, failed stays on hold',
  })
  create(@Ctx() ctx: Context, @Body() body: InspectDto): Promise<Inspected> {
    return this.inspect.execute(ctx, body);
  }
}
