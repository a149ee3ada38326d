import { Content, Correction, Excess, Fold, Holding, HoldingMovement, Holdings, HoldingState } from './holding';
import { InWork, SavedInWork } from './in-work';
import { Parts, SavedParts } from './lot-parts';
import { restoreSum, SavedSum, savedSum, SavedSums, savedSums, Sum, Sums } from './sums';

/** What is kept of a fold of older movements: plain JSON. */
export interface SavedLot {
  stock: SavedSums;
  returned: SavedSums;
  shipped: SavedSums;
  scrapped: SavedSum;
  inWork: SavedInWork;
  packed: SavedParts;
  /** how much was taken from the places that are unclear; left out where none is */
  owed?: string;
  used: boolean;
  /** all that was there left at some time; left out where that never was */
  allLeft?: true;
}

/** A lot can be in many places, with many customers and partly gone: sums by place and customer, and in which containers. */
export class LotFold implements Fold {
  private readonly stock = new Sums<number | null>();
  private readonly returned = new Sums<number | null>();
  private readonly shipped = new Sums<number | null>();
  private readonly scrapped = new Sum();
  private readonly inWork = new InWork();
  private readonly moving = new Map<number, bigint | null>();
  private readonly packed = new Parts();
  private readonly corrections: Correction[] = [];
  private readonly unplaced: number[] = [];
  private readonly placeShort: number[] = [];
  private readonly unloadedMore: Excess[] = [];
  private readonly packedMore: Excess[] = [];
  private readonly movedMore: Excess[] = [];
  private readonly leftMore: Excess[] = [];
  private used = false;
  /** all that was there was shipped or scrapped once, without saying how much: no sum of draws tells that more of it was drawn */
  private allLeft = false;
  /** how much was taken from the places that are unclear, all in all */
  private owed = 0n;

  fits(m: HoldingMovement): boolean {
    switch (m.role) {
      case 'moved-in':
        return this.moving.has(m.eventId);
      case 'removed':
      case 'cleaned-out':
        return this.inWork.has(m) && this.inWork.excess(m, m.quantity ?? 0n) === 0n;
      case 'returned':
        return this.shipped.at(m.partnerId).some;
      case 'unpacked':
        return this.packed.isIn(m.containerId);
      case 'packed': {
        const places = this.apart(m) ?? [this.placeFor(m.placeId)];
        return this.isEnough(places, m.quantity, (place) => this.packed.known(false, place));
      }
      case 'used':
      case 'installed':
      case 'shipped':
      case 'scrapped':
      case 'moved-out':
        return this.isEnough(this.apart(m) ?? this.sources(m.placeId), m.quantity);
      case 'adjusted': {
        if (m.quantity === null || m.quantity >= 0n) return true;
        const taken = { ...m, quantity: -m.quantity };
        return this.isEnough(this.apart(taken) ?? this.sources(m.placeId), taken.quantity);
      }
      default:
        return true;
    }
  }

  apply(m: HoldingMovement): void {
    this.move(m);
    this.settle();
  }

  private move(m: HoldingMovement): void {
    switch (m.role) {
      case 'made':
        this.stock.at(m.placeId).add(m.quantity);
        break;
      case 'removed':
        this.noteExcess(this.unloadedMore, m, this.inWork.excess(m, m.quantity ?? 0n));
        this.stock.at(m.placeId).add(this.inWork.take(m, m.quantity));
        break;
      case 'cleaned-out':
        if (!this.inWork.has(m)) break;
        // Nobody says how much was left of it: an unknown rest is taken to be there, until it is counted or scrapped.
        this.inWork.take(m, null);
        this.stock.at(m.placeId).add(null);
        break;
      case 'moved-out':
        this.moving.set(m.eventId, this.take(m));
        break;
      case 'moved-in': {
        const quantity = m.quantity ?? this.moving.get(m.eventId) ?? null;
        this.stock.at(m.placeId).add(quantity);
        if (m.containerId != null) this.packed.at(m.containerId, false, m.placeId).sum.add(quantity);
        break;
      }
      case 'packed':
        this.pack(m);
        break;
      case 'unpacked':
        this.unpack(m);
        break;
      case 'installed':
        this.inWork.add(m, this.take(m));
        break;
      case 'used':
        this.used = true;
        // A draw of unknown quantity leaves an unknown rest: it is not taken to be gone.
        if (m.quantity !== null || this.apart(m)) this.take(m);
        else if (this.stockFor(m).some) this.stockFor(m).unknown = true;
        break;
      case 'shipped': {
        const gone = this.take(m);
        this.shipped.at(m.partnerId).add(gone);
        if (m.containerId != null) this.packed.at(m.containerId, true, m.partnerId).sum.add(gone);
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
    return this.packed.content(containerId);
  }

  /** Between two moments nothing is on its way: what left and what arrived are of one time. */
  save(): SavedLot {
    return {
      stock: savedSums(this.stock),
      returned: savedSums(this.returned),
      shipped: savedSums(this.shipped),
      scrapped: savedSum(this.scrapped),
      inWork: this.inWork.save(),
      packed: this.packed.save(),
      ...(this.owed > 0n && { owed: String(this.owed) }),
      used: this.used,
      ...(this.allLeft && { allLeft: true }),
    };
  }

  /** Goes on from where another fold was saved; what it found in counts is not kept. */
  restore(saved: SavedLot): void {
    for (const sums of ['stock', 'returned', 'shipped'] as const)
      for (const [at, ...sum] of saved[sums]) restoreSum(this[sums].at(at), sum);
    restoreSum(this.scrapped, saved.scrapped);
    this.inWork.restore(saved.inWork);
    this.packed.restore(saved.packed);
    this.owed = BigInt(saved.owed ?? 0);
    this.used = saved.used;
    this.allLeft = saved.allLeft ?? false;
  }

  result(): Holdings {
    const holdings: Holding[] = [];
    const add = (state: HoldingState, rest: Partial<Holding>, quantity: bigint | null): void =>
      void holdings.push({ state, placeId: null, customerId: null, containerId: null, ...rest, quantity });
    for (const [placeId, sum] of this.stock.by) {
      const loose = this.packed.show(false, placeId, sum, ({ containerId, cameBack }, quantity) =>
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
      const loose = this.packed.show(true, customerId, sum, ({ containerId }, quantity) =>
        add('shipped', { customerId, containerId }, quantity),
      );
      if (loose !== 0n) add('shipped', { customerId }, loose);
    }
    if (this.scrapped.some) add('scrapped', {}, this.scrapped.quantity);
    if (holdings.length === 0) add(this.used ? 'used' : 'unknown', {}, this.used ? 0n : null);
    return {
      holdings,
      inHouse,
      corrections: this.corrections,
      unplaced: this.unplaced,
      placeShort: this.placeShort,
      unloadedMore: this.unloadedMore,
      packedMore: this.packedMore,
      movedMore: this.movedMore,
      leftMore: this.leftMore,
      missing: null,
    };
  }

  // ------------------------------------------------------------ containers

  private pack(m: HoldingMovement): void {
    const apart = this.apart(m);
    if (apart) {
      // Where the container stands is not said either.
      const quantity = this.takeApart(m, apart);
      this.stock.at(null).add(quantity);
      if (m.containerId != null) this.packed.at(m.containerId, false, null).sum.add(quantity);
      return;
    }
    const from = this.placeFor(m.placeId);
    const there = this.stock.at(from);
    const loose = there.quantity === null ? null : there.known - this.packed.known(false, from);
    const quantity = m.quantity ?? (loose === null ? null : loose > 0n ? loose : 0n);
    this.noteShort(m, there);
    const at = m.placeId ?? from;
    if (at !== from) this.carry(from, at, quantity);
    if (m.containerId != null) this.packed.at(m.containerId, false, at).sum.add(quantity);
  }

  private unpack(m: HoldingMovement): void {
    const shipped = m.partnerId !== null;
    let left = m.quantity;
    for (const p of this.packed.all) {
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
    if (quantity === null) this.empty(there);
    else there.known -= quantity;
    this.stock.at(to).add(quantity);
  }

  private noteExcess(found: Excess[], m: HoldingMovement, quantity: bigint): void {
    if (quantity > 0n) found.push({ eventId: m.eventId, until: m.atUntil, quantity });
  }

  // ------------------------------------------------------------ stock

  private comeBack(m: HoldingMovement): void {
    const from = this.shipped.at(m.partnerId);
    const before = from.known;
    // All that it had; where nothing says that it had any, what came is there all the same.
    const back = m.quantity ?? (from.some ? from.quantity : null);
    if (back === null) from.clear();
    else from.known -= back;
    this.stock.at(m.placeId).add(back);
    if (m.containerId == null) {
      this.returned.at(m.placeId).add(back);
      this.packed.leave(true, m.partnerId, before, from);
      return;
    }
    this.packed.at(m.containerId, true, m.partnerId).sum.less(back);
    const part = this.packed.at(m.containerId, false, m.placeId);
    part.sum.add(back);
    part.cameBack = true;
  }

  private adjust(m: HoldingMovement): void {
    if (m.quantity !== null && m.quantity < 0n) this.take({ ...m, quantity: -m.quantity });
    else {
      this.noteUnplaced(m);
      this.stock.at(m.placeId ?? this.placeFor(null)).add(m.quantity);
    }
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
    if (there.quantity !== null) correction.difference = m.quantity - there.known;
    this.empty(there);
    there.known = m.quantity;
    this.packed.leave(false, place, this.packed.known(false, place), there);
  }

  private noteUnplaced(m: HoldingMovement): boolean {
    const several = m.placeId === null && this.placesWithSome().length > 1;
    if (several) this.unplaced.push(m.eventId);
    return several;
  }

  private stockFor(m: HoldingMovement): Sum {
    return this.stock.at(this.placeFor(m.placeId));
  }

  private placesWithSome(): (number | null)[] {
    return [...this.stock.by].filter(([, sum]) => sum.some).map(([place]) => place);
  }

  /** The place named where some is there; else what lies nowhere in particular, or the one place with stock; else the place named. */
  private placeFor(named: number | null): number | null {
    if (named !== null && this.stock.by.get(named)?.some) return named;
    if (this.stock.by.get(null)?.some) return null;
    const places = this.placesWithSome();
    return places.length === 1 ? places[0]! : named;
  }

  /** Where a quantity is taken from: what lies nowhere in particular may have been at the place named. */
  private sources(named: number | null): (number | null)[] {
    return [...new Set([this.placeFor(named), ...(this.stock.by.get(null)?.some ? [null] : [])])];
  }

  private isEnough(
    places: readonly (number | null)[],
    quantity: bigint | null,
    less: (place: number | null) => bigint = () => 0n,
  ): boolean {
    let there = 0n;
    for (const place of places) {
      const sum = this.stock.at(place);
      if (sum.unknown) return true;
      there += sum.known - less(place);
    }
    if (places.length > 1 && places.some((place) => this.stock.at(place).unclear)) there -= this.owed;
    return quantity === null ? there > 0n : there >= quantity;
  }

  /** The places that a draw may have been from, where it names none and there are several; what lies nowhere in particular goes first. */
  private apart(m: HoldingMovement): (number | null)[] | null {
    // Of a container, a place that is not named is where the container is.
    if (m.placeId !== null || (m.containerId != null && m.role !== 'packed')) return null;
    // Nothing was taken from anywhere.
    if (m.quantity === 0n) return null;
    const places = this.placesWithSome();
    if (places.length < 2) return null;
    const nowhere = this.stock.by.get(null);
    if (!nowhere || nowhere.quantity === null || m.quantity === null) return places;
    const packed = m.role === 'packed' ? this.packed.known(false, null) : 0n;
    return nowhere.known - packed >= m.quantity ? null : places;
  }

  /** All of it, where that is so much; else how much is left is unknown at each of the places: never gone, never too much. */
  private takeApart(m: HoldingMovement, places: readonly (number | null)[]): bigint | null {
    const { quantity } = m;
    const sums = places.map((place) => this.stock.at(place));
    if (quantity === null || sums.some((sum) => sum.unknown)) {
      this.unplaced.push(m.eventId);
      for (const sum of sums) sum.unknown = true;
      for (const place of places) this.packed.blur(place);
      return quantity;
    }
    const all = sums.reduce((n, sum) => n + sum.known, 0n) - this.owed;
    if (quantity < all) this.unplaced.push(m.eventId);
    for (const sum of sums) sum.unclear = true;
    this.owed += quantity;
    return quantity;
  }

  /** The places that are unclear are empty once all was taken that they had; what is missing at the last one is missing there. */
  private settle(): void {
    if (this.owed === 0n) return;
    const unclear = [...this.stock.by].filter(([, sum]) => sum.unclear);
    if (unclear.some(([, sum]) => sum.unknown)) return this.forget();
    const all = unclear.reduce((n, [, sum]) => n + sum.known, 0n);
    if (this.owed >= all) {
      for (const [place, sum] of unclear) {
        const before = sum.known;
        sum.clear();
        this.packed.leave(false, place, before, sum);
      }
      this.stock.at(null).known -= this.owed - all;
      this.owed = 0n;
      return;
    }
    for (const [place, sum] of unclear) {
      if (sum.known <= 0n) sum.unclear = false;
      // It may have come out of the containers there.
      else if (sum.known - this.owed < this.packed.known(false, place)) this.packed.blur(place);
    }
    const left = unclear.filter(([, sum]) => sum.unclear);
    if (left.length > 1) return;
    for (const [place, sum] of left) {
      const before = sum.known;
      sum.known -= this.owed;
      sum.unclear = false;
      this.packed.leave(false, place, before, sum);
    }
    this.owed = 0n;
  }

  /** From here on nobody knows how much of what was taken was taken where. */
  private forget(): void {
    for (const sum of this.stock.by.values()) {
      if (sum.unclear) sum.unknown = true;
      sum.unclear = false;
    }
    this.owed = 0n;
  }

  /** Nothing is known to be there any more; had it been unclear, what is at the others is known no better. */
  private empty(sum: Sum): void {
    const { unclear } = sum;
    sum.clear();
    if (unclear) this.forget();
  }

  /** Takes a quantity from where it was, or all of it; gives what went. */
  private take(m: HoldingMovement): bigint | null {
    const apart = this.apart(m);
    if (apart) return this.takeApart(m, apart);
    const place = this.placeFor(m.placeId);
    const there = this.stock.at(place);
    if (m.containerId == null) this.gather(place, m.quantity);
    this.noteShort(m, there);
    const before = there.known;
    const amount = m.quantity ?? (there.quantity === null ? null : there.known > 0n ? there.known : 0n);
    if (m.containerId != null) {
      this.packed.at(m.containerId, false, place).sum.less(m.quantity);
      // How much the container held nobody knows: what stays behind is not known either.
      if (m.quantity === null) there.unknown = true;
      else there.known -= m.quantity;
      return m.quantity;
    }
    if (m.quantity === null) {
      if ((m.role === 'shipped' || m.role === 'scrapped') && amount !== null && amount > 0n) this.allLeft = true;
      this.empty(there);
    } else there.known -= m.quantity;
    this.packed.leave(false, place, before, there);
    return amount;
  }

  /**
   * Less is there than is taken. Some is elsewhere: either it was taken there, or a move is missing. Else what leaves for good is
   * judged by all that ever came (`overdrawn`), and what stays in house here.
   */
  private noteShort(m: HoldingMovement, there: Sum): void {
    if (m.quantity === null || there.quantity === null) return;
    const nowhere = this.stock.by.get(null);
    // What goes along in a container may have lain nowhere in particular too (what goes by itself had that gathered).
    const along = m.containerId != null && m.role !== 'packed' && nowhere !== there ? (nowhere?.quantity ?? 0n) : 0n;
    const known = there.known + (along > 0n ? along : 0n);
    const short = m.quantity - (known > 0n ? known : 0n);
    if (short <= 0n) return;
    const elsewhere = [...this.stock.by.values()].some((sum) => sum !== there && sum.some);
    if (m.placeId !== null && elsewhere) this.placeShort.push(m.eventId);
    else if (m.role === 'packed') this.noteExcess(this.packedMore, m, short);
    else if (m.role === 'moved-out') this.noteExcess(this.movedMore, m, short);
    else if (this.allLeft) this.noteExcess(this.leftMore, m, short);
  }

  /** What is missing at a place for a draw there comes of what lies nowhere in particular. */
  private gather(place: number | null, quantity: bigint | null): void {
    const there = this.stock.at(place);
    const nowhere = this.stock.by.get(null);
    if (place === null || quantity === null || !nowhere || nowhere.quantity === null || there.quantity === null) return;
    const short = quantity - there.known;
    const part = short < nowhere.known ? short : nowhere.known;
    if (part <= 0n) return;
    const before = nowhere.known;
    nowhere.known -= part;
    there.known += part;
    this.packed.leave(false, null, before, nowhere);
  }
}
