export interface WaitOptions {
  /** how long to try before it is an error; 20 s */
  withinMs?: number;
  everyMs?: number;
  /** what is waited for, for the error */
  what?: string;
}

/** Polls until `check` gives something truthy, and gives that. Errors of `check` count as "not yet"; the last one is told. */
export async function waitFor<T>(
  check: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const { withinMs = 20_000, everyMs = 25, what = 'the condition' } = options;
  const deadline = Date.now() + withinMs;
  let problem: unknown;
  for (;;) {
    try {
      const found = await check();
      if (found) return found as Exclude<T, false | null | undefined | 0 | ''>;
      problem = undefined;
    } catch (error) {
      problem = error;
    }
    if (Date.now() >= deadline) {
      const because = problem instanceof Error ? ` (${problem.message})` : '';
      throw new Error(`Waited ${withinMs} ms for ${what}, in vain${because}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
