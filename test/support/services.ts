import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

export interface TestServices {
  /** the owner's URL of the maintenance database */
  postgres: string;
  /** the migrated database that each test file clones */
  template: string;
  redis: { program: string; env: Record<string, string> };
  /** notes of the processes of this run, for the run to end what a killed test leaves */
  runDir: string;
  run: string;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`npm test\` or \`node scripts/test.mjs\``);
  return value;
}

/** What scripts/test.mjs has set up for this run. */
export function testServices(): TestServices {
  return {
    postgres: required('UNITRAIL_TEST_POSTGRES'),
    template: required('UNITRAIL_TEST_TEMPLATE'),
    redis: JSON.parse(required('UNITRAIL_TEST_REDIS')) as TestServices['redis'],
    runDir: required('UNITRAIL_TEST_RUN_DIR'),
    run: required('UNITRAIL_TEST_RUN'),
  };
}

export function builtFile(name: string): string {
  const path = join(ROOT, 'dist', 'src', name);
  if (!existsSync(path)) throw new Error(`dist/src/${name} is not built: run without --no-build`);
  return path;
}
