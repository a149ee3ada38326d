import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DomainError } from '@/kernel';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database, escapeLike } from '@/platform/db';
import { ApiPage, decodeCursor, type Page, pageSize, SearchPageDto, toPage } from '@/platform/http';
import { throwRefusal } from '../../master';
import { PutPlaces } from '../app/put-places';
import { findPlace, findPlaces, viewPlace } from '../queries';
import { PlaceView, PutPlaceDto } from './dto';

@ApiTags('master data')
@Controller('places')
export class PlacesController {
  constructor(
    private readonly database: Database,
    private readonly putPlaces: PutPlaces,
  ) {}

  @Get()
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'Places, by code' })
  @ApiPage(PlaceView)
  async list(@Query() query: SearchPageDto): Promise<Page<PlaceView>> {
    const size = pageSize(query.limit);
    const after = decodeCursor<string>(query.cursor) ?? '';
    const rows = await findPlaces(this.database, escapeLike(query.q ?? ''), after, size + 1);
    return toPage(rows, size, (row) => row.code, viewPlace);
  }

  @Get(':place')
  @RequirePermission('masterdata:read')
  @ApiOperation({ summary: 'A place' })
  @ApiOkResponse({ type: PlaceView })
  async get(@Param('place') code: string): Promise<PlaceView> {
    const place = await findPlace(this.database, code);
    if (!place) throw new DomainError('NOT_FOUND', { what: 'place', key: code });
    return viewPlace(place);
  }

  @Put(':place')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or replaces a place' })
  @ApiOkResponse({ type: PlaceView })
  async put(@Ctx() ctx: Context, @Param('place') place: string, @Body() body: PutPlaceDto): Promise<PlaceView> {
    throwRefusal(await this.putPlaces.execute(ctx, [{ ...body, place }]));
    return this.get(place);
  }
}
