import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError, formatDecimal } from '@/kernel';
import { findUnit, presentOf } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { decodeCursor, type Page, PageDto, pageSize, toPage } from '@/platform/http';
import { partnersById } from '@/reference/partners';
import { placeNames } from '@/reference/places';
import { HoldUnits } from '../app/hold-units';
import { PreviewHold } from '../app/preview-hold';
import { ReleaseHolds } from '../app/release-holds';
import { ageing, findGroups, type HeldUnitRow, holdsOfUnit, unitsOfGroup } from '../queries';
import { GroupsQueryDto, HoldDto, ReleaseDto, ScopeDto } from './dto';

const DAY_MS = 86_400_000;

@ApiTags('holds')
@Controller()
export class HoldsController {
  constructor(
    private readonly database: Database,
    private readonly holdUnits: HoldUnits,
    private readonly previewHold: PreviewHold,
    private readonly releaseHolds: ReleaseHolds,
  ) {}

  @Get('holds')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Open holds in groups of one reason and reference, the oldest first' })
  async groups(@Query() query: GroupsQueryDto) {
    const size = pageSize(query.limit);
    const { q, owner, reasonCode, item, olderThanDays } = query;
    const rows = await findGroups(
      this.database,
      {
        q: q === undefined ? undefined : escapeLike(q),
        owner,
        reasonCode,
        item,
        beforeMs: olderThanDays === undefined ? undefined : Date.now() - olderThanDays * DAY_MS,
      },
      decodeCursor<[number, string]>(query.cursor),
      size + 1,
    );
    return toPage(
      rows,
      size,
      (row) => [Date.parse(row.oldest ?? ''), row.group],
      (row) => row,
    );
  }

  @Get('holds/ageing')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'How many units and groups are on hold for how long' })
  async ageing() {
    return { data: await ageing(this.database, Date.now()) };
  }

  @Get('holds/:group')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'One group of open holds' })
  async group(@Param('group') group: string) {
    const [found] = await findGroups(this.database, {}, null, 1, group);
    if (!found) throw new DomainError('NOT_FOUND', { what: 'group of open holds', key: group });
    return found;
  }

  @Get('holds/:group/units')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'The units of a group, where they are, and how many other holds bind them' })
  async units(@Param('group') group: string, @Query() query: PageDto): Promise<Page<HeldUnitView>> {
    const size = pageSize(query.limit);
    const rows = await unitsOfGroup(this.database, group, decodeCursor<number>(query.cursor) ?? 0, size + 1);
    const held = await this.whereAre(rows);
    return toPage(
      rows,
      size,
      (row) => row.unitId,
      (row) => held.get(row.unitId)!,
    );
  }

  @Get('units/:unit/holds')
  @RequirePermission('units:read')
  @ApiOperation({ summary: 'The open holds of a unit, whom to ask, and what is being decided about it' })
  async ofUnit(@Param('unit') unit: string) {
    return { data: await holdsOfUnit(this.database, (await findUnit(this.database, unit)).unitId) };
  }

  @Post('holds/preview')
  @HttpCode(200)
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'What a hold would bind: counts by item, and how much of it is on hold already' })
  preview(@Body() body: ScopeDto) {
    return this.previewHold.execute(body);
  }

  @Post('holds')
  @HttpCode(200)
  @RequirePermission('holds:place')
  @ApiOperation({ summary: 'Puts units, or the content of a container, on hold' })
  place(@Ctx() ctx: Context, @Body() body: HoldDto) {
    return this.holdUnits.execute(ctx, { ...body });
  }

  @Post('holds/release')
  @HttpCode(200)
  @RequirePermission('holds:release')
  @ApiOperation({ summary: 'Takes off these holds, or all of a group, with the reason' })
  release(@Ctx() ctx: Context, @Body() body: ReleaseDto) {
    return this.releaseHolds.execute(ctx, { ...body });
  }

  private async whereAre(rows: readonly HeldUnitRow[]): Promise<Map<number, HeldUnitView>> {
    const present = await presentOf(
      this.database,
      rows.map((row) => row.unitId),
    );
    const all = [...present.values()].flatMap((one) => one.holdings);
    const ids = (of: 'placeId' | 'customerId') => all.flatMap((one) => one[of] ?? []);
    const places = await placeNames(this.database, ids('placeId'));
    const partners = await partnersById(this.database, ids('customerId'));
    return new Map(
      rows.map(({ unitId, uom, ...row }) => [
        unitId,
        {
          ...row,
          where: (present.get(unitId)?.holdings ?? []).map((one) => ({
            state: one.state,
            place: one.placeId === null ? null : (places.get(one.placeId)?.code ?? null),
            customer: one.customerId === null ? null : (partners.get(one.customerId)?.code ?? null),
            quantity: one.quantity === null ? null : { value: formatDecimal(one.quantity), uom },
          })),
        },
      ]),
    );
  }
}

type HeldUnitView = Omit<HeldUnitRow, 'unitId' | 'uom'> & {
  where: {
    state: string;
    place: string | null;
    customer: string | null;
    quantity: { value: string; uom: string } | null;
  }[];
};
