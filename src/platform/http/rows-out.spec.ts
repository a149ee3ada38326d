import { csvField, formatOf } from './rows-out';

it('defuses what a spreadsheet would carry out, and leaves the rest as it is', () => {
  expect(['=1+1', '+1', '-1', '@x', '\tx', "'=1"].map(csvField)).toEqual([
    `"'=1+1"`,
    `"'+1"`,
    `"'-1"`,
    `"'@x"`,
    `"'\tx"`,
    `"''=1"`,
  ]);
  expect(csvField('a "quoted", text')).toBe('"a ""quoted"", text"');
  expect(csvField('000123')).toBe('"000123"');
  expect(csvField({ decimal: '-12.50' })).toBe('-12.50');
  expect(csvField(3)).toBe('3');
  expect(csvField(null)).toBe('');
});

it('answers JSON unless all rows are asked for', () => {
  expect(formatOf(undefined)).toBe('json');
  expect(formatOf('*/*')).toBe('json');
  expect(formatOf('text/csv, */*')).toBe('csv');
  expect(formatOf('application/x-ndjson')).toBe('ndjson');
});
