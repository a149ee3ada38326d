import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Min } from 'class-validator';
import { RequirePermission } from '@/platform/auth';
import { Database, UnitOfWork } from '@/platform/db';
import { massBalance } from '../app/mass-balance';

class BalanceQuery {
  /** as it was known then; default: now */
  @ApiPropertyOptional() @IsOptional() @Type(() => Number) @IsInt() @Min(0) ledgerPosition?: number;
}

@ApiTags('units')
@Controller('units/:unit/balance')
@RequirePermission('units:read')
export class BalanceController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
  ) {}

  @Get()
  @ApiOperation({
    summary:
      'Mass balance: what came in = used in (by output) + in stock (by place) + shipped (by customer) − returned + scrapped + adjusted + unexplained',
  })
  balance(@Param('unit') ref: string, @Query() query: BalanceQuery) {
    return massBalance(this.db, this.uow, ref, query.ledgerPosition);
  }
}
