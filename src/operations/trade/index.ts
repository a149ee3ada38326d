/**
 * Owns buying and selling: orders followed from the order on, receiving with what is found there, picking, packing, shipping and
 * returns, and the papers of it. Promises that one delivery is one transaction, that nothing is picked twice, and that what is on
 * hold does not leave. What happened is a fact of the ledger; what people decided about it is kept here.
 */
export { PutOrder } from './app/put-order';
export { TradeHttpModule, TradeModule } from './trade.module';
