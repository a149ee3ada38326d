import { Module } from '@nestjs/common';
import { AccessModule } from '@/reference/access';
import { AdvanceRecall } from './app/advance-recall';
import { ApproveRecall } from './app/approve-recall';
import { SignRecall } from './app/sign-recall';
import { StepsController } from './http/steps.controller';

@Module({
  imports: [AccessModule],
  providers: [SignRecall, AdvanceRecall],
  exports: [SignRecall, AdvanceRecall],
})
export class RecallsModule {}

/** Recalls with their routes: loaded by the api. */
@Module({
  imports: [RecallsModule],
  providers: [ApproveRecall],
  controllers: [StepsController],
})
export class RecallsHttpModule {}
