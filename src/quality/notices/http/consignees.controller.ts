import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { type Page, PageDto } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { PutContact } from '../app/put-contact';
import { consigneeId, consigneesPage, type ConsigneeView, oneConsignee } from '../queries/consignees';
import { type Line, linesPage } from '../queries/lines';
import { ConsigneesQuery, PutContactDto } from './dto';

/** A line as clients see it: its unit's number is opaque. */
const lineView = ({ unitId, quantity, uom, ...line }: Line) => ({
  line: `u${unitId}`,
  ...line,
  uom,
  quantity: quantity === null ? null : { value: quantity, uom },
});

@ApiTags('recalls')
@Controller('recalls/:recall/consignees')
export class ConsigneesController {
  constructor(
    private readonly database: Database,
    private readonly putContact: PutContact,
  ) {}

  @Get()
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Who has something of the case: what, told when, answered or not; unknown customers first' })
  async list(@Param('recall') key: string, @Query() query: ConsigneesQuery): Promise<Page<ConsigneeView>> {
    const recall = await recallByKey(this.database, key);
    const { state, owes, problem, q } = query;
    const filter = { state, q: escapeLike(q ?? ''), owes: owes !== undefined, problem: problem !== undefined };
    return consigneesPage(this.database, recall, filter, query.cursor, query.limit);
  }

  @Get(':consignee')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'One of them, with its lines and what it answered; `-` is the unknown customer' })
  async one(@Param('recall') key: string, @Param('consignee') code: string, @Query() page: PageDto) {
    const recall = await recallByKey(this.database, key);
    const partnerId = await consigneeId(this.database, code);
    const consignee = await oneConsignee(this.database, recall, partnerId, code);
    const { recallId, version } = recall;
    const lines = await linesPage(this.database, { recallId, version, partnerId }, page.cursor, page.limit);
    return { ...consignee, data: lines.data.map(lineView), nextCursor: lines.nextCursor };
  }

  @Put(':consignee/contact')
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'Whom to turn to when this consignee stays silent' })
  async contact(
    @Ctx() ctx: Context,
    @Param('recall') key: string,
    @Param('consignee') code: string,
    @Body() body: PutContactDto,
  ): Promise<PutContactDto> {
    await this.putContact.execute(ctx, key, code, body);
    return body;
  }
}
