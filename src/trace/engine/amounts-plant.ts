/** What mixing knows of a plant: entries, exits and draws of units, as columns, cut into instants. */

/** Roles of moves; a draw that goes into other units is no move. */
export const MADE = 0;
export const RETURNED = 1;
export const SHIPPED = 2;
export const SCRAPPED = 3;
export const ADJUSTED = 4;
export type MoveRole = typeof MADE | typeof RETURNED | typeof SHIPPED | typeof SCRAPPED | typeof ADJUSTED;

/** Nanos of the unit's base unit; null: not recorded; all: all that is there (of a return: all that had been shipped). */
export type MixingQuantity = bigint | null | 'all';

export interface DrawTarget {
  unit: number;
  /** what the draw's event made of it, nanos of its own base unit; null: not recorded */
  made: bigint | null;
}

export interface MixingUnit {
  /** one piece: it is there from ever unless its making is recorded, and it passes all that it has */
  serial: boolean;
  /** a run that people made: what it holds is not known, only when it is exposed */
  run: boolean;
  /** equal numbers: the same base unit of measure */
  uom: number;
}

/** Grows by doubling. */
class Numbers {
  private values = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  ints(): Int32Array {
    return Int32Array.from(this.values.subarray(0, this.length));
  }

  floats(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** Everything that moves, in any order; `build` puts it in the order of time. */
export class MixingBuilder {
  private readonly moveUnit = new Numbers();
  private readonly moveTime = new Numbers();
  private readonly moveRole = new Numbers();
  private readonly moveQuantity: MixingQuantity[] = [];
  private readonly drawInput = new Numbers();
  private readonly drawFrom = new Numbers();
  private readonly drawUntil = new Numbers();
  private readonly drawQuantity: (bigint | null)[] = [];
  private readonly targetOffset = new Numbers();
  private readonly target = new Numbers();
  private readonly targetMade: (bigint | null)[] = [];

  constructor(private readonly units: readonly MixingUnit[]) {
    this.targetOffset.push(0);
  }

  /** ADJUSTED quantities are signed; all others are above zero. */
  move(unit: number, time: number, role: MoveRole, quantity: MixingQuantity): void {
    this.moveUnit.push(unit);
    this.moveTime.push(time);
    this.moveRole.push(role);
    this.moveQuantity.push(quantity);
  }

  /** One draw of an event into some or all of what it made, over [from, until). A target that is the input itself has no effect. */
  draw(input: number, from: number, until: number, quantity: bigint | null, targets: readonly DrawTarget[]): void {
    this.drawInput.push(input);
    this.drawFrom.push(from);
    this.drawUntil.push(until);
    this.drawQuantity.push(quantity);
    for (const { unit, made } of targets) {
      if (unit === input) continue;
      this.target.push(unit);
      this.targetMade.push(made);
    }
    this.targetOffset.push(this.target.length);
  }

  build(): MixingPlant {
    const moveTime = this.moveTime.floats();
    const drawFrom = this.drawFrom.floats();
    const times = distinctTimes(moveTime, drawFrom);
    const [moveOffset, moves] = byInstant(times, moveTime);
    const [drawOffset, draws] = byInstant(times, drawFrom);
    return {
      units: this.units,
      times,
      moveOffset,
      moves,
      drawOffset,
      draws,
      moveUnit: this.moveUnit.ints(),
      moveRole: this.moveRole.ints(),
      moveQuantity: this.moveQuantity,
      drawInput: this.drawInput.ints(),
      drawFrom,
      drawUntil: this.drawUntil.floats(),
      drawQuantity: this.drawQuantity,
      targetOffset: this.targetOffset.ints(),
      target: this.target.ints(),
      targetMade: this.targetMade,
    };
  }
}

export interface MixingPlant {
  units: readonly MixingUnit[];
  /** the instants, ascending */
  times: Float64Array;
  /** the moves of instant t are moves[moveOffset[t] … moveOffset[t + 1] − 1]; likewise its draws */
  moveOffset: Int32Array;
  moves: Int32Array;
  drawOffset: Int32Array;
  draws: Int32Array;
  moveUnit: Int32Array;
  moveRole: Int32Array;
  moveQuantity: readonly MixingQuantity[];
  drawInput: Int32Array;
  drawFrom: Float64Array;
  drawUntil: Float64Array;
  drawQuantity: readonly (bigint | null)[];
  /** the targets of draw d are at places targetOffset[d] … targetOffset[d + 1] − 1 */
  targetOffset: Int32Array;
  target: Int32Array;
  targetMade: readonly (bigint | null)[];
}

function distinctTimes(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  all.sort();
  let count = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[count++] = all[i]!;
  return all.slice(0, count);
}

function byInstant(times: Float64Array, of: Float64Array): [offset: Int32Array, rows: Int32Array] {
  const instant = new Int32Array(of.length);
  const offset = new Int32Array(times.length + 1);
  for (let i = 0; i < of.length; i++) {
    let low = 0;
    let high = times.length - 1;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (times[mid]! < of[i]!) low = mid + 1;
      else high = mid;
    }
    instant[i] = low;
    offset[low + 1]!++;
  }
  for (let t = 0; t < times.length; t++) offset[t + 1]! += offset[t]!;
  const next = offset.slice(0, times.length);
  const rows = new Int32Array(of.length);
  for (let i = 0; i < of.length; i++) rows[next[instant[i]!]!++] = i;
  return [offset, rows];
}
