/** Owns what a running installation says of itself: live, ready (database, Redis, a worker), and its version and limits. */
export * from './health.module';
