const { TestEnvironment } = require('jest-environment-node');

/**
 * Node's environment, with a look at the end of each file: a process that a test started and did not stop is ended and
 * fails the file. The harness notes its processes in `unitrailProcesses`.
 */
class UnitrailEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.unitrailProcesses = new Map();
  }

  async handleTestEvent(event, state) {
    if (event.name !== 'run_finish') return;
    const left = [...this.global.unitrailProcesses.entries()];
    this.global.unitrailProcesses.clear();
    for (const [pid, { name, forget }] of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended between our look and our signal.
      }
      forget();
      state.unhandledErrors.push(
        new Error(`The test left a process running: ${name} (${pid}). Call stop() in afterAll.`),
      );
    }
  }
}

module.exports = UnitrailEnvironment;
