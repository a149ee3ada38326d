import { StopError } from './stop-error.mjs';

const [MAJOR_MIN, MINOR_MIN] = [20, 19];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MAJOR_MIN || (major === MAJOR_MIN && minor < MINOR_MIN)) {
    throw new StopError(`Node ${MAJOR_MIN}.${MINOR_MIN} or later is needed; this is ${process.versions.node}.`);
  }
  // Service folders need to be entered by the account that runs PostgreSQL, whatever the shell's own mask says.
  process.umask(0o022);
}
