/**
 * When a unit was in which parent, from all its marks at once (LEDGER.md "Installations in any order"; SETTLED 1, 2, 9, 12).
 * Where days leave the order of a serial's marks open, every order is tried and the ones with the fewest gaps are taken.
 */
import type { ReferenceLink, Span } from './trace';

export interface Mark {
  kind: 'install' | 'remove' | 'consume' | 'clean';
  event: string;
  parents: string[];
  from: number;
  until: number;
  slot: string | null;
  quantity: number | null;
  certain: boolean;
  /** an end that the installation states itself */
  statedUntil?: { until: number; sureUntil: number } | undefined;
  /** set on the mark of such an end: the installation whose end it is */
  endOf?: Mark;
}

interface Derived {
  links: ReferenceLink[];
  gaps: string[];
  ambiguous: boolean;
}

type Clean = { run: string; span: Span };

const isCoarse = (m: Mark): boolean => m.until > m.from + 1;
/** Removed at a time: not in it at that time. Removed on a day: in it until the day's last millisecond. */
const end = (m: Mark): number => (isCoarse(m) ? m.until : m.from);
const RANK = { remove: 0, clean: 1, install: 2, consume: 3 };
const takesOut = (m: Mark): boolean => m.kind === 'remove' || m.kind === 'clean';
const share = (a: Mark, b: Mark): boolean => a.parents.some((p) => b.parents.includes(p));

function withEnds(marks: readonly Mark[], cleans: readonly Clean[]): Mark[] {
  const stated = marks.flatMap((m): Mark[] => {
    if (m.kind !== 'install' || !m.statedUntil) return [];
    const { until, sureUntil } = m.statedUntil;
    const times = sureUntil < until ? { from: sureUntil, until } : { from: until, until: until + 1 };
    return [{ ...m, kind: 'clean', ...times, quantity: null, endOf: m }];
  });
  const cleaned = cleans
    .filter((c) => marks.some((m) => m.kind === 'install' && m.parents.includes(c.run)))
    .map((c): Mark => ({
      kind: 'clean',
      event: '',
      parents: [c.run],
      from: c.span[0],
      until: c.span[1],
      slot: null,
      quantity: null,
      certain: true,
    }));
  return [...marks, ...stated, ...cleaned];
}

function linksFor(
  unit: string,
  m: Mark,
  from: number,
  until: number,
  more: Partial<ReferenceLink> = {},
): ReferenceLink[] {
  // SETTLED 2: a link covers at least one millisecond.
  const atLeast = from === -Infinity ? until : Math.max(until, from + 1);
  return m.parents.map((output) => ({
    input: unit,
    output,
    mode: 'install',
    certain: m.certain,
    from,
    until: atLeast,
    ...more,
  }));
}

function sureFrom(m: Mark): Partial<ReferenceLink> {
  return isCoarse(m) ? { sureFrom: m.until - 1 } : {};
}

// ---------------------------------------------------------------- serials

export function installationsOfSerial(unit: string, marks: readonly Mark[], cleans: readonly Clean[]): Derived {
  let best: Derived[] = [];
  let fewest = Infinity;
  for (const order of orders(withEnds(marks, cleans))) {
    const derived = inOrder(unit, order);
    if (derived.gaps.length < fewest) [best, fewest] = [[], derived.gaps.length];
    if (derived.gaps.length === fewest) best.push(derived);
  }
  const texts = new Set(
    best.map((d) => JSON.stringify([d.links.map((l) => JSON.stringify(l)).sort(), [...d.gaps].sort()])),
  );
  return { ...best[0]!, ambiguous: texts.size > 1 };
}

/** Every order that the times allow; at one precise time remove before install before consume. */
function orders(marks: readonly Mark[]): Mark[][] {
  if (marks.length === 0) return [[]];
  const before = (a: Mark, b: Mark): boolean => {
    if (b.endOf === a || a.endOf === b) return b.endOf === a;
    if (a.from === b.from && a.until === b.until && !isCoarse(a)) return RANK[a.kind] < RANK[b.kind];
    return a.until <= b.from;
  };
  return marks
    .filter((m) => !marks.some((other) => other !== m && before(other, m)))
    .flatMap((m) => orders(marks.filter((x) => x !== m)).map((rest) => [m, ...rest]));
}

function inOrder(unit: string, order: readonly Mark[]): Derived {
  const links: ReferenceLink[] = [];
  const gaps: string[] = [];
  const used = new Set<Mark>();
  order.forEach((m, i) => {
    if (m.kind !== 'install') return;
    const own = (x: Mark): boolean => (x.kind === 'remove' || x.kind === 'clean') && share(x, m);
    // A stated end is the end of its own installation and says nothing of another.
    const next = order.slice(i + 1).find((x) => (x.endOf ? x.endOf === m : x.kind !== 'clean' || share(x, m)));
    if (next === undefined) links.push(...linksFor(unit, m, m.from, Infinity, sureFrom(m)));
    else if (own(next)) {
      used.add(next);
      const until = Math.max(end(next), m.from + 1);
      const narrow = isCoarse(next) ? { sureUntil: Math.min(next.from, until) } : {};
      links.push(...linksFor(unit, m, m.from, until, { ...sureFrom(m), ...narrow }));
    } else {
      // Its removal was not recorded: in there until the next mark, possibly after it, until a later removal from there.
      gaps.push('installed-twice');
      const until = Math.max(next.from, m.from + 1);
      links.push(...linksFor(unit, m, m.from, until, sureFrom(m)));
      const later = order.slice(i + 1).find((x) => own(x) && (!x.endOf || x.endOf === m));
      const maybe = later ? Math.max(end(later), until) : Infinity;
      if (later) used.add(later);
      if (maybe > until) links.push(...linksFor(unit, m, until, maybe, { certain: false }));
    }
  });
  order.forEach((m, i) => {
    if (m.kind !== 'remove' || used.has(m) || m.endOf) return;
    gaps.push('removed-without-installation');
    const before = order.slice(0, i).findLast((x) => x.kind !== 'clean' && !x.endOf);
    const from = before ? before.from : -Infinity;
    links.push(...linksFor(unit, m, from, end(m), { certain: false }));
  });
  return { links, gaps, ambiguous: false };
}

// ---------------------------------------------------------------- lots

/** A lot can be in many parents at once: each removal closes what is open in its parent (and position), by quantity. */
export function installationsOfLot(unit: string, marks: readonly Mark[], cleans: readonly Clean[]): Derived {
  const links: ReferenceLink[] = [];
  const gaps: string[] = [];
  const time = (m: Mark): number => (takesOut(m) && isCoarse(m) ? m.until - 1 : m.from);
  const order = withEnds(marks, cleans).sort((a, b) => time(a) - time(b) || RANK[a.kind] - RANK[b.kind]);
  let open: { mark: Mark }[] = [];
  const taken: { scope: Mark[]; quantity: number }[] = [];
  for (const m of order) {
    if (m.kind === 'install') open.push({ mark: m });
    if (m.kind !== 'remove' && m.kind !== 'clean') continue;
    let there = open.filter(({ mark }) => {
      if (m.endOf) return mark === m.endOf;
      return share(mark, m) && (m.kind === 'clean' || m.slot === null || mark.slot === null || mark.slot === m.slot);
    });
    if (there.length === 0) {
      if (m.kind === 'clean' || m.endOf) continue;
      gaps.push('removed-without-installation');
      links.push(...linksFor(unit, m, -Infinity, end(m), { certain: false }));
      continue;
    }
    // A partial removal changes the quantity, not the exposure: what could only have come from some of what is open ends
    // them when it reaches what was put in; an unknown quantity is never reached.
    if (m.kind === 'remove' && m.quantity !== null) {
      taken.push({ scope: there.map((o) => o.mark), quantity: m.quantity });
      const left = (of: { mark: Mark }[]): number =>
        of.reduce((n, o) => n + (o.mark.quantity ?? Infinity), 0) -
        taken
          .map((t) => ({ ...t, scope: t.scope.filter((x) => open.some((o) => o.mark === x)) }))
          .filter((t) => t.scope.length > 0 && t.scope.every((x) => of.some((o) => o.mark === x)))
          .reduce((n, t) => n + t.quantity, 0);
      const inParent = open.filter(({ mark }) => share(mark, m));
      if (left(inParent) <= 0) there = inParent;
      else if (left(there) > 0) continue;
    }
    for (const { mark } of there) {
      const until = Math.max(end(m), mark.from + 1);
      const narrow = isCoarse(m) ? { sureUntil: Math.min(m.from, until) } : {};
      links.push(...linksFor(unit, mark, mark.from, until, { ...sureFrom(mark), ...narrow }));
    }
    open = open.filter((o) => !there.includes(o));
  }
  for (const { mark } of open) links.push(...linksFor(unit, mark, mark.from, Infinity, sureFrom(mark)));
  return { links, gaps, ambiguous: false };
}
