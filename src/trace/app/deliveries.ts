import { parseDecimal } from '@/kernel';
import type { Shipped } from '@/ledger';
import { AFFECTED, INSTALL, OutLinks, TraceRows } from '../engine';
import { Deliveries, QUANTITY_UNKNOWN } from './answer';
import type { Whereabouts } from './place-units';
import { packed, SERIAL, UnitColumns } from './unit-columns';
import type { View } from './view';

const ONE = parseDecimal('1');
const NOBODY: readonly number[] = [];

type Hit = (from: number, until: number) => boolean;

/** The shipments of the affected units: their own, and those of what they were inside of. */
export function deliveriesOf(
  view: View,
  columns: UnitColumns,
  rows: TraceRows,
  { components, shippedIn }: Whereabouts,
  place: Int32Array,
  backward: boolean,
): Deliveries {
  const found = new DeliveryColumns(rows.affectedCount, columns.shipments.documents);
  const inside = new Inside(view, columns, rows);
  const { offset } = columns.shipments;
  for (let row = 0; row < rows.length; row++) {
    if (rows.verdict[row] !== AFFECTED) continue;
    const serial = columns.kind[row] === SERIAL;
    const [lo, hi, several] = rows.bounds(row);
    // Backward, what is asked is the input's part in the target, not when it left.
    const hit = (from: number, until: number): boolean => {
      if (backward) return true;
      if (lo >= until || hi <= from) return false;
      return !several || rows.exposure(row).some(([a, b]) => a < until && from < b);
    };
    for (let k = offset[row]!; k < offset[row + 1]!; k++) found.own(place[row]!, columns, k, serial, hit);
    if (!serial || (!backward && inside.look(row) === 0)) continue;
    // The common case without objects: it has not left by itself, and has only ever been in one unit, itself in none.
    if (!backward && inside.single && offset[row] === offset[row + 1]) {
      const { parent, from, until } = inside;
      const k = offset[parent]!;
      if (k === offset[parent + 1]) continue;
      const id = columns.unitId[parent]!;
      if (columns.shipments.from[k]! < until && from < columns.shipments.until[k]!)
        found.with(place[row]!, columns, k, id, hit);
      // It was fitted only after that, and is in there now.
      else if (shippedIn.get(row)?.[0] === id) found.with(place[row]!, columns, k, id, () => false);
      continue;
    }
    for (const c of components.carried(columns.unitId[row]!, shippedIn.get(row) ?? NOBODY)) {
      const met = !c.fittedAfter && hit(c.shipment.from, c.shipment.until);
      found.add(place[row]!, c.shipment, c.parentUnitId, c.certain ? ONE : null, met);
    }
  }
  return found.build();
}

/** What a unit was ever installed in, as far as one certain stay tells. */
class Inside {
  /** one certain stay, in a parent that was itself never installed, and left at most once */
  single = false;
  parent = -1;
  from = 0;
  until = 0;
  private readonly out: OutLinks;
  private readonly above: OutLinks;

  constructor(
    private readonly view: View,
    private readonly columns: UnitColumns,
    private readonly rows: TraceRows,
  ) {
    this.out = new OutLinks(view.graph);
    this.above = new OutLinks(view.graph);
  }

  /** How many stays a row's unit has had. */
  look(row: number): number {
    const { graph } = this.view;
    const { out } = this;
    out.of(this.rows.unit[row]!);
    let stays = 0;
    let link = -1;
    for (let i = 0; i < out.count; i++) {
      if (graph.mode[out.link(i)] !== INSTALL) continue;
      stays++;
      link = out.link(i);
    }
    this.single = false;
    if (stays !== 1 || graph.certain[link] !== 1) return stays;
    const parent = graph.output[link]!;
    this.parent = this.rows.rowOf(parent);
    this.from = graph.from[link]!;
    this.until = graph.until[link]!;
    if (this.parent < 0 || this.parent === row || this.columns.kind[this.parent] !== SERIAL) return stays;
    const { offset } = this.columns.shipments;
    if (offset[this.parent + 1]! - offset[this.parent]! > 1) return stays;
    this.above.of(parent);
    for (let i = 0; i < this.above.count; i++) if (graph.mode[this.above.link(i)] === INSTALL) return stays;
    this.single = true;
    return stays;
  }
}

class DeliveryColumns {
  private readonly documents: Map<string, number>;
  private length = 0;
  private row: Int32Array;
  private parentUnitId: Int32Array;
  private customerId: Int32Array;
  private document: Int32Array;
  private fromMs: Float64Array;
  private eventId: Float64Array;
  private quantity: BigInt64Array;
  private hit: Uint8Array;

  /** `documents`: those of the columns that rows are copied from */
  constructor(expected: number, documents: readonly string[]) {
    this.documents = new Map(documents.map((document, n) => [document, n]));
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

  /** A shipment of the unit itself. */
  own(row: number, columns: UnitColumns, k: number, serial: boolean, hit: Hit): void {
    const quantity = columns.shipments.quantity[k]!;
    this.copy(row, columns, k, 0, quantity === QUANTITY_UNKNOWN && serial ? ONE : quantity, hit);
  }

  /** A shipment of the unit that one piece was surely inside of. */
  with(row: number, columns: UnitColumns, k: number, parent: number, hit: Hit): void {
    this.copy(row, columns, k, parent, ONE, hit);
  }

  private copy(
    row: number,
    { shipments: s }: UnitColumns,
    k: number,
    parent: number,
    quantity: bigint,
    hit: Hit,
  ): void {
    if (this.length === this.row.length) this.grow();
    const n = this.length++;
    this.row[n] = row;
    this.parentUnitId[n] = parent;
    this.customerId[n] = s.customerId[k]!;
    this.document[n] = s.document[k]!;
    this.fromMs[n] = s.from[k]!;
    this.eventId[n] = s.eventId[k]!;
    this.quantity[n] = quantity;
    this.hit[n] = hit(s.from[k]!, s.until[k]!) ? 1 : 0;
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
