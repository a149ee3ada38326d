import { Module } from '@nestjs/common';
import { InterchangeModule } from '@/exchange/interchange';
import { LedgerModule } from '@/ledger';
import { HoldsModule } from '@/operations/holds';
import { InstructionsModule } from '@/operations/instructions';
import { ProductionModule } from '@/operations/production';
import { TradeModule } from '@/operations/trade';
import { WarehouseModule } from '@/operations/warehouse';
import { CatalogModule } from '@/reference/catalog';
import { PlacesModule } from '@/reference/places';
import { LayOutWork } from './app/lay-out-work';
import { Verbs } from './app/verbs';
import { SeedDemoCommand } from './cli/seed-demo.command';

/** `seed-demo`: loaded by the command line. */
@Module({
  imports: [
    InterchangeModule,
    LedgerModule,
    CatalogModule,
    PlacesModule,
    InstructionsModule,
    HoldsModule,
    ProductionModule,
    TradeModule,
    WarehouseModule,
  ],
  providers: [Verbs, LayOutWork, SeedDemoCommand],
})
export class DemoCliModule {}
