/** The units and shipments of a finished trace as columns, for whoever makes rows of 400,000 of them: no object each. */
import type { Queryable } from '@/platform/db';
import { QUANTITY_UNKNOWN, UNIT_KINDS } from '../app/answer';
import { StoredResult } from '../results/stored';
import { unlessRemoved } from './rows';
import type { TraceHeadRow } from './views';

const RUN = UNIT_KINDS.indexOf('run');

export interface ScopeColumns {
  position: number;
  digest: string;
  complete: boolean;
  /** affected serials and lots, each once */
  unitId: Int32Array;
  /** 1 certain, 0 possible */
  certain: Uint8Array;
  /** affected runs, and what links reach and the trace left out with a reason: a change of these can change the answer */
  besidesId: Int32Array;
  /** shipments in which an affected unit reached somebody: it was affected when it left, or became so in their hands */
  deliveries: DeliveryColumnsOut;
}

export interface DeliveryColumnsOut {
  length: number;
  unitId: Int32Array;
  /** the unit that was shipped, where this one was inside it; 0: itself */
  insideId: Int32Array;
  /** 0: not recorded */
  partnerId: Int32Array;
  eventId: Float64Array;
  document: (string | null)[];
  /** ms UTC */
  fromMs: Float64Array;
  /** nanos of the base unit of measure; null: not recorded */
  quantity: (bigint | null)[];
  certain: Uint8Array;
}

/** Throws TRACE_EXPIRED where its lists were removed. */
export function scopeColumns(q: Queryable, head: TraceHeadRow): Promise<ScopeColumns> {
  return unlessRemoved(head, async () => {
    // Not through the cache: read once from end to end.
    const result = await StoredResult.open(q, head.trace_no);
    const affected = result.rowsOf('affected');
    const unitId = new Int32Array(affected);
    const certain = new Uint8Array(affected);
    const exposedUntil = new Float64Array(affected);
    const besidesId = new Int32Array(affected + result.rowsOf('excluded'));
    let units = 0;
    let besides = 0;
    for (const part of result.partsOf('affected')) {
      const [c] = await result.columns([part], ['unit_id', 'kind', 'certain', 'exposed_until']);
      exposedUntil.set(c!.exposed_until, part.from);
      for (let i = 0; i < part.rows; i++)
        if (c!.kind[i] === RUN) besidesId[besides++] = c!.unit_id[i]!;
        else {
          certain[units] = c!.certain[i]!;
          unitId[units++] = c!.unit_id[i]!;
        }
    }
    for (const part of result.partsOf('excluded')) {
      const [c] = await result.columns([part], ['unit_id']);
      besidesId.set(c!.unit_id, besides);
      besides += part.rows;
    }
    return {
      position: head.position,
      digest: head.digest!,
      complete: head.complete!,
      unitId: unitId.subarray(0, units),
      certain: certain.subarray(0, units),
      besidesId: besidesId.subarray(0, besides),
      deliveries: await readDeliveries(result, exposedUntil),
    };
  });
}

async function readDeliveries(result: StoredResult, exposedUntil: Float64Array): Promise<DeliveryColumnsOut> {
  const parts = await result.deliveryParts();
  const segments = await result.deliveries(parts, [
    'answer_row',
    'unit_id',
    'parent_unit_id',
    'customer_id',
    'document',
    'documents',
    'from_ms',
    'event_id',
    'quantity',
    'hit',
    'certain',
  ]);
  // Of what was not affected when it left, the last shipment counts where it became so afterwards: it is still there.
  const lastFrom = new Float64Array(exposedUntil.length).fill(-Infinity);
  for (const c of segments)
    for (let i = 0; i < c.answer_row.length; i++) {
      const row = c.answer_row[i]!;
      if (c.from_ms[i]! > lastFrom[row]!) lastFrom[row] = c.from_ms[i]!;
    }
  const reached = (c: (typeof segments)[number], i: number): boolean => {
    const row = c.answer_row[i]!;
    const from = c.from_ms[i]!;
    return c.hit[i] === 1 || (from === lastFrom[row] && exposedUntil[row]! > from);
  };
  let length = 0;
  for (const c of segments) for (let i = 0; i < c.answer_row.length; i++) if (reached(c, i)) length++;
  const out: DeliveryColumnsOut = {
    length,
    unitId: new Int32Array(length),
    insideId: new Int32Array(length),
    partnerId: new Int32Array(length),
    eventId: new Float64Array(length),
    document: new Array<string | null>(length),
    fromMs: new Float64Array(length),
    quantity: new Array<bigint | null>(length),
    certain: new Uint8Array(length),
  };
  let n = 0;
  for (const c of segments)
    for (let i = 0; i < c.answer_row.length; i++) {
      if (!reached(c, i)) continue;
      const quantity = c.quantity[i]!;
      out.unitId[n] = c.unit_id[i]!;
      out.insideId[n] = c.parent_unit_id[i]!;
      out.partnerId[n] = c.customer_id[i]!;
      out.eventId[n] = c.event_id[i]!;
      out.document[n] = c.document[i]! < 0 ? null : c.documents[c.document[i]!]!;
      out.fromMs[n] = c.from_ms[i]!;
      out.quantity[n] = quantity === QUANTITY_UNKNOWN ? null : quantity;
      out.certain[n++] = c.certain[i]!;
    }
  return out;
}
