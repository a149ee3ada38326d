import { Module } from '@nestjs/common';
import { LedgerModule } from '@/ledger';
import { CarryOutDisposition } from './app/carry-out';
import { DecideDisposition } from './app/decide-disposition';
import { HoldUnits } from './app/hold-units';
import { PreviewHold } from './app/preview-hold';
import { ProposeDisposition } from './app/propose-disposition';
import { PutReason } from './app/put-reason';
import { ReleaseHolds } from './app/release-holds';
import { DispositionsController } from './http/dispositions.controller';
import { HoldsController } from './http/holds.controller';
import { ReasonsController } from './http/reasons.controller';

@Module({
  imports: [LedgerModule],
  providers: [HoldUnits, ReleaseHolds, ProposeDisposition],
  exports: [HoldUnits, ReleaseHolds, ProposeDisposition],
})
export class HoldsModule {}

/** Holds with their routes: loaded by the api. */
@Module({
  imports: [HoldsModule, LedgerModule],
  providers: [PreviewHold, DecideDisposition, CarryOutDisposition, PutReason],
  controllers: [HoldsController, DispositionsController, ReasonsController],
})
export class HoldsHttpModule {}
