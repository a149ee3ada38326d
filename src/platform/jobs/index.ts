/**
 * Owns background jobs: the queues on Redis (BullMQ), the handlers that modules register, the worker's life (stop, crash, lost
 * jobs, what they say of themselves) and the progress bus. Redis may be away or lose everything: the database knows which jobs there are.
 */
export * from './handlers';
export { WorkerHeartbeat } from './heartbeat';
export * from './jobs.module';
export * from './progress-bus';
export { JobQueues } from './queues';
export { RedisConnections } from './redis';
export { JobRunner } from './runner';
export { WorkerMetrics } from './worker-metrics';
