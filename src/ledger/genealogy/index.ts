/** Set-based reads of the ledger at a position, for whoever asks what went where. Facts above the position are not seen. */
export * from './links';
export * from './link-parts';
export * from './facts';
export * from './units';
export * from './plant';
export * from './whole';
export * from './changes';
export * from './link-versions';
export * from './mixing';
export * from './events';
export * from './components';
