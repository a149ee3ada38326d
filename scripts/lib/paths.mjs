import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: everything else is found from here, so that the working directory does not matter. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const fromRoot = (...parts) => join(ROOT, ...parts);
