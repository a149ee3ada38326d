import { isAbsolute, resolve } from 'node:path';
import { fromRoot } from './paths.mjs';
import { StopError } from './stop-error.mjs';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * The settings that a start needs before anything is installed; all that is wrong is told at once. The processes check
 * these again together with their own, in src/platform/config.
 */
export function readSettings(env = process.env) {
  const wrong = [];
  const text = (name) => env[name]?.trim() || undefined;
  const check = (ok, sentence) => ok || wrong.push(sentence);

  const port = text('PORT') ?? '3000';
  check(
    /^\d{1,5}$/.test(port) && Number(port) <= 65535,
    `PORT must be a whole number from 0 to 65535 (0 picks one), not "${port}".`,
  );
  const demo = (text('DEMO') ?? '1').toLowerCase();
  const off = ['0', 'false', 'no', 'off'].includes(demo);
  check(off || ['1', 'true', 'yes', 'on'].includes(demo), `DEMO must be 1 or 0, not "${demo}".`);
  const logLevel = (text('LOG_LEVEL') ?? 'info').toLowerCase();
  check(LOG_LEVELS.includes(logLevel), `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${logLevel}".`);

  for (const [name, charactersMin] of [
    ['ADMIN_API_KEY', 32],
    ['ADMIN_PASSWORD', 8],
  ]) {
    const value = env[name] || undefined;
    check(
      value === undefined || value.length >= charactersMin,
      `${name} must have at least ${charactersMin} characters.`,
    );
    check(value === undefined || value === value.trim(), `${name} must have no space at its ends.`);
  }
  const address = (name, protocols, example) => {
    const value = text(name);
    // The value is never shown: it may hold a password.
    const ok =
      value === undefined ||
      (URL.canParse(value) && protocols.includes(new URL(value).protocol) && new URL(value).hostname);
    check(ok, `${name} is no address of that kind; expected ${example}.`);
    return value;
  };
  const databaseUrl = address('DATABASE_URL', ['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name');
  const redisUrl = address('REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379');
  if (wrong.length > 0) throw new StopError(wrong.join('\n       '));

  const dataDir = text('DATA_DIR');
  return {
    port: Number(port),
    host: text('HOST') ?? '127.0.0.1',
    dataDir: dataDir === undefined ? fromRoot('.data') : isAbsolute(dataDir) ? dataDir : resolve(dataDir),
    demo: !off,
    databaseUrl,
    redisUrl,
  };
}
