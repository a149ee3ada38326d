import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '@/platform/auth';
import { Readiness } from './readiness';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Public()
  @ApiOperation({ summary: 'The process answers' })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @Public()
  @ApiOperation({
    summary: 'The database and Redis answer and a worker was seen in the last 15 seconds; 503 otherwise',
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const state = await this.readiness.check();
    if (state.status !== 'ready') void reply.status(503);
    return state;
  }
}
