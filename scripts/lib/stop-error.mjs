/** Something a person has to mend: shown as its message alone, without a stack. */
export class StopError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a main function; a StopError ends with its sentence, anything else with its stack. */
export async function runMain(main) {
  try {
    const code = await main();
    process.exit(code ?? 0);
  } catch (error) {
    if (error instanceof StopError) console.error(`Error: ${error.message}`);
    else console.error(error);
    process.exit(error?.exitCode || 1);
  }
}
