export * from './app';
export * from './browser';
export * from './database';
export * from './http';
export * from './processes';
export * from './redis';
export * from './services';
export * from './wait';
