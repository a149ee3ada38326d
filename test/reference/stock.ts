/**
 * Where everything is, written from LEDGER.md ("Stock", "Where a unit is"): all facts that count in the order of their times, one
 * after the other, in the plainest way. It speaks of what the record tells clearly: every quantity and place named, no two facts
 * at one time. A lot of which more went than was there is unclear, and is not compared.
 */
import { keyOf, type SentEvent, type UnitName } from './plant';

interface Row {
  unit: UnitName;
  quantity?: { value: string };
}

/** What of a lot is in one container, at one place or with one customer. */
interface Part {
  container: string;
  shipped: boolean;
  at: string;
  quantity: number;
}

export interface ReferenceLot {
  /** place → quantity, in whole base units; what came back counts as stock */
  stock: Map<string, number>;
  shipped: Map<string, number>;
  /** by what it is in */
  inWork: Map<string, number>;
  scrapped: number;
  used: number;
  /** what came in, by making, counting and adjusting: it is somewhere */
  gained: number;
  /** in containers: a part of what is in stock or shipped */
  parts: Part[];
  unclear: boolean;
}

export interface ReferenceSerial {
  state: string;
  place: string | null;
  customer: string | null;
  /** what it is in */
  parent: string | null;
  container: string | null;
}

export interface ReferenceStock {
  lots: Map<string, ReferenceLot>;
  serials: Map<string, ReferenceSerial>;
}

/** What counts: voided and corrected facts do not, what a correction puts in their place does. */
export function factsThatCount(events: readonly SentEvent[]): SentEvent[] {
  const gone = new Set(events.filter((e) => e.type === 'void' || e.type === 'correct').map((e) => e.event as string));
  return events
    .filter((e) => e.type !== 'void' && !gone.has(e.id))
    .map((e) => (e.type === 'correct' ? { at: e.at, ...(e.with as object), id: e.id } : e) as SentEvent)
    .sort((a, b) => Date.parse(a.at!) - Date.parse(b.at!));
}

export function referenceStock(events: readonly SentEvent[]): ReferenceStock {
  const found: ReferenceStock = { lots: new Map(), serials: new Map() };
  for (const e of factsThatCount(events)) apply(found, e);
  return found;
}

function apply(s: ReferenceStock, e: SentEvent): void {
  if (e.container !== undefined) return inContainer(s, e);
  const place = e.place as string;
  const customer = e.customer as string;
  const one = (): Row => ({ unit: e.unit as UnitName, quantity: e.quantity as Row['quantity'] });
  /** `{unit, quantity?}`, or the unit's name alone */
  const rows = (field: string): Row[] =>
    ((e[field] as (Row | UnitName)[] | undefined) ?? []).map((r) => ('unit' in r ? r : { unit: r }));
  const nameOnly = (unit: UnitName): void =>
    void ('lot' in unit ? lotOf(s, unit) : 'serial' in unit && serialOf(s, unit));
  switch (e.type) {
    case 'receive':
    case 'create':
      return made(s, one(), place);
    case 'produce':
      for (const r of rows('outputs')) made(s, r, place);
      for (const r of rows('inputs'))
        if ('serial' in r.unit) installed(s, r, place, rows('outputs')[0]!.unit);
        else used(s, r, place);
      return;
    case 'split':
    case 'merge':
      for (const r of rows('to')) made(s, r, place);
      for (const r of rows('from')) used(s, r, place);
      return;
    case 'top-up':
      used(s, one(), place);
      return made(s, { unit: e.vessel as UnitName, quantity: one().quantity }, place);
    case 'install':
    case 'load':
      nameOnly((e.parent ?? e.run) as UnitName);
      return installed(s, one(), place, (e.parent ?? e.run) as UnitName);
    case 'remove':
    case 'unload':
      nameOnly((e.parent ?? e.run) as UnitName);
      return removed(s, one(), place, (e.parent ?? e.run) as UnitName);
    case 'clean':
      return cleaned(s, keyOf(e.run as UnitName), place);
    case 'move':
      return moved(s, one(), e.from as string, e.to as string);
    case 'ship':
      for (const r of rows('units')) shipped(s, r, place, customer);
      return;
    case 'return':
      for (const r of rows('units')) returned(s, r, place, customer);
      return;
    case 'scrap':
      return scrapped(s, one(), place);
    case 'count':
    case 'adjust':
      return corrected(s, one(), place, e.type);
    case 'hold':
      for (const r of rows('units')) nameOnly(r.unit);
      return;
    case 'inspect':
    case 'amend':
      return nameOnly(e.unit as UnitName);
    default:
      return;
  }
}

function lotOf(s: ReferenceStock, unit: UnitName): ReferenceLot {
  const key = keyOf(unit);
  let lot = s.lots.get(key);
  if (!lot) {
    lot = {
      stock: new Map(),
      shipped: new Map(),
      inWork: new Map(),
      scrapped: 0,
      used: 0,
      gained: 0,
      parts: [],
      unclear: false,
    };
    s.lots.set(key, lot);
  }
  return lot;
}

function serialOf(s: ReferenceStock, unit: UnitName): ReferenceSerial {
  const key = keyOf(unit);
  let serial = s.serials.get(key);
  if (!serial)
    s.serials.set(key, (serial = { state: 'unknown', place: null, customer: null, parent: null, container: null }));
  return serial;
}

const size = (r: Row): number => Number(r.quantity?.value ?? 1);
const be = (
  serial: ReferenceSerial,
  state: string,
  place: string | null = null,
  customer: string | null = null,
  parent: string | null = null,
  container: string | null = null,
): void => void Object.assign(serial, { state, place, customer, parent, container });

function give(sums: Map<string, number>, at: string, quantity: number): void {
  sums.set(at, (sums.get(at) ?? 0) + quantity);
}

const packed = (lot: ReferenceLot, shipped: boolean, at: string): number =>
  lot.parts.filter((p) => p.shipped === shipped && p.at === at).reduce((n, p) => n + p.quantity, 0);

/** By itself: of what lies loose. More than that is out of a container, and it is not told which. */
function take(lot: ReferenceLot, from: string, quantity: number): void {
  if ((lot.stock.get(from) ?? 0) - packed(lot, false, from) < quantity) lot.unclear = true;
  give(lot.stock, from, -quantity);
}

function made(s: ReferenceStock, r: Row, place: string): void {
  if ('serial' in r.unit) {
    const serial = serialOf(s, r.unit);
    if (serial.state === 'unknown') be(serial, 'in-stock', place);
  } else if ('lot' in r.unit) {
    const lot = lotOf(s, r.unit);
    give(lot.stock, place, size(r));
    lot.gained += size(r);
  }
}

function used(s: ReferenceStock, r: Row, place: string): void {
  const lot = lotOf(s, r.unit);
  take(lot, place, size(r));
  lot.used += size(r);
}

function installed(s: ReferenceStock, r: Row, place: string, parent: UnitName): void {
  if ('serial' in r.unit) return be(serialOf(s, r.unit), 'in-work', null, null, keyOf(parent));
  const lot = lotOf(s, r.unit);
  take(lot, place, size(r));
  give(lot.inWork, keyOf(parent), size(r));
}

/** Without a quantity: all that is in there. */
function removed(s: ReferenceStock, r: Row, place: string, parent: UnitName): void {
  if ('serial' in r.unit) return be(serialOf(s, r.unit), 'in-stock', place);
  const lot = lotOf(s, r.unit);
  const there = lot.inWork.get(keyOf(parent)) ?? 0;
  const back = r.quantity ? size(r) : there;
  if (there < back || there === 0) lot.unclear = true;
  give(lot.inWork, keyOf(parent), -back);
  give(lot.stock, place, back);
}

/** What is in it is out: of a lot nobody knows how much. */
function cleaned(s: ReferenceStock, run: string, place: string): void {
  for (const lot of s.lots.values()) {
    if ((lot.inWork.get(run) ?? 0) > 0) lot.unclear = true;
    lot.inWork.set(run, 0);
  }
  for (const serial of s.serials.values())
    if (serial.state === 'in-work' && serial.parent === run) be(serial, 'in-stock', place);
}

function moved(s: ReferenceStock, r: Row, from: string, to: string): void {
  if ('serial' in r.unit) {
    const serial = serialOf(s, r.unit);
    return be(serial, storeState(serial), to);
  }
  const lot = lotOf(s, r.unit);
  take(lot, from, size(r));
  give(lot.stock, to, size(r));
}

function shipped(s: ReferenceStock, r: Row, place: string, customer: string): void {
  if ('serial' in r.unit) return be(serialOf(s, r.unit), 'shipped', null, customer);
  const lot = lotOf(s, r.unit);
  take(lot, place, size(r));
  give(lot.shipped, customer, size(r));
}

function returned(s: ReferenceStock, r: Row, place: string, customer: string): void {
  if ('serial' in r.unit) return be(serialOf(s, r.unit), 'returned', place);
  const lot = lotOf(s, r.unit);
  if ((lot.shipped.get(customer) ?? 0) - packed(lot, true, customer) < size(r)) lot.unclear = true;
  give(lot.shipped, customer, -size(r));
  give(lot.stock, place, size(r));
}

function scrapped(s: ReferenceStock, r: Row, place: string): void {
  if ('serial' in r.unit) return be(serialOf(s, r.unit), 'scrapped');
  const lot = lotOf(s, r.unit);
  take(lot, place, size(r));
  lot.scrapped += size(r);
}

function corrected(s: ReferenceStock, r: Row, place: string, how: 'count' | 'adjust'): void {
  const lot = lotOf(s, r.unit);
  const before = lot.stock.get(place) ?? 0;
  const change = how === 'count' ? size(r) - before : size(r);
  if (before + change < packed(lot, false, place)) lot.unclear = true;
  give(lot.stock, place, change);
  lot.gained += change;
}

// ------------------------------------------------------------ containers

/** What came back stays so wherever it is put. */
const storeState = ({ state }: ReferenceSerial): string => (state === 'returned' ? 'returned' : 'in-stock');

function inContainer(s: ReferenceStock, e: SentEvent): void {
  const container = e.container as string;
  const named = (e.units as (Row | UnitName)[] | undefined)?.map((r): Row => ('unit' in r ? r : { unit: r })) ?? [];
  const isNamed = (key: string): boolean => named.some((r) => keyOf(r.unit) === key);
  // What an event says of a unit by name it does not say again by its container.
  if (e.type !== 'unpack' || named.length === 0) {
    for (const [key, serial] of s.serials) if (!isNamed(key) && serial.container === container) carried(serial, e);
    for (const [key, lot] of s.lots)
      if (!isNamed(key)) for (const part of inside(lot, container)) carriedPart(lot, part, e);
  }
  for (const r of named) (e.type === 'pack' ? pack : unpack)(s, r, container, e.place as string);
}

const inside = (lot: ReferenceLot, container: string): Part[] =>
  lot.parts.filter((p) => p.container === container && p.quantity > 0);

function carried(serial: ReferenceSerial, e: SentEvent): void {
  const { container } = serial;
  const isShipped = serial.state === 'shipped';
  if (e.type === 'move' && !isShipped) be(serial, storeState(serial), e.to as string, null, null, container);
  else if (e.type === 'ship' && !isShipped) be(serial, 'shipped', null, e.customer as string, null, container);
  else if (e.type === 'return' && isShipped && serial.customer === e.customer)
    be(serial, 'returned', e.place as string, null, null, container);
  // Emptied, or packed again: what left in it is the customer's.
  else if ((e.type === 'unpack' || e.type === 'pack') && isShipped) serial.container = null;
  else if (e.type === 'unpack') be(serial, storeState(serial), e.place as string);
}

function carriedPart(lot: ReferenceLot, part: Part, e: SentEvent): void {
  const { quantity, at } = part;
  const go = (shipped: boolean, to: string): void => {
    give(part.shipped ? lot.shipped : lot.stock, at, -quantity);
    give(shipped ? lot.shipped : lot.stock, to, quantity);
    put(lot, part.container, shipped, to, quantity);
    part.quantity = 0;
  };
  if (e.type === 'move' && !part.shipped) go(false, e.to as string);
  else if (e.type === 'ship' && !part.shipped) go(true, e.customer as string);
  else if (e.type === 'return' && part.shipped && at === e.customer) go(false, e.place as string);
  else if ((e.type === 'unpack' || e.type === 'pack') && part.shipped) part.quantity = 0;
  else if (e.type === 'unpack') unpackPart(lot, part, quantity, e.place as string);
}

function put(lot: ReferenceLot, container: string, shipped: boolean, at: string, quantity: number): void {
  lot.parts.push({ container, shipped, at, quantity });
}

/** Where it is unpacked, there it was. */
function unpackPart(lot: ReferenceLot, part: Part, quantity: number, place: string): void {
  part.quantity -= quantity;
  give(lot.stock, part.at, -quantity);
  give(lot.stock, place, quantity);
}

function pack(s: ReferenceStock, r: Row, container: string, place: string): void {
  if ('serial' in r.unit) {
    const serial = serialOf(s, r.unit);
    return be(serial, storeState(serial), place, null, null, container);
  }
  const lot = lotOf(s, r.unit);
  const loose = (lot.stock.get(place) ?? 0) - packed(lot, false, place);
  // What of it left in the same container stays in it: which of both an event of the container means later is not told plainly.
  if (loose < size(r) || inside(lot, container).some((p) => p.shipped)) lot.unclear = true;
  put(lot, container, false, place, size(r));
}

function unpack(s: ReferenceStock, r: Row, container: string, place: string): void {
  if ('serial' in r.unit) {
    const serial = serialOf(s, r.unit);
    return be(serial, storeState(serial), place);
  }
  const lot = lotOf(s, r.unit);
  const parts = inside(lot, container).filter((p) => !p.shipped);
  const places = new Set(parts.map((p) => p.at));
  if (places.size !== 1 || parts.reduce((n, p) => n + p.quantity, 0) < size(r)) {
    lot.unclear = true;
    return;
  }
  let left = size(r);
  for (const part of parts) {
    const quantity = Math.min(left, part.quantity);
    unpackPart(lot, part, quantity, place);
    left -= quantity;
  }
}
