/** Owns the connection to PostgreSQL, the transaction (unit of work, with its audit lines) and single reads. */
export * from './data-source';
export * from './database';
export * from './unit-of-work';
export * from './db.module';
