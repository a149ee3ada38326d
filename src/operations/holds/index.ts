/**
 * Owns why things must not move on, and what is to become of them. Holds are facts of the ledger; here they are placed and
 * taken off by command, grouped, and decided about. Promises that nothing is free because somebody forgot a second reason,
 * that no person frees alone what two must look at, and that a decision is carried out once, whole or not at all.
 */
export { HoldUnits } from './app/hold-units';
export type { HoldAnswer, HoldInput } from './app/hold-units';
export { ProposeDisposition } from './app/propose-disposition';
export { ReleaseHolds } from './app/release-holds';
export type { ReleaseAnswer, ReleaseInput } from './app/release-holds';
export { HoldsHttpModule, HoldsModule } from './holds.module';
