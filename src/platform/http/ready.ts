import { renameSync, writeFileSync } from 'node:fs';

/** Tells whoever started the process that it serves: a file with {port, pid}, written whole or not at all. */
export function writeReadyFile(path: string | undefined, port: number | null): void {
  if (!path) return;
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, JSON.stringify({ port, pid: process.pid }));
  renameSync(partial, path);
}
