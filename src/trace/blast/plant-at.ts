import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { allUnits, firstMade, linkParts, linksOutOf, shipmentsOf } from '@/ledger';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { flattened, GraphBuilder, PlantUnits, ReachGraph } from '../engine';
import { IndexHolder, IndexUnavailable } from '../resident/index-holder';

/** The whole plant at a ledger position; a unit's number is its id. */
export interface Plant {
  graph: ReachGraph;
  units: PlantUnits;
  unitCount: number;
  /** all lots, by id in ascending order, and the item of each */
  lots: Int32Array;
  lotItems: Int32Array;
  source: 'index' | 'sql';
}

export interface PlantOptions {
  signal?: AbortSignal;
  progress?: (stage: string, done: number, total: number | null) => void;
}

const BATCH = 50_000;
/** Stands among customers for whoever was not written down. */
const UNKNOWN_CUSTOMER = 0;

/** Reads the plant from the facts at or below a position: links from the worker's index where it has them, else from the database. */
@Injectable()
export class PlantReader {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly index: IndexHolder,
  ) {}

  /** Throws TRACE_MEMORY_LIMIT where the plant has more links than may be held. */
  async at(position: number, options: PlantOptions): Promise<Plant> {
    const known = await this.units(position, options);
    const size = (known.ids.at(-1) ?? 0) + 1;
    const isRun = new Uint8Array(size);
    for (const id of known.runs) isRun[id] = 1;
    const shipments = await this.shipments(position, known.ids, size, options);
    const graph = (await this.fromIndex(position, size, options)) ?? (await this.fromSql(position, known.ids, options));
    return {
      graph: graph.links,
      units: { isRun: sized(isRun, graph.links.unitCount), ...shipments.columns(graph.links.unitCount) },
      unitCount: known.ids.length,
      lots: Int32Array.from(known.lots),
      lotItems: Int32Array.from(known.lotItems),
      source: graph.source,
    };
  }

  private async units(position: number, options: PlantOptions) {
    const ids: number[] = [];
    const runs: number[] = [];
    const lots: number[] = [];
    const lotItems: number[] = [];
    for await (const batch of allUnits(this.db, position)) {
      options.signal?.throwIfAborted();
      for (const u of batch) {
        ids.push(u.unitId);
        if (u.kind === 'run') runs.push(u.unitId);
        if (u.kind !== 'lot') continue;
        lots.push(u.unitId);
        lotItems.push(u.itemId);
      }
      options.progress?.('units', ids.length, null);
    }
    return { ids, runs, lots, lotItems };
  }

  private async shipments(position: number, ids: readonly number[], size: number, options: PlantOptions) {
    const shipments = new Shipments(size);
    for (let at = 0; at < ids.length; at += BATCH) {
      options.signal?.throwIfAborted();
      options.progress?.('shipments', at, ids.length);
      for (const s of await shipmentsOf(this.db, position, ids.slice(at, at + BATCH)))
        shipments.add(s.unitId, s.atFrom, s.atUntil, s.partnerId ?? UNKNOWN_CUSTOMER);
    }
    return shipments;
  }

  /** A copy, made between two traces: they do not wait for the walks. Undefined where the index cannot say. */
  private async fromIndex(position: number, size: number, { signal, progress }: PlantOptions) {
    progress?.('links', 0, null);
    try {
      return await this.index.use(position, [], async (view) => {
        const copying = flattened(view.graph, size);
        for (;;) {
          const step = copying.next();
          if (step.done) return { links: step.value, source: 'index' as const };
          await new Promise<void>((resolve) => setImmediate(resolve));
          signal?.throwIfAborted();
        }
      });
    } catch (error) {
      if (error instanceof IndexUnavailable) return undefined;
      throw error;
    }
  }

  private async fromSql(position: number, ids: readonly number[], { signal, progress }: PlantOptions) {
    const limit = this.settings.traceLinksMax;
    const builder = new GraphBuilder();
    for (let at = 0; at < ids.length; at += BATCH) {
      signal?.throwIfAborted();
      progress?.('links', at, ids.length);
      const batch = ids.slice(at, at + BATCH);
      const made = await firstMade(this.db, position, batch);
      for (const link of await linksOutOf(this.db, position, batch)) {
        const { input, output, mode, linkId: source } = link;
        for (const part of linkParts(link, made.get(input))) builder.add({ ...part, input, output, mode, source });
      }
      if (builder.linkCount > limit) throw new DomainError('TRACE_MEMORY_LIMIT', { limit, setting: 'TRACE_LINKS_MAX' });
    }
    return { links: builder.build((ids.at(-1) ?? 0) + 1), source: 'sql' as const };
  }
}

/** Shipments as rows by unit; they come in the order of their units. */
class Shipments {
  private readonly offset: Int32Array;
  private readonly from: number[] = [];
  private readonly until: number[] = [];
  private readonly customer: number[] = [];
  private readonly customers = new Map<number, number>();

  constructor(unitCount: number) {
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

  columns(unitCount: number): Omit<PlantUnits, 'isRun'> {
    const offset = sized(this.offset, unitCount + 1);
    for (let u = 0; u < unitCount; u++) offset[u + 1]! += offset[u]!;
    return {
      shipmentOffset: offset,
      shipmentFrom: Float64Array.from(this.from),
      shipmentUntil: Float64Array.from(this.until),
      shipmentCustomer: Int32Array.from(this.customer),
      customerCount: this.customers.size,
    };
  }
}

/** The index may know units that came after the position: nothing links to them. */
function sized<T extends Int32Array | Uint8Array>(column: T, size: number): T {
  if (column.length >= size) return column;
  const wider = new (column.constructor as new (size: number) => T)(size);
  wider.set(column);
  return wider;
}
