/** Owns the health checks: live (the process answers) and ready (database, Redis, a worker). */
export * from './health.module';
