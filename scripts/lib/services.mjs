import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { servicesHome } from './account.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';
import { serviceSecrets } from './secrets.mjs';

/**
 * PostgreSQL and Redis for a data folder: those that the settings name, else our own below it. What is our own comes
 * with `process()` (who runs it now) and `stop()`.
 */
export async function startServices({ dataDir, databaseUrl, redisUrl, disposable, withRedis = true, say }) {
  const home = servicesHome(dataDir);
  const runDir = join(dataDir, 'run');
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const secrets = serviceSecrets(dataDir);
  const postgres = databaseUrl
    ? { url: databaseUrl }
    : await startPostgres({ home, password: secrets.postgresPassword, disposable, say });
  try {
    const redis =
      redisUrl || !withRedis
        ? { url: redisUrl }
        : await startRedis({ home, runDir, password: secrets.redisPassword, say });
    return { home, postgres, redis };
  } catch (error) {
    if (!postgres.adopted) await postgres.stop?.();
    throw error;
  }
}
