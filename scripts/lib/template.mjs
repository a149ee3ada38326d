import { createRequire } from 'node:module';
import { hashFiles } from './build.mjs';
import { fromRoot } from './paths.mjs';
import { isRunning } from './processes.mjs';
import { withClient } from './postgres.mjs';

// Any number that nothing else locks; it frees itself when its holder dies.
const LOCK = 7_234_501;

/** Named after the migrations it has, so that runs at different states do not meet. */
export const templateName = () => `template_${hashFiles(['migrations', 'src/platform/db']).slice(0, 12)}`;

/** A migrated database to clone. */
export async function ensureTemplate(urlOf, name, { say }) {
  await withClient(urlOf('postgres'), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount > 0) return;
    say('migrating the template database');
    const draft = `${name}_draft`;
    await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${draft}`);
    await migrate(urlOf(draft));
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${name}`);
  });
}

async function migrate(url) {
  const require = createRequire(import.meta.url);
  require('./typescript-hook.cjs');
  const { createDataSource } = require(fromRoot('src', 'platform', 'db', 'data-source.ts'));
  const dataSource = createDataSource({ url, as: 'owner', poolMax: 1 });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}

/** Drops the clones of runs that died or end now, and the templates that no living run has noted. */
export async function dropRemains(urlOf, templatesInUse, { endingRun } = {}) {
  await withClient(urlOf('postgres'), async (client) => {
    const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname ~ '^(test_[0-9]+_|template_)'");
    for (const { datname } of rows) {
      const run = Number(/^test_([0-9]+)_/.exec(datname)?.[1]);
      const dead = run
        ? run === endingRun || !isRunning({ pid: run })
        : !templatesInUse.some((name) => datname.startsWith(name));
      if (dead)
        await client.query(`DROP DATABASE IF EXISTS ${datname}${run ? ' WITH (FORCE)' : ''}`).catch(() => undefined);
    }
  });
}
