import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { findUnit } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { decodeCursor, type Page, PageDto, pageSize, toPage } from '@/platform/http';
import { PutInstruction } from '../app/put-instruction';
import { RetireInstruction } from '../app/retire-instruction';
import {
  acknowledgementsOf,
  type AcknowledgementView,
  instructionByCode,
  instructionsFor,
  type InstructionView,
  listInstructions,
} from '../queries';
import { InstructionsQueryDto, PutInstructionDto, RetireDto } from './dto';

@ApiTags('instructions')
@Controller()
export class InstructionsController {
  constructor(
    private readonly database: Database,
    private readonly putInstruction: PutInstruction,
    private readonly retireInstruction: RetireInstruction,
  ) {}

  @Get('instructions')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Handling instructions, by code' })
  async list(@Query() query: InstructionsQueryDto): Promise<Page<InstructionView>> {
    const size = pageSize(query.limit);
    const { q, state, severity, about, key, untilRef } = query;
    const rows = await listInstructions(
      this.database,
      {
        q: escapeLike(q ?? ''),
        state: state ?? 'active',
        ...(severity && { severity }),
        ...(about && { about }),
        ...(key && { key }),
        ...(untilRef && { untilRef }),
      },
      decodeCursor<string>(query.cursor) ?? '',
      size + 1,
      Date.now(),
    );
    return toPage(
      rows,
      size,
      (row) => row.instruction,
      (row) => row,
    );
  }

  @Get('instructions/:instruction')
  @RequirePermission('work:read')
  @ApiOperation({
    summary: 'A handling instruction; its earlier versions are in the audit (subject instruction:<code>)',
  })
  async get(@Param('instruction') code: string): Promise<InstructionView> {
    const found = await instructionByCode(this.database, code, Date.now());
    if (!found) throw new DomainError('NOT_FOUND', { what: 'instruction', key: code });
    return found;
  }

  @Put('instructions/:instruction')
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Creates or changes a handling instruction; a changed one must be acknowledged anew' })
  async put(
    @Ctx() ctx: Context,
    @Param('instruction') code: string,
    @Body() body: PutInstructionDto,
  ): Promise<InstructionView> {
    await this.putInstruction.execute(ctx, code, body);
    return this.get(code);
  }

  @Post('instructions/:instruction/retire')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Takes an instruction out of use, with the reason' })
  async retire(
    @Ctx() ctx: Context,
    @Param('instruction') code: string,
    @Body() body: RetireDto,
  ): Promise<InstructionView> {
    await this.retireInstruction.execute(ctx, code, body.reason);
    return this.get(code);
  }

  @Get('instructions/:instruction/acknowledgements')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Who acknowledged which version, for which unit, latest first' })
  async acknowledgements(
    @Param('instruction') code: string,
    @Query() query: PageDto,
  ): Promise<Page<AcknowledgementView>> {
    await this.get(code);
    const size = pageSize(query.limit);
    const rows = await acknowledgementsOf(this.database, code, decodeCursor<number>(query.cursor), size + 1);
    return toPage(
      rows,
      size,
      (row) => row.id,
      (row) => row,
    );
  }

  @Get('units/:unit/instructions')
  @RequirePermission('units:read')
  @ApiOperation({
    summary: 'How a unit is to be treated now: its own instructions, those of its item, category and place',
  })
  async ofUnit(@Param('unit') ref: string) {
    const { unitId } = await findUnit(this.database, ref);
    return { data: await instructionsFor(this.database, { units: [unitId] }) };
  }
}
