import { Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context } from '@/platform/db';
import { Columns, formatOf, Page, PageDto, rowsFile } from '@/platform/http';
import { BLAST_SORTS, BlastLotView, BlastQueries, BlastRunView, BlastSort, BlastView } from './blast-queries';
import { StartBlast } from './start-blast';

const SORTS: BlastSort[] = BLAST_SORTS.flatMap((sort): BlastSort[] => [sort, `-${sort}`]);

class LotsQuery extends PageDto {
  @ApiPropertyOptional({ description: 'a run; default the last that was finished' })
  @IsOptional()
  @IsString()
  run?: string;

  @ApiPropertyOptional({ enum: SORTS, default: '-finished', description: '"-" for descending' })
  @IsOptional()
  @IsIn(SORTS)
  sort?: BlastSort;

  @ApiPropertyOptional({ description: "an item's code" }) @IsOptional() @IsString() @MaxLength(100) item?: string;

  @ApiPropertyOptional({ description: "part of a code, or of an item's code or name" })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;
}

const COLUMNS: Columns<BlastLotView> = {
  item: (r) => r.unit.item,
  name: (r) => r.name,
  code: (r) => ('lot' in r.unit ? r.unit.lot : null),
  units: (r) => r.units,
  finished: (r) => r.finished,
  customers: (r) => r.customers,
  downward: (r) => r.downward,
  upward: (r) => r.upward,
  state: (r) => r.states.join('; '),
  id: (r) => r.id,
};

@ApiTags('blast radius')
@Controller('blast-radius')
export class BlastController {
  constructor(
    private readonly startBlast: StartBlast,
    private readonly queries: BlastQueries,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('traces:run')
  @ApiOperation({
    summary: 'Compute what a recall of each lot would touch today; a run that is under way is given back',
  })
  async start(@Ctx() ctx: Context): Promise<BlastRunView> {
    return this.queries.one(await this.startBlast.execute(ctx));
  }

  @Get()
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'The last finished run: worst, mean and median recall; `open` is the run under way' })
  latest(): Promise<BlastView> {
    return this.queries.latest();
  }

  @Get('lots')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'Lots by risk: JSON pages, or all of them as text/csv or application/x-ndjson' })
  @ApiProduces('application/json', 'text/csv', 'application/x-ndjson')
  async lots(
    @Query() { run, cursor, limit, ...filters }: LotsQuery,
    @Req() request: { headers: Record<string, string | undefined> },
  ): Promise<Page<BlastLotView> | StreamableFile> {
    const format = formatOf(request.headers.accept);
    if (format === 'json') return this.queries.lots(run, filters, cursor, limit);
    return rowsFile(await this.queries.lotStream(run, filters), format, 'blast-radius', COLUMNS);
  }

  @Get(':id')
  @RequirePermission('traces:read')
  @ApiOperation({ summary: 'One run: status, progress, sizes' })
  one(@Param('id') id: string): Promise<BlastRunView> {
    return this.queries.one(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('traces:run')
  @ApiOperation({ summary: 'Stop a run that is queued or running' })
  async cancel(@Ctx() ctx: Context, @Param('id') id: string): Promise<BlastRunView> {
    const run = await this.queries.one(id);
    await this.startBlast.cancel(ctx, run.id!);
    return this.queries.one(id);
  }
}
