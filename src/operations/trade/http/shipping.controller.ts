import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { findUnit } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database, escapeLike, UnitOfWork } from '@/platform/db';
import {
  type Columns,
  CommandId,
  formatOf,
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
  Part,
  Parts,
  rowsFile,
  SearchPageDto,
} from '@/platform/http';
import { dryRun } from '../app/dry-run';
import { EndPick } from '../app/end-pick';
import { PackUnits } from '../app/pack-units';
import { ScanPick } from '../app/scan-pick';
import { ShipGoods } from '../app/ship-goods';
import { StartPick } from '../app/start-pick';
import { TakeBack } from '../app/take-back';
import { VoidShipment } from '../app/void-shipment';
import { partnerAsked } from '../db/reference';
import { STRATEGIES, type Strategy } from '../domain/order';
import { verdictOf } from '../domain/verdict';
import { shipmentsOfUnit } from '../queries/partners';
import { listPicks, pickById, type PickRowView, type PickView } from '../queries/picks';
import {
  listReturns,
  listShipments,
  returnByNumber,
  type ReturnView,
  shipmentByNumber,
  type ShipmentLineView,
  type ShipmentRowView,
  type ShipmentView,
} from '../queries/shipments';
import { codeOf, fileName, kindOf } from './file-rows';
import { QuantityDto, UnitDto } from './fields';
import { ReasonDto } from './orders.dto';

const UNITS_MAX = 5_000;

class PickLineAskDto {
  @Name() line: string;
  @OptionalPart(() => QuantityDto, 'less than what is open') quantity?: QuantityDto;
  @OptionalNames(UNITS_MAX, 'these and no others') serials?: string[];
  @OptionalName() lot?: string;
}

class StartPickDto {
  @CommandId() id: string;
  @Name() salesOrder: string;
  @OptionalParts(() => PickLineAskDto) lines?: PickLineAskDto[];
  @OptionalOneOf(STRATEGIES, 'first to expire, first to come, or by name; as agreed with the customer unless said')
  strategy?: Strategy;
  @OptionalInt(0, 36_500, 'days left before its expiry that goods must have') lifeDaysMin?: number;
  @OptionalName('only from below this place') from?: string;
  @OptionalName('where what is picked is brought') to?: string;
  @OptionalProse() note?: string;
}

class CheckPickDto {
  @Part(() => UnitDto) unit: UnitDto;
  @OptionalPart(() => QuantityDto) quantity?: QuantityDto;
  @OptionalProse('why another one than proposed is taken') reason?: string;
}

class ScanPickDto extends CheckPickDto {
  @CommandId() id: string;
  @OptionalTime() at?: string;
  @OptionalNames(1_000) acknowledged?: string[];
}

class ShortDto extends ReasonDto {
  @Name() pickLine: string;
}

class UnitQuantityDto {
  @Part(() => UnitDto) unit: UnitDto;
  @OptionalPart(() => QuantityDto) quantity?: QuantityDto;
}

class PackDto {
  @CommandId() id: string;
  @OptionalName('SSCC or any code; one is made where absent') container?: string;
  @OptionalName('all that this pick picked and nobody packed yet') pick?: string;
  @OptionalParts(() => UnitQuantityDto, UNITS_MAX) units?: UnitQuantityDto[];
  @OptionalName() place?: string;
  @OptionalTime() at?: string;
  @OptionalNames(1_000) acknowledged?: string[];
}

class ShipUnitDto extends UnitQuantityDto {
  @OptionalName('the order line it goes for') line?: string;
  @OptionalName('from where, of a lot in several places') place?: string;
}

class ShipDto {
  @CommandId() id: string;
  @OptionalName('its number; given where absent') shipment?: string;
  @OptionalName() salesOrder?: string;
  @OptionalName() customer?: string;
  @OptionalNames(1_000) picks?: string[];
  @OptionalParts(() => ShipUnitDto, UNITS_MAX) units?: ShipUnitDto[];
  @OptionalNames(1_000, 'with all that is in them') containers?: string[];
  @OptionalName() carrier?: string;
  @OptionalName() tracking?: string;
  @ApiPropertyOptional({ type: [String], description: 'files kept with POST /api/v1/attachments' })
  @IsOptional()
  @IsUUID(undefined, { each: true })
  documents?: string[];
  @OptionalProse() note?: string;
  @OptionalTime() at?: string;
  @OptionalNames(1_000) acknowledged?: string[];
}

class CheckQuery {
  @OptionalOneOf(['live', 'record'], 'record: what has left is recorded, whatever its state') check?: 'live' | 'record';
}

class ReturnUnitDto extends UnitQuantityDto {
  @OptionalProse() condition?: string;
  @OptionalProse('why more is taken in than the customer has by the record') overReason?: string;
}

class ReturnDto {
  @CommandId() id: string;
  @OptionalName('its number; given where absent') return?: string;
  @OptionalName('found by its last shipment, unless said') customer?: string;
  @OptionalName() shipment?: string;
  @Name() place: string;
  @Parts(() => ReturnUnitDto, UNITS_MAX) units: ReturnUnitDto[];
  @OptionalProse() condition?: string;
  @OptionalProse() note?: string;
  @OptionalTime() at?: string;
  @OptionalNames(1_000) acknowledged?: string[];
}

class CheckReturnDto {
  @Part(() => UnitDto) unit: UnitDto;
  @OptionalName() customer?: string;
  @OptionalName() shipment?: string;
}

class PicksQuery extends SearchPageDto {
  @OptionalName() salesOrder?: string;
  @OptionalOneOf(['open', 'done', 'cancelled']) state?: string;
}

class ShipmentsQuery extends SearchPageDto {
  @OptionalName() customer?: string;
  @OptionalName() salesOrder?: string;
}

const NOTE: Columns<ShipmentLineView> = {
  order_line: (r) => r.orderLine,
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  quantity: (r) => ({ decimal: r.quantity.value }),
  uom: (r) => r.quantity.uom,
  container: (r) => r.container,
};

@ApiTags('shipping')
@Controller()
export class ShippingController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly startPick: StartPick,
    private readonly scanPick: ScanPick,
    private readonly endPick: EndPick,
    private readonly packUnits: PackUnits,
    private readonly shipGoods: ShipGoods,
    private readonly voidShipment: VoidShipment,
    private readonly takeBack: TakeBack,
  ) {}

  @Post('picks')
  @RequirePermission('work:do')
  @ApiOperation({
    summary: 'Propose what to fetch for a sales order and keep it back; what cannot be found is in "missing"',
  })
  start(@Ctx() ctx: Context, @Body() body: StartPickDto): Promise<PickView> {
    return this.startPick.execute(ctx, body);
  }

  @Get('picks')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Picks, the newest first' })
  picks(@Query() { salesOrder, state, cursor, limit }: PicksQuery): Promise<Page<PickRowView>> {
    return listPicks(this.db, { ...(salesOrder && { salesOrder }), ...(state && { state }) }, cursor, limit);
  }

  @Get('picks/:pick')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A pick: its lines in the order to walk' })
  pick(@Param('pick') pick: string): Promise<PickView> {
    return pickById(this.db, pick);
  }

  @Post('picks/:pick/check')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'What a scan at this pick would be answered; records nothing' })
  checkPick(@Ctx() ctx: Context, @Param('pick') pick: string, @Body() body: CheckPickDto) {
    return this.scanPick.check(ctx, { ...body, pick, id: randomUUID() });
  }

  @Post('picks/:pick/scan')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'A unit is fetched for this pick' })
  scan(@Ctx() ctx: Context, @Param('pick') pick: string, @Body() body: ScanPickDto) {
    return this.scanPick.execute(ctx, { ...body, pick });
  }

  @Post('picks/:pick/short')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Give up a line that cannot be found, or put back what was picked' })
  short(@Ctx() ctx: Context, @Param('pick') pick: string, @Body() body: ShortDto) {
    return this.scanPick.giveUp(ctx, { ...body, pick });
  }

  @Post('picks/:pick/cancel')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Let go of all that a pick keeps back' })
  cancel(@Ctx() ctx: Context, @Param('pick') pick: string, @Body() body: ReasonDto): Promise<PickView> {
    return this.endPick.execute(ctx, { ...body, pick });
  }

  @Post('packs')
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Pack units into a container' })
  pack(@Ctx() ctx: Context, @Body() body: PackDto) {
    return this.packUnits.execute(ctx, body);
  }

  @Post('shipments')
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Ship picks, containers and units; live, nothing on hold or expired leaves' })
  ship(@Ctx() ctx: Context, @Query() query: CheckQuery, @Body() body: ShipDto): Promise<ShipmentView> {
    return this.shipGoods.execute(ctx, { ...body, ...query });
  }

  @Post('shipments/check')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Whether this could be shipped now; records nothing' })
  async checkShipment(@Ctx() ctx: Context, @Query() query: CheckQuery, @Body() body: ShipDto) {
    try {
      const shipment = await dryRun(this.uow, ctx, (tx) => this.shipGoods.ship(tx, { ...body, ...query }));
      const message = `${shipment.units} ${shipment.units === 1 ? 'unit' : 'units'} can go to ${shipment.customer}.`;
      return { verdict: 'ok' as const, message, instructions: [] };
    } catch (error) {
      return verdictOf(error);
    }
  }

  @Get('shipments')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Shipments, the newest first' })
  async shipments(@Query() query: ShipmentsQuery): Promise<Page<ShipmentRowView>> {
    const { salesOrder, cursor, limit } = query;
    const customerId = await partnerAsked(this.db, query.customer);
    return listShipments(this.db, { q: escapeLike(query.q ?? ''), customerId, salesOrder }, cursor, limit);
  }

  @Get('shipments/:shipment')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A shipment, or its delivery note as CSV (Accept: text/csv)' })
  @ApiProduces('application/json', 'text/csv')
  async shipment(
    @Param('shipment') number: string,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<ShipmentView | StreamableFile> {
    const shipment = await shipmentByNumber(this.db, number);
    if (formatOf(request.headers.accept) !== 'csv') return shipment;
    return rowsFile(Readable.from(shipment.lines), 'csv', fileName(`delivery-note-${number}`), NOTE);
  }

  @Post('shipments/:shipment/void')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Take a shipment back that never left, with the reason' })
  void(@Ctx() ctx: Context, @Param('shipment') shipment: string, @Body() body: ReasonDto): Promise<ShipmentView> {
    return this.voidShipment.execute(ctx, { ...body, shipment });
  }

  @Get('units/:unit/shipments')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Every shipment of a unit, the latest first' })
  async shipmentsOf(@Param('unit') unit: string) {
    const { unitId } = await findUnit(this.db, unit);
    return { data: await shipmentsOfUnit(this.db, unitId), nextCursor: null };
  }

  @Post('returns')
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Take goods back from a customer: they are on hold from then on' })
  return(@Ctx() ctx: Context, @Body() body: ReturnDto): Promise<ReturnView> {
    return this.takeBack.execute(ctx, body);
  }

  @Post('returns/check')
  @HttpCode(200)
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'With which shipments a unit went out, and to whom' })
  checkReturn(@Body() body: CheckReturnDto) {
    return this.takeBack.check(body);
  }

  @Get('returns')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Returns, the newest first' })
  async returns(@Query() query: ShipmentsQuery): Promise<Page<ReturnView>> {
    const customerId = await partnerAsked(this.db, query.customer);
    return listReturns(this.db, { q: escapeLike(query.q ?? ''), customerId }, query.cursor, query.limit);
  }

  @Get('returns/:return')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A return' })
  oneReturn(@Param('return') number: string): Promise<ReturnView> {
    return returnByNumber(this.db, number);
  }
}
