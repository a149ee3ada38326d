import { parseDecimal } from '@/kernel';
import type { BuildLine } from './bom-lines';
import { Asked, Candidate, judge, lineStates, openInWords, TakenPart } from './judge';

const n = parseDecimal;
const line = (more: Partial<BuildLine>): BuildLine => ({
  line: 1,
  item: 'BAT',
  itemId: 1,
  name: 'Battery',
  tracking: 'serial',
  needed: '1',
  uom: 'pcs',
  position: null,
  substitutes: [],
  ...more,
});
const lines = [
  line({ position: 'SEAT', substitutes: [{ item: 'BAT-2', itemId: 9 }] }),
  line({ line: 2, item: 'LED', itemId: 2, needed: '2', position: 'D1, D2' }),
  line({ line: 3, item: 'GLUE', itemId: 3, tracking: 'lot', needed: '0.5', uom: 'kg' }),
  line({ line: 4, item: 'WASHER', itemId: 4, tracking: 'none', needed: '8' }),
];
const piece = (more: Partial<Candidate> = {}): Candidate => ({
  unitId: 100,
  itemId: 1,
  item: 'BAT',
  kind: 'serial',
  label: 'BAT B1',
  uom: 'pcs',
  stock: [{ placeId: 7, quantity: n('1') }],
  otherwise: 'unknown',
  parent: null,
  hold: null,
  expiresMs: null,
  revision: null,
  inForce: [],
  taken: null,
  takenQuantity: 0n,
  ...more,
});
const glue = (more: Partial<Candidate> = {}) =>
  piece({ unitId: 300, itemId: 3, item: 'GLUE', kind: 'lot', label: 'GLUE G1', uom: 'kg', ...more });
const asked = (more: Partial<Asked> = {}): Asked => ({
  line: undefined,
  position: undefined,
  quantity: undefined,
  accept: [],
  here: { code: 'L1', within: new Set([7, 8]), codes: new Map([[7, 'L1']]) },
  nowMs: 1_000,
  ...more,
});
const at = (unitId: number, lineNo: number, quantity: string | null, position: string | null = null): TakenPart => ({
  unitId,
  itemId: lineNo,
  line: lineNo,
  position,
  quantity: quantity === null ? null : n(quantity),
});
const fill = (candidate: Candidate, parts: TakenPart[] = [], how: Partial<Asked> = {}) =>
  judge('BIKE', lineStates(lines, parts), parts, candidate, asked(how));
const code = (candidate: Candidate, parts: TakenPart[] = [], how: Partial<Asked> = {}): string => {
  try {
    fill(candidate, parts, how);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'ok';
};

describe('the judgement of a scanned component', () => {
  it('says which line and position it fills', () => {
    expect(fill(piece())).toMatchObject({ line: { line: 1 }, position: 'SEAT', quantity: n('1'), substituteFor: null });
    const led = piece({ unitId: 5, itemId: 2, item: 'LED' });
    expect(fill(led).position).toBe('D1');
    expect(fill(led, [at(4, 2, '1', 'D1')]).position).toBe('D2');
    expect(fill(led, [], { position: 'D2' }).position).toBe('D2');
  });

  it('takes an approved substitute and says for what', () => {
    expect(fill(piece({ itemId: 9, item: 'BAT-2' }))).toMatchObject({ substituteFor: 'BAT' });
  });

  it('stops what is on no line, and what is filled already', () => {
    expect(code(piece({ itemId: 77, item: 'SADDLE' }))).toBe('PART_NOT_ON_BOM');
    expect(code(piece(), [at(4, 1, '1')])).toBe('LINE_FILLED');
    expect(code(piece(), [at(100, 1, '1')])).toBe('PART_SCANNED_TWICE');
    expect(code(piece(), [], { line: 2 })).toBe('LINE_FILLED');
  });

  it('stops what another build has, what is elsewhere, held, expired, built in or gone', () => {
    expect(code(piece({ taken: { build: 'b2', order: 'WO-2', parent: 'BIKE 2' } }))).toBe('PART_RESERVED');
    expect(code(piece({ stock: [{ placeId: 99, quantity: n('1') }] }))).toBe('NOT_HERE');
    expect(code(piece({ stock: [{ placeId: 8, quantity: n('1') }] }))).toBe('ok');
    expect(code(piece({ hold: 'swollen' }))).toBe('UNIT_ON_HOLD');
    expect(code(piece({ expiresMs: 1_000 }))).toBe('UNIT_EXPIRED');
    expect(code(piece({ expiresMs: 1_001 }))).toBe('ok');
    expect(code(piece({ stock: [], parent: 'BIKE 3' }))).toBe('ALREADY_INSTALLED');
    expect(code(piece({ stock: [], otherwise: 'shipped' }))).toBe('NOT_IN_HOUSE');
  });

  it('asks where the revision is not the one in force, and takes it when confirmed', () => {
    const old = piece({ revision: 'A', inForce: ['B'] });
    expect(code(old)).toBe('PART_REVISION');
    expect(code(old, [], { accept: ['PART_REVISION'] })).toBe('ok');
    expect(code(piece({ revision: 'B', inForce: ['B'] }))).toBe('ok');
    expect(code(piece({ inForce: ['B'] }))).toBe('ok');
  });

  it('holds a lot to what the line needs and to what is there and not taken', () => {
    expect(fill(glue({ stock: [{ placeId: 7, quantity: n('2') }] })).quantity).toBe(n('0.5'));
    expect(code(glue({ stock: [{ placeId: 7, quantity: n('0.4') }] }))).toBe('STOCK_SHORT');
    expect(code(glue({ stock: [{ placeId: 7, quantity: n('0.4') }] }), [], { quantity: n('0.4') })).toBe('ok');
    expect(code(glue({ stock: [{ placeId: 7, quantity: n('1') }], takenQuantity: n('0.6') }))).toBe('STOCK_SHORT');
    expect(code(glue({ stock: [{ placeId: 7, quantity: n('9') }] }), [], { quantity: n('0.6') })).toBe(
      'QUANTITY_TOO_MUCH',
    );
    expect(code(glue({ stock: [{ placeId: 7, quantity: null }] }))).toBe('ok');
  });

  it('counts what is loaded at the line as there, and never waits for what is not tracked', () => {
    const states = lineStates(lines, [at(5, 1, '1'), at(6, 2, '1')], new Set([3]));
    expect(states.map((s) => s.open)).toEqual([0n, n('1'), 0n, 0n]);
    expect(openInWords(states)).toBe('1 pcs of LED (D1, D2)');
  });
});
