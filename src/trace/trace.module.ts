import { Module } from '@nestjs/common';
import { AskTrace } from './app/ask-trace';
import { CancelTrace } from './app/cancel-trace';
import { RunTrace } from './app/run-trace';
import { TraceQueue } from './app/trace-queue';
import { BlastHttpModule, BlastJobsModule } from './blast/blast.module';
import { TracesController } from './http/traces.controller';
import { UnitGapsController } from './http/unit-gaps.controller';
import { TraceQueries } from './queries';
import { TraceJobs } from './trace.jobs';

/** Asking, running and reading traces, for whoever is above: reports, the command line. */
@Module({ providers: [AskTrace, RunTrace, TraceQueries], exports: [AskTrace, RunTrace, TraceQueries] })
export class TraceModule {}

/** The routes: loaded by the api. */
@Module({
  imports: [TraceModule, BlastHttpModule],
  providers: [CancelTrace],
  controllers: [TracesController, UnitGapsController],
})
export class TraceHttpModule {}

/** The handlers of the queues: loaded by the worker. */
@Module({ imports: [TraceModule, BlastJobsModule], providers: [TraceQueue, TraceJobs] })
export class TraceJobsModule {}
