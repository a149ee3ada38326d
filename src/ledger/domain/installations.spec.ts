import * as fc from 'fast-check';
import { cleanedOut, deriveEnds, End, Mark } from './installations';

const DAY = 86_400_000;
let n = 0;
const mark = (kind: Mark['kind'], parent: number, from: number, rest: Partial<Mark> = {}): Mark => ({
  kind,
  key: `k${n++}`,
  from,
  until: from + 1,
  parents: [parent],
  slot: null,
  quantity: null,
  statedUntil: null,
  statedSureUntil: null,
  ...rest,
});
const onDay = (kind: Mark['kind'], parent: number, day: number): Mark =>
  mark(kind, parent, day * DAY, { until: (day + 1) * DAY });
const text = (e: End) => (e.cause === 'removed' || e.cause === 'implied' ? `${e.cause} ${e.until}` : e.cause);
const ends = (marks: Mark[], serial = true, cleans: Mark[] = []) => deriveEnds(marks, cleans, serial).map(text);

describe('ends of installations of a serial', () => {
  it('ends at the removal, else at the next mark, which is only implied', () => {
    expect(ends([mark('install', 1, 10), mark('remove', 1, 20)])).toEqual(['removed 20', 'matched']);
    expect(ends([mark('install', 1, 10), mark('install', 2, 20)])).toEqual(['implied 20', 'open']);
    expect(ends([mark('install', 1, 10), mark('consume', 2, 20)])).toEqual(['implied 20', 'open']);
    expect(ends([mark('install', 1, 10), mark('remove', 1, 10)])).toEqual(['open', 'orphan']);
  });

  it('keeps the possible part until a later removal from the same parent', () => {
    const [a] = deriveEnds([mark('install', 1, 10), mark('install', 2, 20), mark('remove', 1, 30)], [], true);
    expect(a).toEqual({ cause: 'implied', until: 20, maybeUntil: 30 });
  });

  it('takes a day as whole, and finds the order of facts that puts it in one place at a time', () => {
    expect(ends([mark('install', 1, 5), onDay('remove', 1, 1), onDay('install', 2, 1)])).toEqual([
      `removed ${2 * DAY}`,
      'matched',
      'open',
    ]);
    expect(ends([onDay('install', 2, 1), onDay('remove', 1, 1), onDay('install', 1, 1)])).toEqual([
      'open',
      'matched',
      `removed ${2 * DAY}`,
    ]);
    expect(
      ends([mark('install', 1, 8), onDay('remove', 1, 0), onDay('install', 2, 0), mark('remove', 2, DAY - 7)]),
    ).toEqual([`removed ${DAY}`, 'matched', `removed ${DAY - 7}`, 'matched']);
  });

  it('closes what is in a run when it is cleaned, also what was recorded later', () => {
    const clean = { ...mark('clean', 1, 20), parents: [1] };
    expect(ends([mark('install', 1, 10)], true, [clean])).toEqual(['removed 20']);
    expect(ends([mark('install', 2, 10)], true, [clean])).toEqual(['open']);
    expect(ends([mark('install', 1, 30)], true, [clean])).toEqual(['open']);
  });

  const anyMark = fc.record({
    kind: fc.constantFrom('install', 'remove', 'consume'),
    parent: fc.integer({ min: 1, max: 3 }),
    at: fc.integer({ min: 0, max: 6 }),
    coarse: fc.boolean(),
  });
  const build = (list: { kind: string; parent: number; at: number; coarse: boolean }[]) =>
    list.map((m, i) => ({
      ...mark(m.kind as Mark['kind'], m.parent, m.coarse ? Math.floor(m.at / 3) * 3 : m.at),
      until: m.coarse ? Math.floor(m.at / 3) * 3 + 3 : m.at + 1,
      key: `k${i}`,
    }));

  it.each([true, false])('does not depend on the order in which facts are given (serial: %s)', (serial) => {
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 7 }), fc.infiniteStream(fc.nat()), (list, random) => {
        const marks = build(list);
        const shuffled = marks
          .map((m) => ({ m, r: random.next().value as number }))
          .sort((a, b) => a.r - b.r)
          .map((x) => x.m);
        const byKey = (ms: Mark[]) =>
          new Map(deriveEnds(ms, [], serial).map((e, i) => [ms[i]!.key, JSON.stringify(e)]));
        const [a, b] = [byKey(marks), byKey(shuffled)];
        return marks.every((m) => a.get(m.key) === b.get(m.key));
      }),
      { numRuns: 3_000 },
    );
  });

  it('never has two open installations, and no end before its start', () => {
    fc.assert(
      fc.property(fc.array(anyMark, { maxLength: 7 }), (list) => {
        const marks = build(list);
        const result = deriveEnds(marks, [], true);
        const open = result.filter((e, i) => e.cause === 'open' && marks[i]!.kind === 'install').length;
        return (
          open <= 1 && result.every((e, i) => !('until' in e) || e.cause === 'orphan' || e.until >= marks[i]!.from)
        );
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('ends of installations of a lot', () => {
  const q = (quantity: number) => ({ quantity: BigInt(quantity) });

  it('is in several parents at once, each with its own end', () => {
    expect(ends([mark('install', 1, 10), mark('install', 2, 20), mark('remove', 1, 30)], false)).toEqual([
      'removed 30',
      'open',
      'matched',
    ]);
  });

  it('stays until all that was put in is out', () => {
    expect(
      ends([mark('install', 1, 10, q(10)), mark('remove', 1, 20, q(4)), mark('remove', 1, 30, q(6))], false),
    ).toEqual(['removed 30', 'matched', 'matched']);
    expect(
      ends(
        [
          mark('install', 1, 10, q(10)),
          mark('install', 1, 15, q(5)),
          mark('remove', 1, 20, q(14)),
          mark('remove', 1, 30, q(1)),
        ],
        false,
      ),
    ).toEqual(['removed 30', 'removed 30', 'matched', 'matched']);
    expect(ends([mark('install', 1, 10, q(10)), mark('remove', 1, 20)], false)).toEqual(['removed 20', 'matched']);
  });

  it('does not take what came from no named position for more than it was', () => {
    const loads = [mark('install', 1, 10, { slot: 'a', ...q(10) }), mark('install', 1, 10, { slot: 'b', ...q(10) })];
    const out = (at: number, n: number, slot: string | null) => mark('remove', 1, at, { slot, ...q(n) });
    const first = [...loads, out(20, 9, null), out(30, 2, 'a'), out(40, 2, 'b')];
    expect(ends(first, false).slice(0, 2)).toEqual(['open', 'open']);
    expect(ends([...first, out(50, 8, 'a')], false).slice(0, 2)).toEqual(['removed 50', 'removed 50']);
    const second = [...loads, out(20, 9, null), out(30, 10, 'a')];
    expect(ends(second, false).slice(0, 2)).toEqual(['removed 30', 'open']);
    expect(ends([...second, out(40, 1, 'b')], false).slice(0, 2)).toEqual(['removed 30', 'removed 40']);
  });

  it('takes a removal of a stated quantity from an unknown one for a part, and one of no quantity for all', () => {
    expect(ends([mark('install', 1, 10), mark('remove', 1, 20, q(5))], false)).toEqual(['open', 'matched']);
    expect(ends([mark('install', 1, 10), mark('remove', 1, 20)], false)).toEqual(['removed 20', 'matched']);
  });

  it('goes by position where both name one', () => {
    expect(
      ends(
        [
          mark('install', 1, 10, { slot: 'a' }),
          mark('install', 1, 10, { slot: 'b' }),
          mark('remove', 1, 20, { slot: 'b' }),
        ],
        false,
      ),
    ).toEqual(['open', 'removed 20', 'matched']);
  });
});

describe('what a cleaning took', () => {
  const left = { slot: 'left', quantity: 3n };
  const cleans = [mark('clean', 1, 5), mark('clean', 1, 9), mark('clean', 2, 9)];

  it('is what was still there, by the first that came after it', () => {
    expect(cleanedOut([mark('install', 1, 2)], cleans, true)).toEqual([cleans[0]]);
    expect(cleanedOut([mark('install', 1, 2), mark('install', 1, 6)], cleans, false)).toEqual(cleans.slice(0, 2));
    expect(cleanedOut([mark('install', 1, 2, left), mark('remove', 1, 3, left)], cleans, false)).toEqual([]);
    expect(cleanedOut([mark('install', 1, 2, left), mark('remove', 1, 3, { quantity: 2n })], cleans, false)).toEqual([
      cleans[0],
    ]);
    // What an installation says of its own end took it out, no cleaning did.
    expect(cleanedOut([mark('install', 1, 2, { statedUntil: 4 })], cleans, true)).toEqual([]);
    expect(cleanedOut([mark('install', 1, 2), mark('install', 2, 3)], cleans, true)).toEqual([cleans[2]]);
  });
});
