import { Global, Logger, Module, OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SettingError, Settings } from '@/platform/config';
import { createDataSource } from './data-source';
import { Database } from './database';
import { UnitOfWork } from './unit-of-work';

const CONNECT_TRIES_MAX = 30;
const CONNECT_PAUSE_MS = 1_000;

/** The database may come up after the process (compose, a reboot): it is waited for half a minute. */
async function connect(settings: Settings): Promise<DataSource> {
  const logger = new Logger('Database');
  for (let attempt = 1; ; attempt++) {
    const dataSource = createDataSource({
      url: settings.databaseUrl,
      as: 'app',
      poolMax: settings.databasePoolMax,
    });
    try {
      await dataSource.initialize();
      await requireTables(dataSource);
      return dataSource;
    } catch (error) {
      if (isRoleMissing(error)) throw notMigrated();
      if (attempt >= CONNECT_TRIES_MAX || !isAway(error)) throw error;
      if (attempt === 1) logger.warn('The database does not answer yet; waiting for it');
      await new Promise((resolve) => setTimeout(resolve, CONNECT_PAUSE_MS));
    }
  }
}

const notMigrated = (): SettingError =>
  new SettingError(
    'DATABASE_URL',
    'names a database that was not brought to this version: run "npm run cli -- migrate" first.',
  );

/** The first migration makes the role that we act as, and the tables. */
async function requireTables(dataSource: DataSource): Promise<void> {
  const [row] = await dataSource.query<{ there: boolean }[]>(`SELECT to_regclass('outbox') IS NOT NULL AS there`);
  if (row?.there) return;
  await dataSource.destroy();
  throw notMigrated();
}

function isRoleMissing(error: unknown): boolean {
  return /role "unitrail_app" does not exist|invalid value for parameter "role"/.test((error as Error).message);
}

/** Errors of a database that is away, or starting (57P03), stopping (57P01) or out of connections (53300). */
export function isAway(error: unknown): boolean {
  const driver = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const { code, message } = (driver ?? {}) as { code?: string; message?: string };
  return (
    [
      'ECONNREFUSED',
      'ECONNRESET',
      'ETIMEDOUT',
      'EPIPE',
      'ENOTFOUND',
      'EAI_AGAIN',
      '57P01',
      '57P02',
      '57P03',
      '53300',
    ].includes(code ?? '') || /Connection terminated|timeout exceeded when trying to connect/i.test(message ?? '')
  );
}

@Global()
@Module({
  providers: [{ provide: DataSource, inject: [Settings], useFactory: connect }, UnitOfWork, Database],
  exports: [DataSource, UnitOfWork, Database],
})
export class DbModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
