import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { Backflush } from './app/backflush';
import { ChangeOrder } from './app/change-order';
import { Commands } from './app/commands';
import { CreateOrder } from './app/create-order';
import { FinishBuild } from './app/finish-build';
import { LoadRun } from './app/load-run';
import { PutWorkCenter } from './app/put-work-center';
import { Rework } from './app/rework';
import { ScanPart } from './app/scan-part';
import { Scrap } from './app/scrap';
import { SetAside } from './app/set-aside';
import { StartBuild } from './app/start-build';
import { AsBuiltController } from './http/as-built.controller';
import { BuildsController } from './http/builds.controller';
import { LineController } from './http/line.controller';
import { WorkCentersController } from './http/work-centers.controller';
import { WorkOrdersController } from './http/work-orders.controller';

@Module({
  imports: [LedgerModule],
  providers: [Commands, CreateOrder, PutWorkCenter, LoadRun],
  exports: [Commands, CreateOrder, PutWorkCenter, LoadRun],
})
export class ProductionModule {}

/** Work orders, builds and what is loaded at work centres: loaded by the api. */
@Module({
  imports: [ProductionModule, LedgerModule],
  providers: [ChangeOrder, StartBuild, ScanPart, FinishBuild, SetAside, Backflush, Scrap, Rework],
  controllers: [WorkOrdersController, WorkCentersController, BuildsController, LineController, AsBuiltController],
})
export class ProductionHttpModule {}
