import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, IsUUID, Matches } from 'class-validator';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database, escapeLike } from '@/platform/db';
import {
  CommandId,
  Name,
  OptionalInt,
  OptionalName,
  OptionalNames,
  OptionalOneOf,
  OptionalPart,
  OptionalParts,
  OptionalProse,
  OptionalTime,
  Page,
  Parts,
  Prose,
  SearchPageDto,
} from '@/platform/http';
import { AskLabels } from '../app/ask-labels';
import { CheckReceipt } from '../app/check-receipt';
import { ReceiveGoods } from '../app/receive-goods';
import { VoidReceipt } from '../app/void-receipt';
import { partnerAsked } from '../db/reference';
import type { Verdict } from '../domain/verdict';
import {
  listLabelRequests,
  listReceipts,
  receiptByNumber,
  type LabelRequestView,
  type ReceiptRowView,
  type ReceiptView,
} from '../queries/receipts';
import { InspectionResultDto, QuantityDto } from './fields';

const SERIALS_MAX = 5_000;
const COPIES_MAX = 100;
/** as many as may be selected at once */
const UNITS_MAX = 5_000;

class LabelsDto {
  @OptionalInt(1, COPIES_MAX) copies: number = 1;
  @OptionalName() template?: string;
}

class ReceiptLineDto {
  @Name() item: string;
  @OptionalName('the order line; where absent, the one line that waits for the item') line?: string;
  @OptionalName() lot?: string;
  @OptionalNames(SERIALS_MAX, 'scanned one after the other, or a pasted list') serials?: string[];
  @OptionalPart(() => QuantityDto) quantity?: QuantityDto;
  @OptionalName() supplierLot?: string;
  @OptionalTime('a date covers its day') expires?: string;
  @OptionalName() revision?: string;
  @OptionalName('where it is put, if not where it came in') place?: string;
  @ApiPropertyOptional({ type: [String], description: 'files kept with POST /api/v1/attachments' })
  @IsOptional()
  @IsUUID(undefined, { each: true })
  certificates?: string[];
  @OptionalPart(() => LabelsDto) labels?: LabelsDto;
  @OptionalParts(() => InspectionResultDto, 200) inspection?: InspectionResultDto[];
  @OptionalProse('why it is not inspected, where its plan allows that') skipInspection?: string;
  @OptionalOneOf(['accept', 'hold', 'reject'], 'what the results say, unless decided') decision?:
    'accept' | 'hold' | 'reject';
  @OptionalProse() reason?: string;
  @OptionalProse('why more than ordered is taken in') overReason?: string;
}

class AskLabelsDto extends LabelsDto {
  @CommandId() id: string;
  @ApiProperty({ type: [String], example: ['u12'], description: 'ids of units' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(UNITS_MAX)
  @Matches(/^u\d{1,9}$/, { each: true })
  units: string[];
}

class CloseShortDto {
  @Name() line: string;
  @Prose() reason: string;
}

class ReceiveDto {
  @CommandId() id: string;
  @OptionalName('its number; given where absent') receipt?: string;
  @OptionalName() purchaseOrder?: string;
  @OptionalName() supplier?: string;
  @OptionalProse('why it is taken in without an order') reason?: string;
  @Name('where it came in') place: string;
  @OptionalTime() at?: string;
  @OptionalProse() note?: string;
  @Parts(() => ReceiptLineDto) lines: ReceiptLineDto[];
  @OptionalParts(() => CloseShortDto) closeShort?: CloseShortDto[];
  @OptionalNames(1_000, 'instructions that were shown and acknowledged') acknowledged?: string[];
}

class CheckLineDto {
  @OptionalName() purchaseOrder?: string;
  @OptionalName() supplier?: string;
  @OptionalProse() reason?: string;
  @OptionalName() place?: string;
  @ApiPropertyOptional({ description: 'what the scanner read: a GS1 code, an item, a serial or lot of the item named' })
  @IsOptional()
  @IsString()
  scan?: string;
  @OptionalName() item?: string;
  @OptionalName() line?: string;
  @OptionalName() lot?: string;
  @OptionalNames(SERIALS_MAX) serials?: string[];
  @OptionalPart(() => QuantityDto) quantity?: QuantityDto;
  @OptionalTime() expires?: string;
  @OptionalProse() overReason?: string;
}

class VoidDto {
  @CommandId() id: string;
  @Prose() reason: string;
}

class ReceiptsQuery extends SearchPageDto {
  @OptionalName() supplier?: string;
  @OptionalName() purchaseOrder?: string;
}

class LabelsQuery extends SearchPageDto {
  @OptionalOneOf(['asked', 'printed', 'cancelled']) state?: string;
}

@ApiTags('receiving')
@Controller()
export class ReceivingController {
  constructor(
    private readonly db: Database,
    private readonly receiveGoods: ReceiveGoods,
    private readonly checkReceipt: CheckReceipt,
    private readonly voidReceipt: VoidReceipt,
    private readonly askLabels: AskLabels,
  ) {}

  @Post('receipts')
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Receive a delivery: goods, inspections, holds, papers and labels, in one step' })
  receive(@Ctx() ctx: Context, @Body() body: ReceiveDto): Promise<ReceiptView> {
    return this.receiveGoods.execute(ctx, body);
  }

  @Post('receipts/check')
  @HttpCode(200)
  @RequirePermission('work:read')
  @ApiOperation({
    summary: 'What a scan at receiving means: the item and order line, expected and received, instructions, verdict',
  })
  check(@Ctx() ctx: Context, @Body() body: CheckLineDto): Promise<Verdict> {
    return this.checkReceipt.execute(ctx, body);
  }

  @Get('receipts')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Receipts, the newest first' })
  async list(@Query() query: ReceiptsQuery): Promise<Page<ReceiptRowView>> {
    const { purchaseOrder, cursor, limit } = query;
    const supplierId = await partnerAsked(this.db, query.supplier);
    return listReceipts(this.db, { q: escapeLike(query.q ?? ''), supplierId, purchaseOrder }, cursor, limit);
  }

  @Get('receipts/:receipt')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A receipt: what came in, how it was found, its papers and labels' })
  one(@Param('receipt') receipt: string): Promise<ReceiptView> {
    return receiptByNumber(this.db, receipt);
  }

  @Post('receipts/:receipt/void')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Take a receipt back, with the reason; it stays readable' })
  void(@Ctx() ctx: Context, @Param('receipt') receipt: string, @Body() body: VoidDto): Promise<ReceiptView> {
    return this.voidReceipt.execute(ctx, { ...body, receipt });
  }

  @Get('label-requests')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Labels that were asked for, in that order' })
  labels(@Query() query: LabelsQuery): Promise<Page<LabelRequestView>> {
    return listLabelRequests(this.db, { ...(query.state && { state: query.state }) }, query.cursor, query.limit);
  }

  @Post('label-requests')
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Ask for labels of units that are there already' })
  askFor(@Ctx() ctx: Context, @Body() body: AskLabelsDto): Promise<{ units: number; copies: number }> {
    return this.askLabels.execute(ctx, body);
  }
}
