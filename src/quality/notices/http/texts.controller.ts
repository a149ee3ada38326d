import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import type { Page } from '@/platform/http';
import { recallByKey } from '@/quality/recalls';
import { AnswerLinks } from '../app/answer-links';
import { PutText } from '../app/put-text';
import { checkedText, templates, type TemplateView, type TextView } from '../queries/texts';
import { PutTemplateDto, PutTextDto, TextQuery } from './dto';

@ApiTags('recalls')
@Controller()
export class TextsController {
  constructor(
    private readonly database: Database,
    private readonly putText: PutText,
    private readonly links: AnswerLinks,
  ) {}

  @Get('recalls/:recall/notice-text')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The text of the notices in a language, and what the law asks of it, point by point' })
  async text(@Param('recall') key: string, @Query() { language }: TextQuery): Promise<TextView> {
    const recall = await recallByKey(this.database, key);
    return checkedText(this.database, recall, language ?? recall.language, this.links.enabled);
  }

  @Put('recalls/:recall/notice-text')
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'Writes the text of a language; what went out already keeps its own' })
  async put(@Ctx() ctx: Context, @Param('recall') key: string, @Body() body: PutTextDto): Promise<TextView> {
    const recall = await recallByKey(this.database, key);
    const language = body.language ?? recall.language;
    const { subject, body: text } = body;
    await this.putText.ofCase(ctx, key, language, { subject, body: text });
    return checkedText(this.database, recall, language, this.links.enabled);
  }

  @Get('notice-templates')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The texts that cases start from, by jurisdiction and language' })
  async templates(): Promise<Page<TemplateView>> {
    return { data: await templates(this.database), nextCursor: null };
  }

  @Put('notice-templates/:jurisdiction/:language')
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'The text of your own that cases of this jurisdiction start from' })
  async putTemplate(
    @Ctx() ctx: Context,
    @Param('jurisdiction') jurisdiction: string,
    @Param('language') language: string,
    @Body() { subject, body }: PutTemplateDto,
  ) {
    await this.putText.template(ctx, jurisdiction, language, { subject, body });
    return { jurisdiction, language, subject, body };
  }
}
