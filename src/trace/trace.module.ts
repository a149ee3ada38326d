import { Module } from '@nestjs/common';
import { AskTrace } from './app/ask-trace';
import { CancelTrace } from './app/cancel-trace';
import { KeepResults } from './app/keep-results';
import { RunTrace } from './app/run-trace';
import { TraceMetrics } from './app/trace-metrics';
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
  providers: [CancelTrace, TraceMetrics],
  controllers: [TracesController, UnitGapsController],
})
export class TraceHttpModule {}

/** The handlers of the queues: loaded by the worker. */
@Module({ imports: [TraceModule, BlastJobsModule], providers: [TraceQueue, TraceJobs, KeepResults] })
export class TraceJobsModule {}
