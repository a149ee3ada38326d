import { Global, Module } from '@nestjs/common';
import { JobRegistry } from './handlers';
import { WorkerHeartbeat } from './heartbeat';
import { ProgressBus } from './progress-bus';
import { JobQueues } from './queues';
import { RedisConnections } from './redis';
import { JobRunner } from './runner';

/** Both processes: the queues and the news. */
@Global()
@Module({
  providers: [RedisConnections, JobQueues, ProgressBus],
  exports: [RedisConnections, JobQueues, ProgressBus],
})
export class JobsModule {}

/** The worker alone: handlers and what runs them. */
@Global()
@Module({
  providers: [JobRegistry, JobRunner, WorkerHeartbeat],
  exports: [JobRegistry, JobRunner, WorkerHeartbeat],
})
export class JobRunnerModule {}
