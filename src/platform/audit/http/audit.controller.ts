import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { RequirePermission } from '@/platform/auth';
import { Database } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, PageDto, pageSize, toPage } from '@/platform/http';
import { type AuditRow, listAudit } from '../audit';

export class AuditQueryDto extends PageDto {
  @ApiPropertyOptional({ example: 'item:RM-100' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  subject?: string;

  @ApiPropertyOptional({ example: 'user:anna' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actor?: string;
}

export class AuditView {
  @ApiProperty()
  id: number;

  @ApiProperty({ format: 'date-time' })
  at: string;

  @ApiProperty({ example: 'user:anna' })
  actor: string;

  @ApiProperty({ example: 'change-item' })
  action: string;

  @ApiProperty({ example: 'item:RM-100' })
  subject: string;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  before: unknown;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  after: unknown;

  @ApiProperty({ type: String, nullable: true })
  requestId: string | null;
}

@ApiTags('audit')
@Controller('audit')
@RequirePermission('audit:read')
export class AuditController {
  constructor(private readonly database: Database) {}

  @Get()
  @ApiOperation({ summary: 'Who changed what, when, from what to what; the latest first' })
  @ApiPage(AuditView)
  async list(@Query() query: AuditQueryDto): Promise<Page<AuditView>> {
    const size = pageSize(query.limit);
    const before = decodeCursor<number>(query.cursor);
    const rows = await listAudit(this.database, { ...query, before, limit: size + 1 });
    return toPage(rows, size, (row) => row.audit_id, view);
  }
}

function view(row: AuditRow): AuditView {
  const { audit_id: id, request_id: requestId, at, ...rest } = row;
  return { id, at: at.toISOString(), ...rest, requestId };
}
