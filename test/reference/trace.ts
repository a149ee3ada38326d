/**
 * What a trace means, written straight from DOMAIN.md and SETTLED.md on plain lists, naive on purpose: time is cut at every
 * moment that anything names, a set of times is a set of the pieces, and the formulas are applied to all links, round by
 * round, until nothing changes. It shares no code with the engine, and is what the engine is held against.
 */
export type Span = [from: number, until: number];

export interface ReferenceLink {
  input: string;
  output: string;
  mode: 'consume' | 'install';
  certain: boolean;
  from: number;
  until: number;
  /** the narrowest reading, where a time is known by its day */
  sureFrom?: number;
  sureUntil?: number;
}

export interface ReferenceUnit {
  item: string;
  /** absent: empty */
  shipments?: Span[];
  inHouse?: boolean;
  inspections?: { name: string; passed: boolean; span: Span }[];
}

export interface ReferencePlant {
  units: Map<string, ReferenceUnit>;
  links: ReferenceLink[];
}

export interface ReferenceQuestion {
  direction: 'forward' | 'backward';
  seeds: { unit: string; windows: Span[] }[];
  at?: 'ever' | 'shipment' | Span;
  certainty?: 'possible' | 'certain';
  barriers?: ({ item: string } | { inspection: string })[];
}

export type ReferenceReason = 'before-exposure' | 'removed' | 'barrier' | 'only-possible';

export interface ReferenceAffected {
  certainty: 'certain' | 'possible';
  exposure: Span[];
  depth: number;
  /** forward: affected only because coarse times were read wide */
  coarse: boolean;
}

export interface ReferenceAnswer {
  affected: Map<string, ReferenceAffected>;
  excluded: Map<string, ReferenceReason>;
}

export function referenceTrace(plant: ReferencePlant, question: ReferenceQuestion): ReferenceAnswer {
  const at = question.at ?? 'ever';
  const reached = reachable(plant, question);
  const all = fixpoint(plant.links, question);
  const open = plant.links.filter((l) => !isBarred(plant, l, question.barriers ?? []));
  const barred = fixpoint(open, question);
  const certain = fixpoint(
    open.filter((l) => l.certain),
    question,
  );
  const asked = question.certainty === 'certain' ? certain : barred;
  const narrow = fixpoint(question.certainty === 'certain' ? open.filter((l) => l.certain) : open, question, true);

  const affected = new Map<string, ReferenceAffected>();
  const excluded = new Map<string, ReferenceReason>();
  for (const unit of reached) {
    const facts = plant.units.get(unit)!;
    const inAll = all.exposure(unit);
    if (!meets(inAll, at, facts, false)) {
      const earlier = inAll.some(([from]) => from < lastAsked(at, facts));
      excluded.set(unit, earlier ? 'removed' : 'before-exposure');
    } else if (!meets(barred.exposure(unit), at, facts, false)) {
      excluded.set(unit, 'barrier');
    } else {
      const isCertain = meets(certain.exposure(unit), at, facts, false);
      if (question.certainty === 'certain' && !isCertain) excluded.set(unit, 'only-possible');
      else {
        affected.set(unit, {
          certainty: isCertain ? 'certain' : 'possible',
          exposure: asked.exposure(unit),
          depth: asked.depth(unit),
          coarse: question.direction === 'forward' && !meets(narrow.exposure(unit), at, facts, true),
        });
      }
    }
  }
  return { affected, excluded };
}

/** Plain reachability: every link counts, whatever its times. */
function reachable(plant: ReferencePlant, question: ReferenceQuestion): Set<string> {
  const reached = new Set(question.seeds.map((s) => s.unit));
  for (;;) {
    const before = reached.size;
    for (const l of plant.links) {
      if (question.direction === 'forward' && reached.has(l.input)) reached.add(l.output);
      if (question.direction === 'backward' && reached.has(l.output)) reached.add(l.input);
    }
    if (reached.size === before) return reached;
  }
}

function meets(exposure: Span[], at: 'ever' | 'shipment' | Span, unit: ReferenceUnit, narrowly: boolean): boolean {
  if (at === 'ever') return exposure.length > 0;
  if (at !== 'shipment') return touches(exposure, at);
  const shipments = unit.shipments ?? [];
  const now = shipments.length === 0 || unit.inHouse === true;
  return (
    (now && exposure.some(([, until]) => until === Infinity)) ||
    shipments.some((s) => (narrowly ? exposure.some((e) => e[0] <= s[0] && s[1] <= e[1]) : touches(exposure, s)))
  );
}

/** Exclusive end of the last time asked. */
function lastAsked(at: 'ever' | 'shipment' | Span, unit: ReferenceUnit): number {
  if (at === 'ever') return Infinity;
  if (at !== 'shipment') return at[1];
  const shipments = unit.shipments ?? [];
  return shipments.length === 0 || unit.inHouse ? Infinity : Math.max(...shipments.map(([, until]) => until));
}

function touches(exposure: Span[], span: Span): boolean {
  return exposure.some(([from, until]) => Math.max(from, span[0]) < Math.min(until, span[1]));
}

// ---------------------------------------------------------------- the formulas

interface Fixpoint {
  exposure(unit: string): Span[];
  depth(unit: string): number;
}

function fixpoint(links: ReferenceLink[], question: ReferenceQuestion, narrowly = false): Fixpoint {
  // Every moment that anything names; nothing changes between two of them.
  const moments = new Set<number>([-Infinity, Infinity]);
  for (const l of links) {
    for (const t of [l.from, l.until, l.sureFrom ?? l.from, l.sureUntil ?? l.until]) moments.add(t);
  }
  for (const s of question.seeds) for (const w of s.windows) w.forEach((t) => moments.add(t));
  const cuts = [...moments].sort((a, b) => (a < b ? -1 : 1));
  const pieces = (from: number, until: number): number[] =>
    cuts.slice(0, -1).flatMap((cut, i) => (cut >= from && cuts[i + 1]! <= until ? [i] : []));

  let sets = new Map<string, Set<number>>();
  const addTo = (map: Map<string, Set<number>>, unit: string, added: number[]): void => {
    if (added.length > 0) map.set(unit, new Set([...(map.get(unit) ?? []), ...added]));
  };
  for (const s of question.seeds) for (const [from, until] of s.windows) addTo(sets, s.unit, pieces(from, until));
  const depth = new Map([...sets.keys()].map((u) => [u, 0]));

  for (let round = 1; ; round++) {
    const next = new Map([...sets].map(([u, s]) => [u, new Set(s)]));
    for (const l of links) {
      if (l.input === l.output) continue;
      const forward = question.direction === 'forward';
      const near = sets.get(forward ? l.input : l.output) ?? new Set<number>();
      addTo(next, forward ? l.output : l.input, passes(l, near, forward, narrowly, pieces));
    }
    const size = (m: Map<string, Set<number>>): number => [...m.values()].reduce((n, s) => n + s.size, 0);
    for (const u of next.keys()) if (!depth.has(u)) depth.set(u, round);
    if (size(next) === size(sets)) break;
    sets = next;
  }

  return {
    depth: (unit) => depth.get(unit) ?? -1,
    exposure: (unit) => {
      const out: Span[] = [];
      for (const i of [...(sets.get(unit) ?? [])].sort((a, b) => a - b)) {
        const last = out[out.length - 1];
        if (last && last[1] === cuts[i]) last[1] = cuts[i + 1]!;
        else out.push([cuts[i]!, cuts[i + 1]!]);
      }
      return out;
    },
  };
}

function passes(
  l: ReferenceLink,
  near: Set<number>,
  forward: boolean,
  narrowly: boolean,
  pieces: (from: number, until: number) => number[],
): number[] {
  if (narrowly && l.mode === 'install') {
    return pieces(l.sureFrom ?? l.from, l.sureUntil ?? l.until).filter((i) => near.has(i));
  }
  const during = pieces(l.from, l.until);
  // E(o) ⊇ E(i) ∩ [a,b), and D(i) ⊇ D(o) ∩ [a,b)
  if (l.mode === 'install') return during.filter((i) => near.has(i));
  const everything = pieces(-Infinity, Infinity);
  if (forward) {
    // A draw that is known by its day was surely of exposed material when all of the day was exposed, and surely over at its end.
    if (narrowly && (l.sureFrom ?? l.from) > l.from) {
      return during.every((i) => near.has(i)) ? pieces(l.sureFrom!, Infinity) : [];
    }
    // E(o) ⊇ [inf(E(i) ∩ [a,b)), ∞)
    const hit = during.filter((i) => near.has(i));
    return hit.length === 0 ? [] : everything.filter((i) => i >= Math.min(...hit));
  }
  // D(i) ⊇ [a, min(b, sup D(o)))
  return near.size === 0 ? [] : during.filter((i) => i <= Math.max(...near));
}

// ---------------------------------------------------------------- barriers (SETTLED 27)

function isBarred(
  plant: ReferencePlant,
  link: ReferenceLink,
  barriers: NonNullable<ReferenceQuestion['barriers']>,
): boolean {
  const unit = plant.units.get(link.output)!;
  return barriers.some((barrier) => {
    if ('item' in barrier) return unit.item === barrier.item;
    if (link.mode === 'install' && link.until === Infinity) return false;
    const inspections = (unit.inspections ?? []).filter((i) => i.name === barrier.inspection);
    return inspections.some((pass) => {
      if (!pass.passed || pass.span[0] < link.until) return false;
      const failed = inspections.some((i) => !i.passed && i.span[1] > pass.span[0]);
      const between: Span = [link.from, pass.span[1]];
      const used = plant.links.some(
        (l) => l.input === link.output && l.output !== link.output && touches([[l.from, l.until]], between),
      );
      const shipped = (unit.shipments ?? []).some((s) => touches([s], between));
      return !failed && !used && !shipped;
    });
  });
}
