/** Where a unit is, folded from its movements in the order of time: pure, whatever the order in which they were recorded. */
import type { Role } from './draft';

export type HoldingState = 'in-stock' | 'in-work' | 'shipped' | 'returned' | 'scrapped' | 'used' | 'unknown';

/** One movement of the unit at a position. Times in ms UTC; quantity in nanos of the base unit, null = unknown or all that was there. */
export interface HoldingMovement {
  eventId: number;
  role: Role;
  atFrom: number;
  quantity: bigint | null;
  placeId: number | null;
  partnerId: number | null;
}

/** A part of a unit in one state; `quantity` null is unknown. */
export interface Holding {
  state: HoldingState;
  placeId: number | null;
  customerId: number | null;
  quantity: bigint | null;
}

export interface Holdings {
  holdings: Holding[];
  /** some of it is, as far as the record says, not with a customer, not scrapped and not used up */
  inHouse: boolean;
}

/** In before out at one time; a shipment before its return. */
const RANK: Record<Role, number> = {
  made: 0,
  removed: 1,
  'moved-out': 2,
  'moved-in': 3,
  inspected: 4,
  held: 4,
  released: 4,
  cleaned: 4,
  parent: 4,
  installed: 5,
  used: 5,
  shipped: 6,
  returned: 7,
  scrapped: 8,
};
const ONE = 1_000_000_000n;

export function foldHoldings(movements: readonly HoldingMovement[], kind: 'serial' | 'lot' | 'run'): Holdings {
  const ordered = [...movements].sort((a, b) => a.atFrom - b.atFrom || RANK[a.role] - RANK[b.role]);
  return kind === 'serial' ? foldSerial(ordered) : foldLot(ordered);
}

/** A serial is in one place: its latest movement says where. */
function foldSerial(ordered: readonly HoldingMovement[]): Holdings {
  let now: Holding = { state: 'unknown', placeId: null, customerId: null, quantity: ONE };
  const be = (state: HoldingState, placeId: number | null = null, customerId: number | null = null) =>
    (now = { state, placeId, customerId, quantity: ONE });
  for (const [i, m] of ordered.entries()) {
    switch (m.role) {
      case 'made':
      case 'removed':
        be('in-stock', m.placeId);
        break;
      case 'moved-in':
        be(now.state === 'returned' ? 'returned' : 'in-stock', m.placeId);
        break;
      case 'installed':
        be('in-work');
        break;
      case 'used':
        be('used');
        break;
      case 'shipped':
        be('shipped', null, m.partnerId);
        break;
      case 'returned': {
        // Out, back and out again at one recorded time: with the customer, as before.
        const reshipped =
          ordered.slice(0, i).filter((x) => x.atFrom === m.atFrom && x.role === 'shipped').length > 0 &&
          shippedBefore(ordered, m.atFrom);
        if (!reshipped) be('returned', m.placeId);
        break;
      }
      case 'scrapped':
        be('scrapped');
        break;
      default:
        break;
    }
  }
  return { holdings: [now], inHouse: now.state === 'in-stock' || now.state === 'returned' || now.state === 'in-work' };
}

function shippedBefore(ordered: readonly HoldingMovement[], at: number): boolean {
  const last = ordered.findLast((x) => x.atFrom < at && (x.role === 'shipped' || x.role === 'returned'));
  return last?.role === 'shipped';
}

/** A sum that stays unknown once something unknown went in. */
class Sum {
  known = 0n;
  unknown = false;

  add(q: bigint | null): void {
    if (q === null) this.unknown = true;
    else this.known += q;
  }

  get quantity(): bigint | null {
    return this.unknown ? null : this.known;
  }

  get some(): boolean {
    return this.unknown || this.known > 0n;
  }
}

class Sums<K> {
  readonly by = new Map<K, Sum>();

  at(key: K): Sum {
    let sum = this.by.get(key);
    if (!sum) this.by.set(key, (sum = new Sum()));
    return sum;
  }
}

function foldLot(ordered: readonly HoldingMovement[]): Holdings {
  const stock = new Sums<number | null>();
  const returned = new Sums<number | null>();
  const shipped = new Sums<number | null>();
  const scrapped = new Sum();
  const inWork = new Sum();
  const moving = new Map<number, bigint | null>();
  let used = false;

  const stockFor = (m: HoldingMovement): Sum =>
    stock.at(m.placeId !== null && stock.by.get(m.placeId)?.some ? m.placeId : onlyPlace(stock, m.placeId));
  /** Takes a quantity from where it was, or all of it; gives what went. */
  const take = (m: HoldingMovement): bigint | null => {
    const there = stockFor(m);
    const amount = m.quantity ?? (there.unknown ? null : there.known > 0n ? there.known : 0n);
    if (m.quantity === null) {
      there.known = 0n;
      there.unknown = false;
    } else there.known -= m.quantity;
    return amount;
  };

  for (const m of ordered) {
    switch (m.role) {
      case 'made':
        stock.at(m.placeId).add(m.quantity);
        break;
      case 'removed': {
        const back = m.quantity ?? inWork.quantity;
        stock.at(m.placeId).add(back);
        if (back === null) Object.assign(inWork, { known: 0n, unknown: false });
        else inWork.known = inWork.known > back ? inWork.known - back : 0n;
        break;
      }
      case 'moved-out':
        moving.set(m.eventId, take(m));
        break;
      case 'moved-in':
        stock.at(m.placeId).add(m.quantity ?? moving.get(m.eventId) ?? null);
        break;
      case 'installed':
        inWork.add(take(m));
        break;
      case 'used':
        used = true;
        // A draw of unknown quantity leaves an unknown rest: it is not taken to be gone.
        if (m.quantity !== null) take(m);
        else if (stockFor(m).some) stockFor(m).unknown = true;
        break;
      case 'shipped':
        shipped.at(m.partnerId).add(take(m));
        break;
      case 'returned': {
        const from = shipped.at(m.partnerId);
        const back = m.quantity ?? from.quantity;
        if (back === null) Object.assign(from, { known: 0n, unknown: false });
        else from.known -= back;
        stock.at(m.placeId).add(back);
        returned.at(m.placeId).add(back);
        break;
      }
      case 'scrapped':
        scrapped.add(take(m));
        break;
      default:
        break;
    }
  }

  const holdings: Holding[] = [];
  for (const [placeId, sum] of stock.by) {
    if (!sum.some) continue;
    // What came back and is still there is shown as returned; the rest of the place's stock is plain stock.
    const back = returned.by.get(placeId);
    const part = !back?.some
      ? 0n
      : sum.unknown || back.unknown
        ? null
        : back.known < sum.known
          ? back.known
          : sum.known;
    if (part === null || part > 0n) holdings.push({ state: 'returned', placeId, customerId: null, quantity: part });
    const rest = part === null ? 0n : sum.unknown ? null : sum.known - part;
    if (rest === null || rest > 0n) holdings.push({ state: 'in-stock', placeId, customerId: null, quantity: rest });
  }
  if (inWork.some) holdings.push({ state: 'in-work', placeId: null, customerId: null, quantity: inWork.quantity });
  const inHouse = holdings.length > 0;
  for (const [customerId, sum] of shipped.by)
    if (sum.some) holdings.push({ state: 'shipped', placeId: null, customerId, quantity: sum.quantity });
  if (scrapped.some) holdings.push({ state: 'scrapped', placeId: null, customerId: null, quantity: scrapped.quantity });
  if (holdings.length === 0)
    holdings.push({ state: used ? 'used' : 'unknown', placeId: null, customerId: null, quantity: used ? 0n : null });
  return { holdings, inHouse };
}

/** The one place with stock, where there is just one; else the place named. */
function onlyPlace(stock: Sums<number | null>, named: number | null): number | null {
  const places = [...stock.by].filter(([, sum]) => sum.some).map(([place]) => place);
  return places.length === 1 ? places[0]! : named;
}
