import fc from 'fast-check';
import { linkParts, RecordedLink } from '@/ledger';
import { storedEnd } from '@/ledger/db/ends';
import { deriveEnds, Mark as LedgerMark } from '@/ledger/domain/installations';
import { normalize } from '@/trace/engine';
import { installationsOfLot, installationsOfSerial, Mark, ReferenceLink } from '../reference';
import { check } from './runs';

const DAY = 100;

interface Case {
  marks: Mark[];
  cleans: { run: string; span: [number, number] }[];
}

/** Moments of three days of 100 ms, and now and then a whole day. */
const period = (coarse: boolean): fc.Arbitrary<{ from: number; until: number }> =>
  fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.constantFrom(0, 10, 11, 50), fc.integer({ min: 0, max: 3 }))
    .map(([day, hour, whole]) =>
      coarse && whole === 0
        ? { from: day * DAY, until: (day + 1) * DAY }
        : { from: day * DAY + hour, until: day * DAY + hour + 1 },
    );

const mark = (coarse: boolean, lot: boolean): fc.Arbitrary<Mark> =>
  fc
    .record({
      kind: fc.constantFrom('install' as const, 'install' as const, 'remove' as const),
      times: period(coarse),
      parents: fc.uniqueArray(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 2 }),
      alternatives: fc.integer({ min: 0, max: 4 }),
      slot: fc.constantFrom(null, null, null, 'p1', 'p2'),
      quantity: fc.constantFrom(null, null, 10),
      stated: fc.integer({ min: 0, max: 9 }),
      after: fc.integer({ min: 1, max: 2 * DAY }),
    })
    .map(({ kind, times, parents, alternatives, slot, quantity, stated, after }): Mark => ({
      kind,
      event: '',
      parents: (kind === 'install' && alternatives === 0 ? parents : parents.slice(0, 1)).map(String),
      ...times,
      slot: lot ? slot : null,
      // Removed from several positions at once by parts: which part came from where is not said.
      quantity: lot && kind === 'install' ? quantity : null,
      certain: kind === 'remove' || alternatives > 0,
      // What an end states beside days that overlap it, no rule says.
      ...(kind === 'install' && stated === 0 && !coarse
        ? { statedUntil: { until: times.from + after, sureUntil: times.from + after } }
        : {}),
    }));

const cases = (coarse: boolean, lot: boolean): fc.Arbitrary<Case> =>
  fc.record({
    marks: fc.array(mark(coarse, lot), { minLength: 1, maxLength: 5 }),
    cleans: fc.array(
      fc
        .tuple(fc.constantFrom('1', '2'), period(coarse))
        .map(([run, t]) => ({ run, span: [t.from, t.until] as [number, number] })),
      { maxLength: 1 },
    ),
  });

/** Two installations of one serial at one moment contradict each other and are refused. */
function possible({ marks }: Case): boolean {
  const starts = marks.filter((m) => m.kind === 'install').map((m) => m.from);
  return new Set(starts).size === starts.length;
}

function fromLedger({ marks, cleans }: Case, serial: boolean): ReferenceLink[] {
  const own = marks.map((m, i): LedgerMark => ({
    kind: m.kind,
    key: String(i),
    from: m.from,
    until: m.until,
    parents: m.parents.map(Number),
    slot: m.slot,
    quantity: m.quantity === null ? null : BigInt(m.quantity),
    statedUntil: m.statedUntil?.until ?? null,
    statedSureUntil: null,
  }));
  const cleaned = cleans.map(({ run, span }): LedgerMark => ({
    kind: 'clean',
    key: '',
    from: span[0],
    until: span[1],
    parents: [Number(run)],
    slot: null,
    quantity: null,
    statedUntil: null,
    statedSureUntil: null,
  }));
  const ends = deriveEnds(own, cleaned, serial);
  return own.flatMap((m, i) => {
    const end = storedEnd(m, ends[i]!);
    if (m.kind === 'remove' && end.cause !== 'orphan') return [];
    return marks[i]!.parents.flatMap((output) => {
      const link: RecordedLink = {
        linkId: i,
        eventId: i,
        input: 0,
        output: Number(output),
        mode: 1,
        certain: marks[i]!.certain,
        from: m.from,
        statedUntil: m.statedUntil,
        sureFrom: m.until > m.from + 1 ? m.until - 1 : null,
        sureUntil: null,
        quantity: null,
        slot: null,
        end:
          end.cause === 'open'
            ? null
            : {
                cause: end.cause as 'removed',
                from: end.fromMs,
                until: end.untilMs,
                sureUntil: end.sureUntilMs,
                maybeUntil: end.maybeUntilMs,
              },
      };
      return linkParts(link, undefined).map((p): ReferenceLink => ({
        input: 'unit',
        output,
        mode: 'install',
        certain: p.certain,
        from: p.from,
        until: p.until,
        sureFrom: p.sureFrom,
        sureUntil: p.sureUntil,
      }));
    });
  });
}

/** What the links come to: touching ones of one parent, certainty and exactness are one. */
function inWords(links: readonly ReferenceLink[]): string[] {
  const spans = new Map<string, [number, number][]>();
  for (const { output, certain, from, until, sureFrom, sureUntil } of links) {
    const sure = [sureFrom ?? from, sureUntil ?? until] as const;
    const exact = sure[0] === from && sure[1] === until;
    const narrow = exact ? '' : ` [${from}, ${until}) surely ${sure[0] < sure[1] ? `[${sure.join(', ')})` : 'never'}`;
    const kind = `in ${output} ${certain ? 'certain' : 'possible'}${narrow}`;
    spans.set(kind, [...(spans.get(kind) ?? []), [from, until]]);
  }
  return [...spans].map(([kind, list]) => `${kind} ${JSON.stringify(normalize(list).map(String))}`).sort();
}

describe('the ends of installations', () => {
  it.each([
    ['serial, precise times', false, false],
    ['serial, days too', true, false],
    ['lot, precise times', false, true],
    ['lot, days too', true, true],
  ])('of a %s are those of the brute force', (name, coarse, lot) =>
    check(
      `installations of a ${name}`,
      fc.property(cases(coarse, lot), (c) => {
        fc.pre(lot || possible(c));
        const derive = lot ? installationsOfLot : installationsOfSerial;
        const expected = derive('unit', c.marks, c.cleans);
        if (expected.ambiguous) return;
        expect(inWords(fromLedger(c, !lot))).toEqual(inWords(expected.links));
      }),
    ),
  );
});
