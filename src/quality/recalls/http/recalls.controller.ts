import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, Principal, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { ChangeRecall } from '../app/change-recall';
import { CreateRecall } from '../app/create-recall';
import { findRecalls, type RecallLine, recallView, type RecallView } from '../case-queries';
import { type LotText, readLotText } from '../domain/lot-text';
import { ChangeRecallDto, CreateRecallDto, ReadTextDto, RecallsQuery } from './dto';

@ApiTags('recalls')
@Controller('recalls')
export class RecallsController {
  constructor(
    private readonly database: Database,
    private readonly create: CreateRecall,
    private readonly change: ChangeRecall,
  ) {}

  @Get()
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Recalls and drills, the newest first' })
  async list(@Query() query: RecallsQuery): Promise<Page<Omit<RecallLine, 'recallId'>>> {
    const size = pageSize(query.limit);
    const rows = await findRecalls(this.database, query, decodeCursor<number>(query.cursor), size + 1);
    return toPage(
      rows,
      size,
      (row) => row.recallId,
      ({ recallId: _, ...line }) => line,
    );
  }

  @Post()
  @HttpCode(200)
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'Opens a recall, or a drill, as a draft' })
  async opens(@Ctx() ctx: Context, @Principal() who: Principal, @Body() body: CreateRecallDto): Promise<RecallView> {
    const { recall } = await this.create.execute(ctx, { ...body });
    return this.view(recall, who);
  }

  @Post('read-text')
  @HttpCode(200)
  @RequirePermission('recalls:prepare')
  @ApiOperation({
    summary: 'How a text that names lots or serials is read, what of it is not, and what was taken by judgement',
  })
  reads(@Body() body: ReadTextDto): LotText {
    return readLotText(body.text);
  }

  @Get(':recall')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'A case with its newest scope, its signatures and steps, and what may be done next' })
  one(@Principal() who: Principal, @Param('recall') recall: string): Promise<RecallView> {
    return this.view(recall, who);
  }

  @Patch(':recall')
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'Changes what a case says of itself; fields that are not sent stay as they are' })
  async changes(
    @Ctx() ctx: Context,
    @Principal() who: Principal,
    @Param('recall') recall: string,
    @Body() body: ChangeRecallDto,
  ): Promise<RecallView> {
    await this.change.execute(ctx, { ...body, recall });
    return this.view(recall, who);
  }

  private view(recall: string, who: Principal): Promise<RecallView> {
    return recallView(this.database, recall, (permission) => who.permissions.includes(permission));
  }
}
