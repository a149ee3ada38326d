/** Owns the settings: read once from the environment, checked, and named in the error when wrong. Nothing else reads it. */
export * from './settings';
export * from './config.module';
