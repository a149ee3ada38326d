/** Pure TypeScript that imports nothing: errors, quantities, times, ids, canonical JSON. */
export * from './errors';
export * from './quantity';
export * from './time';
export * from './canonical';
export * from './gs1';
export * from './attributes';
