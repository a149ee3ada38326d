/**
 * Owns what all master data has in common: versions with the ledger batch that brought them, audit lines, and rows that come in
 * bulk. Promises that an unchanged row changes nothing, and that a version, once there, stays.
 */
export { Fields } from './fields';
export * from './put';
export * from './versions';
