import { randomBytes } from 'node:crypto';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeWhole } from './processes.mjs';

/** The passwords of our own PostgreSQL and Redis: made once, readable by their owner alone. */
export function serviceSecrets(dataDir) {
  const path = join(dataDir, 'secrets.json');
  const kept = readJson(path);
  if (kept?.postgresPassword && kept?.redisPassword) {
    chmodSync(path, 0o600);
    return kept;
  }
  const made = { postgresPassword: randomBytes(24).toString('hex'), redisPassword: randomBytes(24).toString('hex') };
  writeWhole(path, JSON.stringify(made));
  return made;
}
