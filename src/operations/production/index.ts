/**
 * Owns work orders, work centres and the builds that are under way, and the verbs of the line: build, load, scrap, rework, swap.
 * Promises that what a build takes is judged again in the transaction that records it, and that one piece is in one open build.
 */
export { CreateOrder } from './app/create-order';
export { LoadRun } from './app/load-run';
export { PutWorkCenter } from './app/put-work-center';
export { ProductionHttpModule, ProductionModule } from './production.module';
