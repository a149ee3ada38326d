/**
 * Owns items and BOM revisions. Promises that the tracking and the base unit of an item with units never change, and that
 * earlier versions can be read at any ledger position.
 */
export { PutBoms } from './app/put-boms';
export type { BomInput } from './app/put-boms';
export { PutItems } from './app/put-items';
export type { ItemInput } from './app/put-items';
export * from './catalog.http';
export * from './catalog.module';
export type { Tracking } from './domain/item';
export {
  type Bom,
  bomsAt,
  bomsNaming,
  type BomVersionBody,
  findItems,
  type Item,
  itemsByCode,
  itemsByGtin,
  itemsById,
} from './queries';
