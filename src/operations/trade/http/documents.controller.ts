import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Controller, Get, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { findUnit } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database, escapeLike } from '@/platform/db';
import { Files } from '@/platform/files';
import { OptionalName, OptionalOneOf, Page, SearchPageDto } from '@/platform/http';
import { partnersByCode } from '@/reference/partners';
import { KeepDocument } from '../app/keep-document';
import { documentByFile, documentsOfUnit, listDocuments, type DocumentView } from '../queries/documents';

const KINDS = ['certificate', 'delivery', 'picture', 'other'];

class DocumentsQuery extends SearchPageDto {
  @OptionalOneOf(KINDS) kind?: string;
  @OptionalName('of the receipts from this supplier') supplier?: string;
}

interface Multipart {
  filename: string;
  file: Readable & { truncated: boolean };
  fields: Record<string, { value?: unknown } | undefined>;
}
interface MultipartRequest {
  isMultipart(): boolean;
  file(): Promise<Multipart | undefined>;
}

@ApiTags('attachments')
@Controller()
export class DocumentsController {
  constructor(
    private readonly db: Database,
    private readonly files: Files,
    private readonly keepDocument: KeepDocument,
  ) {}

  @Post('attachments')
  @RequirePermission('work:do')
  @ApiOperation({
    summary:
      'Keep a certificate or another paper (pdf, png, jpg, csv, xml, txt), alone or for a unit, receipt or shipment',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        id: { type: 'string', description: 'your own key; this and what follows come before the file' },
        kind: { type: 'string', enum: KINDS, default: 'certificate' },
        unit: { type: 'string', description: 'u12, or item~kind~code' },
        receipt: { type: 'string' },
        shipment: { type: 'string' },
        note: { type: 'string' },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  async keep(@Ctx() ctx: Context, @Req() request: MultipartRequest): Promise<DocumentView> {
    if (!request.isMultipart())
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', { type: 'this', expected: 'multipart/form-data with a file' });
    const part = await request.file();
    if (!part) throw new DomainError('FIELD_REQUIRED', { field: 'file' });
    try {
      return await this.keepDocument.execute(ctx, {
        ...fieldsOf(part),
        name: part.filename,
        stream: part.file,
        truncated: () => part.file.truncated,
      });
    } finally {
      // What is not wanted is read to its end, so that the client gets to read the answer.
      part.file.resume();
    }
  }

  @Get('attachments')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Papers, the newest first' })
  async list(@Query() query: DocumentsQuery): Promise<Page<DocumentView>> {
    const supplier = query.supplier && (await partnersByCode(this.db, [query.supplier])).get(query.supplier);
    return listDocuments(
      this.db,
      {
        q: escapeLike(query.q ?? ''),
        ...(query.kind !== undefined && { kind: query.kind }),
        ...(query.supplier !== undefined && { supplierId: supplier ? supplier.partnerId : -1 }),
      },
      query.cursor,
      query.limit,
    );
  }

  @Get('attachments/:file')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'A paper: its name, type, size and hash, and what it belongs to' })
  one(@Param('file') file: string): Promise<DocumentView> {
    return documentByFile(this.db, file);
  }

  @Get('attachments/:file/content')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'The paper itself' })
  async content(@Param('file') file: string): Promise<StreamableFile> {
    const { name, mediaType, sizeBytes } = await documentByFile(this.db, file);
    const { stream } = await this.files.open(file.toLowerCase());
    return new StreamableFile(stream, {
      type: mediaType,
      length: sizeBytes,
      disposition: `attachment; filename="${name.replace(/[^\x20-\x7e]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
  }

  @Get('units/:unit/attachments')
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Papers of a unit, and of the receipts and shipments that it was in' })
  async ofUnit(@Param('unit') unit: string): Promise<Page<DocumentView>> {
    const { unitId } = await findUnit(this.db, unit);
    return { data: await documentsOfUnit(this.db, unitId), nextCursor: null };
  }
}

const CHARACTERS_MAX = 2_000;

function fieldsOf(part: Multipart) {
  const read = (name: string): string | undefined => {
    const value = part.fields[name]?.value;
    if (typeof value !== 'string' || value === '') return undefined;
    if (value.length > CHARACTERS_MAX || /[\0\p{Surrogate}]/u.test(value))
      throw new DomainError('FIELD_INVALID', { field: name, reason: 'it is too long, or no text.' });
    return value;
  };
  const kind = read('kind') ?? 'certificate';
  if (!KINDS.includes(kind))
    throw new DomainError('FIELD_INVALID', { field: 'kind', reason: `use one of ${KINDS.join(', ')}.` });
  const [unit, receipt, shipment, note] = [read('unit'), read('receipt'), read('shipment'), read('note')];
  return {
    id: read('id') ?? randomUUID(),
    kind,
    ...(unit !== undefined && { unit }),
    ...(receipt !== undefined && { receipt }),
    ...(shipment !== undefined && { shipment }),
    ...(note !== undefined && { note }),
  };
}
