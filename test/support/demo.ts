import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestApp } from './app';
import { builtFile, ROOT } from './services';

const run = promisify(execFile);

/** Both demo plants with the work that waits in them, by the command that `npm start` runs. Gives what it said. */
export async function seedDemo(app: TestApp): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, [builtFile('cli.js'), 'seed-demo'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, DATABASE_URL: app.database.url, REDIS_URL: app.redis.url },
  });
}
