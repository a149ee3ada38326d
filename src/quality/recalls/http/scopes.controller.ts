import { Body, Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, Principal, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import type { Page } from '@/platform/http';
import { TraceQueries } from '@/trace';
import { AskWhatIf } from '../app/ask-what-if';
import { ReadScopes, type WhatIfView } from '../app/read-scope';
import { ResizeScope } from '../app/resize-scope';
import { SaveScope } from '../app/save-scope';
import { nextState } from '../domain/states';
import { recallByKey } from '../queries';
import { scopeOf, scopesOf, type ScopeView } from '../scope-queries';
import { DiffQuery, SaveScopeDto, WhatIfDto } from './dto';

@ApiTags('recalls')
@Controller('recalls/:recall')
export class ScopesController {
  constructor(
    private readonly database: Database,
    private readonly ask: AskWhatIf,
    private readonly read: ReadScopes,
    private readonly save: SaveScope,
    private readonly resize: ResizeScope,
    private readonly traces: TraceQueries,
  ) {}

  @Post('what-ifs')
  @HttpCode(202)
  @RequirePermission('recalls:prepare')
  @ApiOperation({ summary: 'What the scope would be by these rules, and how it would differ; nothing is changed' })
  async asks(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: WhatIfDto): Promise<WhatIfView> {
    return this.read.whatIf(recall, await this.ask.execute(ctx, recall, body.rules));
  }

  @Get('what-ifs/:whatIf')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'A what-if, with its numbers once it is done' })
  whatIf(@Param('recall') recall: string, @Param('whatIf') whatIf: string): Promise<WhatIfView> {
    return this.read.whatIf(recall, whatIf);
  }

  @Post('scopes')
  @HttpCode(200)
  @RequirePermission('recalls:prepare')
  @ApiOperation({
    summary:
      'Saves a what-if that you have seen as the next version; that of a running case is signed, and needs recalls:conduct',
  })
  async saves(
    @Ctx() ctx: Context,
    @Principal() who: Principal,
    @Param('recall') recall: string,
    @Body() { signature, ...body }: SaveScopeDto,
  ): Promise<ScopeView> {
    const { state } = await recallByKey(this.database, recall);
    if (nextState(state, 'widen') === null) return this.save.execute(ctx, { ...body, recall });
    const permission = 'recalls:conduct';
    if (!who.permissions.includes(permission)) throw new DomainError('FORBIDDEN', { permission, role: who.role });
    return this.resize.execute(ctx, { ...body, recall, signature });
  }

  @Get('scopes')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'All versions of the scope, the newest first' })
  async versions(@Param('recall') recall: string): Promise<Page<ScopeView>> {
    const { recallId } = await recallByKey(this.database, recall);
    return { data: await scopesOf(this.database, recallId), nextCursor: null };
  }

  @Get('scopes/:version')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'One version of the scope' })
  async version(@Param('recall') recall: string, @Param('version', ParseIntPipe) version: number): Promise<ScopeView> {
    const { recallId } = await recallByKey(this.database, recall);
    return scopeOf(this.database, recallId, version);
  }

  @Get('scopes/:version/diff')
  @RequirePermission('recalls:read')
  @ApiOperation({
    summary: 'What a version says differently from another by their traces, unit by unit, each with the reason',
  })
  async diff(
    @Param('recall') recall: string,
    @Param('version', ParseIntPipe) version: number,
    @Query() { against, change, cursor, limit }: DiffQuery,
  ) {
    const { recallId } = await recallByKey(this.database, recall);
    if (against === undefined && version === 1) throw new DomainError('FIELD_REQUIRED', { field: 'against' });
    const after = await scopeOf(this.database, recallId, version);
    const before = await scopeOf(this.database, recallId, against ?? version - 1);
    const page = await (await this.traces.compare(before.trace, after.trace)).page(change, cursor, limit);
    return { ...page, excluded: { before: before.excluded, after: after.excluded } };
  }
}
