import { ConsumeLink, mixingFacts, StockMovement } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { MixingBuilder, MixingPlant, MixingUnit, MoveRole } from '../engine';
import { Draw, drawsOf } from '../domain/draws';
import { nanos } from './stories';

const ROLES: Record<Exclude<StockMovement['role'], 'used' | 'counted' | 'adjusted'>, MoveRole> = {
  made: 0,
  returned: 1,
  shipped: 2,
  scrapped: 3,
};

const ADJUSTED: MoveRole = 4;

/** A shipment, scrapping or return of a lot that names no quantity. */
export interface UnclearMove {
  unit: number;
  time: number;
  role: MoveRole;
  returned: boolean;
}

/** A draw into several outputs waits until what its event made of each is known. */
interface WaitingDraw {
  event: number;
  input: number;
  draw: Draw;
}

/** Puts the ledger's rows into what mixing reads; `dense` gives a unit's number. */
export class MixingReader {
  private readonly builder: MixingBuilder;
  private readonly firstMade: Float64Array;
  private readonly waiting: WaitingDraw[] = [];
  private readonly dividing = new Set<number>();
  private madeCount = 0;
  private madeEvent = new Float64Array(1024);
  private madeUnit = new Int32Array(1024);
  private readonly madeQuantity: (bigint | null)[] = [];
  private readonly unclearMoves: UnclearMove[] = [];
  private readonly counted = new Set<number>();

  constructor(
    units: readonly MixingUnit[],
    private readonly dense: ReadonlyMap<number, number>,
  ) {
    this.builder = new MixingBuilder(units);
    this.firstMade = new Float64Array(units.length).fill(Infinity);
  }

  async read(q: Queryable, position: number, ids: readonly number[], progress: (done: number) => void): Promise<void> {
    let done = 0;
    await mixingFacts(q, position, ids, (movements, links, units) => {
      this.take(movements, links);
      progress((done += units));
    });
  }

  unclear(): readonly UnclearMove[] {
    return this.unclearMoves;
  }

  settle({ unit, time, role }: UnclearMove, quantity: 'all' | null): void {
    this.builder.move(unit, time, role, quantity);
  }

  /** Units whose stock was counted or adjusted. */
  corrected(): Iterable<number> {
    return this.counted;
  }

  /** `difference` null: by how much is not known. */
  correct(unit: number, time: number, difference: bigint | null): void {
    if (difference !== 0n) this.builder.move(unit, time, ADJUSTED, difference);
  }

  build(): MixingPlant {
    const made = this.madeByEvent();
    for (const { event, input, draw } of this.waiting) {
      const { from, quantity, outputs, undivided } = draw;
      const several = outputs.length > 1 && !undivided;
      const targets = outputs.map((unit) => ({ unit, made: several ? (made.get(event)?.get(unit) ?? null) : null }));
      // A draw dated before its source was made is read as reaching one millisecond past that (SETTLED 5).
      const first = this.firstMade[input]!;
      const until = draw.until <= first && first < Infinity ? first + 1 : draw.until;
      this.builder.draw(input, from, until, quantity, targets);
    }
    return this.builder.build();
  }

  /** Rows of a batch of units, both sorted by event and unit. */
  private take(movements: readonly StockMovement[], links: readonly ConsumeLink[]): void {
    let l = 0;
    for (let m = 0; m < movements.length;) {
      const { event_id: event, unit_id: id } = movements[m]!;
      const unit = this.dense.get(id)!;
      const used: { quantity: bigint | null }[] = [];
      let usedAt = 0;
      let made = false;
      for (; m < movements.length && movements[m]!.event_id === event && movements[m]!.unit_id === id; m++) {
        const row = movements[m]!;
        const quantity = row.quantity === null ? null : nanos(row.quantity);
        // What a count changed hangs on all that happened before: it is worked out apart.
        if (row.role === 'counted' || row.role === 'adjusted') this.counted.add(unit);
        else if (row.role === 'used') {
          used.push({ quantity });
          usedAt = row.at_from;
        } else {
          this.move(unit, event, row, quantity);
          made ||= row.role === 'made';
        }
      }
      if (used.length === 0) continue;
      while (l < links.length && before(links[l]!, event, id)) l++;
      const own: ConsumeLink[] = [];
      for (; l < links.length && links[l]!.event_id === event && links[l]!.input === id; l++) own.push(links[l]!);
      const consumed = own.map((link) => ({
        output: this.dense.get(link.output)!,
        from: link.from_ms,
        until: Math.max(link.stated_until_ms, link.from_ms + 1),
        quantity: link.quantity === null ? null : nanos(link.quantity),
        slot: link.slot,
      }));
      for (const draw of drawsOf(used, consumed, made, usedAt)) {
        this.waiting.push({ event, input: unit, draw });
        if (draw.outputs.length > 1) this.dividing.add(event);
      }
    }
  }

  private move(unit: number, event: number, row: StockMovement, quantity: bigint | null): void {
    const role = ROLES[row.role as keyof typeof ROLES];
    if (row.role === 'made') {
      if (row.at_from < this.firstMade[unit]!) this.firstMade[unit] = row.at_from;
      this.keepMade(event, unit, quantity);
    } else if (quantity === null) {
      this.unclearMoves.push({ unit, time: row.at_from, role, returned: row.role === 'returned' });
      return;
    }
    this.builder.move(unit, row.at_from, role, quantity);
  }

  private keepMade(event: number, unit: number, quantity: bigint | null): void {
    if (this.madeCount === this.madeEvent.length) {
      const [events, units] = [new Float64Array(this.madeCount * 2), new Int32Array(this.madeCount * 2)];
      events.set(this.madeEvent);
      units.set(this.madeUnit);
      [this.madeEvent, this.madeUnit] = [events, units];
    }
    this.madeEvent[this.madeCount] = event;
    this.madeUnit[this.madeCount++] = unit;
    this.madeQuantity.push(quantity);
  }

  /** What each event that must be divided made of each of its outputs; a unit that it names twice counts with both. */
  private madeByEvent(): Map<number, Map<number, bigint | null>> {
    const found = new Map<number, Map<number, bigint | null>>();
    for (let i = 0; i < this.madeCount; i++) {
      const event = this.madeEvent[i]!;
      if (!this.dividing.has(event)) continue;
      let own = found.get(event);
      if (!own) found.set(event, (own = new Map<number, bigint | null>()));
      const unit = this.madeUnit[i]!;
      const quantity = this.madeQuantity[i]!;
      const sum = own.get(unit);
      own.set(unit, sum === undefined ? quantity : sum === null || quantity === null ? null : sum + quantity);
    }
    return found;
  }
}

function before(link: ConsumeLink, event: number, input: number): boolean {
  return link.event_id < event || (link.event_id === event && link.input < input);
}
