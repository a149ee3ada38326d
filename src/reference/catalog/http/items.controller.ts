import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, pageSize, SearchPageDto, toPage } from '@/platform/http';
import { throwRefusal } from '../../master';
import { PutBoms } from '../app/put-boms';
import { PutItems } from '../app/put-items';
import { bomKey } from '../domain/bom';
import { bomBodies, bomBodiesOfItem, findItems, itemsByCode, viewBom, viewItem } from '../queries';
import { BomView, ItemView, PutBomDto, PutItemDto } from './dto';

@ApiTags('master data')
@Controller('items')
export class ItemsController {
  constructor(
    private readonly database: Database,
    private readonly putItems: PutItems,
    private readonly putBoms: PutBoms,
  ) {}

  @Get()
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'Items, by code' })
  @ApiPage(ItemView)
  async list(@Query() query: SearchPageDto): Promise<Page<ItemView>> {
    const size = pageSize(query.limit);
    const after = decodeCursor<string>(query.cursor) ?? '';
    const rows = await findItems(this.database, escapeLike(query.q ?? ''), after, size + 1);
    return toPage(rows, size, (row) => row.code, viewItem);
  }

  @Get(':item')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'An item' })
  @ApiOkResponse({ type: ItemView })
  async get(@Param('item') code: string): Promise<ItemView> {
    const item = (await itemsByCode(this.database, [code])).get(code);
    if (!item) throw new DomainError('NOT_FOUND', { what: 'item', key: code });
    return viewItem(item);
  }

  @Put(':item')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or replaces an item; tracking and unit of measure are fixed once it has units' })
  @ApiOkResponse({ type: ItemView })
  async put(@Ctx() ctx: Context, @Param('item') item: string, @Body() body: PutItemDto): Promise<ItemView> {
    throwRefusal(await this.putItems.execute(ctx, [{ ...body, item }]));
    return this.get(item);
  }

  @Get(':item/boms')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'The BOM revisions of an item' })
  @ApiPage(BomView)
  async listBoms(@Param('item') item: string): Promise<Page<BomView>> {
    await this.get(item);
    return { data: (await bomBodiesOfItem(this.database, item)).map(viewBom), nextCursor: null };
  }

  @Get(':item/boms/:revision')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'A BOM revision' })
  @ApiOkResponse({ type: BomView })
  async getBom(@Param('item') item: string, @Param('revision') revision: string): Promise<BomView> {
    const key = bomKey(item, revision);
    const body = (await bomBodies(this.database, [key])).get(key);
    if (!body) throw new DomainError('NOT_FOUND', { what: 'BOM revision', key: `${item}/${revision}` });
    return viewBom(body);
  }

  @Put(':item/boms/:revision')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or replaces a BOM revision' })
  @ApiOkResponse({ type: BomView })
  async putBom(
    @Ctx() ctx: Context,
    @Param('item') item: string,
    @Param('revision') revision: string,
    @Body() body: PutBomDto,
  ): Promise<BomView> {
    const lines = body.lines.map((line) => ({ ...line }));
    throwRefusal(await this.putBoms.execute(ctx, [{ ...body, lines, item, revision }]));
    return this.getBom(item, revision);
  }
}
