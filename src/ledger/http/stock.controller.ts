import {
  CallHandler,
  Controller,
  ExecutionContext,
  Get,
  Injectable,
  NestInterceptor,
  Query,
  Req,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { Columns, formatOf, Page, rowsFile } from '@/platform/http';
import type { AttributeFilter, StockFilter } from '../stock/filter';
import { readAttribute, stockFilter } from '../stock/from-query';
import { StockGroup, stockGroups, StockTrait } from '../stock/groups';
import { stockPage, StockRow, stockRows } from '../stock/page';
import { StockFilterDto, StockGroupsQuery, StockQuery } from './stock.dto';

interface Request {
  headers: Record<string, string | undefined>;
  query: Record<string, unknown>;
  attributes?: AttributeFilter[];
}

/** `attr.colour=red`, `attr.length>=12`: read before the fields with fixed names are checked. */
@Injectable()
class OwnAttributes implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const request = context.switchToHttp().getRequest<Request>();
    request.attributes = Object.entries(request.query).flatMap(([key, given]) => {
      if (!key.startsWith('attr.')) return [];
      delete request.query[key];
      return (Array.isArray(given) ? given : [given]).map((value) => readAttribute(key, String(value)));
    });
    return next.handle();
  }
}

@ApiTags('stock')
@Controller('stock')
@RequirePermission('units:read')
@UseInterceptors(OwnAttributes)
export class StockController {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'What is where now: one row a part of a unit in one state, place and container; JSON pages, or all as CSV or NDJSON',
  })
  @ApiQuery({ name: 'attr.<name>', required: false, description: 'own attributes: attr.colour=red, attr.length>=12' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async list(
    @Query() query: StockQuery,
    @Req() request: Request,
  ): Promise<(Page<StockRow> & { totals?: StockGroup[] }) | StreamableFile> {
    const filter = this.filter(query, request);
    const format = formatOf(request.headers.accept);
    const sort = query.sort ?? 'item';
    if (format !== 'json') {
      // The first page is read here, so that what is wrong with the question is answered before the file begins.
      await stockPage(this.db, filter, { sort, limit: 1 });
      return rowsFile(stockRows(this.db, filter, sort), format, 'stock', STOCK_COLUMNS);
    }
    const page = await stockPage(this.db, filter, { sort, cursor: query.cursor, limit: query.limit });
    if (!query.totals) return page;
    return { ...page, totals: (await stockGroups(this.db, filter, 'item', { zone: this.settings.timeZone })).data };
  }

  @Get('groups')
  @ApiOperation({ summary: 'The same stock by a shared trait: units and quantities of each group, the largest first' })
  @ApiQuery({ name: 'attr.<name>', required: false, description: 'own attributes: attr.colour=red, attr.length>=12' })
  async groups(
    @Query() query: StockGroupsQuery,
    @Req() request: Request,
  ): Promise<{ data: StockGroup[]; more: boolean; nextCursor: null }> {
    const by = (query.by ?? 'item') as StockTrait;
    const groups = await stockGroups(this.db, this.filter(query, request), by, { zone: this.settings.timeZone });
    return { ...groups, nextCursor: null };
  }

  private filter(query: StockFilterDto, { attributes }: Request): StockFilter {
    return stockFilter(query, attributes ?? [], this.settings.timeZone);
  }
}

const STOCK_COLUMNS: Columns<StockRow> = {
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => r.kind,
  code: (r) => Object.entries(r.unit).find(([key]) => key !== 'item')![1],
  state: (r) => r.state,
  place: (r) => r.place,
  customer: (r) => r.customer,
  container: (r) => r.container,
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  holds: (r) => r.holds,
  free: (r) => (r.free ? 'yes' : 'no'),
  made: (r) => r.made,
  moved: (r) => r.moved,
  expires: (r) => r.expires,
  supplier: (r) => r.supplier,
  revision: (r) => r.revision,
  attributes: (r) =>
    Object.entries(r.attributes)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
  id: (r) => r.id,
};
