import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../support/services';

/** Runs a tool of the checkout to its end: nothing where it is content, else what it prints. */
function complaints(path: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'node_modules', path), ...args],
      { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve(error === null ? '' : `${stdout}${stderr}`.slice(0, 8_000)),
    );
  });
}

function sources(...folders: string[]): string[] {
  const below = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return ['node_modules', 'dist', 'fixtures'].includes(entry.name) ? [] : below(path);
      return /\.(ts|tsx|mjs|cjs)$/.test(entry.name) ? [path] : [];
    });
  return folders.map((folder) => join(ROOT, folder)).flatMap((folder) => (existsSync(folder) ? below(folder) : []));
}

const read = (path: string): string => readFileSync(path, 'utf8');
const named = (paths: string[]): string[] => paths.map((path) => relative(ROOT, path));

// Whole tools over the whole source: minutes on a machine that does more than this.
jest.setTimeout(900_000);

describe('the source', () => {
  it('has the types it says: server', async () => {
    expect(await complaints('typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.json'])).toBe('');
  });

  it('has the types it says: console', async () => {
    expect(await complaints('typescript/bin/tsc', ['--noEmit', '-p', 'web/tsconfig.json'])).toBe('');
  });

  it('keeps the rules of the linter', async () => {
    expect(await complaints('eslint/bin/eslint.js', ['.', '--max-warnings', '0'])).toBe('');
  }, 300_000);

  it('is formatted', async () => {
    expect(await complaints('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])).toBe('');
  });

  it('has no file, export or package that nothing uses', async () => {
    expect(await complaints('knip/bin/knip.js', ['--no-progress'])).toBe('');
  });

  it('writes facts in the ledger alone', () => {
    // link_end, mark and the like are the ledger's too; reading them is everybody's.
    const facts =
      'ledger_batch|ledger_pending|event|event_void|unit|unit_alias|link|link_end|movement|movement_end|inspection|hold|hold_release|container|container_fact|order_line|order_part|attribute_value|mark|holding|holding_base|gap|gap_base';
    const writes = new RegExp(
      `\\b(INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|COPY|TRUNCATE)\\s+(${facts})\\b\\s*(\\(|SET|WHERE|FROM|\\n|$)`,
    );
    const elsewhere = sources('src').filter(
      (path) => !path.includes(`${join('src', 'ledger')}`) && !path.endsWith('.spec.ts'),
    );
    expect(elsewhere.length).toBeGreaterThan(50);
    expect(named(elsewhere.filter((path) => writes.test(read(path))))).toEqual([]);
    const inside = sources('src/ledger');
    expect(inside.some((path) => writes.test(read(path)))).toBe(true);
  });

  it('never lets the schema be made from entities', () => {
    const synchronizing = new RegExp(['synchronize', ':\\s*true'].join(''));
    expect(named(sources('src', 'migrations', 'test').filter((path) => synchronizing.test(read(path))))).toEqual([]);
  });

  it('leaves nothing open', () => {
    const open = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].join('|')})\\b`);
    const all = sources('src', 'web', 'migrations', 'test', 'scripts');
    expect(named(all.filter((path) => open.test(read(path))))).toEqual([]);
  });

  it('has no file that does two things: none is longer than 500 lines', () => {
    // One list of words, in the order of the screens: no file that does anything.
    const catalogue = join(ROOT, 'web', 'src', 'text.ts');
    const long = sources('src', 'web', 'test', 'scripts', 'migrations').filter(
      (path) => path !== catalogue && read(path).split('\n').length > 500,
    );
    expect(named(long)).toEqual([]);
  });
});
