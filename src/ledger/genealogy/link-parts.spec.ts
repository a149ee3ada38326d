import { drawnBeforeMaking, linkParts } from './link-parts';
import type { LinkEnd, RecordedLink } from './links';

const link = (more: Partial<RecordedLink> = {}): RecordedLink => ({
  linkId: 1,
  eventId: 1,
  input: 1,
  output: 2,
  mode: 1,
  certain: true,
  from: 100,
  statedUntil: null,
  sureFrom: null,
  sureUntil: null,
  quantity: null,
  slot: null,
  end: null,
  ...more,
});
const end = (cause: LinkEnd['cause'], more: Partial<LinkEnd> = {}): LinkEnd => ({
  cause,
  from: null,
  until: null,
  sureUntil: null,
  maybeUntil: null,
  ...more,
});
const spans = (l: RecordedLink, made?: number) => linkParts(l, made).map((p) => [p.from, p.until, p.certain]);

describe('linkParts', () => {
  it('stands for ever, or until its stated end, where nothing ended it', () => {
    expect(spans(link())).toEqual([[100, Infinity, true]]);
    expect(spans(link({ statedUntil: 200, end: end('reopened') }))).toEqual([[100, 200, true]]);
  });

  it('ends with its removal, and covers at least a millisecond', () => {
    expect(spans(link({ end: end('removed', { until: 150 }) }))).toEqual([[100, 150, true]]);
    expect(spans(link({ end: end('removed', { until: 100 }) }))).toEqual([[100, 101, true]]);
  });

  it('stays possible after an end that is only implied', () => {
    expect(spans(link({ end: end('implied', { until: 150 }) }))).toEqual([
      [100, 150, true],
      [150, Infinity, false],
    ]);
    expect(spans(link({ end: end('implied', { until: 150, maybeUntil: 180 }) }))).toEqual([
      [100, 150, true],
      [150, 180, false],
    ]);
  });

  it('of a removal without installation is possible until then, from ever where no mark is before', () => {
    expect(spans(link({ from: null, end: end('orphan', { until: 150 }) }))).toEqual([[-Infinity, 150, false]]);
    expect(spans(link({ from: null, end: end('orphan', { from: 20, until: 150 }) }))).toEqual([[20, 150, false]]);
  });

  it('is not there when it was voided or matched', () => {
    expect(spans(link({ end: end('voided') }))).toEqual([]);
    expect(spans(link({ end: end('matched') }))).toEqual([]);
  });

  it('reaches past the making when it was drawn before it', () => {
    const early = link({ mode: 0, statedUntil: 101 });
    expect(spans(early, 500)).toEqual([[100, 501, true]]);
    expect(spans(early, 101)).toEqual([[100, 102, true]]);
    expect(spans(early, 100)).toEqual([[100, 101, true]]);
    expect(drawnBeforeMaking(early, 101)).toBe(true);
    expect(drawnBeforeMaking(early, 100)).toBe(false);
    expect(drawnBeforeMaking(link({ statedUntil: 101 }), 500)).toBe(false);
  });

  it('keeps the narrowest reading of a time that is known by its day', () => {
    const [part] = linkParts(link({ mode: 0, from: 0, statedUntil: 1_000, sureFrom: 999 }), undefined);
    expect(part).toEqual({ certain: true, from: 0, until: 1_000, sureFrom: 999, sureUntil: 1_000 });
  });
});
