/**
 * Owns how certain things are to be treated, on an item, a category, a unit, a place or a customer, and who acknowledged it.
 * Promises that what must be acknowledged is, in the transaction of whoever touches it, and anew when its text has changed.
 */
export { acknowledge } from './app/acknowledge';
export type { AcknowledgeContext } from './app/acknowledge';
export { PutInstruction } from './app/put-instruction';
export type { ShownInstruction } from './domain/instruction';
export { InstructionsHttpModule, InstructionsModule } from './instructions.module';
export { instructionsFor } from './queries';
export type { Touched } from './queries';
