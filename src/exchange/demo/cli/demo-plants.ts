import { Readable } from 'node:stream';
import { SCENARIO_NAMES, ScenarioFile, ScenarioName, scenarioFiles } from '../../../../test/scenarios';
import { type ImportSource, toSource } from '@/exchange/interchange';

/** Bikes and batters beside the two stories: enough to look like a plant, and imported within seconds. */
export const DEMO_SIZES: Record<ScenarioName, number> = { bikes: 200, sausages: 160 };
const SEED = 2026;
const CHUNK_CHARACTERS = 64 * 1024;

export { SCENARIO_NAMES };
export type { ScenarioName };

/** A demo plant as the files of an import. */
export function demoSource(name: ScenarioName, size: number = DEMO_SIZES[name]): ImportSource {
  return toSource(
    [...scenarioFiles(name, { seed: SEED, size })].map((file) => ({
      name: file.name,
      open: async () => Readable.from(bytes(file), { objectMode: false }),
    })),
  );
}

function* bytes(file: ScenarioFile): Iterable<Buffer> {
  let text = '';
  for (const line of file.content()) {
    text += line;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
