import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, PageDto, pageSize, toPage } from '@/platform/http';
import { CreateApiKey } from '../app/create-api-key';
import { RevokeApiKey } from '../app/revoke-api-key';
import { listApiKeys, viewApiKey } from '../queries';
import { ApiKeyView, CreateApiKeyDto, NewApiKeyView } from './dto';

@ApiTags('access')
@Controller('api-keys')
@RequirePermission('keys:admin')
export class ApiKeysController {
  constructor(
    private readonly database: Database,
    private readonly createApiKey: CreateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
  ) {}

  @Get()
  @ApiOperation({ summary: 'API keys in force, by name; never the keys themselves' })
  @ApiPage(ApiKeyView)
  async list(@Query() page: PageDto): Promise<Page<ApiKeyView>> {
    const size = pageSize(page.limit);
    const rows = await listApiKeys(this.database, decodeCursor<string>(page.cursor) ?? '', size + 1);
    return toPage(rows, size, (row) => row.name, viewApiKey);
  }

  @Post()
  @ApiOperation({ summary: 'Makes an API key; the answer is the only place that shows it' })
  @ApiCreatedResponse({ type: NewApiKeyView })
  create(@Ctx() ctx: Context, @Body() body: CreateApiKeyDto): Promise<NewApiKeyView> {
    return this.createApiKey.execute(ctx, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes an API key at once' })
  async revoke(@Ctx() ctx: Context, @Param('id') id: string): Promise<void> {
    if (!/^\d{1,9}$/.test(id)) throw new DomainError('NOT_FOUND', { what: 'API key', key: id });
    await this.revokeApiKey.execute(ctx, Number(id));
  }
}
