import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { parsePeriod } from '@/kernel';
import { findUnit, identities, sealLedger, unitRef } from '@/ledger';
import { RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Database, UnitOfWork } from '@/platform/db';
import { decodeCursor, encodeCursor, PageDto, pageSize } from '@/platform/http';
import { asBuiltOf, asBuiltView } from '../app/read-as-built';
import { unitsMadeUnder } from '../db/made';
import { orderByNumber } from '../db/orders';
import { tally } from '../domain/as-built';

class AsBuiltQuery {
  /** as of this time: ISO 8601 with offset, or a date (its end); absent: now */
  @ApiPropertyOptional() @IsOptional() @IsString() at?: string;
}

@ApiTags('production')
@Controller()
export class AsBuiltController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
    private readonly settings: Settings,
  ) {}

  @Get('units/:unit/as-built')
  @RequirePermission('units:read')
  @ApiOperation({
    summary: 'What a unit was to be made of against what is in it, line by line, every difference in words',
  })
  async asBuilt(@Param('unit') ref: string, @Query() query: AsBuiltQuery) {
    const unit = await findUnit(this.db, ref);
    const atMs = query.at === undefined ? Date.now() : parsePeriod(query.at, this.settings.timeZone, 'at').until - 1;
    const [found] = await asBuiltOf(this.db, await sealLedger(this.uow), [unit.unitId], atMs);
    const parts = found!.compared.flatMap((line) => line.parts.map((part) => part.unitId));
    return asBuiltView(found!, atMs, await identities(this.db, parts));
  }

  @Get('work-orders/:number/units')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'The units made or reworked under an order, each with what is not as designed' })
  async units(@Param('number') number: string, @Query() query: PageDto) {
    const order = await orderByNumber(this.db, number);
    const size = pageSize(query.limit);
    const ids = await unitsMadeUnder(this.db, order, decodeCursor<number>(query.cursor) ?? 0, size + 1);
    const shown = ids.slice(0, size);
    const found = await asBuiltOf(this.db, await sealLedger(this.uow), shown, Date.now());
    return {
      data: found.map((one) => ({
        id: one.unit.id,
        unit: unitRef(one.unit.item, one.unit.kind, one.unit.code),
        made: one.madeMs === null ? null : new Date(one.madeMs).toISOString(),
        revision: one.revision,
        ...tally(one.compared),
      })),
      nextCursor: ids.length > size ? encodeCursor(shown.at(-1)) : null,
    };
  }
}
