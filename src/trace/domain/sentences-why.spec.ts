import {
  belowThreshold,
  duration,
  installationMissing,
  listed,
  missedIt,
  NamedUnit,
  noLonger,
  onlyLater,
  onlyPossible,
  removalMissing,
  surelyNotThen,
  whichOutput,
} from './sentences-why';

const AT = Date.UTC(2026, 2, 2, 8);
const HOUR = 3_600_000;
const lot = (code: string, item = 'RM'): NamedUnit => ({ item, kind: 'lot', code });
const run: NamedUnit = { item: 'LINE', kind: 'run', code: 'R-1' };

describe('listed', () => {
  it('joins names, and counts those beyond five', () => {
    expect(listed([lot('A')])).toBe('lot RM A');
    expect(listed([lot('A'), lot('B'), lot('C')], 'or')).toBe('lot RM A, lot RM B or lot RM C');
    expect(listed(['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((c) => lot(c)))).toBe(
      'lot RM A, lot RM B, lot RM C, lot RM D, lot RM E and 2 others',
    );
  });
});

describe('duration', () => {
  it.each([
    [1, '1 millisecond'],
    [1_500, '1 second 500 milliseconds'],
    [2 * HOUR, '2 hours'],
    [25 * HOUR, '1 day 1 hour'],
    [48 * HOUR + 60_000, '2 days'],
  ])('of %d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('what would settle it', () => {
  it('names who may have gone into whom', () => {
    const event = { clientId: 'e-1', workOrder: 'WO-1' };
    const one = { input: lot('A'), output: lot('X', 'FG'), event, at: AT };
    const outputs = [lot('X', 'FG'), lot('Y', 'FG')];
    expect(whichOutput({ ...one, inputs: [lot('A'), lot('B')], outputs })).toBe(
      'Lot RM A and lot RM B went into lot FG X and lot FG Y on 2026-03-02 08:00 UTC, event e-1 (work order WO-1): which of them went into which was not recorded. Correct that event: name the outputs of each input with "for".',
    );
    expect(whichOutput({ ...one, inputs: [lot('A')], outputs })).toMatch(
      /^Lot RM A went into lot FG X or lot FG Y on .*: into which of them was not recorded\./,
    );
  });

  it('asks for the event that is missing, in the words of what it was in', () => {
    expect(removalMissing(lot('A'), run, AT, [])).toBe(
      'The removal of lot RM A from run LINE R-1 was not recorded, and on 2026-03-02 08:00 UTC it was seen elsewhere. Record when it left run LINE R-1 ("unload").',
    );
    expect(installationMissing(lot('A'), run, AT)).toBe(
      'Lot RM A was taken off run LINE R-1 on 2026-03-02 08:00 UTC, but when it came there was not recorded. Record that ("load").',
    );
  });

  it('says when it surely was affected', () => {
    expect(surelyNotThen(lot('A'), [[-Infinity, AT]])).toBe(
      'Lot RM A surely was affected until 2026-03-02 08:00 UTC, but at the time asked about only possibly.',
    );
  });
});

describe('why it is out', () => {
  const miss = { near: lot('A'), by: HOUR, at: AT, seed: false, backward: false };

  it('tells by how much time it missed', () => {
    expect(missedIt({ ...miss, side: 'before' })).toBe(
      'That was 1 hour before lot RM A was affected (from 2026-03-02 08:00 UTC on).',
    );
    expect(missedIt({ ...miss, side: 'after' })).toBe(
      'That was 1 hour after lot RM A no longer was affected (until 2026-03-02 08:00 UTC).',
    );
    expect(missedIt({ ...miss, side: 'before', seed: true })).toBe(
      'That was 1 hour before the time asked about of lot RM A begins (from 2026-03-02 08:00 UTC on).',
    );
    expect(missedIt({ ...miss, side: 'after', by: 0, backward: true })).toBe(
      'That was just after lot RM A no longer mattered (until 2026-03-02 08:00 UTC).',
    );
  });

  it('tells the time asked', () => {
    expect(onlyLater(lot('A'), AT, { kind: 'shipment', from: AT - HOUR, document: 'DN-1' })).toBe(
      'Lot RM A is affected only from 2026-03-02 08:00 UTC on, so not yet when lot RM A was shipped on 2026-03-02 07:00 UTC (DN-1).',
    );
    expect(noLonger(lot('A'), AT, { kind: 'now' })).toBe(
      'Lot RM A was affected until 2026-03-02 08:00 UTC, and no longer now.',
    );
    expect(noLonger(lot('A'), AT, { kind: 'period', from: AT + HOUR, until: AT + 2 * HOUR })).toBe(
      'Lot RM A was affected until 2026-03-02 08:00 UTC, and no longer at the time asked about (from 2026-03-02 09:00 UTC until 2026-03-02 10:00 UTC), 1 hour later.',
    );
  });

  it('tells what was asked for', () => {
    expect(onlyPossible(1)).toBe('This is only possible, and only what is certain was asked for.');
    expect(onlyPossible(3)).toMatch(/, as are 2 more on this way,/);
    expect(belowThreshold(lot('A'), '0.0001', '0.001', 'Below what is harmful.')).toBe(
      'The share of the suspect material in lot RM A (now 0.0001) was at all times below the limit of 0.001 that was set: Below what is harmful.',
    );
  });
});
