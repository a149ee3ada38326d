import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { AdjustStock } from './app/adjust-stock';
import { ChangeTask } from './app/change-task';
import { CountStock } from './app/count-stock';
import { CreateTask } from './app/create-task';
import { MoveStock } from './app/move-stock';
import { MoveUnits } from './app/move-units';
import { PutRule } from './app/put-rule';
import { RunRules } from './app/run-rules';
import { ScanTask } from './app/scan-task';
import { CountsController } from './http/counts.controller';
import { MovesController } from './http/moves.controller';
import { WherePlacesController } from './http/places.controller';
import { RulesController } from './http/rules.controller';
import { SubstitutesController } from './http/substitutes.controller';
import { TasksController } from './http/tasks.controller';
import { RuleTimer } from './warehouse.jobs';

@Module({ providers: [CreateTask, PutRule, RunRules], exports: [CreateTask, PutRule, RunRules] })
export class WarehouseModule {}

/** Stock, tasks, rules and counts with their routes: loaded by the api. */
@Module({
  imports: [WarehouseModule, LedgerModule],
  providers: [MoveUnits, MoveStock, AdjustStock, ChangeTask, ScanTask, CountStock],
  controllers: [
    MovesController,
    SubstitutesController,
    WherePlacesController,
    TasksController,
    CountsController,
    RulesController,
  ],
})
export class WarehouseHttpModule {}

/** The worker's side: the clock that runs the rules. */
@Module({ imports: [WarehouseModule], providers: [RuleTimer] })
export class WarehouseJobsModule {}
