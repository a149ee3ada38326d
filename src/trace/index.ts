/**
 * Owns questions of what went where, and their answers. Promises that an answer is exact at its ledger position and the same
 * for ever; that nothing is cut short (a limit that is met is an error) or left out silently (excluded units and gaps are part
 * of the answer); and that a trace that was asked is answered once, whatever dies in between.
 */
export { AskTrace } from './app/ask-trace';
export type { QuestionInput, SeedInput } from './app/ask-trace';
export { massBalance } from './app/mass-balance';
export { forgetTrace, pinTrace } from './app/pin-trace';
export { RunTrace } from './app/run-trace';
export type { TraceCounts } from './app/summarize';
export type { AskedQuestion, Barrier, Certainty, Direction, UnitRef } from './domain/question';
export type { Quantity, TallyRow } from './domain/tally';
export { TraceQueries } from './queries';
export type { TraceReading } from './queries';
export type { ScopeColumns } from './queries/scope-columns';
export type { MakingView, SuspectView } from './queries/suspects';
export type {
  ConsigneeView,
  ContactView,
  ExcludedUnitView,
  GapView,
  TraceSummary,
  TraceUnitView,
} from './queries/views';
export { TraceCliModule, TraceHttpModule, TraceJobsModule, TraceModule } from './trace.module';
