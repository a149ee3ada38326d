import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, Database, UnitOfWork } from '@/platform/db';
import { testServices } from './services';

export interface TestDatabase {
  name: string;
  /** as its owner: for migrations, and for a process that sets its own role */
  url: string;
  /** as the application sees it: role unitrail_app */
  dataSource: DataSource;
  uow: UnitOfWork;
  database: Database;
  /** one statement as the owner: to look at what no query function shows */
  asOwner<R = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<R[]>;
  drop(): Promise<void>;
}

export function urlOf(name: string): string {
  const url = new URL(testServices().postgres);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function onServer<R = Record<string, unknown>>(
  sql: string,
  database = 'postgres',
  params: unknown[] = [],
): Promise<R[]> {
  const client = new Client({ connectionString: urlOf(database) });
  await client.connect();
  try {
    return (await client.query(sql, params)).rows as R[];
  } finally {
    await client.end();
  }
}

/** A name that tells which run it belongs to: a later run drops what a killed one has left. */
export const newDatabaseName = (): string => `test_${testServices().run}_${randomBytes(6).toString('hex')}`;

export const dropDatabase = async (name: string): Promise<void> => {
  await onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
};

/** A migrated database of its own, empty of facts (about 40 ms). */
export async function createDatabase(): Promise<TestDatabase> {
  const name = newDatabaseName();
  await onServer(`CREATE DATABASE ${name} TEMPLATE ${testServices().template}`);
  const dataSource = createDataSource({ url: urlOf(name), as: 'app' });
  await dataSource.initialize();
  return {
    name,
    url: urlOf(name),
    dataSource,
    uow: new UnitOfWork(dataSource),
    database: new Database(dataSource),
    asOwner: (sql, params) => onServer(sql, name, params),
    async drop() {
      if (dataSource.isInitialized) await dataSource.destroy();
      await dropDatabase(name);
    },
  };
}

/** A database for the file it is called in: made before its first test, dropped after its last one. */
export function useDatabase(): () => TestDatabase {
  let made: TestDatabase | undefined;
  beforeAll(async () => {
    made = await createDatabase();
  });
  afterAll(async () => {
    await made?.drop();
  });
  return () => {
    if (!made) throw new Error('The database is there from beforeAll on.');
    return made;
  };
}
