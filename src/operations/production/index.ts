/**
 * Owns work orders, work centres and the builds that are under way, and the verbs of the line: build, load, scrap, rework, swap.
 * Promises that what a build takes is judged again in the transaction that records it, and that one piece is in one open build.
 */
export { ProductionHttpModule } from './production.module';
