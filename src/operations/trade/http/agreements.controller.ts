import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatDecimal } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database } from '@/platform/db';
import { Name, OptionalFlag, OptionalName, OptionalParts } from '@/platform/http';
import { PutAgreements } from '../app/put-agreements';
import { RemovePlan } from '../app/remove-plan';
import { plansOfItem, type StoredPlan } from '../db/plans';
import { itemsOf, partnerOf } from '../db/reference';
import { partnerTerms } from '../db/terms';
import type { Terms } from '../domain/order';
import { TermsDto } from './orders.dto';

class CharacteristicDto {
  @Name() name: string;
  @OptionalName('inclusive limit, a decimal') low?: string;
  @OptionalName('inclusive limit, a decimal') high?: string;
  @OptionalName() uom?: string;
}

class PlanDto {
  @OptionalName('for what this supplier sends alone') supplier?: string;
  @OptionalParts(() => CharacteristicDto, 200) characteristics?: CharacteristicDto[];
  @OptionalFlag('whether goods may be accepted without results, with a reason') skippable?: boolean;
}

class PlanQuery {
  @OptionalName('the supplier that it is for; absent: the one for any') supplier?: string;
}

interface TermsView {
  overPercent: string | null;
  shortPercent: string | null;
  lifeDaysMin: number | null;
  strategy: string | null;
}

const termsView = (t: Terms): TermsView => ({
  ...t,
  overPercent: t.overPercent === null ? null : formatDecimal(t.overPercent),
  shortPercent: t.shortPercent === null ? null : formatDecimal(t.shortPercent),
});

@ApiTags('receiving')
@Controller()
export class AgreementsController {
  constructor(
    private readonly db: Database,
    private readonly putAgreements: PutAgreements,
    private readonly removePlan: RemovePlan,
  ) {}

  @Get('items/:item/inspection-plans')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What is inspected when goods of an item come in: for any supplier, and for some' })
  async plans(@Param('item') code: string): Promise<{ data: StoredPlan[] }> {
    const item = (await itemsOf(this.db, [code])).get(code)!;
    return { data: await plansOfItem(this.db, item.itemId) };
  }

  @Put('items/:item/inspection-plans')
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Create or replace the plan of an item, for any supplier or for one' })
  async putPlan(
    @Ctx() ctx: Context,
    @Param('item') item: string,
    @Body() body: PlanDto,
  ): Promise<{ data: StoredPlan[] }> {
    return {
      data: await this.putAgreements.plan(ctx, item, { ...body, characteristics: body.characteristics ?? [] }),
    };
  }

  @Delete('items/:item/inspection-plans')
  @RequirePermission('work:plan')
  @ApiOperation({
    summary: 'Take the plan of an item away: for any supplier, or for one, where the one for any then holds',
  })
  async takePlanAway(
    @Ctx() ctx: Context,
    @Param('item') item: string,
    @Query() query: PlanQuery,
  ): Promise<{ data: StoredPlan[] }> {
    return { data: await this.removePlan.execute(ctx, item, query.supplier) };
  }

  @Get('partners/:partner/terms')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What a partner allows: over and short delivery, days left, how to pick' })
  async terms(@Param('partner') code: string): Promise<TermsView> {
    return termsView(await partnerTerms(this.db, (await partnerOf(this.db, code)).partnerId));
  }

  @Put('partners/:partner/terms')
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Create or replace what a partner allows' })
  async putTerms(@Ctx() ctx: Context, @Param('partner') partner: string, @Body() body: TermsDto): Promise<TermsView> {
    return termsView(await this.putAgreements.terms(ctx, partner, body));
  }
}
