import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, MessageEvent, Param, Post, Query, Req, Sse, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import { Observable } from 'rxjs';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database } from '@/platform/db';
import { Page } from '@/platform/http';
import { ProgressBus } from '@/platform/jobs';
import { CancelImport } from '../app/cancel-import';
import { importChannel } from '../app/import-job';
import { StartImport } from '../app/start-import';
import {
  importById,
  importRun,
  ImportView,
  isFinal,
  listImports,
  listRefused,
  refusedCsv,
  RefusedRowView,
} from '../queries';

class PageQuery {
  @IsOptional() @IsString() cursor?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
}

interface MultipartRequest {
  isMultipart(): boolean;
  file(): Promise<{ filename: string; file: Readable & { truncated: boolean } } | undefined>;
}

/** Redis may be away: the database is looked at so often even when no news comes. */
const LOOK_EVERY_MS = 2_000;

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  constructor(
    private readonly startImport: StartImport,
    private readonly cancelImport: CancelImport,
    private readonly db: Database,
    private readonly progress: ProgressBus,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'Import a CSV file named as in the documentation, a zip of them, or NDJSON; runs as a job' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  async start(@Ctx() ctx: Context, @Req() request: MultipartRequest): Promise<ImportView> {
    if (!request.isMultipart())
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', { type: 'this', expected: 'multipart/form-data with a file' });
    const part = await request.file();
    if (!part) throw new DomainError('FIELD_REQUIRED', { field: 'file' });
    try {
      return await this.startImport.execute(ctx, {
        name: part.filename,
        stream: part.file,
        truncated: () => part.file.truncated,
      });
    } finally {
      // What is not wanted is read to its end, so that the client gets to read the answer.
      part.file.resume();
    }
  }

  @Get()
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Imports, the newest first' })
  list(@Query() query: PageQuery): Promise<Page<ImportView>> {
    return listImports(this.db, query.cursor, query.limit);
  }

  @Get(':id')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'One import: status, progress, counts, notices' })
  one(@Param('id') id: string): Promise<ImportView> {
    return importById(this.db, id);
  }

  @Get(':id/refused')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Refused rows, as JSON pages, or all of them as CSV (Accept: text/csv)' })
  @ApiProduces('application/json', 'text/csv')
  async refused(
    @Param('id') id: string,
    @Query() query: PageQuery,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<Page<RefusedRowView> | StreamableFile> {
    if (!request.headers.accept?.includes('text/csv')) return listRefused(this.db, id, query.cursor, query.limit);
    const run = await importRun(this.db, id);
    return new StreamableFile(Readable.from(refusedCsv(this.db, run.import_no), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="refused-${run.import_id}.csv"`,
    });
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'Stop an import after the chunk it is at; what was recorded stays' })
  cancel(@Ctx() ctx: Context, @Param('id') id: string): Promise<ImportView> {
    return this.cancelImport.execute(ctx, id);
  }

  @Sse(':id/stream')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'The import as server-sent events (event: import), until it is over' })
  async stream(@Param('id') id: string): Promise<Observable<MessageEvent>> {
    const first = await importById(this.db, id);
    return new Observable<MessageEvent>((subscriber) => {
      let last = '';
      let looking = false;
      const send = (view: ImportView) => {
        const text = JSON.stringify(view);
        if (text !== last) subscriber.next({ type: 'import', data: view });
        last = text;
        if (isFinal(view.status)) subscriber.complete();
      };
      const look = () => {
        if (looking || subscriber.closed) return;
        looking = true;
        importById(this.db, id)
          .then(send)
          // The next look tries again: a watcher is no reason to fail.
          .catch(() => undefined)
          .finally(() => (looking = false));
      };
      const stop = this.progress.subscribe(importChannel(id), look);
      const timer = setInterval(look, LOOK_EVERY_MS);
      subscriber.add(() => {
        stop();
        clearInterval(timer);
      });
      send(first);
    });
  }
}
