import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parsePeriod } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { type Context, Database, escapeLike } from '@/platform/db';
import { decodeCursor, encodeCursor, pageSize } from '@/platform/http';
import { ChangeOrder } from '../app/change-order';
import { CreateOrder } from '../app/create-order';
import { orderByNumber } from '../db/orders';
import { ordersPage, viewOrder } from '../queries';
import { OrderDto, OrdersQuery, ReasonDto, ReviseOrderDto } from './dto';

@ApiTags('production')
@Controller('work-orders')
export class WorkOrdersController {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly createOrder: CreateOrder,
    private readonly changeOrder: ChangeOrder,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Work orders, the latest first, with what the facts say was made under each' })
  async list(@Query() query: OrdersQuery) {
    const { cursor, limit, dueBefore, q, ...filter } = query;
    const dueBeforeMs =
      dueBefore === undefined ? undefined : parsePeriod(dueBefore, this.settings.timeZone, 'dueBefore').until;
    const { views, last } = await ordersPage(
      this.db,
      { ...filter, dueBeforeMs, q: q === undefined ? undefined : escapeLike(q) },
      decodeCursor<number>(cursor),
      pageSize(limit),
    );
    return { data: views, nextCursor: last === null ? null : encodeCursor(last) };
  }

  @Post()
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({
    summary: 'Plans a work order against a BOM revision: the named one, or the one in force at the planned time',
  })
  create(@Ctx() ctx: Context, @Body() body: OrderDto) {
    return this.createOrder.execute(ctx, body);
  }

  @Get(':number')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A work order: state, and what was made and scrapped under it by the facts' })
  async one(@Param('number') number: string) {
    return viewOrder(this.db, await orderByNumber(this.db, number));
  }

  @Post(':number/release')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'planned → released: builds may begin' })
  release(@Ctx() ctx: Context, @Param('number') number: string, @Body() body: ReasonDto) {
    return this.changeOrder.execute(ctx, number, 'release', body);
  }

  @Post(':number/close')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Closes it; with a reason where less was made than was ordered' })
  close(@Ctx() ctx: Context, @Param('number') number: string, @Body() body: ReasonDto) {
    return this.changeOrder.execute(ctx, number, 'close', body);
  }

  @Post(':number/cancel')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Cancels it, as long as nothing was made under it' })
  cancel(@Ctx() ctx: Context, @Param('number') number: string, @Body() body: ReasonDto) {
    return this.changeOrder.execute(ctx, number, 'cancel', body);
  }

  @Post(':number/reopen')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Opens a closed or cancelled order again, with a reason' })
  reopen(@Ctx() ctx: Context, @Param('number') number: string, @Body() body: ReasonDto) {
    return this.changeOrder.execute(ctx, number, 'reopen', body);
  }

  @Post(':number/revise')
  @HttpCode(200)
  @RequirePermission('work:plan')
  @ApiOperation({ summary: 'Changes how much it is for, and until when' })
  revise(@Ctx() ctx: Context, @Param('number') number: string, @Body() body: ReviseOrderDto) {
    return this.changeOrder.revise(ctx, number, body);
  }
}
