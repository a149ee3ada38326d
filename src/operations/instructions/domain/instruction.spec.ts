import { DomainError } from '@/kernel';
import { inOrder, oneSubject, type Severity, type ShownInstruction, stateAt, unacknowledged } from './instruction';

const shown = (instruction: string, severity: Severity, acknowledge = false): ShownInstruction => ({
  id: `${instruction}.1`,
  instruction,
  version: 1,
  severity,
  acknowledge,
  title: instruction,
  text: instruction,
  body: '',
  until: null,
  untilRef: null,
  about: { kind: 'item', key: 'A', name: 'A' },
  units: [],
});

describe('an instruction', () => {
  it('counts from its first to before its last moment, and never when retired', () => {
    const validity = { fromMs: 10, untilMs: 20, retired: false };
    expect([9, 10, 19, 20].map((now) => stateAt(validity, now))).toEqual(['upcoming', 'active', 'active', 'expired']);
    expect(stateAt({ ...validity, retired: true }, 15)).toBe('retired');
    expect(stateAt({ fromMs: null, untilMs: null, retired: false }, 15)).toBe('active');
  });

  it('is about one thing', () => {
    expect(oneSubject({ place: 'A' })).toBe('place');
    for (const about of [{}, { item: 'A', place: 'B' }]) expect(() => oneSubject(about)).toThrow(DomainError);
  });

  it('is shown with the gravest first', () => {
    const all = [
      shown('B', 'info'),
      shown('C', 'warn'),
      shown('A', 'info'),
      shown('D', 'warn', true),
      shown('E', 'must'),
    ];
    expect(inOrder(all).map((one) => one.instruction)).toEqual(['E', 'D', 'C', 'A', 'B']);
  });

  it('is acknowledged by its id alone, which changes with its text', () => {
    const all = [shown('A', 'warn', true), shown('B', 'must', true), shown('C', 'must')];
    expect(unacknowledged(all, ['A.1', 'B.0']).map((one) => one.instruction)).toEqual(['B']);
    expect(unacknowledged(all, ['A.1', 'B.1'])).toEqual([]);
  });
});
