/**
 * Owns the recall impact report of a finished trace: one model, and its print as PDF, workbook, CSV and on the terminal.
 * Promises that no two of them differ, that the same trace gives the same bytes, that what is not listed is counted, and
 * that an incomplete answer says so first.
 */
export { ReportsCliModule, ReportsHttpModule } from './reports.module';
