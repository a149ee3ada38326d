/** Where what is installed is, and with whose shipments it left. Pure. */
import { parseDecimal } from '@/kernel';
import type { Holding } from '../domain/holdings';
import { linkParts } from './link-parts';
import type { RecordedLink } from './links';
import type { GenealogyUnitKind } from './units';

export interface Shipped {
  eventId: number;
  from: number;
  until: number;
  customerId: number | null;
  document: string | null;
  /** nanos, null = unknown or all there was */
  quantity: bigint | null;
}

/** A unit by itself, without regard to what it is installed in. */
export interface Housed {
  kind: GenealogyUnitKind;
  holdings: readonly Holding[];
  shipments: readonly Shipped[];
}

/** A stretch of time in a parent, [from, until) in ms UTC. */
export interface Stay {
  parent: number;
  certain: boolean;
  from: number;
  until: number;
  /** nanos, null = unknown or all there was */
  quantity: bigint | null;
}

export interface Placed {
  holdings: readonly Holding[];
  /** the outermost parents that are with a customer: more than one where the record cannot tell which holds the unit */
  shippedIn: readonly number[];
}

/** A shipment of a parent, as far as it concerns a component. */
export interface Carried {
  parentUnitId: number;
  shipment: Shipped;
  /** the record is sure that it was in there */
  certain: boolean;
  /** it was fitted only after this shipment, and is in there now */
  fittedAfter: boolean;
}

type Whereabouts = Omit<Holding, 'quantity' | 'containerId'> & { shippedIn: number | null };

const NO_STAYS: readonly Stay[] = [];
const NOBODY: readonly number[] = [];
const IN_WORK: Whereabouts = { state: 'in-work', placeId: null, customerId: null, shippedIn: null };

/**
 * What is installed is where its outermost parent is: with that parent's customer once the parent has been shipped. And it
 * left with each shipment of a parent that it was in at that time, whatever was done with it afterwards.
 */
export class Components {
  private readonly stays = new Map<number, readonly Stay[]>();
  private readonly units = new Map<number, Housed>();

  /** `unit` and `staysFor` answer for every unit that is asked about, and for every parent that they name. */
  constructor(
    private readonly unit: (unitId: number) => Housed,
    private readonly staysFor: (unitId: number) => readonly Stay[],
  ) {}

  place(unitId: number): Placed {
    const { kind, holdings: own } = this.housed(unitId);
    const inWork = own.find((h) => h.state === 'in-work');
    if (!inWork || kind === 'run') return { holdings: own, shippedIn: NOBODY };
    if (kind === 'lot') return { holdings: this.parts(unitId, own, inWork), shippedIn: NOBODY };
    const found = this.whereabouts(unitId, new Set([unitId]));
    const holdings = merged(found.map((w) => holdingAt(w, inWork.quantity)));
    if (holdings.length === 0) return { holdings: own, shippedIn: NOBODY };
    const parents = [...new Set(found.map((w) => w.shippedIn).filter((id) => id !== null))];
    return {
      // One piece is in one of several places: how much of it is in each, nobody knows.
      holdings: holdings.map((h) => ({ ...h, quantity: holdings.length === 1 ? inWork.quantity : null })),
      shippedIn: parents.length === 0 ? NOBODY : parents.sort((a, b) => a - b),
    };
  }

  /** The shipments of its parents, at any level, that a serial left with, and those of parents that have it now. */
  carried(unitId: number, shippedIn: readonly number[]): Carried[] {
    const first = this.staysIn(unitId);
    if (first.length === 0) return [];
    const found = new Map<string, Carried>();
    const spans = new Map<number, Stay[]>();
    const sentAlone = new Set(this.housed(unitId).shipments.map((s) => s.eventId));
    const open = first.map((stay) => ({ stay, sent: sentAlone }));
    for (let at = 0; at < open.length; at++) {
      const { stay, sent } = open[at]!;
      const { parent, certain, from, until } = stay;
      const before = spans.get(parent) ?? [];
      const covered = (s: Stay) => s.from <= from && s.until >= until && (s.certain || !certain);
      if (parent === unitId || before.some(covered)) continue;
      spans.set(parent, [...before, stay]);
      // A document that names a part beside its parent hands the part over once.
      const sentHere = this.housed(parent).shipments.filter((s) => s.from < until && from < s.until);
      for (const shipment of sentHere) {
        if (sent.has(shipment.eventId)) continue;
        const key = `${parent} ${shipment.eventId}`;
        const sure = certain || found.get(key)?.certain === true;
        found.set(key, { parentUnitId: parent, shipment, certain: sure, fittedAfter: false });
      }
      const sentAbove = sentHere.length === 0 ? sent : new Set([...sent, ...sentHere.map((s) => s.eventId)]);
      for (const above of this.staysIn(parent)) {
        const both = { from: Math.max(from, above.from), until: Math.min(until, above.until) };
        if (both.from >= both.until) continue;
        open.push({ stay: { ...above, ...both, certain: certain && above.certain }, sent: sentAbove });
      }
    }
    const carried = [...found.values()];
    for (const parentUnitId of shippedIn) {
      const shipment = this.housed(parentUnitId).shipments.at(-1);
      if (!shipment || carried.some((c) => c.shipment.eventId === shipment.eventId)) continue;
      carried.push({ parentUnitId, shipment, certain: shippedIn.length === 1, fittedAfter: true });
    }
    return carried.sort((a, b) => a.shipment.from - b.shipment.from || a.parentUnitId - b.parentUnitId);
  }

  private housed(unitId: number): Housed {
    let known = this.units.get(unitId);
    if (!known) this.units.set(unitId, (known = this.unit(unitId)));
    return known;
  }

  private staysIn(unitId: number): readonly Stay[] {
    let stays = this.stays.get(unitId);
    if (!stays)
      this.stays.set(unitId, (stays = mayBeInstalled(this.housed(unitId)) ? this.staysFor(unitId) : NO_STAYS));
    return stays;
  }

  /** Where a unit that is installed can be, by its open parents: those that are certain, else those that are possible. */
  private whereabouts(unitId: number, seen: Set<number>): Whereabouts[] {
    const open = this.staysIn(unitId).filter((s) => s.until === Infinity);
    const sure = open.filter((s) => s.certain);
    const stays = sure.length > 0 ? sure : open;
    return stays.length === 0 ? [IN_WORK] : stays.flatMap((s) => this.under(s.parent, seen));
  }

  private under(parent: number, seen: Set<number>): Whereabouts[] {
    if (seen.has(parent)) return [];
    seen.add(parent);
    const above = this.housed(parent).holdings;
    if (above.length !== 1) return [IN_WORK];
    const { state, placeId, customerId } = above[0]!;
    if (state === 'shipped' || state === 'scrapped' || state === 'returned')
      return [{ state, placeId, customerId, shippedIn: state === 'shipped' ? parent : null }];
    if (state !== 'in-work') return [{ state: 'in-work', placeId, customerId, shippedIn: null }];
    return this.whereabouts(parent, seen);
  }

  /** A lot's part in work, divided among the parents that it was put into; what they do not account for stays in work. */
  private parts(unitId: number, own: readonly Holding[], inWork: Holding): Holding[] {
    const stays = this.staysIn(unitId).filter((s) => s.until === Infinity);
    const total = inWork.quantity;
    const put = stays.map((s) => {
      const where = this.under(s.parent, new Set([unitId]));
      const amount = s.quantity ?? (stays.length === 1 ? total : null);
      const told = s.certain && where.length === 1 ? amount : null;
      return { where, quantity: told !== null && stays.length === 1 && total !== null && told > total ? total : told };
    });
    if (put.every((p) => p.where.every((w) => w.state === 'in-work' && w.placeId === null))) return [...own];
    let rest = total;
    for (const p of put) rest = rest === null || p.quantity === null ? null : rest - p.quantity;
    // More was put in than is in work, so some of it came out again: from which parent is not known.
    const unclear = rest !== null && rest < 0n;
    const divided = put.flatMap((p) => p.where.map((w) => holdingAt(w, unclear ? null : p.quantity)));
    if (rest === null || rest > 0n) divided.push({ ...inWork, quantity: rest });
    return merged([...own.filter((h) => h !== inWork), ...merged(divided)]);
  }
}

/** A unit of which it matters what it was installed in: a serial, or a lot that is in work in part. */
export function mayBeInstalled({ kind, holdings }: Housed): boolean {
  if (kind === 'run') return false;
  return kind === 'serial' || holdings.some((h) => h.state === 'in-work');
}

export function staysOf(link: RecordedLink): Stay[] {
  const quantity = link.quantity === null ? null : parseDecimal(link.quantity);
  return linkParts(link, undefined).map(({ certain, from, until }) => ({
    parent: link.output,
    certain,
    from,
    until,
    quantity,
  }));
}

function holdingAt({ state, placeId, customerId }: Whereabouts, quantity: bigint | null): Holding {
  return { state, placeId, customerId, containerId: null, quantity };
}

/** One holding for each state, place and customer, in an order that does not depend on how they were read. */
function merged(holdings: readonly Holding[]): Holding[] {
  const found = new Map<string, Holding>();
  for (const h of holdings) {
    const key = `${h.state} ${h.placeId} ${h.customerId} ${h.containerId}`;
    const same = found.get(key);
    if (!same) found.set(key, { ...h });
    else same.quantity = same.quantity === null || h.quantity === null ? null : same.quantity + h.quantity;
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, h]) => h);
}
