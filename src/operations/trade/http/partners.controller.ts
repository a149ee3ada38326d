import { Controller, Get, Param, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { parsePeriod } from '@/kernel';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { type Columns, formatOf, OptionalName, OptionalTime, Page, PageDto, rowsFile } from '@/platform/http';
import { partnerOf } from '../db/reference';
import {
  allUnitsSentTo,
  type PartnerFilter,
  type PartnerShipmentView,
  type ReceivedUnitView,
  shipmentsTo,
  type SuppliedUnitView,
  unitsFrom,
  unitsSentTo,
} from '../queries/partners';
import { codeOf, fileName, kindOf } from './file-rows';

class PartnerQuery extends PageDto {
  @OptionalName() item?: string;
  @OptionalName('a lot or serial') code?: string;
  @OptionalName() shipment?: string;
  @OptionalTime('from this time or day on') from?: string;
  @OptionalTime('until this time, or to the end of this day') until?: string;
}

const UNITS: Columns<ReceivedUnitView> = {
  item: (r) => r.unit.item,
  name: (r) => r.name,
  kind: (r) => kindOf(r.unit),
  code: (r) => codeOf(r.unit),
  quantity: (r) => ({ decimal: r.quantity?.value ?? null }),
  uom: (r) => r.quantity?.uom ?? null,
  shipment: (r) => r.shipment,
  at: (r) => r.at,
  returned: (r) => (r.returned ? 'yes' : 'no'),
  state: (r) => r.state,
};

@ApiTags('partners')
@Controller('partners/:partner')
export class PartnerRecordsController {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {}

  @Get('shipments')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'All shipments to a customer, the latest first' })
  async shipments(@Param('partner') code: string, @Query() query: PartnerQuery): Promise<Page<PartnerShipmentView>> {
    const { partnerId } = await partnerOf(this.db, code);
    return shipmentsTo(this.db, partnerId, this.filter(query), query.cursor, query.limit);
  }

  @Get('received-units')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'All that a customer ever got, as pages, or all of it as CSV or NDJSON (by Accept)' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async units(
    @Param('partner') code: string,
    @Query() query: PartnerQuery,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<Page<ReceivedUnitView> | StreamableFile> {
    const { partnerId } = await partnerOf(this.db, code);
    const filter = this.filter(query);
    const format = formatOf(request.headers.accept);
    if (format !== 'json')
      return rowsFile(allUnitsSentTo(this.db, partnerId, filter), format, fileName(`units-${code}`), UNITS);
    return unitsSentTo(this.db, partnerId, filter, query.cursor, query.limit);
  }

  @Get('supplied-units')
  @RequirePermission('work:read')
  @ApiOperation({
    summary: 'All that a supplier ever sent: lots and serials with their receipts, inspections and certificates',
  })
  async supplied(@Param('partner') code: string, @Query() query: PartnerQuery): Promise<Page<SuppliedUnitView>> {
    const { partnerId } = await partnerOf(this.db, code);
    return unitsFrom(this.db, partnerId, this.filter(query), query.cursor, query.limit);
  }

  private filter({ item, code, shipment, from, until }: PartnerQuery): PartnerFilter {
    const zone = this.settings.timeZone;
    const end = until === undefined ? null : parsePeriod(until, zone, 'until');
    return {
      ...(item !== undefined && { item }),
      ...(code !== undefined && { code }),
      ...(shipment !== undefined && { shipment }),
      ...(from !== undefined && { fromMs: parsePeriod(from, zone, 'from').from }),
      ...(end && { untilMs: end.coarse ? end.until : end.from }),
    };
  }
}
