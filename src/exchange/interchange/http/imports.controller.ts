import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  MessageEvent,
  Param,
  Post,
  Query,
  Req,
  Sse,
  StreamableFile,
} from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { Observable } from 'rxjs';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database } from '@/platform/db';
import { Page } from '@/platform/http';
import { ProgressBus } from '@/platform/jobs';
import { CancelImport } from '../app/cancel-import';
import { importChannel } from '../app/import-job';
import { Preview, PreviewImport } from '../app/preview';
import { ImportOptions, StartImport, Upload } from '../app/start-import';
import type { ImportRun } from '../db/store';
import { COLUMNS } from '../domain/files';
import { readMapping } from '../domain/mapping';
import {
  ImportPage,
  importPage,
  importRun,
  ImportView,
  isFinal,
  listImports,
  listRefused,
  refusedCsv,
  refusedFiles,
  RefusedRowView,
  refusedToMend,
} from '../queries';

const list = ({ value }: { value: unknown }): unknown =>
  value === undefined || Array.isArray(value) ? value : [value];
const flag = ({ value }: { value: unknown }): unknown =>
  value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;

class ImportQuery {
  /** the client's own id of the import */
  @IsOptional() @IsUUID() id?: string;
  /** names of saved mappings; several times for several tables */
  @IsOptional() @Transform(list) @IsString({ each: true }) mapping?: string[];
  @IsOptional() @Transform(flag) @IsBoolean() dryRun?: boolean;
  /** the import whose refused rows these are */
  @IsOptional() @IsUUID() mends?: string;
}

class ImportBody extends ImportQuery {}

class PreviewQuery {
  @IsOptional() @Transform(list) @IsString({ each: true }) mapping?: string[];
}

class PreviewBody {
  /** one table of the upload; all of them where it is left out */
  @IsOptional() @IsString() table?: string;
  /** a mapping that need not be saved, as for `PUT /import-mappings/{name}` */
  @IsOptional() @IsObject() mapping?: Record<string, unknown>;
}

class RefusedQuery {
  @IsOptional() @IsString() cursor?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
  /** one file's rows as they stand in it, to be mended and sent again */
  @IsOptional() @IsString() file?: string;
}

class PageQuery {
  @IsOptional() @IsString() cursor?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(1000) limit?: number;
}

interface MultipartRequest {
  isMultipart(): boolean;
  file(): Promise<{ filename: string; file: Readable & { truncated: boolean } } | undefined>;
}

const FILE_BODY = {
  schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
};

/** The file of a multipart request. What is not wanted of it is read to its end, so that the client gets to read the answer. */
async function uploaded<T>(request: MultipartRequest, take: (upload: Upload) => Promise<T>): Promise<T> {
  if (!request.isMultipart())
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', { type: 'this', expected: 'multipart/form-data with a file' });
  const part = await request.file();
  if (!part) throw new DomainError('FIELD_REQUIRED', { field: 'file' });
  try {
    return await take({ name: part.filename, stream: part.file, truncated: () => part.file.truncated });
  } finally {
    part.file.resume();
  }
}

const optionsOf = ({ id, mapping, dryRun, mends }: ImportQuery): ImportOptions => ({
  mappings: mapping ?? [],
  dryRun: dryRun ?? false,
  ...(id !== undefined && { id }),
  ...(mends !== undefined && { mends }),
});

/** Redis may be away: the database is looked at so often even when no news comes. */
const LOOK_EVERY_MS = 2_000;

@ApiTags('imports')
@Controller('imports')
export class ImportsController {
  constructor(
    private readonly startImport: StartImport,
    private readonly cancelImport: CancelImport,
    private readonly previewImport: PreviewImport,
    private readonly db: Database,
    private readonly progress: ProgressBus,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('imports:run')
  @ApiOperation({
    summary:
      'Import CSV, XLSX, NDJSON or a zip of them; runs as a job. dryRun=true judges everything and stores nothing',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(FILE_BODY)
  start(@Ctx() ctx: Context, @Req() request: MultipartRequest, @Query() query: ImportQuery): Promise<ImportView> {
    return uploaded(request, (upload) => this.startImport.execute(ctx, upload, optionsOf(query)));
  }

  @Post('preview')
  @HttpCode(200)
  @RequirePermission('imports:run')
  @ApiOperation({
    summary: 'Keep a file to look at: its tables, guessed columns, and the first 20 rows as they would be read',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody(FILE_BODY)
  preview(@Ctx() ctx: Context, @Req() request: MultipartRequest, @Query() query: PreviewQuery): Promise<Preview> {
    return uploaded(request, async (upload) => {
      const { fileId } = await this.startImport.look(ctx, upload);
      return this.previewImport.execute(ctx, fileId, { names: query.mapping ?? [] });
    });
  }

  @Post('preview/:upload')
  @HttpCode(200)
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'The first 20 rows of a kept file by a mapping that need not be saved' })
  previewAgain(@Ctx() ctx: Context, @Param('upload') upload: string, @Body() body: PreviewBody): Promise<Preview> {
    const { table, mapping } = body;
    return this.previewImport.execute(ctx, upload, { table, ...(mapping && { mapping: readMapping(mapping) }) });
  }

  @Post('preview/:upload/import')
  @HttpCode(202)
  @RequirePermission('imports:run')
  @ApiOperation({ summary: 'Import a kept file, or try it (dryRun)' })
  importKept(@Ctx() ctx: Context, @Param('upload') upload: string, @Body() body: ImportBody): Promise<ImportView> {
    return this.startImport.fromUpload(ctx, upload, optionsOf(body));
  }

  @Get()
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'Imports, the newest first' })
  list(@Query() query: PageQuery): Promise<Page<ImportView>> {
    return listImports(this.db, query.cursor, query.limit);
  }

  @Get('kinds')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'The kinds of tables that an import reads, and their columns' })
  kinds(): { data: { kind: string; required: readonly string[]; optional: readonly string[] }[] } {
    return { data: Object.entries(COLUMNS).map(([kind, columns]) => ({ kind, ...columns })) };
  }

  @Get(':id')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'One import: status, progress, counts, notices' })
  one(@Param('id') id: string): Promise<ImportPage> {
    return importPage(this.db, id);
  }

  @Get(':id/refused')
  @RequirePermission('imports:read')
  @ApiOperation({
    summary:
      'Refused rows, as JSON pages, or all of them as CSV (Accept: text/csv); file= gives one file to mend and send again',
  })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async refused(
    @Param('id') id: string,
    @Query() query: RefusedQuery,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<Page<RefusedRowView> | StreamableFile> {
    if (query.file !== undefined) return this.toMend(await importRun(this.db, id), query.file);
    if (!request.headers.accept?.includes('text/csv')) return listRefused(this.db, id, query.cursor, query.limit);
    const run = await importRun(this.db, id);
    return new StreamableFile(Readable.from(refusedCsv(this.db, run.import_no), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="refused-${run.import_id}.csv"`,
    });
  }

  @Get(':id/refused-files')
  @RequirePermission('imports:read')
  @ApiOperation({ summary: 'The files that have refused rows, and how many' })
  async refusedFiles(@Param('id') id: string): Promise<{ data: { file: string; rows: number }[] }> {
    return { data: await refusedFiles(this.db, (await importRun(this.db, id)).import_no) };
  }

  /** Under the name by which it is known again: a sheet becomes a CSV file. */
  private toMend(run: ImportRun, file: string): StreamableFile {
    const table = run.headers[file] !== undefined;
    const base = file.slice(file.lastIndexOf('/') + 1);
    const name = table && !/\.csv$/i.test(base) ? `${base.replace(/\.\w+$/, '')}.csv` : base;
    return new StreamableFile(Readable.from(refusedToMend(this.db, run, file), { objectMode: false }), {
      type: table ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      disposition: `attachment; filename="${name.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
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
    const first = await importPage(this.db, id);
    return new Observable<MessageEvent>((subscriber) => {
      let last = '';
      let looking = false;
      const send = (view: ImportPage) => {
        const text = JSON.stringify(view);
        if (text !== last) subscriber.next({ type: 'import', data: view });
        last = text;
        if (isFinal(view.status)) subscriber.complete();
      };
      const look = () => {
        if (looking || subscriber.closed) return;
        looking = true;
        importPage(this.db, id)
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
