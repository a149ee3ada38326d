import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './handlers';
import { WorkerHeartbeat } from './heartbeat';
import { ProgressBus } from './progress-bus';
import { JobQueues } from './queues';
import { RedisConnections } from './redis';
import { JobRunner } from './runner';
import { WorkerMetrics } from './worker-metrics';

/** Both processes: the queues, the news, and where the parts of a worker report. */
@Global()
@Module({
  providers: [RedisConnections, JobQueues, ProgressBus, WorkerMetrics],
  exports: [RedisConnections, JobQueues, ProgressBus, WorkerMetrics],
})
export class JobsModule {}

/** The worker alone: handlers and what runs them. */
@Global()
@Module({
  providers: [JobRegistry, JobRunner, WorkerHeartbeat],
  exports: [JobRegistry, JobRunner, WorkerHeartbeat],
})
export class JobRunnerModule {}
