/**
 * Owns what staff do with stock: where it may lie, tasks that say what to fetch from where to where and in which order, the
 * rules that make them, counts, and what may be taken instead. Promises that a task line is done once, whoever scans it, and
 * that its move is a fact of the ledger in the same transaction.
 */
export { CreateTask } from './app/create-task';
export { PutRule } from './app/put-rule';
export { RunRules } from './app/run-rules';
export { substitutesFor } from './app/substitutes';
export type { Substitute, SubstituteOptions, Substitutes } from './app/substitutes';
export { WarehouseHttpModule, WarehouseJobsModule, WarehouseModule } from './warehouse.module';
