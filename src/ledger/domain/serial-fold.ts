import { Content, Correction, Fold, Holding, HoldingMovement, Holdings, HoldingState, ONE, RANK } from './holding';

/** What is kept of a fold of older movements: plain JSON. */
export type SavedSerial = Omit<Holding, 'quantity'>;

/** A serial is in one place: its latest movement says where. */
export class SerialFold implements Fold {
  private now: Holding = { state: 'unknown', placeId: null, customerId: null, containerId: null, quantity: ONE };
  private missing: number | null = null;
  private readonly corrections: Correction[] = [];

  fits({ role, containerId }: HoldingMovement): boolean {
    const { state } = this.now;
    if (role === 'made') return state === 'unknown';
    if (role === 'removed' || role === 'cleaned-out') return state === 'in-work';
    if (role === 'returned') return state === 'shipped';
    if (role === 'packed') return this.inStore && this.now.containerId === null;
    if (role === 'unpacked') return this.now.containerId === (containerId ?? null);
    return this.inStore || RANK[role] === RANK.inspected;
  }

  apply(m: HoldingMovement): void {
    const container = m.containerId ?? null;
    switch (m.role) {
      case 'made':
        // Recorded as made after it was already somewhere: the clocks differ, and it is still there.
        if (this.now.state === 'unknown') this.be('in-stock', m.placeId);
        break;
      case 'removed':
        this.be('in-stock', m.placeId);
        break;
      case 'moved-in':
        this.be(this.storeState, m.placeId, null, container);
        break;
      case 'packed':
        this.be(this.storeState, m.placeId ?? this.now.placeId, null, container);
        break;
      case 'unpacked':
        // It left the container at a customer's: it is there still.
        if (m.partnerId !== null) this.now = { ...this.now, containerId: null };
        else if (this.inStore || m.placeId !== null) this.be(this.storeState, m.placeId ?? this.now.placeId);
        break;
      case 'installed':
        this.be('in-work');
        break;
      case 'cleaned-out':
        if (this.now.state === 'in-work') this.be('in-stock', m.placeId);
        break;
      case 'used':
        this.be('used');
        break;
      case 'shipped':
        this.be('shipped', null, m.partnerId, container);
        break;
      case 'returned':
        this.be('returned', m.placeId, null, container);
        break;
      case 'scrapped':
        this.be('scrapped');
        break;
      case 'counted':
      case 'adjusted':
        this.correct(m);
        break;
      default:
        break;
    }
  }

  content(containerId: number): Content[] {
    const { state, placeId, customerId } = this.now;
    if (this.now.containerId !== containerId) return [];
    return [{ shipped: state === 'shipped', placeId, partnerId: customerId, quantity: ONE }];
  }

  save(): SavedSerial {
    const { state, placeId, customerId, containerId } = this.now;
    return { state, placeId, customerId, containerId };
  }

  /** Goes on from where another fold was saved; what it found in counts is not kept. */
  restore(saved: SavedSerial): void {
    this.now = { ...saved, quantity: ONE };
  }

  result(): Holdings {
    const { missing, corrections } = this;
    // Not found is not gone: nothing says that it left the house.
    const inHouse = this.inStore || this.now.state === 'in-work' || missing !== null;
    return {
      holdings: [this.now],
      inHouse,
      corrections,
      unplaced: [],
      placeShort: [],
      unloadedMore: [],
      packedMore: [],
      movedMore: [],
      leftMore: [],
      missing,
    };
  }

  /** One was found: it is there, whatever else is recorded of it, but for what it is built into. None: it is not where it was. */
  private correct(m: HoldingMovement): void {
    const found = m.quantity !== null && m.quantity > 0n;
    const { inStore } = this;
    const elsewhere = m.placeId !== null && this.now.placeId !== null && m.placeId !== this.now.placeId;
    let difference = 0n;
    const { state } = this.now;
    if (found && this.now.state !== 'in-work') {
      if (!inStore) difference = ONE;
      if (!inStore || elsewhere) this.be(this.storeState, m.placeId ?? this.now.placeId);
      else this.now = { ...this.now, placeId: m.placeId ?? this.now.placeId };
    } else if (!found && inStore && !elsewhere) {
      difference = -ONE;
      this.be('unknown');
      this.missing = m.eventId;
    }
    const gone = difference > 0n && state !== 'unknown' ? { against: state } : {};
    this.corrections.push({ eventId: m.eventId, at: m.atFrom, until: m.atUntil, difference, ...gone });
  }

  private get inStore(): boolean {
    return this.now.state === 'in-stock' || this.now.state === 'returned';
  }

  /** What came back stays so wherever it is put. */
  private get storeState(): HoldingState {
    return this.now.state === 'returned' ? 'returned' : 'in-stock';
  }

  private be(
    state: HoldingState,
    placeId: number | null = null,
    customerId: number | null = null,
    containerId: number | null = null,
  ): void {
    this.now = { state, placeId, customerId, containerId, quantity: ONE };
    this.missing = null;
  }
}
