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
  Res,
  Sse,
  StreamableFile,
} from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context } from '@/platform/db';
import { formatOf, Page, rowsFile } from '@/platform/http';
import { ProgressBus } from '@/platform/jobs';
import { AskTrace } from '../app/ask-trace';
import { CancelTrace } from '../app/cancel-trace';
import type { SummaryGraph } from '../domain/summary-graph';
import { TraceQueries } from '../queries';
import type { ComparePage } from '../queries/compare';
import type { PageOf } from '../queries/rows';
import type { ConsigneeView, GapView, TraceSummary, TraceUnitView } from '../queries/views';
import type { WhyView } from '../queries/why';
import {
  AskTraceDto,
  CompareQuery,
  ConsigneesQuery,
  ExcludedQuery,
  GapsQuery,
  GraphQuery,
  PageQuery,
  UnitsQuery,
  WaitQuery,
} from './dto';
import { AFFECTED_COLUMNS, CHANGE_COLUMNS, CONSIGNEE_COLUMNS, EXCLUDED_COLUMNS, GAP_COLUMNS } from './rows-out';
import { isFinal, traceEvents, waitForTrace } from './watch';

interface Request {
  headers: Record<string, string | undefined>;
}
interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

@ApiTags('traces')
@Controller('traces')
export class TracesController {
  constructor(
    private readonly askTrace: AskTrace,
    private readonly cancelTrace: CancelTrace,
    private readonly queries: TraceQueries,
    private readonly bus: ProgressBus,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('traces:run')
  @ApiOperation({ summary: 'Ask what went where; 202, or 200 with the finished summary where ?wait= suffices' })
  async ask(
    @Ctx() ctx: Context,
    @Body() body: AskTraceDto,
    @Query() query: WaitQuery,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<TraceSummary> {
    const id = await this.askTrace.execute(ctx, body);
    const trace = await waitForTrace(this.bus, id, () => this.queries.summary(id), (query.wait ?? 0) * 1_000);
    reply.header('Location', `/api/v1/traces/${id}`);
    if (query.wait && isFinal(trace.status)) reply.status(200);
    return trace;
  }

  @Get()
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Traces, the newest first' })
  list(@Query() query: PageQuery): Promise<Page<TraceSummary>> {
    return this.queries.list(query.cursor, query.limit);
  }

  @Get(':id')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'One trace: status, progress, counts, digest' })
  one(@Param('id') id: string): Promise<TraceSummary> {
    return this.queries.summary(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('traces:run')
  @ApiOperation({ summary: 'Stop a trace that is queued or running' })
  async cancel(@Ctx() ctx: Context, @Param('id') id: string): Promise<TraceSummary> {
    const { id: known } = await this.queries.summary(id);
    await this.cancelTrace.execute(ctx, known);
    return this.queries.summary(known);
  }

  @Sse(':id/stream')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'The trace as server-sent events (event: trace), until it is final' })
  async stream(@Param('id') id: string): Promise<Observable<MessageEvent>> {
    const { id: known } = await this.queries.summary(id);
    return traceEvents(this.bus, known, () => this.queries.summary(known));
  }

  @Get(':id/units')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Affected units: JSON pages, or all of them as text/csv or application/x-ndjson' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async units(
    @Param('id') id: string,
    @Query() { cursor, limit, sort, ...filters }: UnitsQuery,
    @Req() request: Request,
  ): Promise<PageOf<TraceUnitView> | StreamableFile> {
    const format = formatOf(request.headers.accept);
    if (format === 'json') return this.queries.units(id, 'affected', { filters, sort, cursor, limit });
    const rows = await this.queries.unitStream(id, 'affected', filters, sort);
    return rowsFile(rows, format, `trace-${id}-units`, AFFECTED_COLUMNS);
  }

  @Get(':id/excluded')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Units that plain reachability reaches and the trace leaves out, each with its reason' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async excluded(
    @Param('id') id: string,
    @Query() { cursor, limit, sort, ...filters }: ExcludedQuery,
    @Req() request: Request,
  ): Promise<PageOf<TraceUnitView> | StreamableFile> {
    const format = formatOf(request.headers.accept);
    if (format === 'json') return this.queries.units(id, 'excluded', { filters, sort, cursor, limit });
    const rows = await this.queries.unitStream(id, 'excluded', filters, sort);
    return rowsFile(rows, format, `trace-${id}-excluded`, EXCLUDED_COLUMNS);
  }

  @Get(':id/consignees')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Who has it: customer × shipment × unit, each shipment judged by itself' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async consignees(
    @Param('id') id: string,
    @Query() { cursor, limit, ...filters }: ConsigneesQuery,
    @Req() request: Request,
  ): Promise<PageOf<ConsigneeView> | StreamableFile> {
    const format = formatOf(request.headers.accept);
    if (format === 'json') return this.queries.consignees(id, filters, cursor, limit);
    const rows = await this.queries.consigneeStream(id, filters);
    return rowsFile(rows, format, `trace-${id}-consignees`, CONSIGNEE_COLUMNS);
  }

  @Get(':id/gaps')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'What the trace cannot know' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async gaps(
    @Param('id') id: string,
    @Query() query: GapsQuery,
    @Req() request: Request,
  ): Promise<Page<GapView> | StreamableFile> {
    const format = formatOf(request.headers.accept);
    if (format === 'json') return this.queries.gaps(id, query.kind, query.cursor, query.limit);
    return rowsFile(await this.queries.gapStream(id, query.kind), format, `trace-${id}-gaps`, GAP_COLUMNS);
  }

  @Get(':id/compare/:other')
  @RequirePermission('traces:read')
  @ApiOperation({
    summary: 'What the other trace says differently: units added, removed and reclassified, each with the reason',
  })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async compare(
    @Param('id') id: string,
    @Param('other') other: string,
    @Query() { change, cursor, limit }: CompareQuery,
    @Req() request: Request,
  ): Promise<ComparePage | StreamableFile> {
    const format = formatOf(request.headers.accept);
    const comparison = await this.queries.compare(id, other);
    if (format === 'json') return comparison.page(change, cursor, limit);
    return rowsFile(comparison.stream(change), format, `trace-${id}-compared-${other}`, CHANGE_COLUMNS);
  }

  @Get(':id/graph')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Summary graph by item, lot or unit: nodes with counts, edges with quantities' })
  graph(@Param('id') id: string, @Query() query: GraphQuery): Promise<SummaryGraph> {
    return this.queries.graph(id, query.by, query.limit);
  }

  @Get(':id/why/:unit')
  @RequirePermission('traces:read')
  @ApiOperation({
    summary:
      'Why a unit is affected, or why not: a shortest chain back to a seed, or the link at which the way failed; as data and as sentences',
  })
  why(@Param('id') id: string, @Param('unit') unit: string): Promise<WhyView> {
    return this.queries.why(id, unit);
  }
}
