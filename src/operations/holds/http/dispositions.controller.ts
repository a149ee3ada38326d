import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { findUnit } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { CarryOutDisposition } from '../app/carry-out';
import { DecideDisposition } from '../app/decide-disposition';
import { ProposeDisposition } from '../app/propose-disposition';
import { dispositionId, type DispositionView, dispositionWithUnits, findDispositions } from '../disposition-queries';
import { CommandDto, DecideDto, DispositionsQueryDto, ProposeDto } from './dto';

@ApiTags('holds')
@Controller('dispositions')
export class DispositionsController {
  constructor(
    private readonly database: Database,
    private readonly propose: ProposeDisposition,
    private readonly decide: DecideDisposition,
    private readonly carry: CarryOutDisposition,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What is to become of held goods, the newest first' })
  async list(@Query() query: DispositionsQueryDto): Promise<Page<DispositionView>> {
    const size = pageSize(query.limit);
    const unitId = query.unit === undefined ? undefined : (await findUnit(this.database, query.unit)).unitId;
    const rows = await findDispositions(
      this.database,
      { state: query.state, unitId },
      decodeCursor<number>(query.cursor),
      size + 1,
    );
    return toPage(
      rows,
      size,
      (row) => dispositionId(row.disposition),
      (row) => row,
    );
  }

  @Get(':disposition')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A disposition with its units' })
  one(@Param('disposition') disposition: string) {
    return dispositionWithUnits(this.database, dispositionId(disposition));
  }

  @Post()
  @HttpCode(200)
  @RequirePermission('holds:place')
  @ApiOperation({ summary: 'Proposes use as is, rework, sorting, return to the supplier or scrapping' })
  proposes(@Ctx() ctx: Context, @Body() body: ProposeDto) {
    return this.propose.execute(ctx, { ...body });
  }

  @Post(':disposition/approve')
  @HttpCode(200)
  @RequirePermission('dispositions:approve')
  @ApiOperation({ summary: 'Approves what another person proposed' })
  approve(@Ctx() ctx: Context, @Param('disposition') disposition: string, @Body() body: DecideDto) {
    return this.decide.execute(ctx, { ...body, disposition, decision: 'approved' });
  }

  @Post(':disposition/refuse')
  @HttpCode(200)
  @RequirePermission('dispositions:approve')
  @ApiOperation({ summary: 'Refuses what another person proposed' })
  refuse(@Ctx() ctx: Context, @Param('disposition') disposition: string, @Body() body: DecideDto) {
    return this.decide.execute(ctx, { ...body, disposition, decision: 'refused' });
  }

  @Post(':disposition/withdraw')
  @HttpCode(200)
  @RequirePermission('holds:place')
  @ApiOperation({ summary: 'Withdraws what was not carried out' })
  withdraw(@Ctx() ctx: Context, @Param('disposition') disposition: string, @Body() body: DecideDto) {
    return this.decide.execute(ctx, { ...body, disposition, decision: 'withdrawn' });
  }

  @Post(':disposition/carry-out')
  @HttpCode(200)
  @RequirePermission('holds:release')
  @ApiOperation({ summary: 'Does what was approved: all of its facts at once' })
  carryOut(@Ctx() ctx: Context, @Param('disposition') disposition: string, @Body() body: CommandDto) {
    return this.carry.execute(ctx, { ...body, disposition });
  }
}
