import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Type } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { identities, unitRef } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Context, Database, escapeLike } from '@/platform/db';
import { Page } from '@/platform/http';
import { itemsByCode } from '@/reference/catalog';
import { PutOrder } from '../app/put-order';
import { partnerAsked } from '../db/reference';
import type { OrderKind } from '../domain/order';
import { listOrders, type OrderRowView, orderUnits, type OrderView, orderView } from '../queries/orders';
import { AnnounceDto, ChangeOrderDto, LinesReasonDto, MakeOrderDto, OrdersQuery, ReasonDto } from './orders.dto';

/** Purchase and sales orders have the same routes. */
function ordersController(path: string, kind: OrderKind, word: string): Type {
  @ApiTags('orders')
  @Controller(path)
  class OrdersController {
    constructor(
      private readonly db: Database,
      private readonly settings: Settings,
      private readonly orders: PutOrder,
    ) {}

    @Get()
    @RequirePermission('work:read')
    @ApiOperation({ summary: `${word} orders with how far they are, the one that was last spoken of first` })
    async list(@Query() query: OrdersQuery): Promise<Page<OrderRowView>> {
      const item = query.item && (await itemsByCode(this.db, [query.item])).get(query.item);
      const filter = {
        q: escapeLike(query.q ?? ''),
        partnerId: await partnerAsked(this.db, query.partner),
        ...(query.item !== undefined && { itemId: item ? item.itemId : -1 }),
        ...(query.state !== undefined && { state: query.state }),
      };
      return listOrders(this.db, kind, filter, this.settings, query.cursor, query.limit);
    }

    @Post()
    @RequirePermission('work:plan')
    @ApiOperation({ summary: `Make a ${word} order: recorded as a fact` })
    make(@Ctx() ctx: Context, @Body() body: MakeOrderDto): Promise<OrderView> {
      return this.orders.make(ctx, kind, body);
    }

    @Get(':order')
    @RequirePermission('work:read')
    @ApiOperation({ summary: `A ${word} order: each line with what is ordered, on its way, done and open` })
    one(@Param('order') order: string): Promise<OrderView> {
      return orderView(this.db, kind, order, this.settings);
    }

    @Get(':order/units')
    @RequirePermission('work:read')
    @ApiOperation({ summary: 'The units that came in or went out for it' })
    async units(@Param('order') order: string) {
      const rows = await orderUnits(this.db, kind, order);
      const units = await identities(
        this.db,
        rows.map((r) => r.unitId),
      );
      return {
        data: rows.map(({ unitId, quantity, ...rest }) => {
          const u = units.get(unitId)!;
          return {
            ...rest,
            id: u.id,
            unit: unitRef(u.item, u.kind, u.code),
            name: u.name,
            quantity: quantity === null ? null : { value: quantity, uom: u.uom },
          };
        }),
        nextCursor: null,
      };
    }

    @Put(':order')
    @RequirePermission('work:plan')
    @ApiOperation({ summary: 'Say anew what is ordered, with the reason; what was said before stays on record' })
    change(@Ctx() ctx: Context, @Param('order') order: string, @Body() body: ChangeOrderDto): Promise<OrderView> {
      return this.orders.change(ctx, kind, { ...body, order });
    }

    @Post(':order/cancel')
    @HttpCode(200)
    @RequirePermission('work:plan')
    @ApiOperation({ summary: 'Take an order back for which nothing came or went yet' })
    cancel(@Ctx() ctx: Context, @Param('order') order: string, @Body() body: ReasonDto) {
      return this.orders.cancel(ctx, kind, { ...body, order });
    }

    @Post(':order/close')
    @HttpCode(200)
    @RequirePermission('work:plan')
    @ApiOperation({ summary: 'Close an order, or lines of it: nothing more is expected or owed' })
    close(@Ctx() ctx: Context, @Param('order') order: string, @Body() body: LinesReasonDto): Promise<OrderView> {
      return this.orders.close(ctx, kind, { ...body, order });
    }

    @Post(':order/reopen')
    @HttpCode(200)
    @RequirePermission('work:plan')
    @ApiOperation({ summary: 'Open again what was closed' })
    reopen(@Ctx() ctx: Context, @Param('order') order: string, @Body() body: LinesReasonDto): Promise<OrderView> {
      return this.orders.reopen(ctx, kind, { ...body, order });
    }
  }
  Object.defineProperty(OrdersController, 'name', { value: `${word}OrdersController` });
  return OrdersController;
}

export const PurchaseOrdersController = ordersController('purchase-orders', 'purchase', 'Purchase');
export const SalesOrdersController = ordersController('sales-orders', 'sales', 'Sales');

@ApiTags('orders')
@Controller('purchase-orders')
export class AnnouncementsController {
  constructor(private readonly orders: PutOrder) {}

  @Post(':order/announce')
  @HttpCode(200)
  @RequirePermission('work:do')
  @ApiOperation({ summary: 'Tell what a supplier has sent and is on its way' })
  announce(@Ctx() ctx: Context, @Param('order') order: string, @Body() body: AnnounceDto): Promise<OrderView> {
    return this.orders.announce(ctx, { ...body, order });
  }
}
