import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { RequirePermission } from '@/platform/auth';
import { Database } from '@/platform/db';
import { locate } from '../app/locate';
import { placesWithFill } from '../app/place-fill';

class LocateQuery {
  @ApiProperty({ example: 'B0001', description: 'what was scanned or typed: a unit by any of its names, or an item' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  q: string;
}

class FillQuery {
  @ApiPropertyOptional({ example: 'LYON', description: 'this place and all below it; absent: the whole tree' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  place?: string;
}

@ApiTags('warehouse')
@Controller()
@RequirePermission('work:read')
export class WherePlacesController {
  constructor(private readonly database: Database) {}

  @Get('locate')
  @ApiOperation({ summary: 'Where each match is now, since when, and what last happened to it' })
  locate(@Query() query: LocateQuery) {
    return locate(this.database, query.q);
  }

  @Get('place-fill')
  @ApiOperation({ summary: 'The place tree with how full each place is, everything below it included' })
  fill(@Query() query: FillQuery) {
    return placesWithFill(this.database, query.place);
  }
}
