/**
 * Owns what a running installation says of itself: live, ready (database, Redis, a worker), its version and limits, its
 * workers, and its metrics, which the other modules register.
 */
export * from './health.module';
export { Metrics } from './metrics';
export type { Metric } from './metrics';
export { Workers } from './workers';
