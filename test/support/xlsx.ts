import { Workbook } from 'exceljs';

export interface TestSheet {
  name: string;
  rows: unknown[][];
  /** number format by column, counted from 0 */
  formats?: Record<number, string>;
}

/** A workbook as a person would save it. */
export async function workbook(sheets: readonly TestSheet[]): Promise<Buffer> {
  const book = new Workbook();
  for (const { name, rows, formats } of sheets) {
    const sheet = book.addWorksheet(name);
    for (const row of rows) sheet.addRow(row);
    for (const [column, format] of Object.entries(formats ?? {})) sheet.getColumn(Number(column) + 1).numFmt = format;
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}
