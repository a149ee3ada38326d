import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { ChangeTask } from './app/change-task';
import { CreateTask } from './app/create-task';
import { ScanTask } from './app/scan-task';
import { WherePlacesController } from './http/places.controller';
import { SubstitutesController } from './http/substitutes.controller';
import { TasksController } from './http/tasks.controller';

@Module({
  imports: [LedgerModule],
  providers: [CreateTask, ChangeTask, ScanTask],
  controllers: [SubstitutesController, WherePlacesController, TasksController],
})
export class WarehouseHttpModule {}
