/**
 * Random event histories of a small plant: every type that is carried out, valid and odd (late, in any order, dated by the
 * day, drawn before it was made, never removed, voided, corrected), without facts that contradict each other. Reusable:
 * `arbitraryHistory` gives the events in one order and in two orders of arrival, cut into requests.
 */
import fc from 'fast-check';
import { keyOf, MasterData, SentEvent, UnitName } from '../reference';

export const MASTER = {
  items: [
    { item: 'RM', tracking: 'lot', uom: 'kg' },
    { item: 'MIX', tracking: 'lot', uom: 'kg' },
    { item: 'BAT', tracking: 'serial', uom: 'pcs' },
    { item: 'BIKE', tracking: 'serial', uom: 'pcs' },
    { item: 'FEEDER', tracking: 'lot', uom: 'pcs' },
  ],
  withBom: ['MIX', 'BIKE'],
} satisfies MasterData;

export const CUSTOMERS = ['SHOP-1', 'SHOP-2'];
export const CHARACTERISTIC = 'leak test';

export interface History {
  events: SentEvent[];
  /** the same events in two orders of arrival, cut into requests */
  arrivals: [SentEvent[][], SentEvent[][]];
}

const lot =
  (item: string) =>
  (n: number): UnitName => ({ item, lot: `L${n}` });
const serial =
  (item: string) =>
  (n: number): UnitName => ({ item, serial: `S${n}` });
const few = fc.integer({ min: 1, max: 3 });
const rawLot = few.map(lot('RM'));
const mixLot = few.map(lot('MIX'));
const anyLot = fc.oneof(rawLot, mixLot);
const battery = few.map(serial('BAT'));
const bike = few.map(serial('BIKE'));
const anySerial = fc.oneof(battery, battery, bike);
const run = fc.constantFrom(1, 2).map((n): UnitName => ({ item: 'FEEDER', run: `F${n}` }));
const anyUnit = fc.oneof(anyLot, anySerial);

/** Few moments on four days, so that ties are common; now and then a whole day. */
const HOURS = ['00:00:00.000', '08:00:00.000', '08:00:00.001', '16:30:00.000'];
const time = fc.tuple(few, fc.constantFrom(...HOURS)).map(([day, hour]) => `2026-03-0${day}T${hour}Z`);
const date = few.map((day) => `2026-03-0${day}`);
const at = fc.oneof({ weight: 6, arbitrary: time }, { weight: 1, arbitrary: date });

function sized(unit: UnitName, value = '10'): object {
  if (!('lot' in unit)) return {};
  return { quantity: { value, uom: MASTER.items.find((i) => i.item === unit.item)!.uom } };
}

interface Raw {
  type: string;
  at?: string;
  [field: string]: unknown;
}

const produceInput = fc
  .record({
    unit: fc.oneof(rawLot, rawLot, mixLot, battery, bike, run),
    mode: fc.constantFrom(undefined, undefined, undefined, 'consume', 'install'),
    certainty: fc.constantFrom(undefined, undefined, undefined, undefined, 'possible', 'certain'),
    for: fc.constantFrom(undefined, undefined, [0]),
    window: fc.constantFrom(undefined, undefined, undefined, 'from', 'until', 'both'),
    from: at,
    hours: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ unit, mode, certainty, for: targets, window, from, hours }) => {
    const start = Date.parse(from);
    const until = new Date(start + hours * 3_600_000).toISOString();
    return {
      unit,
      ...sized(unit, '2'),
      ...(mode && 'run' in unit ? {} : { mode }),
      certainty,
      for: targets,
      // `until` alone is read from the event's own time on: it may come out empty there, and is then left out below.
      ...(window === 'from' || window === 'both' ? { from } : {}),
      ...(window === 'until' || window === 'both' ? { until } : {}),
    };
  });

const produce: fc.Arbitrary<Raw> = fc
  .record({
    at,
    outputs: fc.array(fc.oneof(mixLot, bike, battery), { minLength: 1, maxLength: 2 }),
    inputs: fc.array(produceInput, { maxLength: 3 }),
  })
  .map(({ at: when, outputs, inputs }) => ({
    type: 'produce',
    at: when,
    outputs: outputs.map((unit) => ({ unit, ...sized(unit) })),
    inputs: inputs.map((input) => {
      const from = 'from' in input ? Date.parse(input.from!) : Date.parse(when);
      const until =
        'until' in input && Date.parse(input.until!) <= from ? undefined : (input as { until?: string }).until;
      return { ...input, until };
    }),
  }));

const inAndOut = (
  types: [string, string],
  parent: 'parent' | 'run',
  parents: fc.Arbitrary<UnitName>,
  units: fc.Arbitrary<UnitName>,
): fc.Arbitrary<Raw> =>
  fc
    .record({
      type: fc.constantFrom(types[0], types[0], types[1]),
      at,
      parent: parents,
      unit: units,
      position: fc.constantFrom(undefined, undefined, undefined, 'p1'),
      part: fc.boolean(),
    })
    .map(({ type, at: when, parent: p, unit, position, part }) => ({
      type,
      at: when,
      [parent]: p,
      unit,
      position,
      ...(type === 'unload' && part ? {} : sized(unit)),
    }));

const raw: fc.Arbitrary<Raw> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('receive'), at, unit: fc.oneof(rawLot, battery) }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('create'), at, unit: anyUnit, madeAt: fc.option(at, { nil: undefined }) }),
  },
  { weight: 5, arbitrary: produce },
  { weight: 2, arbitrary: inAndOut(['load', 'unload'], 'run', run, fc.oneof(rawLot, rawLot, battery)) },
  { weight: 4, arbitrary: inAndOut(['install', 'remove'], 'parent', bike, battery) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clean'), at, run }) },
  {
    weight: 1,
    arbitrary: fc
      .record({
        type: fc.constantFrom('split', 'merge'),
        at,
        from: fc.array(anyLot, { minLength: 1, maxLength: 2 }),
        to: fc.array(mixLot, { minLength: 1, maxLength: 2 }),
      })
      .map(({ from, to, ...e }) => ({
        ...e,
        from: from.map((unit) => ({ unit, ...sized(unit, '3') })),
        to: to.map((unit) => ({ unit, ...sized(unit) })),
      })),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('top-up'), at, vessel: mixLot, unit: anyLot }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('move'), at, unit: anyUnit, to: fc.constant('STORE') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('ship', 'ship', 'return'),
      at: time,
      units: fc.array(anyUnit, { minLength: 1, maxLength: 2 }),
      customer: fc.constantFrom(...CUSTOMERS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('scrap'), at: time, unit: anyUnit }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('inspect'),
      at,
      unit: fc.oneof(mixLot, bike),
      characteristic: fc.constant(CHARACTERISTIC),
      result: fc.constantFrom('pass', 'pass', 'fail'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('hold'),
      at: time,
      units: fc.array(anyUnit, { minLength: 1, maxLength: 2 }),
      reason: fc.constant('odd smell'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('release'), at: time, target: fc.nat(30) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('void'), target: fc.nat(30), reason: fc.constant('typed wrong') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('correct'),
      target: fc.nat(30),
      reason: fc.constant('wrong lot'),
      with: produce,
    }),
  },
);

const container = fc.constantFrom('P1', 'P2');
const inStore = fc.constantFrom(undefined, 'STORE');

/** Counts, adjustments and containers: what these do to stock the brute force leaves to be compared between orders and sources. */
const stockRaw: fc.Arbitrary<Raw> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('pack', 'pack', 'pack', 'unpack'),
      at,
      container,
      units: fc.array(anyUnit, { minLength: 1, maxLength: 2 }),
      place: inStore,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('unpack'), at, container, place: inStore }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('move'), at, container, to: fc.constant('STORE') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('ship', 'ship', 'return'),
      at,
      container,
      customer: fc.constantFrom(...CUSTOMERS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('hold'), at, container, reason: fc.constant('wet') }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ at, unit: anyUnit, place: inStore, n: fc.integer({ min: 0, max: 12 }) })
      .map(({ n, ...e }) => ({ type: 'count', ...e, ...counted(e.unit, n) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ at, unit: anyUnit, place: inStore, n: fc.constantFrom(-12, -1, 1, 5) })
      .map(({ n, ...e }) => ({ type: 'adjust', reason: 'found so', ...e, ...counted(e.unit, n) })),
  },
);

function counted(unit: UnitName, n: number): object {
  const value = 'serial' in unit ? Math.sign(n) : n;
  return { quantity: { value: String(value), uom: MASTER.items.find((i) => i.item === unit.item)!.uom } };
}

export function arbitraryHistory(options: { eventsMax?: number; stock?: boolean } = {}): fc.Arbitrary<History> {
  const one = options.stock ? fc.oneof({ weight: 3, arbitrary: raw }, { weight: 2, arbitrary: stockRaw }) : raw;
  return fc
    .record({
      raws: fc.array(one, { minLength: 1, maxLength: options.eventsMax ?? 22 }),
      keys: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 4 })), {
        minLength: 60,
        maxLength: 60,
      }),
    })
    .map(({ raws, keys }) => {
      const events = withoutContradictions(raws);
      const arrival = (from: number): SentEvent[][] => requests(events, keys.slice(from, from + 30));
      return { events, arrivals: [arrival(0), arrival(30)] };
    });
}

/** The history with a prefix in its event ids and unit codes, so that many can share a database. */
export function withPrefix({ events, arrivals: [a, b] }: History, prefix: string): History {
  const own = (list: readonly SentEvent[]): SentEvent[] => prefixed(list, prefix) as SentEvent[];
  return { events: own(events), arrivals: [a.map(own), b.map(own)] };
}

const PREFIXED = new Set(['lot', 'serial', 'run', 'id', 'event', 'hold', 'container']);

function prefixed(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((v) => prefixed(v, prefix));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, v]) => {
    return [key, PREFIXED.has(key) && typeof v === 'string' ? prefix + v : prefixed(v, prefix)] as const;
  });
  return Object.fromEntries(entries);
}

// ---------------------------------------------------------------- from raw events to a history

function withoutContradictions(raws: readonly Raw[]): SentEvent[] {
  const events: SentEvent[] = [];
  const taken = new Set<string>();
  raws.forEach((rawEvent, n) => {
    const event = complete(rawEvent, `e${n}`, events, taken, n);
    if (!event) return;
    const facts = event.type === 'correct' ? { ...(event.with as Raw), id: event.id } : event;
    if (selfContradictory(facts)) return;
    if (events.some((other) => other.id !== event.event && contradict(claims(facts), claims(factOf(other))))) return;
    if (event.type === 'void' || event.type === 'correct') taken.add(event.event as string);
    events.push(event);
  });
  return events;
}

const factOf = (e: SentEvent): SentEvent => (e.type === 'correct' ? { ...(e.with as Raw), id: e.id } : e);

/** Gives an event its id and codes of its own, and what it refers to a real target; null where there is none. */
function complete(
  rawEvent: Raw,
  id: string,
  events: readonly SentEvent[],
  taken: ReadonlySet<string>,
  n: number,
): SentEvent | null {
  const { target, ...rest } = rawEvent as Raw & { target?: number };
  const event = without({ ...rest, id }) as SentEvent;
  if (event.type === 'void' || event.type === 'correct') {
    const targets = events.filter((e) => e.type !== 'void' && !taken.has(e.id) && !events.some((r) => r.hold === e.id));
    return targets.length === 0 ? null : { ...event, event: targets[target! % targets.length]!.id };
  }
  if (event.type === 'release') {
    const holds = events.filter((e) => e.type === 'hold' && !taken.has(e.id) && !events.some((r) => r.hold === e.id));
    return holds.length === 0 ? null : { ...event, hold: holds[target! % holds.length]!.id };
  }
  // What leaves and comes back has a moment of its own: in one instant, which came first is not said by any rule.
  if (['ship', 'return', 'scrap'].includes(event.type))
    event.at = new Date(Date.parse(event.at!) + 100 + n).toISOString();
  if (event.units) event.units = distinct(event.units as UnitName[]).map((unit) => ({ unit, ...sized(unit, '4') }));
  if (event.unit && !event.quantity && event.type !== 'inspect')
    Object.assign(event, sized(event.unit as UnitName, event.type === 'scrap' ? '1' : '10'));
  if (event.type === 'unload' && !(rawEvent as { quantity?: unknown }).quantity) delete event.quantity;
  return event;
}

function distinct(units: readonly UnitName[]): UnitName[] {
  return [...new Map(units.map((u) => [keyOf(u), u])).values()];
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.map(([key, v]) => [key, without(v)]));
}

/** What a fact says that no other fact may say too (LEDGER.md, promise 4; SETTLED 15, 16). */
interface Claims {
  madeSerials: string[];
  madeLots: string[];
  freshLots: string[];
  consumed: { unit: string; from: number }[];
  installed: { unit: string; from: number; until: number }[];
}

function claims(e: Raw): Claims {
  const out: Claims = { madeSerials: [], madeLots: [], freshLots: [], consumed: [], installed: [] };
  const made = (unit: UnitName): void => void ('serial' in unit ? out.madeSerials : out.madeLots).push(keyOf(unit));
  const period = (text: string): { from: number; until: number } => ({
    from: Date.parse(text),
    until: Date.parse(text) + (text.length === 10 ? 86_400_000 : 1),
  });
  if (e.type === 'receive' || e.type === 'create') made(e.unit as UnitName);
  if (e.type === 'top-up') made(e.vessel as UnitName);
  if (e.type === 'split' || e.type === 'merge')
    for (const { unit } of e.to as { unit: UnitName }[]) out.freshLots.push(keyOf(unit));
  if ((e.type === 'install' || e.type === 'load') && 'serial' in (e.unit as UnitName))
    out.installed.push({ unit: keyOf(e.unit as UnitName), ...period(e.at!) });
  if (e.type === 'produce') {
    for (const { unit } of e.outputs as { unit: UnitName }[]) made(unit);
    for (const input of (e.inputs ?? []) as { unit: UnitName; mode?: string; from?: string }[]) {
      if (!('serial' in input.unit)) continue;
      const times = { unit: keyOf(input.unit), ...period(input.from ?? e.at!) };
      (input.mode === 'consume' ? out.consumed : out.installed).push(times);
    }
  }
  return out;
}

function selfContradictory(e: Raw): boolean {
  const c = claims(e);
  const serials = [...c.consumed, ...c.installed].map((x) => x.unit);
  const repeated = (list: readonly string[]): boolean => new Set(list).size < list.length;
  const parent = (e.parent ?? e.run) as UnitName | undefined;
  return (
    repeated(serials) ||
    repeated(c.madeSerials) ||
    repeated(c.freshLots) ||
    c.madeSerials.some((unit) => serials.includes(unit)) ||
    (parent !== undefined && e.unit !== undefined && keyOf(parent) === keyOf(e.unit as UnitName))
  );
}

function contradict(a: Claims, b: Claims): boolean {
  const common = (x: readonly string[], y: readonly string[]): boolean => x.some((unit) => y.includes(unit));
  const units = (list: readonly { unit: string }[]): string[] => list.map((x) => x.unit);
  const late = (installs: Claims['installed'], consumptions: Claims['consumed']): boolean =>
    installs.some((i) => consumptions.some((c) => c.unit === i.unit && i.until > c.from));
  return (
    common(a.madeSerials, b.madeSerials) ||
    common(a.freshLots, [...b.freshLots, ...b.madeLots]) ||
    common(b.freshLots, a.madeLots) ||
    common(units(a.consumed), units(b.consumed)) ||
    late(a.installed, b.consumed) ||
    late(b.installed, a.consumed) ||
    a.installed.some((x) => b.installed.some((y) => x.unit === y.unit && x.from === y.from))
  );
}

/** An order of arrival, cut into requests: any order, but nothing is taken back or released before it is there. */
function requests(events: readonly SentEvent[], keys: readonly [number, number][]): SentEvent[][] {
  const order = new Map(events.map((e, i) => [e.id, keys[i % keys.length]![0] + i * 1e-9]));
  for (const e of events) {
    const target = (e.event ?? e.hold) as string | undefined;
    if (target !== undefined) order.set(e.id, Math.max(order.get(e.id)!, order.get(target)! + 1e-12));
  }
  const arrived = [...events].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
  const out: SentEvent[][] = [[]];
  arrived.forEach((e, i) => {
    if (keys[i % keys.length]![1] === 0 && out.at(-1)!.length > 0) out.push([]);
    out.at(-1)!.push(e);
  });
  return out;
}
