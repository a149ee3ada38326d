import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { Files } from '@/platform/files';
import { type Page, PageDto } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { type AnswerDone, AnswerRecall } from '../app/answer-recall';
import { PutContact } from '../app/put-contact';
import { RevokeLink } from '../app/revoke-link';
import { answerFile, answerFiles, type AnswerFileView, answersPage, type AnswerView } from '../queries/answers';
import { consigneeId, consigneesPage, type ConsigneeView, oneConsignee } from '../queries/consignees';
import { type Line, linesPage } from '../queries/lines';
import { AnswerDto } from './answer.dto';
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
    private readonly answerRecall: AnswerRecall,
    private readonly revokeLink: RevokeLink,
    private readonly files: Files,
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

  @Post(':consignee/answer')
  @HttpCode(200)
  @RequirePermission('recalls:respond')
  @ApiOperation({ summary: 'An answer that was given by phone, letter or in person' })
  answer(
    @Ctx() ctx: Context,
    @Param('recall') key: string,
    @Param('consignee') code: string,
    @Body() { lines, ...body }: AnswerDto,
  ): Promise<AnswerDone> {
    return this.answerRecall.byPhone(ctx, key, code, { ...body, lines: lines ?? [] });
  }

  @Get(':consignee/answers')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Every answer of a consignee, the newest first, with those that were replaced' })
  async answers(
    @Param('recall') key: string,
    @Param('consignee') code: string,
    @Query() { cursor, limit }: PageDto,
  ): Promise<Page<AnswerView>> {
    const { recallId } = await recallByKey(this.database, key);
    return answersPage(this.database, recallId, await consigneeId(this.database, code), cursor, limit);
  }

  @Get(':consignee/files')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'What a consignee sent with its answers' })
  async sent(@Param('recall') key: string, @Param('consignee') code: string): Promise<Page<AnswerFileView>> {
    const { recallId } = await recallByKey(this.database, key);
    const data = await answerFiles(this.database, recallId, await consigneeId(this.database, code));
    return { data, nextCursor: null };
  }

  @Get(':consignee/files/:file/content')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'One of them itself' })
  async content(
    @Param('recall') key: string,
    @Param('consignee') code: string,
    @Param('file') file: string,
  ): Promise<StreamableFile> {
    const { recallId } = await recallByKey(this.database, key);
    const found = await answerFile(this.database, recallId, await consigneeId(this.database, code), file);
    const { stream } = await this.files.open(found.file);
    const plain = found.name.replace(/[^\x20-\x7e]/g, '_');
    return new StreamableFile(stream, {
      type: found.mediaType,
      length: found.sizeBytes,
      disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    });
  }

  @Post(':consignee/link/revoke')
  @HttpCode(200)
  @RequirePermission('recalls:respond')
  @ApiOperation({
    summary: 'Ends the link of a consignee that came into wrong hands; the next reminder brings a new one',
  })
  revoke(@Ctx() ctx: Context, @Param('recall') key: string, @Param('consignee') code: string) {
    return this.revokeLink.execute(ctx, key, code);
  }
}
