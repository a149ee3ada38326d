import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Ctx, RequirePermission } from '@/platform/auth';
import { type Context, Database } from '@/platform/db';
import { PutReason } from '../app/put-reason';
import { reasons, type ReasonView } from '../queries';
import { ReasonDto } from './dto';

@ApiTags('holds')
@Controller('reasons')
export class ReasonsController {
  constructor(
    private readonly database: Database,
    private readonly putReason: PutReason,
  ) {}

  @Get()
  @RequirePermission('work:read')
  @ApiOperation({ summary: 'The reasons that this plant gives for holds and dispositions' })
  async list(): Promise<{ data: ReasonView[] }> {
    return { data: await reasons(this.database) };
  }

  @Put(':reason')
  @RequirePermission('masterdata:write')
  @ApiOperation({ summary: 'Creates or changes a reason; what was held for it keeps the words of then' })
  put(@Ctx() ctx: Context, @Param('reason') code: string, @Body() body: ReasonDto): Promise<ReasonView> {
    return this.putReason.execute(ctx, code, body);
  }
}
