/**
 * Random histories of a store: every type of event, in any order of arrival, with voids and corrections, without facts that
 * contradict each other. Quantities and places are named and no two facts have one time, so that a plain reference can follow.
 */
import fc from 'fast-check';
import type { SentEvent, UnitName } from '../reference';

export const STORE = {
  items: [
    ['RM', 'lot', 'kg'],
    ['MIX', 'lot', 'kg'],
    ['BAT', 'serial', 'pcs'],
    ['BIKE', 'serial', 'pcs'],
    ['FEEDER', 'lot', 'pcs'],
  ],
  places: ['A', 'B', 'C'],
  partners: [
    ['ACME', 'supplier'],
    ['SHOP', 'customer'],
    ['MALL', 'customer'],
  ],
} as const;

const kg = (value: number) => ({ value: String(value), uom: 'kg' });
const n = (max: number) => fc.integer({ min: 1, max });
const place = fc.constantFrom(...STORE.places);
const customer = fc.constantFrom('SHOP', 'MALL');
const raw = n(3).map((i): UnitName => ({ item: 'RM', lot: `L${i}` }));
const mix = n(2).map((i): UnitName => ({ item: 'MIX', lot: `M${i}` }));
const battery = n(3).map((i): UnitName => ({ item: 'BAT', serial: `S${i}` }));
const bike = n(2).map((i): UnitName => ({ item: 'BIKE', serial: `B${i}` }));
const run = n(2).map((i): UnitName => ({ item: 'FEEDER', run: `F${i}` }));
const lot = fc.oneof(raw, mix);
const serial = fc.oneof(battery, bike);
const container = n(2).map((i) => `C${i}`);
const quantity = n(8).map(kg);
const some = fc.oneof(
  fc.record({ unit: lot, quantity }),
  serial.map((unit) => ({ unit })),
);
const of = (type: string, fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({ type: fc.constant(type), place, ...fields }) as fc.Arbitrary<{ type: string; [field: string]: unknown }>;
const amount = n(30).map(kg);

const fact = fc.oneof(
  { weight: 4, arbitrary: of('receive', { unit: raw, quantity: amount, supplier: fc.constant('ACME') }) },
  {
    weight: 2,
    arbitrary: of('receive', { unit: battery, attributes: fc.record({ colour: fc.constantFrom('red', 'blue') }) }),
  },
  {
    weight: 1,
    arbitrary: of('create', { unit: mix, quantity: amount, expires: fc.constantFrom('2026-12-01', '2027-01-15') }),
  },
  {
    weight: 3,
    arbitrary: of('produce', {
      outputs: mix.chain((unit) => quantity.map((q) => [{ unit, quantity: q }])),
      inputs: raw.chain((unit) => quantity.map((q) => [{ unit, quantity: q }])),
    }),
  },
  {
    weight: 2,
    arbitrary: of('produce', { outputs: bike.map((unit) => [{ unit }]), inputs: battery.map((unit) => [{ unit }]) }),
  },
  { weight: 3, arbitrary: of('move', { unit: lot, quantity, from: place, to: place }) },
  { weight: 1, arbitrary: of('move', { unit: serial, to: place }) },
  { weight: 3, arbitrary: of('ship', { units: some.map((r) => [r]), customer, shipment: fc.constant('SH') }) },
  { weight: 2, arbitrary: of('return', { units: some.map((r) => [r]), customer }) },
  { weight: 1, arbitrary: of('scrap', { unit: lot, quantity }) },
  { weight: 1, arbitrary: of('scrap', { unit: serial }) },
  { weight: 2, arbitrary: of('count', { unit: lot, quantity: fc.integer({ min: 0, max: 12 }).map(kg) }) },
  {
    weight: 1,
    arbitrary: of('adjust', {
      unit: lot,
      quantity: fc.constantFrom(-3, -1, 2, 5).map(kg),
      reason: fc.constant('found'),
    }),
  },
  { weight: 1, arbitrary: of('top-up', { vessel: mix, unit: raw, quantity }) },
  {
    weight: 2,
    arbitrary: of('split', {
      again: fc.boolean(),
      from: mix.chain((unit) => quantity.map((q) => [{ unit, quantity: q }])),
      to: quantity.map((q) => [{ unit: { item: 'MIX', lot: 'new' }, quantity: q }]),
    }),
  },
  { weight: 1, arbitrary: of('install', { parent: bike, unit: battery }) },
  { weight: 1, arbitrary: of('remove', { parent: bike, unit: battery }) },
  { weight: 3, arbitrary: of('load', { run, unit: raw, quantity }) },
  { weight: 1, arbitrary: of('load', { run, unit: battery }) },
  {
    weight: 2,
    arbitrary: of('unload', { run, unit: raw, quantity: fc.option(quantity, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: of('unload', { run, unit: battery }) },
  { weight: 2, arbitrary: of('clean', { run }) },
  {
    weight: 1,
    arbitrary: of('inspect', {
      unit: mix,
      characteristic: fc.constant('leak'),
      result: fc.constantFrom('pass', 'fail'),
    }),
  },
  { weight: 1, arbitrary: of('hold', { units: fc.oneof(lot, serial).map((u) => [u]), reason: fc.constant('smell') }) },
  {
    weight: 2,
    arbitrary: of('amend', {
      unit: fc.oneof(lot, battery),
      expires: fc.constantFrom('2027-01-01', '2027-02-01'),
      attributes: fc.record({ colour: fc.constantFrom('red', 'green', null), size: n(9) }),
      reason: fc.constant('label'),
    }),
  },
  {
    weight: 1,
    arbitrary: of('order', {
      purchaseOrder: fc.constant('PO'),
      partner: fc.constant('ACME'),
      lines: quantity.map((q) => [{ item: 'RM', quantity: q }]),
    }),
  },
  {
    weight: 1,
    arbitrary: of('expect', {
      purchaseOrder: fc.constant('PO'),
      partner: fc.constant('ACME'),
      lines: raw.chain((unit) => quantity.map((q) => [{ item: 'RM', quantity: q, unit }])),
    }),
  },
);
const packing = fc.oneof(
  { weight: 3, arbitrary: of('pack', { container, units: some.map((r) => [r]) }) },
  {
    weight: 1,
    arbitrary: of('unpack', {
      container,
      units: fc.option(
        some.map((r) => [r]),
        { nil: undefined },
      ),
    }),
  },
  { weight: 1, arbitrary: of('move', { container, to: place }) },
  { weight: 1, arbitrary: of('ship', { container, customer, shipment: fc.constant('SC') }) },
  { weight: 1, arbitrary: of('return', { container, customer }) },
  { weight: 1, arbitrary: of('hold', { container, reason: fc.constant('wet') }) },
);
const mistake = fc.oneof(
  fc.record({ type: fc.constant('void'), target: fc.nat(50), reason: fc.constant('typed wrong') }),
  fc.record({ type: fc.constant('release'), target: fc.nat(50) }),
  fc.record({
    type: fc.constant('correct'),
    target: fc.nat(50),
    reason: fc.constant('other lot'),
    with: fc.oneof(
      of('scrap', { unit: lot, quantity }),
      of('receive', { unit: raw, quantity: amount }),
      of('hold', { units: mix.map((u) => [u]), reason: fc.constant('colour') }),
    ),
  }),
) as fc.Arbitrary<{ type: string; target: number; [field: string]: unknown }>;

const step = fc.oneof(
  { weight: 5, arbitrary: fact },
  { weight: 2, arbitrary: packing },
  { weight: 1, arbitrary: mistake },
);

/** A history: its events, and two orders of arrival in which nothing is taken back or released before it is there. */
export interface StockHistory {
  events: SentEvent[];
  arrivals: [SentEvent[], SentEvent[]];
}

export const stockHistory: fc.Arbitrary<StockHistory> = fc
  .record({
    steps: fc.array(fc.tuple(step, fc.nat(1_000_000)), { minLength: 6, maxLength: 24 }),
    orders: fc.tuple(fc.infiniteStream(fc.nat(1_000_000)), fc.infiniteStream(fc.nat(1_000_000))),
  })
  .map(({ steps, orders }) => {
    const events = consistent(steps);
    return { events, arrivals: [arrival(events, orders[0]), arrival(events, orders[1])] };
  });

function consistent(steps: readonly [{ type: string; [field: string]: unknown }, number][]): SentEvent[] {
  // Times are all different; which comes first has nothing to do with which was drawn first.
  const rank = new Map([...steps.keys()].sort((a, b) => steps[a]![1] - steps[b]![1] || a - b).map((i, at) => [i, at]));
  const events: SentEvent[] = [];
  const made = new Set<string>();
  const taken = new Set<string>();
  for (const [i, [{ target, ...drawn }]] of steps.entries()) {
    const id = `e${i}`;
    const at = new Date(Date.UTC(2026, 2, 1) + rank.get(i)! * 60_000).toISOString();
    const event = JSON.parse(JSON.stringify({ ...drawn, id, at })) as SentEvent;
    if (target !== undefined) {
      const open = events.filter(
        (e) =>
          !taken.has(e.id) &&
          (event.type === 'release' ? e.type === 'hold' : e.type !== 'void') &&
          !events.some((r) => r.hold === e.id),
      );
      const chosen = open[(target as number) % Math.max(open.length, 1)];
      if (!chosen) continue;
      // A making that is taken back could be made again by another; which of the two came first would then decide.
      if (event.type === 'release') event.hold = chosen.id;
      else {
        event.event = chosen.id;
        taken.add(chosen.id);
      }
      if (event.type === 'void') delete (event as { at?: string }).at;
      events.push(event);
      continue;
    }
    const makes = [event.unit, ...((event.outputs as { unit: UnitName }[] | undefined) ?? []).map((o) => o.unit)];
    const serials = (event.type === 'receive' || event.type === 'produce' ? makes : []).flatMap((u) =>
      typeof u === 'object' && u !== null && 'serial' in u ? [(u as { serial: string }).serial] : [],
    );
    if (serials.some((s) => made.has(s))) continue;
    for (const s of serials) made.add(s);
    if (event.type === 'split') {
      type Rows = { unit: UnitName }[];
      // What was split off is split again, as often as not.
      const before = events.filter((e) => e.type === 'split').at(-1);
      if (event.again && before) (event.from as Rows)[0]!.unit = (before.to as Rows)[0]!.unit;
      (event.to as Rows)[0]!.unit = { item: 'MIX', lot: `N${i}` };
      delete event.again;
    }
    events.push(event);
  }
  return events;
}

function arrival(events: readonly SentEvent[], keys: Iterable<number>): SentEvent[] {
  const stream = keys[Symbol.iterator]();
  const order = new Map<string, number>();
  for (const e of events) order.set(e.id, stream.next().value as number);
  for (const e of events) {
    const target = (e.event ?? e.hold) as string | undefined;
    if (target !== undefined) order.set(e.id, Math.max(order.get(e.id)!, order.get(target)! + 0.001));
  }
  return [...events].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
}

const NAMES = new Set(['container', 'lot', 'serial', 'run', 'id', 'event', 'hold', 'purchaseOrder']);

/** The same with a prefix in ids and codes, so that many histories share a database. */
export function prefixed<T>(value: T, prefix: string): T {
  if (Array.isArray(value)) return value.map((v: unknown) => prefixed(v, prefix)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key,
      NAMES.has(key) && typeof v === 'string' ? prefix + v : prefixed(v as unknown, prefix),
    ]),
  ) as T;
}
