import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';
import { cleanEnv } from './processes.mjs';

const running = new Set();

/**
 * Runs a program of the set-up to its end: { status, text }. It gets a process group of its own, so that a signal to
 * this process ends it through endPrograms() with all that it has started.
 */
export async function runProgram(program, args, { env = {}, onLine, cwd = ROOT } = {}) {
  const child = spawn(program, args, { cwd, env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child);
  let text = '';
  const take = (stream) => {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (part) => {
      text += part;
      rest += part;
      const lines = rest.split('\n');
      rest = lines.pop();
      if (onLine) lines.filter((line) => line.trim() !== '').forEach(onLine);
    });
  };
  take(child.stdout);
  take(child.stderr);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      text += error.message;
      resolve(-1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  running.delete(child);
  return { status, text: text.trim() };
}

/** Ends the programs that run now, with their children. */
export function endPrograms() {
  for (const child of running) {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  }
}
