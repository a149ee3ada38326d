/** Where a unit is, folded from its movements in the order of time: pure, whatever the order in which they were recorded. */
import type { Role } from './draft';

export type HoldingState = 'in-stock' | 'in-work' | 'shipped' | 'returned' | 'scrapped' | 'used' | 'unknown';

/** One movement of the unit at a position. Half-open times in ms UTC (a date covers its day); quantity in nanos of the base unit, null = unknown or all that was there. */
export interface HoldingMovement {
  eventId: number;
  role: Role;
  atFrom: number;
  atUntil: number;
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
  used: 6,
  shipped: 7,
  returned: 8,
  scrapped: 9,
};
const ONE = 1_000_000_000n;

/** The roles that change where a unit is, and how much of it. */
export const MOVES: ReadonlySet<Role> = new Set<Role>([
  'made',
  'used',
  'installed',
  'removed',
  'moved-out',
  'moved-in',
  'shipped',
  'returned',
  'scrapped',
]);

export function foldHoldings(movements: readonly HoldingMovement[], kind: 'serial' | 'lot' | 'run'): Holdings {
  const fold = kind === 'serial' ? new SerialFold() : new LotFold();
  // What changes nothing must not decide in which order the rest happened.
  const moving = movements.every((m) => MOVES.has(m.role)) ? movements : movements.filter((m) => MOVES.has(m.role));
  inOrder(moving, fold);
  return fold.result();
}

interface Fold {
  /** true when the movement can follow on what was applied before */
  fits(m: HoldingMovement): boolean;
  apply(m: HoldingMovement): void;
}

/** Above this many movements that may have been at one time, their order is taken by rank alone: the search grows with the square. */
const UNORDERED_MAX = 2_000;

/**
 * Applies movements in the order of time. Where times overlap (one moment, or a day that is known without its hour) that one
 * comes next which can follow on what was before: a bike is shipped and then comes back, a part is built in and then out.
 */
function inOrder(movements: readonly HoldingMovement[], fold: Fold): void {
  const sorted = [...movements].sort((a, b) => a.atFrom - b.atFrom || RANK[a.role] - RANK[b.role]);
  let window: HoldingMovement[] = [];
  let next = 0;
  while (next < sorted.length || window.length > 0) {
    // What may be first: whatever begins before the earliest end of all that is left.
    let limit = window.reduce((min, m) => Math.min(min, m.atUntil), Infinity);
    while (next < sorted.length && sorted[next]!.atFrom < limit) {
      limit = Math.min(limit, sorted[next]!.atUntil);
      window.push(sorted[next++]!);
    }
    if (window.length === 1) {
      fold.apply(window.pop()!);
      continue;
    }
    const candidates = window.filter((m) => m.atFrom < limit);
    if (candidates.length > UNORDERED_MAX) {
      for (const m of candidates.sort((a, b) => RANK[a.role] - RANK[b.role])) fold.apply(m);
      window = window.filter((m) => m.atFrom >= limit);
      continue;
    }
    const cost = (m: HoldingMovement) => (fold.fits(m) ? 0 : 100) + RANK[m.role];
    const first = candidates.reduce((best, m) => (cost(m) < cost(best) ? m : best));
    window.splice(window.indexOf(first), 1);
    fold.apply(first);
  }
}

/** A serial is in one place: its latest movement says where. */
class SerialFold implements Fold {
  private now: Holding = { state: 'unknown', placeId: null, customerId: null, quantity: ONE };

  fits({ role }: HoldingMovement): boolean {
    const { state } = this.now;
    const inStore = state === 'in-stock' || state === 'returned';
    if (role === 'made') return state === 'unknown';
    if (role === 'removed') return state === 'in-work';
    if (role === 'returned') return state === 'shipped';
    return inStore || RANK[role] === RANK.inspected;
  }

  apply(m: HoldingMovement): void {
    switch (m.role) {
      case 'made':
        // Recorded as made after it was already somewhere: the clocks differ, and it is still there.
        if (this.now.state === 'unknown') this.be('in-stock', m.placeId);
        break;
      case 'removed':
        this.be('in-stock', m.placeId);
        break;
      case 'moved-in':
        this.be(this.now.state === 'returned' ? 'returned' : 'in-stock', m.placeId);
        break;
      case 'installed':
        this.be('in-work');
        break;
      case 'used':
        this.be('used');
        break;
      case 'shipped':
        this.be('shipped', null, m.partnerId);
        break;
      case 'returned':
        this.be('returned', m.placeId);
        break;
      case 'scrapped':
        this.be('scrapped');
        break;
      default:
        break;
    }
  }

  result(): Holdings {
    const { state } = this.now;
    return { holdings: [this.now], inHouse: state === 'in-stock' || state === 'returned' || state === 'in-work' };
  }

  private be(state: HoldingState, placeId: number | null = null, customerId: number | null = null): void {
    this.now = { state, placeId, customerId, quantity: ONE };
  }
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

/** A lot can be in many places, with many customers and partly gone: sums by place and customer. */
class LotFold implements Fold {
  private readonly stock = new Sums<number | null>();
  private readonly returned = new Sums<number | null>();
  private readonly shipped = new Sums<number | null>();
  private readonly scrapped = new Sum();
  private readonly inWork = new Sum();
  private readonly moving = new Map<number, bigint | null>();
  private used = false;

  fits(m: HoldingMovement): boolean {
    switch (m.role) {
      case 'moved-in':
        return this.moving.has(m.eventId);
      case 'removed':
        return this.inWork.some;
      case 'returned':
        return this.shipped.at(m.partnerId).some;
      case 'used':
      case 'installed':
      case 'shipped':
      case 'scrapped':
      case 'moved-out': {
        const there = this.stockFor(m);
        return there.unknown || (m.quantity === null ? there.some : there.known >= m.quantity);
      }
      default:
        return true;
    }
  }

  apply(m: HoldingMovement): void {
    switch (m.role) {
      case 'made':
        this.stock.at(m.placeId).add(m.quantity);
        break;
      case 'removed': {
        const back = m.quantity ?? this.inWork.quantity;
        this.stock.at(m.placeId).add(back);
        if (back === null) Object.assign(this.inWork, { known: 0n, unknown: false });
        else this.inWork.known = this.inWork.known > back ? this.inWork.known - back : 0n;
        break;
      }
      case 'moved-out':
        this.moving.set(m.eventId, this.take(m));
        break;
      case 'moved-in':
        this.stock.at(m.placeId).add(m.quantity ?? this.moving.get(m.eventId) ?? null);
        break;
      case 'installed':
        this.inWork.add(this.take(m));
        break;
      case 'used':
        this.used = true;
        // A draw of unknown quantity leaves an unknown rest: it is not taken to be gone.
        if (m.quantity !== null) this.take(m);
        else if (this.stockFor(m).some) this.stockFor(m).unknown = true;
        break;
      case 'shipped':
        this.shipped.at(m.partnerId).add(this.take(m));
        break;
      case 'returned': {
        const from = this.shipped.at(m.partnerId);
        const back = m.quantity ?? from.quantity;
        if (back === null) Object.assign(from, { known: 0n, unknown: false });
        else from.known -= back;
        this.stock.at(m.placeId).add(back);
        this.returned.at(m.placeId).add(back);
        break;
      }
      case 'scrapped':
        this.scrapped.add(this.take(m));
        break;
      default:
        break;
    }
  }

  result(): Holdings {
    const holdings: Holding[] = [];
    for (const [placeId, sum] of this.stock.by) {
      if (!sum.some) continue;
      // What came back and is still there is shown as returned; the rest of the place's stock is plain stock.
      const back = this.returned.by.get(placeId);
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
    if (this.inWork.some)
      holdings.push({ state: 'in-work', placeId: null, customerId: null, quantity: this.inWork.quantity });
    const inHouse = holdings.length > 0;
    for (const [customerId, sum] of this.shipped.by)
      if (sum.some) holdings.push({ state: 'shipped', placeId: null, customerId, quantity: sum.quantity });
    if (this.scrapped.some)
      holdings.push({ state: 'scrapped', placeId: null, customerId: null, quantity: this.scrapped.quantity });
    if (holdings.length === 0)
      holdings.push({
        state: this.used ? 'used' : 'unknown',
        placeId: null,
        customerId: null,
        quantity: this.used ? 0n : null,
      });
    return { holdings, inHouse };
  }

  private stockFor(m: HoldingMovement): Sum {
    const named = m.placeId !== null && this.stock.by.get(m.placeId)?.some;
    return this.stock.at(named ? m.placeId : onlyPlace(this.stock, m.placeId));
  }

  /** Takes a quantity from where it was, or all of it; gives what went. */
  private take(m: HoldingMovement): bigint | null {
    const there = this.stockFor(m);
    const amount = m.quantity ?? (there.unknown ? null : there.known > 0n ? there.known : 0n);
    if (m.quantity === null) {
      there.known = 0n;
      there.unknown = false;
    } else there.known -= m.quantity;
    return amount;
  }
}

/** The one place with stock, where there is just one; else the place named. */
function onlyPlace(stock: Sums<number | null>, named: number | null): number | null {
  const places = [...stock.by].filter(([, sum]) => sum.some).map(([place]) => place);
  return places.length === 1 ? places[0]! : named;
}
