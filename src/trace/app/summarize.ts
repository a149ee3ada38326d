import { Holding, partnersAt, placesAt } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { Quantity, sumOf, Tally, TallyRow } from '../domain/tally';
import { REASONS } from '../engine';
import { QUANTITY_UNKNOWN, STATES, TraceAnswer, UNIT_KINDS } from './answer';
import { MONTH_UNKNOWN, Months } from '../domain/months';
import { quantityNow } from './quantity-now';

/** What a trace comes to in numbers: units counted once for each distinct value, quantities beside them. */
export interface TraceCounts {
  affected: number;
  certain: number;
  possible: number;
  excluded: Record<string, number>;
  gaps: Record<string, number>;
  byItem: (TallyRow & { quantity: Quantity | null })[];
  byKind: TallyRow[];
  byCertainty: TallyRow[];
  byState: TallyRow[];
  byPlace: TallyRow[];
  byCustomer: TallyRow[];
  /** of first making, in `timeZone`: "2026-03", or "unknown"; absent in counts of before there were months */
  byMonth?: TallyRow[];
  timeZone?: string;
}

const CERTAINTY = ['possible', 'certain'] as const;
const RUN = UNIT_KINDS.indexOf('run');
const SCRAPPED = STATES.indexOf('scrapped');
const USED = STATES.indexOf('used');
/** one piece, in nanos: what a serial is, and fits in the low half */
const ONE_NANOS = 1_000_000_000;

/** Counts the affected rows by every value that lists can be narrowed to, over the columns: no object and no bigint a serial. */
export async function countAnswer(
  q: Queryable,
  position: number,
  answer: TraceAnswer,
  timeZone: string,
): Promise<TraceCounts> {
  const uoms = [...new Set(Array.from(answer.items.values(), (item) => item.uom))];
  const uomOf = new Map(Array.from(answer.items, ([id, item]) => [id, uoms.indexOf(item.uom)]));
  // Rows of one item follow each other.
  let [lastItem, uom] = [-1, 0];
  const tally = () => new Tally(uoms);
  const by = { item: tally(), kind: tally(), certainty: tally(), month: tally() };
  const where: Where = { state: tally(), place: tally(), customer: tally() };
  const months = new Months(timeZone);
  const { affectedCount, itemId, kind, certain, madeMs, state, placeId, customerId, quantity, holdings } = answer;
  // Halves of the quantities: a bigint a row would cost more than all else here.
  const halves = new Int32Array(quantity.buffer, quantity.byteOffset, quantity.length * 2);
  for (let row = 0; row < affectedCount; row++) {
    const item = itemId[row]!;
    if (item !== lastItem) [lastItem, uom] = [item, uomOf.get(item)!];
    const sure = certain[row] === 1;
    // Months are numbered from 1: 0 is not known.
    const month = Number.isNaN(madeMs[row]) ? 0 : months.placeOf(madeMs[row]!) + 1;
    const gone = state[row] === SCRAPPED || state[row] === USED;
    const several = holdings.size > 0 ? holdings.get(row) : undefined;
    if (!several && halves[2 * row] === ONE_NANOS && halves[2 * row + 1] === 0 && kind[row] !== RUN) {
      if (gone) {
        by.item.add(item, sure, uom, 0n);
        by.kind.add(kind[row]!, sure, uom, 0n);
        by.certainty.add(certain[row]!, sure, uom, 0n);
        by.month.add(month, sure, uom, 0n);
      } else {
        by.item.addOne(item, sure, uom);
        by.kind.addOne(kind[row]!, sure, uom);
        by.certainty.addOne(certain[row]!, sure, uom);
        by.month.addOne(month, sure, uom);
      }
      where.state.addOne(state[row]!, sure, uom);
      if (placeId[row] !== 0) where.place.addOne(placeId[row]!, sure, uom);
      if (customerId[row] !== 0) where.customer.addOne(customerId[row]!, sure, uom);
      continue;
    }
    const stored = quantity[row]!;
    const held = several ? null : stored === QUANTITY_UNKNOWN ? null : stored;
    const now = several ? quantityNow(UNIT_KINDS[kind[row]!]!, several) : kind[row] === RUN ? null : gone ? 0n : held;
    by.item.add(item, sure, uom, now);
    by.kind.add(kind[row]!, sure, uom, now);
    by.certainty.add(certain[row]!, sure, uom, now);
    by.month.add(month, sure, uom, now);
    if (several) {
      addSeveral(where, several, sure, uom);
      continue;
    }
    where.state.add(state[row]!, sure, uom, held);
    if (placeId[row] !== 0) where.place.add(placeId[row]!, sure, uom, held);
    if (customerId[row] !== 0) where.customer.add(customerId[row]!, sure, uom, held);
  }

  const excluded: Record<string, number> = {};
  for (let row = affectedCount; row < answer.length; row++) {
    const reason = REASONS[answer.verdict[row]! - 1]!;
    excluded[reason] = (excluded[reason] ?? 0) + 1;
  }
  const gaps: Record<string, number> = {};
  for (const gap of answer.gaps) gaps[gap.kind] = (gaps[gap.kind] ?? 0) + 1;

  const places = await placesAt(q, position, where.place.keys);
  const partners = await partnersAt(q, position, where.customer.keys);
  const plain = (texts: readonly string[]) => (place: number) => ({ key: texts[place]!, name: null });
  return {
    affected: affectedCount,
    certain: answer.certainCount,
    possible: affectedCount - answer.certainCount,
    excluded,
    gaps,
    byItem: by.item
      .rows((id) => named(answer.items.get(id), id))
      .map((row) => ({ ...row, quantity: row.unknown > 0 ? null : (row.quantities[0] ?? null) })),
    byKind: by.kind.rows(plain(UNIT_KINDS)),
    byCertainty: by.certainty.rows(plain(CERTAINTY)),
    byState: where.state.rows(plain(STATES)),
    byPlace: where.place.rows((id) => named(places.get(id), id)),
    byCustomer: where.customer.rows((id) => named(partners.get(id), id)),
    byMonth: by.month.rows((place) => ({ key: place === 0 ? MONTH_UNKNOWN : months.names[place - 1]!, name: null })),
    timeZone,
  };
}

interface Where {
  state: Tally;
  place: Tally;
  customer: Tally;
}

/** A unit with several holdings counts once under each distinct value, with what it has there. */
function addSeveral(where: Where, holdings: readonly Holding[], certain: boolean, uom: number): void {
  const each = (tally: Tally, key: (h: Holding) => number | null) => {
    for (const value of new Set(holdings.map(key))) {
      if (value === null) continue;
      tally.add(value, certain, uom, sumOf(holdings.filter((h) => key(h) === value).map((h) => h.quantity)));
    }
  };
  each(where.state, (h) => STATES.indexOf(h.state));
  each(where.place, (h) => h.placeId);
  each(where.customer, (h) => h.customerId);
}

function named(thing: { code: string; name: string } | undefined, id: number) {
  return thing ? { key: thing.code, name: thing.name } : { key: String(id), name: null };
}
