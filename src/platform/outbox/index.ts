/** Owns the outbox: a job that is asked for in a transaction reaches its queue if, and only if, that transaction commits. */
export { Outbox, QUEUES } from './outbox';
export type { QueueName } from './outbox';
export * from './outbox.module';
