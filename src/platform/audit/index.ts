/** Owns the audit: a line for every change of what is no fact, written in the transaction of the change and never changed. */
export { auditAll } from './audit';
export * from './audit.module';
