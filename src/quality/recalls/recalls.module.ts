import { Module } from '@nestjs/common';
import { HoldsModule } from '@/operations/holds';
import { WarehouseModule } from '@/operations/warehouse';
import { AccessModule } from '@/reference/access';
import { TraceModule } from '@/trace';
import { AdvanceRecall } from './app/advance-recall';
import { ApproveRecall } from './app/approve-recall';
import { ApplyVersion } from './app/apply-version';
import { InitiateRecall } from './app/initiate-recall';
import { Retrace } from './app/retrace';
import { RunInitiation } from './app/run-initiation';
import { SignRecall } from './app/sign-recall';
import { WatchRecalls } from './app/watch-recalls';
import { StopUnits } from './app/stop-units';
import { SweepRecall } from './app/sweep-recall';
import { CoverageController } from './http/coverage.controller';
import { StepsController } from './http/steps.controller';
import { RecallJobs, RecallWatch } from './recalls.jobs';

@Module({
  imports: [AccessModule, HoldsModule, TraceModule],
  providers: [SignRecall, AdvanceRecall, StopUnits, ApplyVersion],
  exports: [SignRecall, AdvanceRecall, StopUnits, ApplyVersion],
})
export class RecallsModule {}

/** Recalls with their routes: loaded by the api. */
@Module({
  imports: [RecallsModule, WarehouseModule],
  providers: [ApproveRecall, InitiateRecall, SweepRecall],
  controllers: [StepsController, CoverageController],
})
export class RecallsHttpModule {}

/** Initiations and the watch over open cases: loaded by the worker. */
@Module({
  imports: [RecallsModule, TraceModule],
  providers: [Retrace, RunInitiation, RecallJobs, WatchRecalls, RecallWatch],
})
export class RecallsJobsModule {}
