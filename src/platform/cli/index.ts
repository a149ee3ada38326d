/** Owns the command line: commands that modules register, and how they are found and listed. */
export * from './commands';
