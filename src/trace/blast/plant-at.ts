import { DomainError } from '@/kernel';
import { allUnits, firstMade, linkParts, linksOutOf, shipmentsOf } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { GenealogyGraph, GraphBuilder, PlantUnits } from '../engine';

/** The whole plant at a ledger position; units are numbered in the order of their ids. */
export interface Plant {
  graph: GenealogyGraph;
  units: PlantUnits;
  unitId: Int32Array;
  itemId: Int32Array;
  /** the numbers of all lots, in ascending order */
  lots: Int32Array;
}

export interface PlantOptions {
  linksMax: number;
  signal?: AbortSignal;
  progress?: (stage: string, done: number, total: number | null) => void;
}

const BATCH = 50_000;
/** Stands among customers for whoever was not written down. */
const UNKNOWN_CUSTOMER = 0;

/** Reads the plant from the facts at or below the position. Throws TRACE_MEMORY_LIMIT where it has more links than may be held. */
export async function plantAt(q: Queryable, position: number, options: PlantOptions): Promise<Plant> {
  const { unitId, itemId, isRun, lots } = await unitsAt(q, position, options);
  const numberOf = new Int32Array((unitId.at(-1) ?? 0) + 1);
  for (let n = 0; n < unitId.length; n++) numberOf[unitId[n]!] = n;
  const builder = new GraphBuilder();
  const shipments = new Shipments(unitId.length);
  for (let at = 0; at < unitId.length; at += BATCH) {
    options.signal?.throwIfAborted();
    options.progress?.('links', at, unitId.length);
    const ids = [...unitId.subarray(at, at + BATCH)];
    const made = await firstMade(q, position, ids);
    for (const link of await linksOutOf(q, position, ids)) {
      const ends = { input: numberOf[link.input]!, output: numberOf[link.output]!, mode: link.mode };
      for (const part of linkParts(link, made.get(link.input))) builder.add({ ...part, ...ends, source: link.linkId });
    }
    if (builder.linkCount > options.linksMax)
      throw new DomainError('TRACE_MEMORY_LIMIT', { limit: options.linksMax, setting: 'TRACE_LINKS_MAX' });
    for (const s of await shipmentsOf(q, position, ids))
      shipments.add(numberOf[s.unitId]!, s.atFrom, s.atUntil, s.partnerId ?? UNKNOWN_CUSTOMER);
  }
  return { graph: builder.build(unitId.length), units: { isRun, ...shipments.columns() }, unitId, itemId, lots };
}

async function unitsAt(q: Queryable, position: number, options: PlantOptions) {
  const unitId: number[] = [];
  const itemId: number[] = [];
  const isRun: number[] = [];
  const lots: number[] = [];
  for await (const batch of allUnits(q, position)) {
    options.signal?.throwIfAborted();
    for (const u of batch) {
      if (u.kind === 'lot') lots.push(unitId.length);
      unitId.push(u.unitId);
      itemId.push(u.itemId);
      isRun.push(u.kind === 'run' ? 1 : 0);
    }
    options.progress?.('units', unitId.length, null);
  }
  return {
    unitId: Int32Array.from(unitId),
    itemId: Int32Array.from(itemId),
    isRun: Uint8Array.from(isRun),
    lots: Int32Array.from(lots),
  };
}

/** Shipments as rows by unit; they come in the order of their units. */
class Shipments {
  private readonly offset: Int32Array;
  private readonly from: number[] = [];
  private readonly until: number[] = [];
  private readonly customer: number[] = [];
  private readonly customers = new Map<number, number>();

  constructor(private readonly unitCount: number) {
    this.offset = new Int32Array(unitCount + 1);
  }

  add(unit: number, from: number, until: number, partnerId: number): void {
    let customer = this.customers.get(partnerId);
    if (customer === undefined) this.customers.set(partnerId, (customer = this.customers.size));
    this.offset[unit + 1]!++;
    this.from.push(from);
    this.until.push(until);
    this.customer.push(customer);
  }

  columns(): Omit<PlantUnits, 'isRun'> {
    for (let u = 0; u < this.unitCount; u++) this.offset[u + 1]! += this.offset[u]!;
    return {
      shipmentOffset: this.offset,
      shipmentFrom: Float64Array.from(this.from),
      shipmentUntil: Float64Array.from(this.until),
      shipmentCustomer: Int32Array.from(this.customer),
      customerCount: this.customers.size,
    };
  }
}
