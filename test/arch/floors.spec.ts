import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/services';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const FIXTURES = join(__dirname, 'fixtures', 'floors');

function cruise(cwd: string, folders: string[]): Violation[] {
  const program = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const run = spawnSync(process.execPath, [program, '--config', config, '--output-type', 'json', ...folders], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (!run.stdout) throw new Error(run.stderr);
  const report = JSON.parse(run.stdout) as { summary: { violations: Violation[]; totalCruised: number } };
  expect(report.summary.totalCruised).toBeGreaterThan(10);
  return report.summary.violations;
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(FIXTURES, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  );
}

describe('the floors of the house', () => {
  it('hold: imports go down, through doors, and to listed rooms alone', () => {
    const broken = cruise(ROOT, ['src', 'migrations', 'web/src']);
    expect(broken.map((found) => `${found.rule.name}: ${found.from} → ${found.to}`)).toEqual([]);
  });

  describe('of the fixtures', () => {
    const broken = cruise.bind(undefined, FIXTURES, ['src', 'web']);
    const expected = ['src', 'web']
      .flatMap((folder) => filesBelow(folder))
      .flatMap((file) => {
        const named = /^\/\/ breaks: (.+)$/m.exec(readFileSync(join(FIXTURES, file), 'utf8'));
        return (named?.[1] ?? '')
          .split(', ')
          .filter(Boolean)
          .map((rule) => `${rule}: ${file}`);
      })
      .sort();

    it('each bad import is found by the rule it names, and no good one is', () => {
      const found = broken()
        .filter((one) => !(one.rule.name === 'no-circles' && one.from.endsWith('two.ts')))
        .map((one) => `${one.rule.name}: ${one.from}`);
      expect([...new Set(found)].sort()).toEqual(expected);
    });

    it('every rule has a fixture that it bites', () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const config = require('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
      const rules = [...new Set(config.forbidden.map((rule) => rule.name))].sort();
      const bitten = [...new Set(expected.map((line) => line.split(':')[0]))].sort();
      expect(bitten).toEqual(rules);
    });
  });
});
