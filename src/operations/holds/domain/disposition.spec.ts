import { checkFields, DISPOSITION_STATES, frees, step } from './disposition';

describe('a disposition', () => {
  it.each([
    ['proposed', ['approved', 'refused', 'withdrawn']],
    ['approved', ['withdrawn', 'done']],
    ['refused', []],
    ['withdrawn', []],
    ['done', []],
  ] as const)('from %s leads to %j alone', (state, allowed) => {
    const steps = DISPOSITION_STATES.filter((next) => next !== 'proposed').filter((next) => {
      try {
        step('D1', state, next);
        return true;
      } catch {
        return false;
      }
    });
    expect(steps).toEqual(allowed);
  });

  it('names where goods go where they go somewhere, and nowhere else', () => {
    expect(() => checkFields('rework', {})).toThrow(/needs "place"/);
    expect(() => checkFields('return-to-supplier', {})).toThrow(/needs "supplier"/);
    expect(() => checkFields('scrap', { place: 'A' })).toThrow(/"place" is wrong/);
    expect(() => checkFields('sort', { place: 'A' })).not.toThrow();
  });

  it('keeps the hold on what is reworked or sorted until it was looked at again', () => {
    expect(frees('rework')).toBe(false);
    expect(frees('sort')).toBe(false);
    expect(frees('use-as-is')).toBe(true);
  });
});
