import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { type Page, PageDto } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { CloseRecall } from '../app/close-recall';
import { Reconcile } from '../app/reconcile';
import { SettlePending } from '../app/settle-pending';
import {
  accountByConsignee,
  accountByUnit,
  type ConsigneeAccount,
  type Contradiction,
  contradictionsPage,
  type UnitAccount,
} from '../queries/reconciliation';
import { AccountLinesQuery, CloseDto, SettleDto } from './dto';

@ApiTags('recalls')
@Controller('recalls/:recall')
export class AccountsController {
  constructor(
    private readonly database: Database,
    private readonly reconcile: Reconcile,
    private readonly settle: SettlePending,
    private readonly close: CloseRecall,
  ) {}

  @Get('reconciliation')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'What the case adds up to, what is missing, and the mass balance of the suspects' })
  async reconciliation(@Param('recall') recall: string) {
    return this.reconcile.execute(await recallByKey(this.database, recall));
  }

  @Get('reconciliation/lines')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The same by unit, or by consignee and item' })
  async lines(
    @Param('recall') key: string,
    @Query() { by, pending, cursor, limit }: AccountLinesQuery,
  ): Promise<Page<UnitAccount> | Page<ConsigneeAccount>> {
    const recall = await recallByKey(this.database, key);
    if (by === 'consignee') return accountByConsignee(this.database, recall, cursor, limit);
    return accountByUnit(this.database, recall, { pending }, cursor, limit);
  }

  @Get('contradictions')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'What the ledger and the answers say against each other, and what to do about it' })
  async contradictions(
    @Param('recall') recall: string,
    @Query() { cursor, limit }: PageDto,
  ): Promise<Page<Contradiction>> {
    return contradictionsPage(this.database, await recallByKey(this.database, recall), cursor, limit);
  }

  @Post('settlements')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Says by hand what became of what is pending; what the ledger says later takes its place' })
  settles(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SettleDto) {
    return this.settle.execute(ctx, { ...body, recall });
  }

  @Post('close')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Closes a case that adds up, signed; refused while anything is missing' })
  async closes(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: CloseDto) {
    const { key, state, revision } = await this.close.execute(ctx, { ...body, recall });
    return { recall: key, state, revision };
  }
}
