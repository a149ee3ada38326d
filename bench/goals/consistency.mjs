/** Goal 5: the consistency test of `npm test`, with a million transactions. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { cleanEnv } from '../../scripts/lib/processes.mjs';
import { StopError } from '../../scripts/lib/stop-error.mjs';

const TRANSACTIONS = 1_000_000;

export function consistencyRun({ folder, factor, say }) {
  const figures = join(folder, 'consistency.json');
  const transactions = Math.max(10_000, TRANSACTIONS * factor);
  say(`${transactions} randomized transactions`);
  const { status } = spawnSync(
    process.execPath,
    [fromRoot('scripts', 'test.mjs'), '--no-build', 'test/db/index-consistency'],
    {
      cwd: fromRoot(),
      env: cleanEnv({ CONSISTENCY_TRANSACTIONS: String(transactions), CONSISTENCY_REPORT: figures }),
      stdio: 'inherit',
    },
  );
  if (status !== 0) throw new StopError('The consistency test failed: what it printed says where.');
  return JSON.parse(readFileSync(figures, 'utf8'));
}
