import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { Context, Database } from '@/platform/db';
import { integrityNow, runById } from '../integrity/run-queries';
import { IntegrityRuns } from '../integrity/runs';

@ApiTags('integrity')
@Controller('integrity')
@RequirePermission('ledger:verify')
export class IntegrityController {
  constructor(
    private readonly db: Database,
    private readonly runs: IntegrityRuns,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The newest root of the ledger and the audit, the last verification, and one under way' })
  now() {
    return integrityNow(this.db, new Date());
  }

  @Post('verifications')
  @HttpCode(202)
  @ApiOperation({ summary: 'Compare all facts and audit lines with their seals; one under way is given back' })
  async start(@Ctx() ctx: Context) {
    return runById(this.db, await this.runs.start(ctx));
  }

  @Get('verifications/:id')
  @ApiOperation({ summary: 'One verification: status, progress, and its findings' })
  one(@Param('id') id: string) {
    return runById(this.db, id);
  }
}
