import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  StreamableFile,
} from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { type Page, rowsFile } from '@/platform/http';
import { Mail } from '@/platform/mail';
import { recallByKey } from '@/quality/recalls';
import { AnswerLinks } from '../app/answer-links';
import { ComposeNotice } from '../app/compose-notice';
import { RehearseNotices } from '../app/rehearse-notices';
import { type EscalateAnswer, type RemindAnswer, RemindConsignees } from '../app/remind-consignees';
import { type SendAnswer, SendNotices } from '../app/send-notices';
import { SettleNotice } from '../app/settle-notice';
import { allConsignees, type ConsigneeView } from '../queries/consignees';
import { noticesPage, noticeSummary, type NoticeSummary, type NoticeView } from '../queries/notices';
import { letterPdf } from '../writers/letter-pdf';
import { EscalateDto, NoticesQuery, RemindDto, RetryDto, SendDto, SettleDto } from './dto';

/** What of an item somebody has: "12.5 kg of Sausage (WURST)". */
const itemText = ({ item, name, quantity, units }: ConsigneeView['items'][number]): string =>
  `${quantity === null ? units : `${quantity.value} ${quantity.uom}`} of ${name} (${item})`;

const CALL_COLUMNS = {
  consignee: (row: ConsigneeView) => row.consignee,
  name: (row: ConsigneeView) => row.name,
  phone: (row: ConsigneeView) => row.phone,
  email: (row: ConsigneeView) => row.email,
  address: (row: ConsigneeView) => row.address,
  country: (row: ConsigneeView) => row.country,
  has: (row: ConsigneeView) => row.items.map(itemText).join('; '),
  lots: (row: ConsigneeView) => row.lots,
  serials: (row: ConsigneeView) => row.serials,
  channel: (row: ConsigneeView) => row.notice?.channel ?? null,
  notice: (row: ConsigneeView) => row.notice?.state ?? null,
  reminders: (row: ConsigneeView) => row.reminders,
  lines: (row: ConsigneeView) => row.lines,
  answered: (row: ConsigneeView) => row.answered,
  owes: (row: ConsigneeView) => (row.owes ? 'owes an answer' : null),
  problem: (row: ConsigneeView) => row.problem,
};

@ApiTags('recalls')
@Controller('recalls/:recall')
export class NoticesController {
  constructor(
    private readonly database: Database,
    private readonly compose: ComposeNotice,
    private readonly sendNotices: SendNotices,
    private readonly rehearseNotices: RehearseNotices,
    private readonly remindConsignees: RemindConsignees,
    private readonly settle: SettleNotice,
    private readonly mail: Mail,
    private readonly links: AnswerLinks,
  ) {}

  @Get('notices')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'Notices, reminders and escalations, what became of each, and what is to be done about it' })
  async list(@Param('recall') key: string, @Query() query: NoticesQuery): Promise<Page<NoticeView>> {
    const recall = await recallByKey(this.database, key);
    const { state, kind, channel, q, todo } = query;
    const filter = { state, kind, channel, q: escapeLike(q ?? ''), todo: todo !== undefined };
    return noticesPage(this.database, recall, filter, query.cursor, query.limit);
  }

  @Get('notices/summary')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'How many there are by state, what would be sent now, who owes an answer' })
  async summary(@Param('recall') key: string): Promise<NoticeSummary & { mail: boolean; answerPages: boolean }> {
    const summary = await noticeSummary(this.database, await recallByKey(this.database, key));
    return { ...summary, mail: this.mail.configured, answerPages: this.links.enabled };
  }

  @Get('notices.csv')
  @RequirePermission('recalls:read')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'All consignees for a call centre: whom to call, what they have, whether they answered' })
  async calls(@Param('recall') key: string): Promise<StreamableFile> {
    const recall = await recallByKey(this.database, key);
    return rowsFile(allConsignees(this.database, recall), 'csv', `${key}-calls`, CALL_COLUMNS);
  }

  @Get('notices/:notice/preview')
  @RequirePermission('recalls:read')
  @Header('content-type', 'text/html; charset=utf-8')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The notice as its consignee gets it, without the link that answers for it' })
  async preview(@Param('recall') key: string, @Param('notice', ParseIntPipe) notice: number): Promise<string> {
    return (await this.compose.execute(key, notice, false)).html;
  }

  @Get('notices/:notice')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The notice as subject, plain text and what is attached' })
  async one(@Param('recall') key: string, @Param('notice', ParseIntPipe) notice: number) {
    const { document, text, attachments, to, channel } = await this.compose.execute(key, notice, false);
    const { subject, language, drill } = document;
    return {
      notice,
      channel,
      to,
      language,
      drill,
      subject,
      text,
      attachments: attachments.map(({ name, mediaType, content }) => ({ name, mediaType, sizeBytes: content.length })),
    };
  }

  @Get('notices/:notice/letter.pdf')
  @RequirePermission('recalls:respond')
  @ApiProduces('application/pdf')
  @ApiOperation({ summary: 'The notice as a letter to print and post, with the link of its consignee' })
  async letter(@Param('recall') key: string, @Param('notice', ParseIntPipe) notice: number): Promise<StreamableFile> {
    const { document, to, channel, at } = await this.compose.execute(key, notice, true);
    const address = channel === 'letter' ? (to.address ?? '').split('\n').filter(Boolean) : [];
    return new StreamableFile(await letterPdf(document, { to: [to.name, ...address], at }), {
      type: 'application/pdf',
      disposition: `attachment; filename="${key}-${notice}.pdf"`,
    });
  }

  @Post('send')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({
    summary: 'Signs and sends all drafted notices, each once. The first send brings the case to monitoring',
  })
  send(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SendDto): Promise<SendAnswer> {
    return this.sendNotices.execute(ctx, { ...body, recall });
  }

  @Post('rehearse')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({
    summary: 'In a drill instead of send: the drafts are counted and signed for, and none of them leaves',
  })
  rehearse(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SendDto) {
    return this.rehearseNotices.execute(ctx, { ...body, recall });
  }

  @Post('remind')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Writes again to those who owe an answer' })
  remind(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: RemindDto): Promise<RemindAnswer> {
    return this.remindConsignees.remind(ctx, { ...body, recall });
  }

  @Post('escalate')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Writes to the second address of those who stay silent after so many reminders' })
  escalate(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: EscalateDto): Promise<EscalateAnswer> {
    return this.remindConsignees.escalate(ctx, { ...body, recall });
  }

  @Post('notices/:notice/retry')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Sends again what did not arrive, to the address that is on record now' })
  retry(
    @Ctx() ctx: Context,
    @Param('recall') recall: string,
    @Param('notice', ParseIntPipe) notice: number,
    @Body() body: RetryDto,
  ) {
    return this.settle.retry(ctx, { ...body, recall, notice });
  }

  @Post('notices/:notice/done')
  @HttpCode(200)
  @RequirePermission('recalls:respond')
  @ApiOperation({ summary: 'The letter was posted, the call made, or the consignee told in another way' })
  done(
    @Ctx() ctx: Context,
    @Param('recall') recall: string,
    @Param('notice', ParseIntPipe) notice: number,
    @Body() body: SettleDto,
  ) {
    return this.settle.done(ctx, { ...body, recall, notice });
  }

  @Post('notices/:notice/bounced')
  @HttpCode(200)
  @RequirePermission('recalls:respond')
  @ApiOperation({ summary: 'Mail that the server had accepted came back' })
  bounced(
    @Ctx() ctx: Context,
    @Param('recall') recall: string,
    @Param('notice', ParseIntPipe) notice: number,
    @Body() body: SettleDto,
  ) {
    return this.settle.bounced(ctx, { ...body, recall, notice });
  }
}
