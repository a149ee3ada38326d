import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { placesBelow } from '@/ledger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import {
  CommandId,
  decodeCursor,
  OptionalName,
  OptionalNames,
  OptionalOneOf,
  PageDto,
  pageSize,
  toPage,
} from '@/platform/http';
import { SweepRecall } from '../app/sweep-recall';
import { changesOf } from '../change-queries';
import { type Cover, coverageOf, COVERS, unitsByCover } from '../coverage-queries';
import { recallByKey } from '../queries';
import { sweepsOf } from '../sweep-queries';

const PLACES_MAX = 1_000;

class CoverQueryDto extends PageDto {
  @OptionalOneOf(COVERS, 'without it all of them: the uncovered first, then the held, then what is out')
  cover?: Cover;

  @OptionalName('in house at this place, or below it')
  place?: string;
}

class SweepDto {
  @CommandId()
  id: string;

  @OptionalNames(PLACES_MAX, 'places to sweep, each with all below it; by default wherever goods in scope lie')
  places?: string[];

  @OptionalName("where what is found goes; by default where the plant's own sweep rule brings it")
  to?: string;
}

@ApiTags('recalls')
@Controller('recalls/:recall')
export class CoverageController {
  constructor(
    private readonly database: Database,
    private readonly sweep: SweepRecall,
  ) {}

  @Get('coverage')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'How much of what is in house is on hold, by place' })
  async coverage(@Param('recall') recall: string) {
    return coverageOf(this.database, await recallByKey(this.database, recall));
  }

  @Get('units')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The units in scope, the uncovered first; what is on the road says with which shipment' })
  async units(@Param('recall') key: string, @Query() query: CoverQueryDto) {
    const recall = await recallByKey(this.database, key);
    const size = pageSize(query.limit);
    const placeIds = query.place === undefined ? undefined : await placesBelow(this.database, query.place);
    const { rows } = await unitsByCover(
      this.database,
      recall,
      { cover: query.cover, placeIds },
      decodeCursor<[Cover, number]>(query.cursor),
      size + 1,
    );
    return toPage(
      rows,
      size,
      (row) => row.key,
      ({ key: _, ...view }) => view,
    );
  }

  @Get('changes')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'How the scope changed from version to version, and what would leave it' })
  async changes(@Param('recall') recall: string) {
    return changesOf(this.database, await recallByKey(this.database, recall));
  }

  @Get('sweeps')
  @RequirePermission('recalls:read')
  @ApiOperation({ summary: 'The sweeps of the case: expected, found, unexpected, missing' })
  async sweeps(@Param('recall') recall: string) {
    return { data: await sweepsOf(this.database, await recallByKey(this.database, recall)), nextCursor: null };
  }

  @Post('sweeps')
  @HttpCode(200)
  @RequirePermission('recalls:conduct')
  @ApiOperation({ summary: 'Tells the warehouse to fetch what is held, a task a place' })
  sweeping(@Ctx() ctx: Context, @Param('recall') recall: string, @Body() body: SweepDto) {
    return this.sweep.execute(ctx, { ...body, recall });
  }
}
