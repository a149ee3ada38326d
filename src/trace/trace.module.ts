import { Module, OnApplicationBootstrap } from '@nestjs/common';
import { AskTrace } from './app/ask-trace';
import { CancelTrace } from './app/cancel-trace';
import { KeepResults } from './app/keep-results';
import { RunAmounts } from './app/run-amounts';
import { RunTrace } from './app/run-trace';
import { TraceMetrics } from './app/trace-metrics';
import { TraceSource } from './app/trace-source';
import { TraceQueue } from './app/trace-queue';
import { BlastHttpModule, BlastJobsModule } from './blast/blast.module';
import { BalanceController } from './http/balance.controller';
import { TracesController } from './http/traces.controller';
import { UnitGapsController } from './http/unit-gaps.controller';
import { TraceQueries } from './queries';
import { IndexHolder } from './resident/index-holder';
import { AmountJobs, TraceJobs } from './trace.jobs';

/** Asking, running and reading traces, for whoever is above: reports, the command line. */
@Module({
  providers: [AskTrace, RunTrace, TraceQueries, TraceSource, IndexHolder],
  exports: [AskTrace, RunTrace, TraceQueries, TraceSource, IndexHolder],
})
export class TraceModule {}

/** The routes: loaded by the api. */
@Module({
  imports: [TraceModule, BlastHttpModule],
  providers: [CancelTrace, TraceMetrics],
  controllers: [TracesController, UnitGapsController, BalanceController],
})
export class TraceHttpModule {}

/** The handlers of the queues: loaded by the worker. */
@Module({
  imports: [TraceModule, BlastJobsModule],
  providers: [TraceQueue, TraceJobs, RunAmounts, AmountJobs, KeepResults],
})
export class TraceJobsModule implements OnApplicationBootstrap {
  constructor(private readonly index: IndexHolder) {}

  onApplicationBootstrap(): void {
    this.index.start();
  }
}
