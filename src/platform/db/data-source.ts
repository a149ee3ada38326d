import 'reflect-metadata';
import { DataSource, DataSourceOptions } from 'typeorm';
import { types } from 'pg';
import { join } from 'node:path';

// Positions, ids and milliseconds are bigint in PostgreSQL and stay below 2^53 for any plant: they are numbers here.
// Quantities are `numeric` and stay strings.
types.setTypeParser(types.builtins.INT8, (text) => Number(text));
types.setTypeParser(1016 as never, (text: string) =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((v) => (v === 'NULL' ? null : Number(v))),
);

/** The role that api and worker act as: it may add facts and read them, never change them. Made by the first migration. */
export const APP_ROLE = 'unitrail_app';

export interface DatabaseOptions {
  url: string;
  /** owner: migrations and maintenance; app: everything else */
  as: 'owner' | 'app';
  poolMax?: number;
}

/** The connection to PostgreSQL. Entities and migrations are found by their place in the tree, so that none is forgotten. */
export function dataSourceOptions(options: DatabaseOptions): DataSourceOptions {
  const root = join(__dirname, '..', '..', '..');
  return {
    type: 'postgres',
    url: options.url,
    entities: [join(root, 'src', '**', 'db', '*.rows.{ts,js}')],
    migrations: [join(root, 'migrations', '*.{ts,js}')],
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    // Errors are thrown to whoever asked; logging them here would say everything twice.
    logging: false,
    poolSize: options.poolMax ?? 10,
    extra: options.as === 'app' ? { options: `-c role=${APP_ROLE}` } : {},
  };
}

export function createDataSource(options: DatabaseOptions): DataSource {
  return new DataSource(dataSourceOptions(options));
}
