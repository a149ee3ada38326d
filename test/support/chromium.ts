import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './services';

const UNPACK = `import('@sparticuz/chromium').then((packaged) => packaged.default.executablePath())`;

/**
 * The Chromium that comes with the packages, unpacked once for this user: in a folder of its own that is then renamed, because
 * files that start together would otherwise run one that another is still writing.
 */
export function packagedChromium(): string {
  const manifest = readFileSync(join(ROOT, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const home = join(tmpdir(), `unitrail-chromium-${version}-${process.getuid?.() ?? 0}`);
  const program = join(home, 'chromium');
  if (existsSync(program)) return program;
  const fresh = mkdtempSync(`${home}-`);
  execFileSync(process.execPath, ['-e', UNPACK], { cwd: ROOT, env: { ...process.env, TMPDIR: fresh } });
  try {
    renameSync(fresh, home);
  } catch {
    // Another one was first.
    rmSync(fresh, { recursive: true, force: true });
  }
  return program;
}
