import { Module } from '@nestjs/common';
import { HoldsModule } from '@/operations/holds';
import { WarehouseModule } from '@/operations/warehouse';
import { AccessModule } from '@/reference/access';
import { TraceModule } from '@/trace';
import { AdvanceRecall } from './app/advance-recall';
import { ApplyVersion } from './app/apply-version';
import { ApproveRecall } from './app/approve-recall';
import { AskWhatIf } from './app/ask-what-if';
import { ChangeRecall } from './app/change-recall';
import { CreateRecall } from './app/create-recall';
import { InitiateRecall } from './app/initiate-recall';
import { PlanDrill } from './app/plan-drill';
import { ReadScopes } from './app/read-scope';
import { ResizeScope } from './app/resize-scope';
import { ResolveRules } from './app/resolve-rules';
import { Retrace } from './app/retrace';
import { RunInitiation } from './app/run-initiation';
import { SaveScope } from './app/save-scope';
import { SignRecall } from './app/sign-recall';
import { StopUnits } from './app/stop-units';
import { SweepRecall } from './app/sweep-recall';
import { WatchRecalls } from './app/watch-recalls';
import { CoverageController } from './http/coverage.controller';
import { DrillsController } from './http/drills.controller';
import { RecallsController } from './http/recalls.controller';
import { ScopesController } from './http/scopes.controller';
import { StepsController } from './http/steps.controller';
import { RecallJobs, RecallWatch } from './recalls.jobs';

const SHARED = [SignRecall, AdvanceRecall, StopUnits, ApplyVersion, ResolveRules, ReadScopes];

@Module({
  imports: [AccessModule, HoldsModule, TraceModule],
  providers: SHARED,
  exports: SHARED,
})
export class RecallsModule {}

/** Recalls with their routes: loaded by the api. */
@Module({
  imports: [RecallsModule, TraceModule, WarehouseModule],
  providers: [
    ApproveRecall,
    CreateRecall,
    PlanDrill,
    ChangeRecall,
    AskWhatIf,
    SaveScope,
    ResizeScope,
    InitiateRecall,
    SweepRecall,
  ],
  controllers: [RecallsController, ScopesController, StepsController, CoverageController, DrillsController],
})
export class RecallsHttpModule {}

/** Initiations and the watch over open cases: loaded by the worker. */
@Module({
  imports: [RecallsModule, TraceModule],
  providers: [Retrace, RunInitiation, RecallJobs, WatchRecalls, RecallWatch],
})
export class RecallsJobsModule {}
