// A PostgreSQL of its own for one test, which may stop it without harm to others. Prints a line whenever it takes connections.
// SIGUSR2: crash (all connections die, recovery from the log) and start again; SIGHUP: the same, cleanly; SIGTERM: the end.
import { startServices } from '../../../scripts/lib/services.mjs';
import { isRunning } from '../../../scripts/lib/processes.mjs';
import { waitFor } from '../../../scripts/lib/wait.mjs';

const parent = process.ppid;
const { postgres } = await startServices({ dataDir: process.argv[2], withRedis: false });
const ready = () => process.stdout.write(`ready ${postgres.url}\n`);

// One thing after the other.
let last = Promise.resolve();
const then = (work) => {
  last = last.then(work).catch((error) => process.stderr.write(`${error.message}\n`));
  return last;
};

const crash = async () => {
  const running = postgres.process();
  process.kill(running.pid, 'SIGQUIT');
  await waitFor(() => !isRunning(running), { withinMs: 30_000, everyMs: 20 });
  await postgres.restart();
  ready();
};
const restart = async () => {
  await postgres.stop();
  await postgres.restart();
  ready();
};
const end = async () => {
  await postgres.stop();
  process.exit(0);
};

process.on('SIGUSR2', () => then(crash));
process.on('SIGHUP', () => then(restart));
process.on('SIGTERM', () => then(end));
// A test that was killed takes its server along.
setInterval(() => process.ppid !== parent && then(end), 500);
ready();
