/**
 * Amounts by perfect mixing, written straight from DOMAIN.md "Amount" and SETTLED 34–40 with exact fractions, naive on purpose:
 * at every instant all units are looked at again and again until those that can go have gone. It shares no code with the product.
 */
import type { Span } from './trace';

/** n / d in lowest terms. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

export function fraction(n: bigint, d = 1n): Fraction {
  let [x, y] = [n < 0n ? -n : n, d];
  while (y !== 0n) [x, y] = [y, x % y];
  return { n: n / x, d: d / x };
}
const ZERO = fraction(0n);
export const plus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const less = (a: Fraction, b: Fraction): boolean => a.n * b.d < b.n * a.d;

export interface MixedUnit {
  kind: 'serial' | 'lot' | 'run';
  uom: string;
}

export interface MixedMove {
  unit: string;
  at: number;
  role: 'made' | 'returned' | 'shipped' | 'scrapped' | 'adjusted';
  /** nanos; null not recorded; all there is (returned: all that was shipped) */
  quantity: bigint | null | 'all';
}

export interface MixedDraw {
  input: string;
  from: number;
  until: number;
  quantity: bigint | null;
  /** what the event made of each output */
  targets: { unit: string; made: bigint | null }[];
}

export interface MixedPlant {
  units: Map<string, MixedUnit>;
  moves: MixedMove[];
  draws: MixedDraw[];
  stays: { input: string; output: string; from: number; until: number }[];
}

export interface ReferenceAmounts {
  /** null: unknown */
  amount: Map<string, Fraction | null>;
  share: Map<string, Fraction | null>;
  peak: Map<string, Fraction | null>;
  /** drawn from seeds in their windows, and what came into a seed from other units; null where not known */
  drawn: Fraction | null;
  flowedBack: Fraction | null;
}

interface State {
  there: Fraction;
  material: Fraction;
  shipped: Fraction;
  shippedMaterial: Fraction;
  scrapped: Fraction;
  scrappedMaterial: Fraction;
  held: boolean;
  unknown: boolean;
  peak: Fraction;
}

const PIECE = fraction(1_000_000_000n);

export function referenceAmounts(
  plant: MixedPlant,
  seeds: { unit: string; windows: Span[] }[],
  exposure: (unit: string) => Span[],
): ReferenceAmounts {
  const states = new Map<string, State>();
  for (const [name, unit] of plant.units) {
    const made = plant.moves.some((m) => m.unit === name && m.role === 'made');
    states.set(name, {
      there: unit.kind === 'serial' && !made ? PIECE : ZERO,
      material: ZERO,
      shipped: ZERO,
      shippedMaterial: ZERO,
      scrapped: ZERO,
      scrappedMaterial: ZERO,
      held: false,
      unknown: false,
      peak: ZERO,
    });
  }
  const material = seeds.filter((s) => plant.units.get(s.unit)!.kind !== 'run');
  const windowsOf = (unit: string): Span[] => material.filter((s) => s.unit === unit).flatMap((s) => s.windows);
  const isSeed = (unit: string): boolean => material.some((s) => s.unit === unit);
  const inWindow = (unit: string, at: number): boolean =>
    windowsOf(unit).some(([from, until]) => from <= at && at < until);
  const meets = (a: Span, b: Span): boolean => Math.max(a[0], b[0]) < Math.min(a[1], b[1]);
  // SETTLED 38: exposed through an installation; a run is nothing else.
  const through = (unit: string): Span[] => {
    if (plant.units.get(unit)!.kind === 'run') return exposure(unit);
    return plant.stays
      .filter((s) => s.output === unit && s.input !== unit)
      .flatMap((s) =>
        exposure(s.input).map(([from, until]): Span => [Math.max(from, s.from), Math.min(until, s.until)]),
      )
      .filter(([from, until]) => from < until);
  };
  const uoms = new Set(seeds.map((s) => plant.units.get(s.unit)!.uom));
  const uom = [...uoms][0]!;
  const result: ReferenceAmounts = {
    amount: new Map(),
    share: new Map(),
    peak: new Map(),
    drawn: ZERO,
    flowedBack: ZERO,
  };

  const instants = [...new Set([...plant.moves.map((m) => m.at), ...plant.draws.map((d) => d.from)])];
  for (const at of instants.sort((x, y) => x - y)) {
    const moves = plant.moves.filter((m) => m.at === at);
    const draws = plant.draws.filter((d) => d.from === at);
    for (const m of moves) entry(states.get(m.unit)!, m, isSeed(m.unit));

    const outputsOf = (unit: string): string[] =>
      draws.filter((d) => d.input === unit).flatMap((d) => d.targets.map((t) => t.unit).filter((t) => t !== unit));
    const reaches = (from: string, to: string): boolean => {
      const found = new Set<string>(outputsOf(from));
      for (const unit of found) for (const next of outputsOf(unit)) found.add(next);
      return found.has(to);
    };
    const left = new Set(plant.units.keys());
    while (left.size > 0) {
      // A unit can go when all that fill it have gone; units that fill each other go together.
      const next = [...left].find((u) => [...left].every((v) => !reaches(v, u) || reaches(u, v)))!;
      const group = [...left].filter((u) => u === next || (reaches(next, u) && reaches(u, next)));
      if (group.length > 1) {
        const some = group.some(
          (u) =>
            states.get(u)!.held ||
            inWindow(u, at) ||
            draws.some((d) => d.input === u && through(u).some((t) => meets(t, [d.from, d.until]))),
        );
        for (const u of group) {
          states.get(u)!.unknown = true;
          if (some && !isSeed(u)) states.get(u)!.held = true;
        }
      }
      for (const u of group) {
        left.delete(u);
        leave(u);
      }
    }

    function leave(unit: string): void {
      const s = states.get(unit)!;
      const noteShare = (): void => {
        if (!s.held || s.unknown || s.there.n <= 0n) return;
        const share = over(s.material, s.there);
        if (less(s.peak, share)) s.peak = share;
      };
      noteShare();
      const own = draws.filter((d) => d.input === unit);
      const exits = moves.filter(
        (m) =>
          m.unit === unit &&
          (m.role === 'shipped' || m.role === 'scrapped' || (m.role === 'adjusted' && !(Number(m.quantity) > 0))),
      );
      if (own.length + exits.length === 0) return;
      if (own.some((d) => d.quantity === null) || exits.some((m) => m.quantity === null)) s.unknown = true;
      const size = (q: bigint | null | 'all'): Fraction => (typeof q === 'bigint' ? fraction(q < 0n ? -q : q) : ZERO);
      let total = [...own, ...exits].reduce((sum, x) => plus(sum, size(x.quantity)), ZERO);
      if (less(s.there, total)) s.unknown = true;
      const rest = minus(s.there, total);
      // All there is: what is left after everything else of the instant, with a shipment rather than to the bin.
      const all = exits.filter((m) => m.quantity === 'all');
      const allOut = all.length > 0 && rest.n > 0n ? rest : ZERO;
      total = plus(total, allOut);

      const materialIn = (quantity: Fraction): Fraction =>
        isSeed(unit)
          ? inWindow(unit, at)
            ? quantity
            : ZERO
          : s.there.n === 0n
            ? ZERO
            : times(s.material, over(quantity, s.there));
      const back = { quantity: ZERO };
      for (const d of own) {
        const targets = d.targets.filter((t) => t.unit !== unit);
        if (targets.length === 0) back.quantity = plus(back.quantity, size(d.quantity));
        const seeded = inWindow(unit, at);
        const unclear = !seeded && through(unit).some((t) => meets(t, [d.from, d.until]));
        if (!unclear && (isSeed(unit) ? !seeded : !s.held)) continue;
        const known = !unclear && d.quantity !== null && (isSeed(unit) || !s.unknown);
        const material = known ? materialIn(fraction(d.quantity!)) : null;
        if (isSeed(unit) && targets.length > 0) result.drawn = sum(result.drawn, material);
        if (material !== null && material.n === 0n) continue;
        give(targets, material);
      }
      if (s.unknown) return;
      for (const m of exits) {
        const quantity =
          m.quantity !== 'all'
            ? size(m.quantity)
            : m === (all.find((x) => x.role === 'shipped') ?? all[0])
              ? allOut
              : ZERO;
        if (m.role === 'shipped') {
          s.shippedMaterial = plus(s.shippedMaterial, materialIn(quantity));
          s.shipped = plus(s.shipped, quantity);
        } else {
          s.scrappedMaterial = plus(s.scrappedMaterial, materialIn(quantity));
          s.scrapped = plus(s.scrapped, quantity);
        }
      }
      if (!isSeed(unit)) s.material = minus(s.material, materialIn(minus(total, back.quantity)));
      s.there = minus(s.there, total);
      noteShare();
    }

    function give(targets: MixedDraw['targets'], material: Fraction | null): void {
      const same = new Set(targets.map((t) => plant.units.get(t.unit)!.uom)).size === 1;
      const divisible = targets.length === 1 || (same && targets.every((t) => t.made !== null));
      const made = targets.reduce((n, t) => n + (t.made ?? 0n), 0n);
      for (const t of targets) {
        const own =
          material === null || !divisible
            ? null
            : targets.length === 1
              ? material
              : times(material, fraction(t.made!, made));
        if (isSeed(t.unit)) {
          result.flowedBack = sum(result.flowedBack, own);
          continue;
        }
        const s = states.get(t.unit)!;
        s.held = true;
        if (own === null) s.unknown = true;
        else s.material = plus(s.material, own);
      }
    }
  }

  for (const [name, unit] of plant.units) {
    const s = states.get(name)!;
    const now = windowsOf(name).some(([, until]) => until === Infinity);
    const exposed = exposure(name).length > 0;
    const installed = through(name).length > 0;
    const seed = isSeed(name);
    const left = plus(s.shippedMaterial, s.scrappedMaterial);
    let amount: Fraction | null = plus(seed ? (now ? s.there : ZERO) : s.material, left);
    if (seed ? s.unknown || (!now && installed) : installed || (s.held ? s.unknown : exposed)) amount = null;
    if (uoms.size > 1) amount = null;
    result.amount.set(name, amount);

    const whole = plus(s.there, plus(s.shipped, s.scrapped));
    const comparable = uoms.size === 1 && unit.uom === uom;
    let share: Fraction | null = null;
    if (amount !== null && comparable) {
      if (seed && now) share = fraction(1n);
      else if (!s.unknown && whole.n > 0n) share = atMostOne(over(amount, whole));
    }
    result.share.set(name, share);

    let peak: Fraction | null = atMostOne(s.peak);
    if (seed) peak = fraction(1n);
    else if (installed || (s.held ? s.unknown || s.peak.n === 0n : exposed)) peak = null;
    result.peak.set(name, comparable ? peak : null);
  }
  return result;
}

function entry(s: State, m: MixedMove, seed: boolean): void {
  if (m.role === 'made') {
    if (typeof m.quantity === 'bigint') s.there = plus(s.there, fraction(m.quantity));
    else s.unknown = true;
  } else if (m.role === 'adjusted') {
    if (typeof m.quantity !== 'bigint' || m.quantity > 0n) s.unknown = true;
  } else if (m.role === 'returned') {
    const back = m.quantity === 'all' ? s.shipped : m.quantity === null ? null : fraction(m.quantity);
    if (back === null || less(s.shipped, back)) s.unknown = true;
    if (s.unknown || back === null || back.n === 0n) return;
    const material = times(s.shippedMaterial, over(back, s.shipped));
    s.shippedMaterial = minus(s.shippedMaterial, material);
    if (!seed) s.material = plus(s.material, material);
    s.shipped = minus(s.shipped, back);
    s.there = plus(s.there, back);
  }
}

const sum = (a: Fraction | null, b: Fraction | null): Fraction | null => (a === null || b === null ? null : plus(a, b));
const atMostOne = (f: Fraction): Fraction => (less(fraction(1n), f) ? fraction(1n) : f);
