import { parseDecimal } from '@/kernel';
import type { Shipped } from '@/ledger';
import { AFFECTED, INSTALL, linksOut, TraceRows } from '../engine';
import type { Deliveries } from './answer';
import type { Whereabouts } from './place-units';
import { packed, SERIAL, shipmentsAt, UnitColumns } from './unit-columns';
import type { View } from './view';

const ONE = parseDecimal('1');
const NOBODY: readonly number[] = [];

/** The shipments of the affected units: their own, and those of what they were inside of. */
export function deliveriesOf(
  view: View,
  columns: UnitColumns,
  rows: TraceRows,
  { components, shippedIn }: Whereabouts,
  place: Int32Array,
  backward: boolean,
): Deliveries {
  const found = new DeliveryColumns(rows.affectedCount);
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    const own = shipmentsAt(columns, row);
    const carried =
      columns.kind[row] === SERIAL && (backward || isInstalled(view, rows.unit[row]!))
        ? components.carried(columns.unitId[row]!, shippedIn.get(row) ?? NOBODY)
        : [];
    if (own.length === 0 && carried.length === 0) continue;
    // Backward, what is asked is the input's part in the target, not when it left.
    const hit = (s: Shipped) => backward || meets(rows, row, s);
    for (const s of own)
      found.add(place[row]!, s, 0, s.quantity ?? (columns.kind[row] === SERIAL ? ONE : null), hit(s));
    for (const c of carried)
      found.add(place[row]!, c.shipment, c.parentUnitId, c.certain ? ONE : null, !c.fittedAfter && hit(c.shipment));
  }
  return found.build();
}

function isInstalled({ graph }: View, unit: number): boolean {
  for (const link of linksOut(graph, unit)) if (graph.mode[link] === INSTALL) return true;
  return false;
}

function meets(rows: TraceRows, row: number, { from, until }: Shipped): boolean {
  const [lo, hi, several] = rows.bounds(row);
  if (lo >= until || hi <= from) return false;
  return !several || rows.exposure(row).some(([a, b]) => a < until && from < b);
}

class DeliveryColumns {
  private readonly documents = new Map<string, number>();
  private length = 0;
  private row: Int32Array;
  private parentUnitId: Int32Array;
  private customerId: Int32Array;
  private document: Int32Array;
  private fromMs: Float64Array;
  private eventId: Float64Array;
  private quantity: BigInt64Array;
  private hit: Uint8Array;

  constructor(expected: number) {
    const size = Math.max(16, expected);
    this.row = new Int32Array(size);
    this.parentUnitId = new Int32Array(size);
    this.customerId = new Int32Array(size);
    this.document = new Int32Array(size);
    this.fromMs = new Float64Array(size);
    this.eventId = new Float64Array(size);
    this.quantity = new BigInt64Array(size);
    this.hit = new Uint8Array(size);
  }

  add(row: number, shipment: Shipped, parent: number, quantity: bigint | null, hit: boolean): void {
    if (this.length === this.row.length) this.grow();
    const n = this.length++;
    this.row[n] = row;
    this.parentUnitId[n] = parent;
    this.customerId[n] = shipment.customerId ?? 0;
    this.document[n] = shipment.document === null ? -1 : this.numberOf(shipment.document);
    this.fromMs[n] = shipment.from;
    this.eventId[n] = shipment.eventId;
    this.quantity[n] = packed(quantity);
    this.hit[n] = hit ? 1 : 0;
  }

  build(): Deliveries {
    const { length } = this;
    return {
      length,
      row: this.row.subarray(0, length),
      parentUnitId: this.parentUnitId.subarray(0, length),
      customerId: this.customerId.subarray(0, length),
      document: this.document.subarray(0, length),
      documents: [...this.documents.keys()],
      fromMs: this.fromMs.subarray(0, length),
      eventId: this.eventId.subarray(0, length),
      quantity: this.quantity.subarray(0, length),
      hit: this.hit.subarray(0, length),
    };
  }

  private numberOf(document: string): number {
    let known = this.documents.get(document);
    if (known === undefined) this.documents.set(document, (known = this.documents.size));
    return known;
  }

  private grow(): void {
    const size = this.length * 2;
    const wide = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    for (const key of ['row', 'parentUnitId', 'customerId', 'document'] as const)
      this[key] = wide(new Int32Array(size), this[key]);
    for (const key of ['fromMs', 'eventId'] as const) this[key] = wide(new Float64Array(size), this[key]);
    this.quantity = wide(new BigInt64Array(size), this.quantity);
    this.hit = wide(new Uint8Array(size), this.hit);
  }
}
