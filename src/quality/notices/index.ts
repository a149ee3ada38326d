/**
 * Owns what consignees are told and what they answer: who has something of a case, the texts with what the law asks of them, the
 * notices by mail, letter and phone, reminders and escalations, and the answer pages. Promises that a notice goes out once whatever
 * is clicked or crashes, that what cannot be known is shown as unsure and never sent again by itself, that a drill reaches nobody,
 * and that a link shows its consignee its own lines and nothing else.
 */
export { NoticesHttpModule, NoticesJobsModule } from './notices.module';
