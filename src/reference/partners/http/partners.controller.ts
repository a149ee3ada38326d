import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, pageSize, SearchPageDto, toPage } from '@/platform/http';
import { throwRefusal } from '../../master';
import { PutPartners } from '../app/put-partners';
import { findPartners, partnersByCode, viewPartner } from '../queries';
import { PartnerView, PutPartnerDto } from './dto';

@ApiTags('master data')
@Controller('partners')
export class PartnersController {
  constructor(
    private readonly database: Database,
    private readonly putPartners: PutPartners,
  ) {}

  @Get()
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'Partners, by code' })
  @ApiPage(PartnerView)
  async list(@Query() query: SearchPageDto): Promise<Page<PartnerView>> {
    const size = pageSize(query.limit);
    const after = decodeCursor<string>(query.cursor) ?? '';
    const rows = await findPartners(this.database, escapeLike(query.q ?? ''), after, size + 1);
    return toPage(rows, size, (row) => row.code, viewPartner);
  }

  @Get(':partner')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'A partner' })
  @ApiOkResponse({ type: PartnerView })
  async get(@Param('partner') code: string): Promise<PartnerView> {
    const partner = (await partnersByCode(this.database, [code])).get(code);
    if (!partner) throw new DomainError('NOT_FOUND', { what: 'partner', key: code });
    return viewPartner(partner);
  }

  @Put(':partner')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or replaces a partner' })
  @ApiOkResponse({ type: PartnerView })
  async put(@Ctx() ctx: Context, @Param('partner') partner: string, @Body() body: PutPartnerDto): Promise<PartnerView> {
    throwRefusal(await this.putPartners.execute(ctx, [{ ...body, partner }]));
    return this.get(partner);
  }
}
