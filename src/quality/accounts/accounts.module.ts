import { Module } from '@nestjs/common';
import { RecallsModule } from '@/quality/recalls';
import { CloseRecall } from './app/close-recall';
import { DrawChecks } from './app/draw-checks';
import { Reconcile } from './app/reconcile';
import { ReadStatus } from './app/read-status';
import { RecordAttempt } from './app/record-attempt';
import { SettlePending } from './app/settle-pending';
import { AccountsController } from './http/accounts.controller';
import { ChecksController } from './http/checks.controller';
import { EvidenceController } from './http/evidence.controller';

/** What recalls add up to, with its routes: loaded by the api. */
@Module({
  imports: [RecallsModule],
  providers: [Reconcile, ReadStatus, CloseRecall, SettlePending, DrawChecks, RecordAttempt],
  controllers: [AccountsController, ChecksController, EvidenceController],
})
export class AccountsHttpModule {}
