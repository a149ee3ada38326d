import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { servicesHome } from './account.mjs';
import { startPostgres, withClient } from './postgres.mjs';
import { startRedis } from './redis.mjs';
import { serviceSecrets } from './secrets.mjs';
import { StopError } from './stop-error.mjs';

/**
 * PostgreSQL and Redis for a data folder: those that the settings name, else our own below it. What is our own comes
 * with `process()` (who runs it now), `restart()` (at the same port) and `stop()`.
 */
export async function startServices({ dataDir, databaseUrl, redisUrl, disposable, withRedis = true, say }) {
  const ownRedis = withRedis && !redisUrl;
  const home = databaseUrl && !ownRedis ? undefined : servicesHome(dataDir);
  const runDir = join(dataDir, 'run');
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const secrets = serviceSecrets(dataDir);
  const postgres = await (databaseUrl
    ? checkDatabase(databaseUrl)
    : restartable((port) => startPostgres({ home, password: secrets.postgresPassword, port, disposable, say })));
  try {
    const redis = await (ownRedis
      ? restartable((port) => startRedis({ home, runDir, password: secrets.redisPassword, port, say }))
      : withRedis
        ? checkRedis(redisUrl)
        : undefined);
    return { home, postgres, redis };
  } catch (error) {
    if (!postgres.adopted) await postgres.stop?.();
    throw error;
  }
}

async function restartable(start) {
  const started = await start();
  return { ...started, restart: () => start(started.port) };
}

/** Where a URL leads, without the password in it. */
function placeOf(url) {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port ? `:${port}` : ''}${pathname}`;
}

async function checkDatabase(url) {
  await withClient(url, (client) => client.query('SELECT 1')).catch((error) => {
    throw new StopError(`DATABASE_URL: PostgreSQL at ${placeOf(url)} cannot be used: ${error.message || error.code}`);
  });
  return { url };
}

async function checkRedis(url) {
  const { Redis } = createRequire(import.meta.url)('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: 5_000,
    maxRetriesPerRequest: 0,
  });
  let problem;
  redis.on('error', (error) => (problem = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw new StopError(
      `REDIS_URL: Redis at ${placeOf(url)} cannot be used: ${(problem ?? error).message || error.code}`,
    );
  } finally {
    redis.disconnect();
  }
  return { url };
}
