import { Content, Correction, Fold, Holding, HoldingMovement, Holdings, HoldingState } from './holding';

/** A sum that stays unknown once something unknown went in. */
class Sum {
  known = 0n;
  unknown = false;

  add(q: bigint | null): void {
    if (q === null) this.unknown = true;
    else this.known += q;
  }

  clear(): void {
    this.known = 0n;
    this.unknown = false;
  }

  /** Takes off at most what is known to be there; null: all. */
  less(q: bigint | null): void {
    if (q === null) this.clear();
    else this.known = this.known > q ? this.known - q : 0n;
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

/** A saved sum: what is known in nanos, and 1 where something unknown is in it. */
type SavedSum = [known: string, unknown: 0 | 1];
type SavedSums = [at: number | null, ...SavedSum][];

/** What is kept of a fold of older movements: plain JSON. */
export interface SavedLot {
  stock: SavedSums;
  returned: SavedSums;
  shipped: SavedSums;
  scrapped: SavedSum;
  inWork: SavedSum;
  packed: [containerId: number, shipped: boolean, at: number | null, cameBack: boolean, ...SavedSum][];
  used: boolean;
}

const savedSum = (sum: Sum): SavedSum => [String(sum.known), sum.unknown ? 1 : 0];
// A place where nothing is any more, and nothing is owed, need not be remembered.
const savedSums = (sums: Sums<number | null>): SavedSums =>
  [...sums.by].filter(([, sum]) => sum.unknown || sum.known !== 0n).map(([at, sum]) => [at, ...savedSum(sum)]);
const restoreSum = (sum: Sum, [known, unknown]: SavedSum): void =>
  void Object.assign(sum, { known: BigInt(known), unknown: unknown === 1 });

/** What of the lot is in one container, at one place or with one customer: a part of what is there, not more. */
interface Packed {
  containerId: number;
  shipped: boolean;
  /** place, or customer where shipped */
  at: number | null;
  sum: Sum;
  cameBack: boolean;
}

/** A lot can be in many places, with many customers and partly gone: sums by place and customer, and in which containers. */
export class LotFold implements Fold {
  private readonly stock = new Sums<number | null>();
  private readonly returned = new Sums<number | null>();
  private readonly shipped = new Sums<number | null>();
  private readonly scrapped = new Sum();
  private readonly inWork = new Sum();
  private readonly moving = new Map<number, bigint | null>();
  /** in the order in which they were packed */
  private readonly packed: Packed[] = [];
  private readonly corrections: Correction[] = [];
  private readonly unplaced: number[] = [];
  private used = false;

  fits(m: HoldingMovement): boolean {
    switch (m.role) {
      case 'moved-in':
        return this.moving.has(m.eventId);
      case 'removed':
        return this.inWork.some;
      case 'returned':
        return this.shipped.at(m.partnerId).some;
      case 'unpacked':
        return this.packed.some((p) => p.containerId === m.containerId && p.sum.some);
      case 'packed': {
        const place = this.placeFor(m.placeId);
        const there = this.stock.at(place);
        const loose = there.known - this.knownPacked(false, place);
        return there.unknown || (m.quantity === null ? loose > 0n : loose >= m.quantity);
      }
      case 'used':
      case 'installed':
      case 'shipped':
      case 'scrapped':
      case 'moved-out': {
        const there = this.stock.at(this.placeFor(m.placeId));
        return there.unknown || (m.quantity === null ? there.some : there.known >= m.quantity);
      }
      case 'adjusted': {
        const there = this.stock.at(this.placeFor(m.placeId));
        return there.unknown || m.quantity === null || there.known + m.quantity >= 0n;
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
        this.inWork.less(back);
        break;
      }
      case 'moved-out':
        this.noteUnplaced(m);
        this.moving.set(m.eventId, this.take(m));
        break;
      case 'moved-in': {
        const quantity = m.quantity ?? this.moving.get(m.eventId) ?? null;
        this.stock.at(m.placeId).add(quantity);
        if (m.containerId != null) this.part(m.containerId, false, m.placeId).sum.add(quantity);
        break;
      }
      case 'packed':
        this.pack(m);
        break;
      case 'unpacked':
        this.unpack(m);
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
      case 'shipped': {
        const gone = this.take(m);
        this.shipped.at(m.partnerId).add(gone);
        if (m.containerId != null) this.part(m.containerId, true, m.partnerId).sum.add(gone);
        break;
      }
      case 'returned':
        this.comeBack(m);
        break;
      case 'scrapped':
        this.scrapped.add(this.take(m));
        break;
      case 'adjusted':
        this.adjust(m);
        break;
      case 'counted':
        this.count(m);
        break;
      default:
        break;
    }
  }

  content(containerId: number): Content[] {
    return this.packed
      .filter((p) => p.containerId === containerId && p.sum.some)
      .map(({ shipped, at, sum }) => ({
        shipped,
        placeId: shipped ? null : at,
        partnerId: shipped ? at : null,
        quantity: sum.quantity,
      }));
  }

  /** Between two moments nothing is on its way: what left and what arrived are of one time. */
  save(): SavedLot {
    return {
      stock: savedSums(this.stock),
      returned: savedSums(this.returned),
      shipped: savedSums(this.shipped),
      scrapped: savedSum(this.scrapped),
      inWork: savedSum(this.inWork),
      // Empty ones too: which was packed first still decides what is taken first.
      packed: this.packed.map((p) => [p.containerId, p.shipped, p.at, p.cameBack, ...savedSum(p.sum)]),
      used: this.used,
    };
  }

  /** Goes on from where another fold was saved; what it found in counts is not kept. */
  restore(saved: SavedLot): void {
    for (const sums of ['stock', 'returned', 'shipped'] as const)
      for (const [at, ...sum] of saved[sums]) restoreSum(this[sums].at(at), sum);
    restoreSum(this.scrapped, saved.scrapped);
    restoreSum(this.inWork, saved.inWork);
    for (const [containerId, shipped, at, cameBack, ...sum] of saved.packed) {
      const part = this.part(containerId, shipped, at);
      part.cameBack = cameBack;
      restoreSum(part.sum, sum);
    }
    this.used = saved.used;
  }

  result(): Holdings {
    const holdings: Holding[] = [];
    const add = (state: HoldingState, rest: Partial<Holding>, quantity: bigint | null): void =>
      void holdings.push({ state, placeId: null, customerId: null, containerId: null, ...rest, quantity });
    for (const [placeId, sum] of this.stock.by) {
      const loose = this.packedPart(false, placeId, sum, ({ containerId, cameBack }, quantity) =>
        add(cameBack ? 'returned' : 'in-stock', { placeId, containerId }, quantity),
      );
      if (loose === 0n) continue;
      // What came back and is still there is shown as returned; the rest of the place's stock is plain stock.
      const back = this.returned.by.get(placeId);
      const part = !back?.some ? 0n : loose === null || back.unknown ? null : back.known < loose ? back.known : loose;
      if (part === null || part > 0n) add('returned', { placeId }, part);
      const rest = part === null ? 0n : loose === null ? null : loose - part;
      if (rest === null || rest > 0n) add('in-stock', { placeId }, rest);
    }
    if (this.inWork.some) add('in-work', {}, this.inWork.quantity);
    const inHouse = holdings.length > 0;
    for (const [customerId, sum] of this.shipped.by) {
      const loose = this.packedPart(true, customerId, sum, ({ containerId }, quantity) =>
        add('shipped', { customerId, containerId }, quantity),
      );
      if (loose !== 0n) add('shipped', { customerId }, loose);
    }
    if (this.scrapped.some) add('scrapped', {}, this.scrapped.quantity);
    if (holdings.length === 0) add(this.used ? 'used' : 'unknown', {}, this.used ? 0n : null);
    return { holdings, inHouse, corrections: this.corrections, unplaced: this.unplaced, missing: null };
  }

  /** Shows what of a sum is in containers, never more than the sum; gives the rest. */
  private packedPart(
    shipped: boolean,
    at: number | null,
    sum: Sum,
    show: (part: Packed, quantity: bigint | null) => void,
  ): bigint | null {
    let rest = sum.unknown ? null : sum.known > 0n ? sum.known : 0n;
    for (const part of this.packed) {
      if (part.shipped !== shipped || part.at !== at || !part.sum.some) continue;
      const own = part.sum.quantity;
      if (rest === null) show(part, own);
      else {
        const quantity: bigint = own === null || own > rest ? rest : own;
        if (quantity > 0n) show(part, quantity);
        rest -= quantity;
      }
    }
    return rest;
  }

  // ------------------------------------------------------------ containers

  private part(containerId: number, shipped: boolean, at: number | null): Packed {
    let part = this.packed.find((p) => p.containerId === containerId && p.shipped === shipped && p.at === at);
    if (!part) this.packed.push((part = { containerId, shipped, at, sum: new Sum(), cameBack: false }));
    return part;
  }

  private knownPacked(shipped: boolean, at: number | null): bigint {
    return this.packed.reduce((sum, p) => (p.shipped === shipped && p.at === at ? sum + p.sum.known : sum), 0n);
  }

  private pack(m: HoldingMovement): void {
    this.noteUnplaced(m);
    const from = this.placeFor(m.placeId);
    const there = this.stock.at(from);
    const loose = there.unknown ? null : there.known - this.knownPacked(false, from);
    const quantity = m.quantity ?? (loose === null ? null : loose > 0n ? loose : 0n);
    const at = m.placeId ?? from;
    if (at !== from) this.carry(from, at, quantity);
    if (m.containerId != null) this.part(m.containerId, false, at).sum.add(quantity);
  }

  private unpack(m: HoldingMovement): void {
    const shipped = m.partnerId !== null;
    let left = m.quantity;
    for (const p of this.packed) {
      if (p.containerId !== m.containerId || p.shipped !== shipped || !p.sum.some) continue;
      if (shipped && p.at !== m.partnerId) continue;
      const quantity: bigint | null =
        left === null ? p.sum.quantity : p.sum.unknown || left < p.sum.known ? left : p.sum.known;
      p.sum.less(left === null ? null : quantity);
      if (left !== null && quantity !== null) left -= quantity;
      if (!shipped && m.placeId !== null && m.placeId !== p.at) this.carry(p.at, m.placeId, quantity);
    }
  }

  /** From place to place without a move of its own: where it was packed or unpacked, there it was. */
  private carry(from: number | null, to: number | null, quantity: bigint | null): void {
    const there = this.stock.at(from);
    if (quantity === null) there.clear();
    else there.known -= quantity;
    this.stock.at(to).add(quantity);
  }

  /** What was taken by itself is taken from what lies loose first, then out of the containers, the first packed first. */
  private leave(shipped: boolean, at: number | null, before: bigint, sum: Sum): void {
    if (this.packed.length === 0 || sum.unknown) return;
    const inside = this.knownPacked(shipped, at);
    const short = (there: bigint): bigint => (inside > there ? inside - there : 0n);
    let excess = sum.known <= 0n ? inside : short(sum.known) - short(before);
    for (const p of this.packed) {
      if (p.shipped !== shipped || p.at !== at) continue;
      if (sum.known <= 0n) p.sum.clear();
      else if (excess > 0n) {
        const taken = p.sum.known < excess ? p.sum.known : excess;
        p.sum.known -= taken;
        excess -= taken;
      }
    }
  }

  // ------------------------------------------------------------ stock

  private comeBack(m: HoldingMovement): void {
    const from = this.shipped.at(m.partnerId);
    const before = from.known;
    const back = m.quantity ?? from.quantity;
    if (back === null) from.clear();
    else from.known -= back;
    this.stock.at(m.placeId).add(back);
    if (m.containerId == null) {
      this.returned.at(m.placeId).add(back);
      this.leave(true, m.partnerId, before, from);
      return;
    }
    this.part(m.containerId, true, m.partnerId).sum.less(back);
    const part = this.part(m.containerId, false, m.placeId);
    part.sum.add(back);
    part.cameBack = true;
  }

  private adjust(m: HoldingMovement): void {
    this.noteUnplaced(m);
    if (m.quantity !== null && m.quantity < 0n) this.take({ ...m, quantity: -m.quantity });
    else this.stock.at(m.placeId ?? this.placeFor(null)).add(m.quantity);
    this.corrections.push({ eventId: m.eventId, at: m.atFrom, until: m.atUntil, difference: m.quantity });
  }

  /** What was counted is there, whatever was computed; more than that cannot be in containers there. */
  private count(m: HoldingMovement): void {
    const correction: Correction = { eventId: m.eventId, at: m.atFrom, until: m.atUntil, difference: null };
    this.corrections.push(correction);
    // Which of its places was counted, nobody knows: nothing changes.
    if (this.noteUnplaced(m) || m.quantity === null) return;
    const place = m.placeId ?? this.placeFor(null);
    const there = this.stock.at(place);
    if (!there.unknown) correction.difference = m.quantity - there.known;
    there.clear();
    there.known = m.quantity;
    this.leave(false, place, this.knownPacked(false, place), there);
  }

  private noteUnplaced(m: HoldingMovement): boolean {
    const several = m.placeId === null && [...this.stock.by.values()].filter((s) => s.some).length > 1;
    if (several) this.unplaced.push(m.eventId);
    return several;
  }

  private stockFor(m: HoldingMovement): Sum {
    return this.stock.at(this.placeFor(m.placeId));
  }

  /** The place named where some is there; else the one place with stock, where there is just one; else the place named. */
  private placeFor(named: number | null): number | null {
    if (named !== null && this.stock.by.get(named)?.some) return named;
    const places = [...this.stock.by].filter(([, sum]) => sum.some).map(([place]) => place);
    return places.length === 1 ? places[0]! : named;
  }

  /** Takes a quantity from where it was, or all of it; gives what went. */
  private take(m: HoldingMovement): bigint | null {
    const place = this.placeFor(m.placeId);
    const there = this.stock.at(place);
    const before = there.known;
    const amount = m.quantity ?? (there.unknown ? null : there.known > 0n ? there.known : 0n);
    if (m.containerId != null) {
      this.part(m.containerId, false, place).sum.less(m.quantity);
      // How much the container held nobody knows: what stays behind is not known either.
      if (m.quantity === null) there.unknown = true;
      else there.known -= m.quantity;
      return m.quantity;
    }
    if (m.quantity === null) there.clear();
    else there.known -= m.quantity;
    this.leave(false, place, before, there);
    return amount;
  }
}
