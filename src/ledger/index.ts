/**
 * The ledger owns the facts: events, units, links, movements, holds, and the positions that say which of them were known
 * when. It promises what docs/LEDGER.md says: facts are only added, any order of arrival ends alike, and a position means
 * the same set of facts for ever. `RecordEvents` is the only door through which facts enter.
 */
export { LedgerCliModule, LedgerHttpModule, LedgerJobsModule, LedgerModule } from './ledger.module';
export { readEvents, RecordEvents } from './app/record-events';
export type { ReadEvents, RecordOptions, RecordResult, Refusal } from './app/record-events';
export { sealLedger } from './app/seal';
export { findUnit, firstMade, identities, unitRef } from './queries';
export { readUnitName, unitNamed, unitsScanned } from './named-unit';
export type { UnitNamed } from './named-unit';
export type { UnitIdentity, UnitRef } from './queries';
export type { UnitKind, UnitName } from './domain/event-shapes';
export { scanName } from './domain/world';
export * from './genealogy';
export { coarseTimeGap, noInputsGap, splitMoreGap, unitGaps, usesToTell, withTypes } from './domain/gaps';
export { heldInsideGaps } from './projections/held-inside';
export { readGaps } from './projections/read-gaps';
export type { Gap, StoryMovement, UnitStory } from './domain/gaps';
export { foldHoldings } from './domain/holdings';
export type { Holding, HoldingMovement, Holdings, HoldingState } from './domain/holdings';
export { holdingMovements } from './unit-page';
export { HOLD_IS_OPEN, MOVEMENT_STANDS } from './db/standing';
export { heldInside } from './db/inside';
export { heldBy, presentOf } from './db/present';
export type { OpenHold, Present } from './db/present';
export { orderLines } from './orders';
export type { OrderLineFilter, OrderLineNow } from './orders';
export { rebuildHoldings } from './db/holdings';
export type { HoldingDifference } from './db/holdings';
export { stockFilterOf } from './stock/from-query';
export { stockUnits } from './stock/units';
export type { StockUnit } from './stock/units';
export { inWorkAt } from './stock/in-work';
export { stockPage } from './stock/page';
export type { StockRow, StockSort } from './stock/page';
export { stockGroups } from './stock/groups';
export type { StockGroup, StockTrait } from './stock/groups';
export { placesBelow } from './stock/filter';
export type { AttributeFilter, StockFilter } from './stock/filter';
