import { canonicalJson, DomainError } from '@/kernel';
import { ContentIds } from './identity';
import { buildKey, mapBuild } from './map-builds';
import { Items, mapRow, RowError } from './map-events';
import { mapMaster } from './map-master';
import type { Row } from './record';
import { refuseRecord } from './refuse';

const items: Items = new Map([
  ['BAT', { tracking: 'serial', uom: 'pcs' }],
  ['CELL', { tracking: 'lot', uom: 'pcs' }],
  ['GLUE', { tracking: 'lot', uom: 'kg' }],
  ['LABEL', { tracking: 'none', uom: 'pcs' }],
]);
const row = (number: number, cells: Record<string, string>): Row => ({ row: number, cells });
const build = (number: number, input: Record<string, string>, output: Record<string, string> = {}): Row =>
  row(number, { at: '2026-02-10', output_item: 'BAT', output_code: 'B-1', ...output, ...input });

describe('a row as an event', () => {
  it('takes the kind of unit from the item and its base unit where none is named', () => {
    const { event } = mapRow(
      'receipts',
      row(2, { at: '2026-02-02', item: 'GLUE', code: 'G-1', quantity: '2.5' }),
      items,
    );
    expect(event).toEqual({
      type: 'receive',
      at: '2026-02-02',
      unit: { item: 'GLUE', lot: 'G-1' },
      quantity: { value: '2.5', uom: 'kg' },
    });
  });

  it('keeps shipments, references and limits', () => {
    const shipped = mapRow(
      'shipments',
      row(2, { at: '2026-02-02', item: 'BAT', code: 'B-1', customer: 'C', shipment: 'S-1', pallet: 'P-1' }),
      items,
    );
    expect(shipped.event).toMatchObject({
      type: 'ship',
      units: [{ unit: { item: 'BAT', serial: 'B-1' } }],
      refs: { pallet: 'P-1' },
    });
    const inspected = mapRow(
      'inspections',
      row(3, { at: '2026-02-02', item: 'BAT', code: 'B-1', characteristic: 'leak', result: 'FAIL', limit_high: '10' }),
      items,
    );
    expect(inspected.event).toMatchObject({ type: 'inspect', result: 'fail', limits: { high: '10' } });
  });

  it('says which cell is missing or wrong', () => {
    const error = (cells: Record<string, string>) => {
      try {
        mapRow('scrap', row(7, cells), items);
      } catch (e) {
        return e as RowError;
      }
      throw new Error('accepted');
    };
    expect(error({ at: '2026-02-02', item: 'BAT' })).toMatchObject({ row: 7, column: 'code' });
    expect(error({ at: '2026-02-02', item: 'BAT', code: 'B-1', kind: 'pallet' })).toMatchObject({ column: 'kind' });
  });
});

describe('rows of a build', () => {
  it('make one event, wherever they stand', () => {
    const rows = [
      build(2, { input_item: 'CELL', input_code: 'C-1', quantity: '40' }, { work_center: 'W1' }),
      build(9, { input_item: 'GLUE', input_code: 'G-1', quantity: '3', uom: 'g', mode: 'consume' }),
    ];
    expect(new Set(rows.map((r) => buildKey(r.cells))).size).toBe(1);
    expect(mapBuild(rows, items).event).toEqual({
      type: 'produce',
      at: '2026-02-10',
      workCenter: 'W1',
      outputs: [{ unit: { item: 'BAT', serial: 'B-1' } }],
      inputs: [
        { unit: { item: 'CELL', lot: 'C-1' }, quantity: { value: '40', uom: 'pcs' } },
        { unit: { item: 'GLUE', lot: 'G-1' }, quantity: { value: '3', uom: 'g' }, mode: 'consume' },
      ],
    });
  });

  it('may be one row without input, and leave out untracked items without a code', () => {
    expect(mapBuild([build(2, {})], items).event).toMatchObject({ inputs: [] });
    const mapped = mapBuild([build(2, { input_item: 'LABEL', quantity: '1' })], items);
    expect(mapped).toMatchObject({ untracked: 1, event: { inputs: [] } });
  });

  it('must not disagree about the build', () => {
    const rows = [build(2, {}, { work_center: 'W1' }), build(3, {}, { work_center: 'W2' })];
    expect(() => mapBuild(rows, items)).toThrow(/Row 2 .* "W1" .* "W2"/);
  });

  it('are all refused with the one at fault, each with what to do', () => {
    const mapped = mapBuild(
      [
        build(2, { input_item: 'CELL', input_code: 'C-1', quantity: '40' }),
        build(5, { input_item: 'CELL', input_code: 'C-2', quantity: '-1' }),
      ],
      items,
    );
    const error = new DomainError('FIELD_INVALID', { field: 'inputs[1].quantity.value', reason: 'no.' });
    expect(refuseRecord('builds.csv', mapped, error)).toEqual([
      expect.objectContaining({ row: 2, column: null, code: 'CSV_GROUP_REFUSED' }),
      expect.objectContaining({ row: 5, column: 'quantity', code: 'FIELD_INVALID' }),
    ]);
  });

  it('are refused by the cell that a code of the ledger names', () => {
    const mapped = mapBuild(
      [build(2, { input_item: 'CELL', input_code: 'C-1' }), build(3, { input_item: 'X', input_code: 'Y' })],
      items,
    );
    const where = (error: DomainError) => refuseRecord('builds.csv', mapped, error).find((r) => r.code === error.code);
    expect(where(new DomainError('UNKNOWN_ITEM', { item: 'X' }))).toMatchObject({ row: 3, column: 'input_item' });
    expect(where(new DomainError('SERIAL_EXISTS', { unit: 'BAT B-1', event: 'e' }))).toMatchObject({
      row: 2,
      column: 'output_code',
    });
    expect(where(new DomainError('SERIAL_CONSUMED', { unit: 'X Y' }))).toMatchObject({ row: 3, column: 'input_code' });
  });
});

describe('ids of rows that have none', () => {
  it('are the same for the same content, and tell equal rows of a file apart', () => {
    const event = { type: 'scrap', at: '2026-01-01', unit: { item: 'A', lot: 'B' } };
    const other = JSON.parse(canonicalJson({ ...event })) as Record<string, unknown>;
    const first = new ContentIds();
    const second = new ContentIds();
    const ids = [first.idOf(event), first.idOf(other), first.idOf({ ...event, at: '2026-01-02' })];
    expect(new Set(ids).size).toBe(3);
    expect([second.idOf(other), second.idOf(event)]).toEqual(ids.slice(0, 2));
  });
});

describe('master data', () => {
  it('has the columns in camelCase, and the rows of a revision as lines', () => {
    expect(
      mapMaster('places', [row(2, { place: 'P', kind: 'site', name: 'Plant', time_zone: 'Europe/Paris' })]),
    ).toMatchObject({
      body: { place: 'P', kind: 'site', name: 'Plant', timeZone: 'Europe/Paris' },
    });
    const line = { item: 'BAT', revision: 'A', quantity: '1', uom: 'pcs' };
    const bom = mapMaster('bom', [
      row(2, { ...line, component: 'CELL', substitutes: 'CELL2; CELL3', effective_from: '2026-01-01' }),
      row(3, { ...line, component: 'GLUE' }),
    ]);
    expect(bom).toMatchObject({
      body: {
        item: 'BAT',
        revision: 'A',
        lines: [{ component: 'CELL', substitutes: ['CELL2', 'CELL3'] }, { component: 'GLUE' }],
        effectiveFrom: '2026-01-01',
      },
    });
    expect(bom.origin('lines[1].uom')).toEqual({ row: 3, column: 'uom' });
    expect(bom.origin('effectiveFrom')).toEqual({ row: 2, column: 'effective_from' });
  });
});
