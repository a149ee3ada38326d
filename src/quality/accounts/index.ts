/**
 * Owns what a recall adds up to: every unit in scope in one bucket, what contradicts itself, effectiveness checks, clocks, the
 * status report of any date, and closing. Promises that nothing is counted twice, that an unknown quantity never balances, that
 * what was drawn, tried, told and settled stays for ever, and that no case closes before it adds up.
 */
export { AccountsHttpModule } from './accounts.module';
