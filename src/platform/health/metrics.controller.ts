import { Controller, Get, Header, OnModuleInit } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '@/platform/auth';
import { JobQueues, RedisConnections } from '@/platform/jobs';
import { Outbox, QUEUES } from '@/platform/outbox';
import { Metric, Metrics } from './metrics';
import { metricsOfWorkers, Workers, WorkerView } from './workers';

@ApiTags('health')
@Controller()
@RequirePermission('metrics:read')
export class MetricsController implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    private readonly workers: Workers,
    private readonly queues: JobQueues,
    private readonly redis: RedisConnections,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.metrics.register('workers', async () => metricsOfWorkers(await this.workers.list()));
    this.metrics.register('queues', () => this.queueMetrics());
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Numbers of the installation in the text format of Prometheus' })
  @ApiProduces('text/plain')
  text(): Promise<string> {
    return this.metrics.text();
  }

  @Get('health/workers')
  @ApiOperation({ summary: 'The workers of the last day and what they say of themselves' })
  async list(): Promise<{ data: WorkerView[] }> {
    return { data: await this.workers.list() };
  }

  private async queueMetrics(): Promise<Metric[]> {
    const depths = await Promise.all(
      QUEUES.map(async (queue) =>
        Object.entries((await this.queues.depth(queue)) ?? {}).map(([state, value]) => ({
          labels: { queue, state },
          value,
        })),
      ),
    );
    return [
      { name: 'redis_up', help: '1 while Redis answers', samples: [{ value: this.redis.isReady ? 1 : 0 }] },
      { name: 'queue_jobs', help: 'Jobs on Redis by queue and state', samples: depths.flat() },
      {
        name: 'outbox_waiting',
        help: 'Jobs that Redis has not been given yet',
        samples: [{ value: await this.outbox.waiting() }],
      },
    ];
  }
}
