import { COPIED_ROLES, copiedSeat, IN_CONTAINER } from '@/ledger';
import { QUANTITY_UNKNOWN, widened } from '../engine';
import { Moved, SOME_CONTAINER } from '../app/stories';
import { unpacked } from '../app/unit-columns';
import { CopyRow } from './binary-copy';

const EXPECTED = COPIED_ROLES.indexOf('expected');

/** Movements as they come, then by unit in the order of time. */
export class Movements {
  length = 0;
  private id = new Float64Array(1024);
  private event = new Float64Array(1024);
  private unit = new Int32Array(1024);
  private role = new Uint8Array(1024);
  private from = new Float64Array(1024);
  private until = new Float64Array(1024);
  private quantity = new BigInt64Array(1024);
  private halves = new Int32Array(this.quantity.buffer);
  private place = new Int32Array(1024);
  private partner = new Int32Array(1024);
  private readonly documents = new Map<number, string>();
  private readonly texts = new Map<string, string>();
  private readonly wide = new Set<number>();
  private offset = new Int32Array(1);
  private order = new Int32Array(0);
  private made = new Float64Array(0);

  add(row: CopyRow): void {
    // What was only announced shows no gap: the few such units are read from the database.
    if (row.int4(3) === EXPECTED) return void this.wide.add(row.int4(2));
    if (this.length === this.unit.length) this.grow();
    const n = this.length++;
    this.id[n] = row.int8(0);
    this.event[n] = row.int8(1);
    this.unit[n] = row.int4(2);
    this.role[n] = row.int4(3);
    this.from[n] = row.int8(4);
    this.until[n] = row.int8(5);
    if (row.isNull(6)) this.quantity[n] = QUANTITY_UNKNOWN;
    else row.int8Into(6, this.halves, n);
    if (row.bool(7)) this.wide.add(row.int4(2));
    this.place[n] = row.int4(8);
    this.partner[n] = row.int4(9);
    if (row.isNull(10)) return;
    // A shipment names its document once a unit, and many lots go into one parent: one string serves all of them.
    const text = row.text(10);
    let known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, (known = text));
    this.documents.set(n, known);
  }

  sort(unitCount: number): void {
    const offset = new Int32Array(unitCount + 1);
    const made = new Float64Array(unitCount).fill(NaN);
    const first = COPIED_ROLES.indexOf('made');
    for (let n = 0; n < this.length; n++) {
      const unit = this.unit[n]!;
      offset[unit + 1]!++;
      if (this.role[n] === first && !(made[unit]! <= this.from[n]!)) made[unit] = this.from[n]!;
    }
    for (let u = 0; u < unitCount; u++) offset[u + 1]! += offset[u]!;
    const next = offset.slice(0, unitCount);
    const order = new Int32Array(this.length);
    for (let n = 0; n < this.length; n++) order[next[this.unit[n]!]!++] = n;
    this.offset = offset;
    this.order = order;
    this.made = made;
  }

  firstMade(unit: number): number {
    return this.made[unit]!;
  }

  isWide(unit: number): boolean {
    return this.wide.has(unit);
  }

  /** A unit's movements in the order in which they are read from the database: by time, then as they were recorded. */
  of(unit: number): Moved[] {
    const own = this.sorted(unit);
    const found: Moved[] = [];
    for (const n of own) {
      const event = this.event[n]!;
      const from = this.from[n]!;
      const until = this.until[n]!;
      const role = COPIED_ROLES[this.role[n]! % IN_CONTAINER]!;
      const text = role === 'shipped' ? undefined : this.documents.get(n);
      found.push({
        eventId: event,
        event,
        type: '',
        role,
        atFrom: from,
        atUntil: until,
        from,
        until,
        quantity: unpacked(this.quantity[n]!),
        placeId: this.place[n]! || null,
        partnerId: this.partner[n]! || null,
        containerId: this.role[n]! >= IN_CONTAINER ? SOME_CONTAINER : null,
        ...(text === undefined ? {} : copiedSeat(text)),
      });
    }
    return found;
  }

  documentOf(unit: number, i: number): string | null {
    return this.documents.get(this.order[this.offset[unit]! + i]!) ?? null;
  }

  private sorted(unit: number): Int32Array {
    const own = this.order.subarray(this.offset[unit], this.offset[unit + 1]);
    let inOrder = true;
    for (let i = 1; i < own.length && inOrder; i++) inOrder = this.compare(own[i - 1]!, own[i]!) <= 0;
    return inOrder ? own : own.sort((a, b) => this.compare(a, b));
  }

  private compare(a: number, b: number): number {
    return this.from[a]! - this.from[b]! || this.id[a]! - this.id[b]!;
  }

  private grow(): void {
    const size = this.length * 2;
    for (const key of ['id', 'event', 'from', 'until'] as const) this[key] = widened(this[key], size);
    for (const key of ['unit', 'place', 'partner'] as const) this[key] = widened(this[key], size);
    this.role = widened(this.role, size);
    this.quantity = widened(this.quantity, size);
    this.halves = new Int32Array(this.quantity.buffer);
  }
}
