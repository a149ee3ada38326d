import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { RequirePermission } from '@/platform/auth';
import { Database } from '@/platform/db';
import { type Substitutes, substitutesFor } from '../app/substitutes';

class SubstitutesQuery {
  @ApiPropertyOptional({ example: 'LYON.L1', description: 'the place where it is needed: the nearest comes first' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  near?: string;

  @ApiPropertyOptional({ example: '12.5', description: 'how much is needed, in the base unit of the item' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  quantity?: string;

  @ApiPropertyOptional({ description: 'the item that it goes into: only what its BOM allows' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  for?: string;
}

@ApiTags('warehouse')
@Controller('items/:item/substitutes')
export class SubstitutesController {
  constructor(private readonly database: Database) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'Free stock of the item and of approved alternates, nearest first, then first to expire' })
  list(@Param('item') item: string, @Query() query: SubstitutesQuery): Promise<Substitutes> {
    return substitutesFor(this.database, item, query);
  }
}
