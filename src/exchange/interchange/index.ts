/**
 * Owns imports: other people's files become master data and events, through the same doors as everything else. Promises that the
 * same file imported twice changes nothing, that a file that cannot be read writes nothing, that each chunk is committed by itself
 * with the position after it, and that every row which was not taken is on a list with row, column, code and what to do.
 */
export { ImportHere } from './app/import-here';
export { toSource } from './app/source';
export type { ImportSource } from './app/source';
export {
  InterchangeCliModule,
  InterchangeHttpModule,
  InterchangeJobsModule,
  InterchangeModule,
} from './interchange.module';
export type { ImportView } from './queries';
