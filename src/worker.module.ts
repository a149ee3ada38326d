import { Module, OnApplicationBootstrap } from '@nestjs/common';
import { InterchangeJobsModule } from '@/exchange/interchange';
import { LedgerJobsModule } from '@/ledger';
import { WarehouseJobsModule } from '@/operations/warehouse';
import { ConfigModule } from '@/platform/config';
import { DbModule } from '@/platform/db';
import { Files, FilesModule } from '@/platform/files';
import { LoggingModule } from '@/platform/http';
import { JobRunner, JobRunnerModule, JobsModule, WorkerHeartbeat } from '@/platform/jobs';
import { Outbox, OutboxModule, QUEUES } from '@/platform/outbox';
import { RecallsJobsModule } from '@/quality/recalls';
import { NoticesJobsModule } from '@/quality/notices';
import { TraceJobsModule } from '@/trace';

/** The worker: every module without its controllers, with its job handlers. */
@Module({
  imports: [
    ConfigModule,
    LoggingModule,
    DbModule,
    JobsModule,
    JobRunnerModule,
    OutboxModule,
    FilesModule,
    LedgerJobsModule,
    TraceJobsModule,
    InterchangeJobsModule,
    WarehouseJobsModule,
    NoticesJobsModule,
    RecallsJobsModule,
  ],
})
export class WorkerModule implements OnApplicationBootstrap {
  constructor(
    private readonly outbox: Outbox,
    private readonly runner: JobRunner,
    private readonly heartbeat: WorkerHeartbeat,
    private readonly files: Files,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.outbox.start();
    // The boot stops where a queue has nobody who does its jobs.
    this.runner.start(QUEUES);
    this.files.startSweeping();
    await this.heartbeat.start();
  }
}
