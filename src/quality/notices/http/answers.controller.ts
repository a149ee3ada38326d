import type { Readable } from 'node:stream';
import { Body, Controller, Get, Header, HttpCode, Ip, Param, Post, Query, Req } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Public } from '@/platform/auth';
import { Database } from '@/platform/db';
import { PageDto } from '@/platform/http';
import { AnswerLimit } from '../app/answer-limit';
import { type AnswerDone, AnswerRecall } from '../app/answer-recall';
import { KeepAnswerFile } from '../app/keep-answer-file';
import { OpenLink } from '../app/open-link';
import { answerFiles } from '../queries/answers';
import { type Line, lineCounts, linesPage } from '../queries/lines';
import { fieldsOf } from '../queries/texts';
import { AnswerDto } from './answer.dto';

interface UploadRequest {
  isMultipart(): boolean;
  file(): Promise<{ filename: string; file: Readable & { truncated: boolean } } | undefined>;
}

const lineView = ({ unitId, item, name, kind, code, inside, quantity, uom, documents, from, until, answer }: Line) => ({
  line: `u${unitId}`,
  item,
  name,
  kind,
  code,
  inside,
  quantity: quantity === null ? null : { value: quantity, uom },
  uom,
  documents,
  from,
  until,
  answer: answer && {
    found: answer.found,
    sold: answer.sold,
    destroyed: answer.destroyed,
    returned: answer.returned,
    note: answer.note,
    at: answer.at,
  },
});

/** The answer page's side: no account, a link that leads to one consignee of one case. Wrong links are all answered alike. */
@ApiTags('answers')
@Controller('answers/:token')
export class AnswersController {
  constructor(
    private readonly database: Database,
    private readonly links: OpenLink,
    private readonly limit: AnswerLimit,
    private readonly answerRecall: AnswerRecall,
    private readonly keepFile: KeepAnswerFile,
  ) {}

  @Get()
  @Public()
  @Header('cache-control', 'no-store')
  @Header('x-robots-tag', 'noindex')
  @ApiOperation({ summary: 'What a consignee has of a recalled product, what to do with it, and what it has answered' })
  async page(@Param('token') token: string, @Ip() address: string, @Query() query: PageDto) {
    const link = await this.links.execute(token, address);
    const { recall, partnerId, name, language, expiresAt } = link;
    const { recallId, version } = recall;
    const fields = await fieldsOf(this.database, recall);
    const of = { recallId, version, partnerId };
    const { lines, answered } = await lineCounts(this.database, of);
    const page = await linesPage(this.database, of, query.cursor, query.limit);
    return {
      recall: recall.key,
      consignee: name,
      language,
      expiresAt,
      product: fields.product,
      reason: fields.reason,
      hazard: fields.hazard,
      doWhat: fields.doWhat,
      contact: { name: fields.contactName, phone: fields.contactPhone, email: fields.contactEmail },
      lines,
      answered,
      files: (await answerFiles(this.database, recallId, partnerId)).map(({ name: file, sizeBytes, at }) => ({
        name: file,
        sizeBytes,
        at,
      })),
      data: page.data.map(lineView),
      nextCursor: page.nextCursor,
    };
  }

  @Post()
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The answer: quantities by line. Another one later stands in its stead' })
  async answer(
    @Param('token') token: string,
    @Ip() address: string,
    @Req() request: { id: unknown },
    @Body() { lines, ...body }: AnswerDto,
  ): Promise<AnswerDone> {
    const link = await this.links.execute(token, address);
    await this.limit.answer(link.linkId);
    return this.answerRecall.byLink(String(request.id), link, { ...body, lines: lines ?? [] });
  }

  @Post('files')
  @Public()
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiOperation({ summary: 'A certificate, picture or list with the answer (pdf, png, jpg, csv, txt)' })
  async file(@Param('token') token: string, @Ip() address: string, @Req() request: UploadRequest) {
    const link = await this.links.execute(token, address);
    await this.limit.answer(link.linkId);
    if (!request.isMultipart())
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', { type: 'this', expected: 'multipart/form-data with a file' });
    const part = await request.file();
    if (!part) throw new DomainError('FIELD_REQUIRED', { field: 'file' });
    try {
      const upload = { name: part.filename, stream: part.file, truncated: () => part.file.truncated };
      const { name, sizeBytes } = await this.keepFile.execute(link, upload);
      return { name, sizeBytes };
    } finally {
      // What is not wanted is read to its end, so that the client gets to read the answer.
      part.file.resume();
    }
  }
}
