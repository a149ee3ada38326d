import { Module } from '@nestjs/common';
import { MailModule } from '@/platform/mail';
import { RecallsModule } from '@/quality/recalls';
import { AnswerLimit } from './app/answer-limit';
import { AnswerLinks } from './app/answer-links';
import { AnswerRecall } from './app/answer-recall';
import { ComposeNotice } from './app/compose-notice';
import { DeliverNotices } from './app/deliver-notices';
import { DraftNotices } from './app/draft-notices';
import { KeepAnswerFile } from './app/keep-answer-file';
import { OpenLink } from './app/open-link';
import { PutContact } from './app/put-contact';
import { PutText } from './app/put-text';
import { RehearseNotices } from './app/rehearse-notices';
import { RemindConsignees } from './app/remind-consignees';
import { RevokeLink } from './app/revoke-link';
import { SendNotices } from './app/send-notices';
import { SettleNotice } from './app/settle-notice';
import { AnswersController } from './http/answers.controller';
import { ConsigneesController } from './http/consignees.controller';
import { NoticesController } from './http/notices.controller';
import { TextsController } from './http/texts.controller';
import { NoticeJobs } from './notices.jobs';

@Module({
  imports: [MailModule],
  providers: [AnswerLinks, ComposeNotice, DraftNotices],
  exports: [AnswerLinks, ComposeNotice, DraftNotices],
})
class NoticesModule {}

/** Notices with their routes: loaded by the api. */
@Module({
  imports: [NoticesModule, MailModule, RecallsModule],
  providers: [
    SendNotices,
    RehearseNotices,
    RemindConsignees,
    SettleNotice,
    PutText,
    PutContact,
    AnswerLimit,
    OpenLink,
    AnswerRecall,
    KeepAnswerFile,
    RevokeLink,
  ],
  controllers: [NoticesController, ConsigneesController, TextsController, AnswersController],
})
export class NoticesHttpModule {}

/** The worker's side: drafting and sending. */
@Module({ imports: [NoticesModule, MailModule], providers: [DeliverNotices, NoticeJobs] })
export class NoticesJobsModule {}
