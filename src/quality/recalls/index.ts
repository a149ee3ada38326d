/**
 * Owns recalls and drills: cases, their scope in immutable versions, their states and signatures, and what they stop. Promises that
 * a version never changes, that what is signed is what was seen (its digest), that every unit in scope that is in house is on hold
 * from the moment of initiation on, and that what comes under the scope later is held by itself and told.
 */
export { nextState, RECALL_STATES, TRANSITIONS, verbsFrom } from './domain/states';
export type { RecallState, RecallVerb } from './domain/states';
export { GOALS } from './domain/case';
export type { Goals } from './domain/case';
export { draw } from './domain/draw';
export { drillPlan } from './drill-queries';
export type { DrillPlan } from './drill-queries';
export { recallByKey, recallFor } from './queries';
export type { Recall } from './queries';
export { AdvanceRecall } from './app/advance-recall';
export { SignRecall } from './app/sign-recall';
export type { Signature, SignatureInput } from './app/sign-recall';
export { SignatureDto } from './http/signature.dto';
export { signaturesOf, stepsOf } from './steps-queries';
export type { SignatureView, StepView } from './steps-queries';
export { ApplyVersion } from './app/apply-version';
export { coverageOf } from './coverage-queries';
export type { Coverage } from './coverage-queries';
export { lastInitiation } from './initiation-queries';
export type { InitiationView } from './initiation-queries';
export { RecallsHttpModule, RecallsJobsModule, RecallsModule } from './recalls.module';
