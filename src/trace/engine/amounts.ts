/**
 * How much seed material is expected in each unit: perfect mixing in the order of time (DOMAIN.md "Amount", docs/AMOUNTS.md).
 * One pass over the instants, without recursion. The rules that are not plain arithmetic:
 * - a seed is all seed material inside its window and none outside, whatever flows into it;
 * - a unit that never held any passes on none, even where its quantities are not known: only what held some becomes unknown;
 * - once unknown, unknown: no later fact tells what is in there.
 */
import { hits, hitsEnd, normalize } from './intervals';
import { addTo, compare, divide, multiply, Num, num, NumColumn, setBigint, setZero, toText } from './amounts-numbers';
import { FlowOrder } from './amounts-order';
import { ADJUSTED, MADE, MixingPlant, RETURNED, SHIPPED } from './amounts-plant';
import type { Interval, Seed } from './types';

export interface MixingQuestion {
  seeds: readonly Seed[];
  /** 1 where the trace exposes the unit at some time */
  exposed: Uint8Array;
  /** when a unit is exposed through something that is installed in it; of a run: its whole exposure */
  through: ReadonlyMap<number, readonly Interval[]>;
}

export interface UnitAmount {
  /** seed material that the unit holds, and that left under its own code, in the seeds' base unit; null: unknown */
  amount: string | null;
  /** of what it holds and what left under its own code; null: unknown, nothing there, or another unit of measure */
  share: string | null;
  /** the highest share since it was first exposed; null: unknown */
  peakShare: string | null;
}

export const UNKNOWN_AMOUNT: UnitAmount = { amount: null, share: null, peakShare: null };

const ONE_PIECE = 1_000_000_000n;
/** quantities are counted in 10⁻⁹ */
const NANO = 9;
const DIGITS = 12;
/** a limit is compared with more digits than are shown */
const PEAK_DIGITS = 20;
/** draws and moves between two chances to report or to stop */
const CHUNK = 50_000;

/** Mixes; yields how many draws and moves are done. */
export function* mix(plant: MixingPlant, question: MixingQuestion): Generator<number, Mixture> {
  const mixture = new Mixture(plant, question);
  let done = 0;
  let next = CHUNK;
  for (let instant = 0; instant < plant.times.length; instant++) {
    done += mixture.pass(instant);
    if (done < next) continue;
    next = done + CHUNK;
    yield done;
  }
  return mixture;
}

export class Mixture {
  /** what is there, to draw from */
  private readonly there: bigint[];
  private readonly material: NumColumn;
  private readonly shipped: bigint[];
  private readonly shippedMaterial: NumColumn;
  private readonly scrapped: bigint[];
  private readonly scrappedMaterial: NumColumn;
  private readonly peak: NumColumn;
  /** some seed material came in, or may have */
  private readonly held: Uint8Array;
  /** quantities, and where it held any also the material, are not known any more */
  private readonly lost: Uint8Array;
  /** the seeds' windows, by unit; no runs */
  private readonly windows = new Map<number, readonly Interval[]>();
  /** the seeds' unit of measure; −1: they have several */
  private readonly uom: number;

  private readonly order: FlowOrder;
  private readonly firstDraw: Int32Array;
  private readonly nextDraw: Int32Array;
  private readonly firstExit: Int32Array;
  private readonly nextExit: Int32Array;
  private readonly seenIn: Int32Array;

  constructor(
    private readonly plant: MixingPlant,
    private readonly question: MixingQuestion,
  ) {
    const count = plant.units.length;
    this.there = initial(plant);
    this.material = new NumColumn(count);
    this.shipped = new Array<bigint>(count).fill(0n);
    this.shippedMaterial = new NumColumn(count);
    this.scrapped = new Array<bigint>(count).fill(0n);
    this.scrappedMaterial = new NumColumn(count);
    this.peak = new NumColumn(count);
    this.held = new Uint8Array(count);
    this.lost = new Uint8Array(count);
    // What is in a run is known by its exposure alone: it is all in `through`.
    for (const { unit, windows } of question.seeds.filter((s) => !plant.units[s.unit]!.run))
      this.windows.set(unit, normalize([...(this.windows.get(unit) ?? []), ...windows]));
    const uoms = new Set(question.seeds.map((s) => plant.units[s.unit]!.uom));
    this.uom = uoms.size === 1 ? [...uoms][0]! : -1;
    this.order = new FlowOrder(count);
    this.firstDraw = new Int32Array(count).fill(-1);
    this.nextDraw = new Int32Array(plant.drawInput.length);
    this.firstExit = new Int32Array(count).fill(-1);
    this.nextExit = new Int32Array(plant.moveUnit.length);
    this.seenIn = new Int32Array(count).fill(-1);
  }

  amountOf(unit: number): UnitAmount {
    if (this.uom < 0) return UNKNOWN_AMOUNT;
    const windows = this.windows.get(unit);
    const sameUom = this.plant.units[unit]!.uom === this.uom;
    const peakShare = sameUom ? this.peakOf(unit, windows !== undefined) : null;
    if (!this.known(unit, windows)) return { amount: null, share: null, peakShare };
    const total = num();
    if (!windows) this.material.get(unit, total);
    else if (hitsEnd(windows)) setBigint(total, this.there[unit]!);
    this.shippedMaterial.get(unit, a);
    addTo(total, a);
    this.scrappedMaterial.get(unit, a);
    addTo(total, a);
    const amount = toText(total, DIGITS, NANO);
    return { amount, share: sameUom ? this.shareOf(unit, total, windows) : null, peakShare };
  }

  private known(unit: number, windows: readonly Interval[] | undefined): boolean {
    if (windows) return !this.lost[unit] && (hitsEnd(windows) || !this.question.through.has(unit));
    if (this.question.through.has(unit)) return false;
    // Exposed, and never held any: what is known by the day, or drained long ago, says nothing about how much.
    return this.held[unit] ? !this.lost[unit] : !this.question.exposed[unit];
  }

  private shareOf(unit: number, total: Num, windows: readonly Interval[] | undefined): string | null {
    if (windows && hitsEnd(windows)) return '1';
    const quantity = this.there[unit]! + this.shipped[unit]! + this.scrapped[unit]!;
    if (this.lost[unit] || quantity <= 0n) return null;
    return toText(ratio(total, quantity), DIGITS);
  }

  private peakOf(unit: number, seed: boolean): string | null {
    if (seed) return '1';
    if (this.question.through.has(unit)) return null;
    if (!this.held[unit]) return this.question.exposed[unit] ? null : '0';
    if (this.lost[unit] || this.peak.isZero(unit)) return null;
    this.peak.get(unit, a);
    return toText(a, PEAK_DIGITS);
  }

  // ------------------------------------------------------------ one instant

  /** Everything of one instant: entries first, then units in an order in which each is filled before it draws. */
  pass(instant: number): number {
    const { plant } = this;
    const units: number[] = [];
    const take = (unit: number): void => {
      if (this.seenIn[unit] === instant) return;
      this.seenIn[unit] = instant;
      units.push(unit);
    };
    for (let i = plant.moveOffset[instant]!; i < plant.moveOffset[instant + 1]!; i++) {
      const move = plant.moves[i]!;
      take(plant.moveUnit[move]!);
      this.enter(move);
    }
    const [start, end] = [plant.drawOffset[instant]!, plant.drawOffset[instant + 1]!];
    for (let i = start; i < end; i++) {
      const draw = plant.draws[i]!;
      const input = plant.drawInput[draw]!;
      take(input);
      this.nextDraw[draw] = this.firstDraw[input]!;
      this.firstDraw[input] = draw;
      for (let k = plant.targetOffset[draw]!; k < plant.targetOffset[draw + 1]!; k++) take(plant.target[k]!);
    }
    const now = plant.times[instant]!;
    if (start === end) for (const unit of units) this.leave(unit, now);
    else {
      this.order.run({ units, outputs: this.outputs }, (group) => {
        if (group.length > 1) this.circle(group, now);
        for (const unit of group) this.leave(unit, now);
      });
    }
    return end - start + plant.moveOffset[instant + 1]! - plant.moveOffset[instant]!;
  }

  private readonly outputs = (unit: number, to: (output: number) => void): void => {
    const { targetOffset, target } = this.plant;
    for (let draw = this.firstDraw[unit]!; draw >= 0; draw = this.nextDraw[draw]!)
      for (let k = targetOffset[draw]!; k < targetOffset[draw + 1]!; k++) to(target[k]!);
  };

  /** What comes without a link; what goes waits until all has come. */
  private enter(move: number): void {
    const { moveUnit, moveRole, moveQuantity } = this.plant;
    const unit = moveUnit[move]!;
    const role = moveRole[move]!;
    const quantity = moveQuantity[move]!;
    if (role === MADE) {
      if (typeof quantity === 'bigint') this.there[unit]! += quantity;
      else this.lost[unit] = 1;
    } else if (role === RETURNED) {
      this.comeBack(unit, quantity === 'all' ? this.shipped[unit]! : quantity);
    } else if (role === ADJUSTED && (typeof quantity !== 'bigint' || quantity > 0n)) {
      this.lost[unit] = 1;
    } else {
      this.nextExit[move] = this.firstExit[unit]!;
      this.firstExit[unit] = move;
    }
  }

  private comeBack(unit: number, quantity: bigint | null): void {
    const gone = this.shipped[unit]!;
    if (quantity === null || quantity > gone) this.lost[unit] = 1;
    if (this.lost[unit] || quantity === null || quantity === 0n) return;
    this.shippedMaterial.get(unit, a);
    part(a, quantity, gone);
    if (!this.windows.has(unit)) this.material.add(unit, a);
    this.shippedMaterial.get(unit, a);
    part(a, gone - quantity, gone);
    this.shippedMaterial.set(unit, a);
    this.there[unit]! += quantity;
    this.shipped[unit] = gone - quantity;
  }

  /** Units that fill each other in one instant: who came first, nobody knows. */
  private circle(group: readonly number[], now: number): void {
    const some = group.some((unit) => {
      if (this.held[unit]) return true;
      const windows = this.windows.get(unit);
      if (windows && hits(windows, now, now + 1)) return true;
      for (let draw = this.firstDraw[unit]!; draw >= 0; draw = this.nextDraw[draw]!)
        if (this.drawnThrough(unit, draw)) return true;
      return false;
    });
    for (const unit of group) {
      this.lost[unit] = 1;
      if (some && !this.windows.has(unit)) this.held[unit] = 1;
    }
  }

  /** All that goes from a unit in one instant goes at one share. */
  private leave(unit: number, now: number): void {
    if (this.held[unit] && !this.lost[unit]) this.notePeak(unit);
    const first = this.firstDraw[unit]!;
    const exit = this.firstExit[unit]!;
    if (first < 0 && exit < 0) return;
    this.firstDraw[unit] = this.firstExit[unit] = -1;
    const { drawQuantity, targetOffset } = this.plant;

    const there = this.there[unit]!;
    let going = 0n;
    let flowing = 0n;
    for (let draw = first; draw >= 0; draw = this.nextDraw[draw]!) {
      const quantity = drawQuantity[draw]!;
      if (quantity === null) this.lost[unit] = 1;
      else {
        going += quantity;
        // A draw from itself into itself leaves the material where it is.
        if (targetOffset[draw]! < targetOffset[draw + 1]!) flowing += quantity;
      }
    }
    const exits = this.exits(unit, exit, there - going);
    for (const { quantity } of exits) {
      going += quantity;
      flowing += quantity;
    }
    if (going > there) this.lost[unit] = 1;

    for (let draw = first; draw >= 0; draw = this.nextDraw[draw]!) this.flow(unit, draw, there, now);
    if (this.lost[unit]) return;
    for (const { quantity, shipped } of exits) {
      this.materialIn(unit, quantity, there, now, a);
      (shipped ? this.shippedMaterial : this.scrappedMaterial).add(unit, a);
      if (shipped) this.shipped[unit]! += quantity;
      else this.scrapped[unit]! += quantity;
    }
    this.there[unit] = there - going;
    this.material.get(unit, a);
    part(a, there - flowing, there);
    this.material.set(unit, a);
    if (flowing < going && this.held[unit]) this.notePeak(unit);
  }

  private exits(unit: number, first: number, rest: bigint): { quantity: bigint; shipped: boolean }[] {
    const found: { quantity: bigint; shipped: boolean }[] = [];
    const { moveRole, moveQuantity } = this.plant;
    const all: boolean[] = [];
    for (let move = first; move >= 0; move = this.nextExit[move]!) {
      const quantity = moveQuantity[move]!;
      const shipped = moveRole[move] === SHIPPED;
      if (quantity === null) this.lost[unit] = 1;
      else if (quantity === 'all') all.push(shipped);
      else {
        const positive = quantity < 0n ? -quantity : quantity;
        rest -= positive;
        found.push({ quantity: positive, shipped });
      }
    }
    // All that is left leaves once, with a shipment rather than to the bin.
    if (all.length > 0 && rest > 0n) found.push({ quantity: rest, shipped: all.includes(true) });
    return found;
  }

  private drawnThrough(unit: number, draw: number): boolean {
    const through = this.question.through.get(unit);
    return through !== undefined && hits(through, this.plant.drawFrom[draw]!, this.plant.drawUntil[draw]!);
  }

  /** What a quantity drawn from a unit has of seed material, into x. The unit's amount is known. */
  private materialIn(unit: number, quantity: bigint, there: bigint, now: number, x: Num): void {
    const windows = this.windows.get(unit);
    if (windows) {
      if (hits(windows, now, now + 1)) setBigint(x, quantity);
      else setZero(x);
      return;
    }
    this.material.get(unit, x);
    part(x, quantity, there);
  }

  private flow(unit: number, draw: number, there: bigint, now: number): void {
    const quantity = this.plant.drawQuantity[draw]!;
    const windows = this.windows.get(unit);
    const inWindow = windows !== undefined && hits(windows, now, now + 1);
    if (!inWindow && this.drawnThrough(unit, draw)) return this.divideAmong(draw, null);
    if (windows ? !inWindow : !this.held[unit]) return;
    if (quantity === null || (!windows && this.lost[unit])) return this.divideAmong(draw, null);
    const x = num();
    this.materialIn(unit, quantity, there, now, x);
    if (x.h !== 0) this.divideAmong(draw, x);
  }

  /** Gives each target of a draw its part, by the quantities that the event made; null: nobody knows how much. */
  private divideAmong(draw: number, material: Num | null): void {
    const { targetOffset, target, targetMade, units } = this.plant;
    const [start, end] = [targetOffset[draw]!, targetOffset[draw + 1]!];
    let sum: bigint | null = material && 0n;
    if (end - start > 1) {
      const { uom } = units[target[start]!]!;
      for (let k = start; k < end && sum !== null; k++) {
        const made = targetMade[k]!;
        sum = made === null || units[target[k]!]!.uom !== uom ? null : sum + made;
      }
    }
    for (let k = start; k < end; k++) {
      const unit = target[k]!;
      // What flows back into a seed is seed material there, or none, by its window alone.
      if (this.windows.has(unit)) continue;
      this.held[unit] = 1;
      if (material === null || sum === null) this.lost[unit] = 1;
      else if (end - start === 1) this.material.add(unit, material);
      else {
        copy(material, b);
        part(b, targetMade[k]!, sum);
        this.material.add(unit, b);
      }
    }
  }

  private notePeak(unit: number): void {
    const there = this.there[unit]!;
    // Material that arrives before its lot is booked in has no share yet.
    if (there <= 0n || this.material.isZero(unit) || this.plant.units[unit]!.uom !== this.uom) return;
    this.material.get(unit, a);
    const share = ratio(a, there);
    this.peak.get(unit, b);
    if (compare(share, b) > 0) this.peak.set(unit, share);
  }
}

const a = num();
const b = num();
const factor = num();
const ONE: Num = { h: 1, l: 0, e: 0 };

function copy(from: Num, to: Num): void {
  to.h = from.h;
  to.l = from.l;
  to.e = from.e;
}

/** x · quantity / whole into x: all of it exactly where they are equal. */
function part(x: Num, quantity: bigint, whole: bigint): void {
  if (quantity === whole || x.h === 0) return;
  if (quantity === 0n) return setZero(x);
  setBigint(factor, quantity);
  multiply(x, factor);
  setBigint(factor, whole);
  divide(x, factor);
}

/** min(1, x / quantity), in a number of its own. */
function ratio(x: Num, quantity: bigint): Num {
  const share = num();
  copy(x, share);
  setBigint(factor, quantity);
  divide(share, factor);
  return compare(share, ONE) > 0 ? { ...ONE } : share;
}

/** A serial whose making is not recorded is one piece all the same. */
function initial(plant: MixingPlant): bigint[] {
  const there = plant.units.map((u) => (u.serial ? ONE_PIECE : 0n));
  for (let i = 0; i < plant.moveUnit.length; i++)
    if (plant.moveRole[i] === MADE && plant.units[plant.moveUnit[i]!]!.serial) there[plant.moveUnit[i]!] = 0n;
  return there;
}
