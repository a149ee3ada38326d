import { Module } from '@nestjs/common';
import { FillHoldings } from './app/fill-holdings';
import { RecordEvents } from './app/record-events';
import { SealTimer } from './app/seal';
import { EventsController } from './http/events.controller';
import { UnitsController } from './http/units.controller';

@Module({ providers: [RecordEvents], exports: [RecordEvents] })
export class LedgerModule {}

/** The ledger with its routes and the timer that seals: loaded by the api. */
@Module({
  imports: [LedgerModule],
  providers: [FillHoldings, SealTimer],
  controllers: [EventsController, UnitsController],
})
export class LedgerHttpModule {}
