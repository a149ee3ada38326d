/** How many random cases a property gets, and from which seed: both settable, both printed. */
import fc from 'fast-check';

const settings = {
  /** random plants a property: PROPERTY_RUNS=20000 for a long search */
  numRuns: Number(process.env.PROPERTY_RUNS ?? 2_000),
  seed: Number(process.env.PROPERTY_SEED ?? Date.now() % 2_147_483_647),
};

/** Checks a property with the run's seed, and says which seed that was. */
export async function check<T extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IProperty<T> | fc.IAsyncProperty<T>,
  share = 1,
  /** where a case takes a database and many seconds, the first one that fails is told as it is */
  options: { endOnFailure?: boolean } = {},
): Promise<void> {
  const numRuns = Math.max(1, Math.round(settings.numRuns * share));
  process.stderr.write(`property "${name}": ${numRuns} random cases, PROPERTY_SEED=${settings.seed}\n`);
  await fc.assert(property as fc.IAsyncProperty<T>, { numRuns, seed: settings.seed, ...options });
}

/** Time for a property that takes seconds a case on a busy machine. */
export const timeoutMs = Math.max(600_000, settings.numRuns * 4_000);
