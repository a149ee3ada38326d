/**
 * The mass balance of one unit: what came in = what is used, installed, in stock, shipped less what came back, scrapped,
 * adjusted (counted or written off: below 0 where more was found), and what the record does not explain. Pure; quantities in nanos of the unit's base unit, null = not known.
 */
import { formatDecimal, formatTime } from '@/kernel';

interface BalanceMovement {
  event: number;
  /** of makings: receive, produce, create … */
  type: string;
  role: string;
  at: number;
  quantity: bigint | null;
  customerId: number | null;
}

/** A draw of one event out of the unit. */
export interface BalanceDraw {
  event: number;
  at: number;
  quantity: bigint | null;
  /** units, and what the event made of each; none: into the unit itself */
  outputs: { unit: number; made: bigint | null; uom: string }[];
  undivided: boolean;
}

/** Something that it is installed in, or loaded on, now. */
export interface BalanceStay {
  parent: number;
  certain: boolean;
  quantity: bigint | null;
}

/** A part of the unit in one state, as the ledger folds its movements. */
interface BalanceHolding {
  state: string;
  placeId: number | null;
  customerId: number | null;
  quantity: bigint | null;
}

interface BalanceFacts {
  unit: number;
  uom: string;
  serial: boolean;
  movements: readonly BalanceMovement[];
  draws: readonly BalanceDraw[];
  stays: readonly BalanceStay[];
  holdings: readonly BalanceHolding[];
  /** what counts and adjustments changed; null: not known by how much */
  corrections: readonly { at: number; difference: bigint | null }[];
}

interface Balance {
  in: Record<Entry, bigint | null> & { returned: bigint | null };
  used: { unit: number; mode: 'consume' | 'install'; quantity: bigint | null }[];
  usedTotal: bigint | null;
  inStock: { placeId: number | null; quantity: bigint | null }[];
  shipped: { customerId: number | null; quantity: bigint | null }[];
  scrapped: bigint | null;
  adjusted: bigint | null;
  unexplained: bigint | null;
  unknown: string[];
}

type Entry = 'received' | 'produced' | 'created' | 'split' | 'toppedUp';
const ENTRIES: Record<string, Entry> = {
  receive: 'received',
  produce: 'produced',
  create: 'created',
  split: 'split',
  merge: 'split',
  'top-up': 'toppedUp',
};

const SENTENCES_MAX = 50;

export function balanceOf(facts: BalanceFacts): Balance {
  return new Balancing(facts).result();
}

class Balancing {
  private readonly unknown: string[] = [];
  private readonly used = new Map<string, { unit: number; mode: 'consume' | 'install'; quantity: bigint | null }>();

  constructor(private readonly facts: BalanceFacts) {}

  result(): Balance {
    const made = this.entries();
    const usedTotal = this.consumed();
    const installed = this.installed();
    const inStock = this.stock();
    const { shipped, returned } = this.deliveries();
    const scrapped = this.scrapped();
    const adjusted = this.adjusted();
    const minus = (x: bigint | null): bigint | null => (x === null ? null : -x);
    const unexplained = total([
      ...Object.values(made),
      returned,
      ...[
        usedTotal,
        installed,
        scrapped,
        adjusted,
        ...inStock.map((s) => s.quantity),
        ...shipped.map((s) => s.quantity),
      ].map(minus),
    ]);
    return {
      in: { ...made, returned },
      used: [...this.used.values()],
      usedTotal: total([usedTotal, installed]),
      inStock,
      shipped,
      scrapped,
      adjusted,
      unexplained,
      unknown: this.sentences(),
    };
  }

  private sentences(): string[] {
    const all = [...new Set(this.unknown)];
    const rest = all.length - SENTENCES_MAX;
    return rest <= 0 ? all : [...all.slice(0, SENTENCES_MAX), `${rest} more quantities are not known.`];
  }

  private of(role: string): BalanceMovement[] {
    return this.facts.movements.filter((m) => m.role === role);
  }

  private say(nano: bigint): string {
    return `${formatDecimal(nano)} ${this.facts.uom}`;
  }

  private entries(): Record<Entry, bigint | null> {
    const sums: Record<Entry, bigint | null> = { received: 0n, produced: 0n, created: 0n, split: 0n, toppedUp: 0n };
    const makings = this.of('made');
    for (const m of makings) {
      const entry = ENTRIES[m.type] ?? 'created';
      sums[entry] = total([sums[entry], m.quantity]);
      if (m.quantity === null) this.unknown.push(`How much came in on ${formatTime(m.at)} is not recorded.`);
    }
    if (makings.length === 0) this.unknown.push('Where it came from is not recorded.');
    return sums;
  }

  private consumed(): bigint | null {
    for (const draw of this.facts.draws) {
      if (draw.quantity === null)
        this.unknown.push(`How much was used on ${formatTime(draw.at)} is not recorded, or not into which output.`);
      for (const [unit, quantity] of this.divided(draw)) this.addUse(unit, 'consume', quantity);
    }
    return total(this.of('used').map((m) => m.quantity));
  }

  private divided({ at, quantity, outputs, undivided }: BalanceDraw): [unit: number, quantity: bigint | null][] {
    if (outputs.length === 0) return [[this.facts.unit, quantity]];
    if (outputs.length === 1) return [[outputs[0]!.unit, quantity]];
    const sum = total(outputs.map((o) => o.made));
    const alike = outputs.every((o) => o.uom === outputs[0]!.uom);
    if (quantity === null || undivided || !alike || sum === null || sum === 0n) {
      if (quantity !== null)
        this.unknown.push(
          `${this.say(quantity)} were used on ${formatTime(at)} in ${outputs.length} outputs; how much in each is not known.`,
        );
      return outputs.map((o) => [o.unit, null]);
    }
    // To nine decimals; what rounding leaves goes to the last, so that the parts are the whole.
    let rest = quantity;
    return outputs.map((o, i) => {
      const part = i === outputs.length - 1 ? rest : (quantity * o.made!) / sum;
      rest -= part;
      return [o.unit, part];
    });
  }

  private addUse(unit: number, mode: 'consume' | 'install', quantity: bigint | null): void {
    const key = `${mode} ${unit}`;
    const row = this.used.get(key);
    if (row) row.quantity = total([row.quantity, quantity]);
    else this.used.set(key, { unit, mode, quantity });
  }

  /** What is installed in something now, and how much of it in what. */
  private installed(): bigint | null {
    const inWork = this.facts.holdings.filter((h) => h.state === 'in-work');
    if (inWork.length === 0) return 0n;
    const amount = total(inWork.map((h) => h.quantity));
    const sure = this.facts.stays.filter((s) => s.certain);
    const stays = this.facts.serial && sure.length > 0 ? sure : this.facts.stays;
    if (stays.length === 0) {
      if (amount === null) this.unknown.push('How much was loaded or installed is not recorded.');
      else
        this.unknown.push(
          `${this.say(amount)} were loaded or installed and are in nothing any more; where they went is not recorded.`,
        );
      return amount === null ? null : 0n;
    }
    const [only, ...others] = stays as [BalanceStay];
    const sum = total(stays.map((s) => s.quantity));
    if (others.length === 0) this.addUse(only.parent, 'install', amount);
    else {
      const fits = sum !== null && sum === amount && stays.every((s) => s.certain);
      for (const s of stays) this.addUse(s.parent, 'install', fits ? s.quantity : null);
      if (!fits)
        this.unknown.push(`It is installed or loaded in ${stays.length} places; how much in each is not known.`);
    }
    if (amount === null) this.unknown.push('How much of it is installed or loaded is not recorded.');
    return amount;
  }

  private stock(): Balance['inStock'] {
    const places = new Map<number | null, bigint | null>();
    for (const { state, placeId, quantity } of this.facts.holdings) {
      if (state !== 'in-stock' && state !== 'returned') continue;
      places.set(placeId, total([places.get(placeId) ?? (places.has(placeId) ? null : 0n), quantity]));
    }
    if ([...places.values()].includes(null)) this.unknown.push('How much is in stock is not known.');
    return [...places].map(([placeId, quantity]) => ({ placeId, quantity }));
  }

  /** What was shipped to each customer, whatever came back, and what came back. */
  private deliveries(): { shipped: Balance['shipped']; returned: bigint | null } {
    const shipments = this.of('shipped');
    const returns = this.of('returned');
    const customers = new Set([...shipments, ...returns].map((m) => m.customerId));
    const shipped: Balance['shipped'] = [];
    const returned: (bigint | null)[] = [];
    for (const customerId of customers) {
      const there = this.facts.holdings.filter((h) => h.state === 'shipped' && h.customerId === customerId);
      const net = total(there.map((h) => h.quantity));
      let out = total(shipments.filter((m) => m.customerId === customerId).map((m) => m.quantity));
      let back = total(returns.filter((m) => m.customerId === customerId).map((m) => m.quantity));
      // One that names no quantity was of all that was there: what the customer has now tells how much.
      if (out === null && back !== null && net !== null) out = net + back;
      else if (back === null && out !== null && net !== null) back = out - net;
      if (out === null || back === null) this.unknown.push('How much was shipped, or came back, is not recorded.');
      if (shipments.some((m) => m.customerId === customerId)) shipped.push({ customerId, quantity: out });
      returned.push(back);
    }
    return { shipped, returned: total(returned) };
  }

  /** What is less than computed counts as gone, what is more as the contrary. */
  private adjusted(): bigint | null {
    const changes = this.facts.corrections;
    const by = total(changes.map((c) => c.difference));
    for (const { at, difference } of changes)
      if (difference === null) this.unknown.push(`What the count of ${formatTime(at)} changed is not known.`);
    return by === null ? null : -by;
  }

  private scrapped(): bigint | null {
    const known = total(this.of('scrapped').map((m) => m.quantity));
    const amount = known ?? total(this.facts.holdings.filter((h) => h.state === 'scrapped').map((h) => h.quantity));
    if (amount === null) this.unknown.push('How much was scrapped is not recorded.');
    return amount;
  }
}

/** The sum, not known where one of them is not. */
function total(quantities: readonly (bigint | null)[]): bigint | null {
  let sum = 0n;
  for (const q of quantities) {
    if (q === null) return null;
    sum += q;
  }
  return sum;
}
