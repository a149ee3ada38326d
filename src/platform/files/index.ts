/** Owns stored files: what people upload and what we make for them, in the database, read and written as streams. */
export { Files } from './files';
export type { StoredFile } from './files';
export * from './files.module';
