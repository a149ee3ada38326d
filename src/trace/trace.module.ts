import { Module, OnApplicationBootstrap } from '@nestjs/common';
import { AskTrace } from './app/ask-trace';
import { CancelTrace } from './app/cancel-trace';
import { KeepResults } from './app/keep-results';
import { RunAmounts } from './app/run-amounts';
import { RunTrace } from './app/run-trace';
import { TraceMetrics } from './app/trace-metrics';
import { TraceSource } from './app/trace-source';
import { TraceQueue } from './app/trace-queue';
import { BlastRadiusCommand } from './blast/blast-radius.command';
import { BlastController } from './blast/blast.controller';
import { BlastJobs } from './blast/blast.jobs';
import { BlastQueries } from './blast/blast-queries';
import { PlantReader } from './blast/plant-at';
import { RunBlast } from './blast/run-blast';
import { StartBlast } from './blast/start-blast';
import { BalanceController } from './http/balance.controller';
import { TracesController } from './http/traces.controller';
import { UnitGapsController } from './http/unit-gaps.controller';
import { TraceQueries } from './queries';
import { IndexHolder } from './resident/index-holder';
import { AmountJobs, TraceJobs } from './trace.jobs';

const BLAST = [StartBlast, RunBlast, PlantReader, BlastQueries];

/** Asking, running and reading traces, for whoever is above: reports, the command line. */
@Module({
  providers: [AskTrace, RunTrace, TraceQueries, TraceSource, IndexHolder, ...BLAST],
  exports: [AskTrace, RunTrace, TraceQueries, TraceSource, IndexHolder, ...BLAST],
})
export class TraceModule {}

/** The routes: loaded by the api. */
@Module({
  imports: [TraceModule],
  providers: [CancelTrace, TraceMetrics],
  controllers: [TracesController, UnitGapsController, BalanceController, BlastController],
})
export class TraceHttpModule {}

/** The handlers of the queues: loaded by the worker. */
@Module({
  imports: [TraceModule],
  providers: [TraceQueue, TraceJobs, RunAmounts, AmountJobs, BlastJobs, KeepResults],
})
export class TraceJobsModule implements OnApplicationBootstrap {
  constructor(private readonly index: IndexHolder) {}

  onApplicationBootstrap(): void {
    this.index.start();
  }
}

/** `blast-radius`: loaded by the command line. */
@Module({ imports: [TraceModule], providers: [BlastRadiusCommand] })
export class TraceCliModule {}
