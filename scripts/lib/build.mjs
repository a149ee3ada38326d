import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withLock } from './lock.mjs';
import { fromRoot, ROOT } from './paths.mjs';
import { writeWhole } from './processes.mjs';
import { runProgram } from './run-program.mjs';
import { StopError } from './stop-error.mjs';

// The stamp stands in the output itself: whoever builds by hand removes it with the old output.
const STAMP = '.stamp';

const SERVER = {
  name: 'server',
  output: fromRoot('dist'),
  proof: fromRoot('dist', 'src', 'main.js'),
  inputs: [
    'src',
    'migrations',
    'test/scenarios',
    'nest-cli.json',
    'tsconfig.json',
    'tsconfig.build.json',
    '.swcrc',
    'package-lock.json',
  ],
};
const WEB = {
  name: 'console',
  output: fromRoot('web', 'dist'),
  proof: fromRoot('web', 'dist', 'index.html'),
  inputs: ['web', 'package-lock.json'],
};

/** All files below a path, sorted, without what is built or installed. */
export function filesBelow(path) {
  if (!existsSync(path)) return [];
  const found = [];
  const look = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const inside = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== 'dist') look(inside);
      } else if (entry.isFile()) found.push(inside);
    }
  };
  try {
    look(path);
  } catch (error) {
    if (error.code !== 'ENOTDIR') throw error;
    found.push(path);
  }
  return found.sort();
}

export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap((name) => filesBelow(fromRoot(name)))) {
    hash
      .update(`${relative(ROOT, path)}\0`)
      .update(readFileSync(path))
      .update('\0');
  }
  return hash.digest('hex');
}

function isBuilt(part, hash) {
  try {
    return existsSync(part.proof) && readFileSync(join(part.output, STAMP), 'utf8') === hash;
  } catch {
    return false;
  }
}

async function build(part, say, work) {
  if (isBuilt(part, hashFiles(part.inputs))) return false;
  return withLock(fromRoot(`.build.lock.${part.name}`), async () => {
    const hash = hashFiles(part.inputs);
    if (isBuilt(part, hash)) return false;
    say(`building the ${part.name}`);
    await work();
    writeWhole(join(part.output, STAMP), hash, 0o644);
    return true;
  });
}

/** The server as a user gets it: type-checked, with the framework's own builder. */
export const buildServer = ({ say }) =>
  build(SERVER, say, () => run('server', ['node_modules/@nestjs/cli/bin/nest.js', 'build']));

/**
 * The same output without the type check (that is a test of its own), put in place in one step, so that processes of
 * another test run that load a file meanwhile find it.
 */
export const buildServerForTests = ({ say }) =>
  build(SERVER, say, async () => {
    const draft = fromRoot(`dist.${process.pid}`);
    const old = fromRoot(`dist.${process.pid}.old`);
    try {
      await run('server', [
        ...[
          'node_modules/@swc/cli/bin/swc.js',
          'src',
          'migrations',
          'test/scenarios',
          '-d',
          relative(ROOT, draft),
          '--quiet',
        ],
        ...['--config-file', '.swcrc', '--extensions', '.ts', '--ignore', '**/*.spec.ts'],
      ]);
      if (existsSync(SERVER.output)) renameSync(SERVER.output, old);
      renameSync(draft, SERVER.output);
    } finally {
      rmSync(old, { recursive: true, force: true });
      rmSync(draft, { recursive: true, force: true });
    }
  });

/** The console, where the checkout has one. */
export const buildWeb = ({ say }) =>
  existsSync(fromRoot('web', 'vite.config.ts'))
    ? build(WEB, say, () =>
        run('console', [
          'node_modules/vite/bin/vite.js',
          'build',
          '--config',
          'web/vite.config.ts',
          '--logLevel',
          'warn',
        ]),
      )
    : false;

async function run(name, args) {
  const env = { NODE_ENV: undefined, NODE_OPTIONS: undefined, FORCE_COLOR: '0', NO_COLOR: '1' };
  const { status, text } = await runProgram(process.execPath, args, { env });
  if (status !== 0) throw new StopError(`The ${name} could not be built:\n${text}`);
}
