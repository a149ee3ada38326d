import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { ChangeOrder } from './app/change-order';
import { Commands } from './app/commands';
import { CreateOrder } from './app/create-order';
import { FinishBuild } from './app/finish-build';
import { PutWorkCenter } from './app/put-work-center';
import { ScanPart } from './app/scan-part';
import { SetAside } from './app/set-aside';
import { StartBuild } from './app/start-build';
import { BuildsController } from './http/builds.controller';
import { WorkCentersController } from './http/work-centers.controller';
import { WorkOrdersController } from './http/work-orders.controller';

/** Work orders, builds and what is loaded at work centres: loaded by the api. */
@Module({
  imports: [LedgerModule],
  providers: [Commands, CreateOrder, ChangeOrder, PutWorkCenter, StartBuild, ScanPart, FinishBuild, SetAside],
  controllers: [WorkOrdersController, WorkCentersController, BuildsController],
})
export class ProductionHttpModule {}
