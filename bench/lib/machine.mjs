/** What the figures were measured on. */
import { cpus, release, totalmem, type } from 'node:os';

export function machine() {
  const [first] = cpus();
  return {
    cores: cpus().length,
    cpu: first?.model.trim() ?? 'unknown',
    memory: `${(totalmem() / 2 ** 30).toFixed(1)} GB`,
    system: `${type()} ${release()}`,
    node: process.version,
  };
}
