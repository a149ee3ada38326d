import type { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { CATALOGUE, DomainError } from '@/kernel';
import { Ctx, type Permission, Principal, RequirePermission } from '@/platform/auth';
import { Settings } from '@/platform/config';
import { Context, Database } from '@/platform/db';
import { readNdjson } from '@/platform/http';
import { RecordEvents, RecordResult } from '../app/record-events';
import { eventById } from '../queries';

class RecordQuery {
  /** live also refuses on the present state: not here, on hold, expired, short, installed elsewhere */
  @ApiPropertyOptional() @IsOptional() @IsIn(['record', 'live']) check?: 'record' | 'live';
  /** proceed keeps the events that are right; refuse (the default) keeps all or nothing */
  @ApiPropertyOptional() @IsOptional() @IsIn(['refuse', 'proceed']) onError?: 'refuse' | 'proceed';
}

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
    private readonly db: Database,
  ) {}

  @Post()
  @HttpCode(200)
  @RequirePermission('events:write')
  @ApiOperation({ summary: 'Record events: a JSON array, one event, or NDJSON; all or nothing unless onError=proceed' })
  @ApiConsumes('application/json', 'application/x-ndjson')
  @ApiBody({ schema: { type: 'array', items: { type: 'object' } } })
  async record(
    @Ctx() ctx: Context,
    @Principal() principal: Principal,
    @Query() query: RecordQuery,
    @Req() request: { body: unknown; headers: Record<string, string | undefined> },
  ): Promise<RecordResult> {
    const events = await this.read(request);
    const { role, permissions } = principal;
    const caller = { role, may: (right: Permission) => permissions.includes(right) };
    const result = await this.recordEvents.execute(ctx, events, { ...query, caller });
    const forbidden = result.refused.find(({ code }) => CATALOGUE[code].kind === 'forbidden');
    if (forbidden && query.onError !== 'proceed') throw new DomainError(forbidden.code, forbidden.details);
    if (result.refused.length > 0 && query.onError !== 'proceed')
      throw new DomainError('EVENTS_REFUSED', { ...result, count: result.refused.length });
    return result;
  }

  @Get(':event')
  @RequirePermission('events:read')
  @ApiOperation({ summary: 'One event by the id of an answer (e12), with what it says and whether it was voided' })
  async one(@Param('event') id: string) {
    return eventById(this.db, id);
  }

  private async read(request: { body: unknown; headers: Record<string, string | undefined> }): Promise<unknown[]> {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('application/x-ndjson')) {
      const events: unknown[] = [];
      for await (const event of readNdjson(request.body as Readable, {
        bytesMax: this.settings.bodyBytesMax,
        linesMax: this.settings.eventsMax,
      }))
        events.push(event);
      return events;
    }
    const body = request.body;
    if (Array.isArray(body)) return body as unknown[];
    if (typeof body === 'object' && body !== null) return [body];
    throw new DomainError('BAD_REQUEST', {
      reason: 'send a JSON array of events, or NDJSON with the content type application/x-ndjson.',
    });
  }
}
