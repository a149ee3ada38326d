import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '@/platform/auth';
import { Database, UnitOfWork } from '@/platform/db';
import { gapsOfUnit } from '../queries/unit-gaps';

@ApiTags('units')
@Controller('units/:unit/gaps')
@RequirePermission('units:read')
export class UnitGapsController {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What the record cannot tell about the unit: each kind of gap with a sentence' })
  async gaps(@Param('unit') ref: string) {
    const gaps = await gapsOfUnit(this.db, this.uow, ref);
    return {
      data: gaps.map(({ kind, message, eventId }) => ({
        kind,
        message,
        event: eventId === null ? null : `e${eventId}`,
      })),
    };
  }
}
