/**
 * Owns the way out by e-mail: one message to one recipient over SMTP, and what became of it, as far as that can be known. Promises
 * that whoever sends is told before the last byte goes out, so that what was interrupted earlier was certainly not sent.
 */
export { Mail } from './mail';
export type { MailLine } from './mail-line';
export type { Delivery, Letter } from './letter';
export * from './mail.module';
