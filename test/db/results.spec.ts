import { parseDecimal } from '@/kernel';
import { holdingsOf, STATES, TraceAnswer, UNIT_KINDS } from '@/trace/app/answer';
import { quantityNow } from '@/trace/app/quantity-now';
import { storeAmounts } from '@/trace/db/store-answer';
import { REASONS } from '@/trace/engine';
import type { UnitRef } from '@/trace/domain/question';
import type { ExcludedUnitView } from '@/trace/queries/views';
import { exposureOf, Listing, LISTINGS, SEGMENT_ROWS } from '@/trace/results/segments';
import { Sort, SORT_KEYS, UnitFilters } from '@/trace/results/select';
import { standingOf, unitsOf } from '@/trace/results/standing';
import { ALL_COLUMNS, StoredResult } from '@/trace/results/stored';
import { useDatabase } from '../support';
import { answerOf, queriesOf, storeNames, storeTrace, storeUnits } from './results-answers';

const db = useDatabase();
beforeAll(() => storeNames(db()));

const all = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
};

describe('an answer of several segments', () => {
  const answer = answerOf(1, { affected: SEGMENT_ROWS + 3_000, excluded: 2_000 });
  let traceNo: number;
  beforeAll(async () => ({ traceNo } = await storeTrace(db(), answer)));

  it('is read back as it was, column by column', async () => {
    const result = await StoredResult.open(db().database, traceNo);
    expect(result.partsOf('affected').map((part) => part.rows)).toEqual([SEGMENT_ROWS, 3_000]);
    let row = 0;
    const wrong: number[] = [];
    for (const listing of LISTINGS)
      for (const part of result.partsOf(listing)) {
        const [c] = await result.columns([part], ALL_COLUMNS);
        for (let i = 0; i < part.rows; i++, row++) {
          const exposure = answer.exposures.get(row) ?? [[answer.from[row], answer.until[row]]];
          const same =
            c!.unit_id[i] === answer.unitId[row] &&
            c!.item_id[i] === answer.itemId[row] &&
            c!.kind[i] === answer.kind[row] &&
            c!.code.at(i) === answer.code[row] &&
            c!.verdict[i] === answer.verdict[row] &&
            c!.depth[i] === answer.depth[row] &&
            c!.certain[i] === answer.certain[row] &&
            Object.is(c!.made[i], answer.madeMs[row]) &&
            c!.state[i] === answer.state[row] &&
            c!.place_id[i] === answer.placeId[row] &&
            c!.customer_id[i] === answer.customerId[row] &&
            c!.quantity[i] === answer.quantity[row] &&
            JSON.stringify(exposureOf(c!, i)) === JSON.stringify(exposure.filter(([f, u]) => f! < u!)) &&
            c!.holdings.has(i) === answer.holdings.has(row);
          if (!same) wrong.push(row);
        }
      }
    expect(row).toBe(answer.length);
    expect(wrong).toEqual([]);
  });

  it('says how a unit stands, and which units are in it', async () => {
    const { database } = db();
    const units = await unitsOf(database, traceNo);
    expect(units).toEqual(new Set(answer.unitId));
    for (const row of [0, SEGMENT_ROWS, answer.affectedCount, answer.length - 1]) {
      const verdict = answer.verdict[row]!;
      expect(await standingOf(database, traceNo, answer.unitId[row]!)).toEqual({
        reason: verdict === 0 ? null : REASONS[verdict - 1],
        certain: answer.certain[row] === 1,
        depth: answer.depth[row]! < 0 ? null : answer.depth[row],
      });
    }
    expect(await standingOf(database, traceNo, 999_999)).toBeNull();
  });

  it('never reads as empty once it is gone', async () => {
    await expect(StoredResult.open(db().database, 123_456)).rejects.toThrow();
  });
});

describe('pages', () => {
  // More than one segment in each listing would be 131,073 rows: the order over the border is what counts.
  const answer = answerOf(2, { affected: SEGMENT_ROWS + 700, excluded: 900 });
  const shares = new Map(
    Array.from(answer.unitId, (id, row) => [id, row % 4 === 0 ? null : String((row * 7_919) % 1_000) + '.5'] as const),
  );
  let id: string;
  let traceNo: number;
  beforeAll(async () => {
    ({ id, traceNo } = await storeTrace(db(), answer));
  });

  /** Rows of the answer that pass, by the definition of each filter. */
  function rowsOf(listing: Listing, f: UnitFilters): number[] {
    const rows: number[] = [];
    const [from, until] = listing === 'affected' ? [0, answer.affectedCount] : [answer.affectedCount, answer.length];
    for (let row = from; row < until; row++) if (passes(answer, row, f)) rows.push(row);
    return rows;
  }

  const names = { item: ['', 'BIKE', 'PAINT', 'TUBE'], name: ['', 'City bike', 'Paint, grün', 'Steel tube'] };
  const placeCode = (place: number | null) => (place ? `P${9 - place}` : null);
  const customerCode = (customer: number | null) => (customer ? `C${(customer * 3) % 7}` : null);

  const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });

  function passes(a: TraceAnswer, row: number, f: UnitFilters): boolean {
    const kind = UNIT_KINDS[a.kind[row]!]!;
    const held = holdingsOf(a, row);
    const made = a.madeMs[row]!;
    const month = () => (Number.isNaN(made) ? 'unknown' : paris.format(made).slice(0, 7));
    const sought = f.q?.toLowerCase() ?? '';
    return (
      (f.kinds ?? ['serial', 'lot']).includes(kind) &&
      (!f.item || names.item[a.itemId[row]!] === f.item) &&
      (!f.certainty || (a.certain[row] === 1) === (f.certainty === 'certain')) &&
      (!f.state || held.some((h) => h.state === f.state)) &&
      (!f.place || held.some((h) => placeCode(h.placeId) === f.place)) &&
      (!f.customer || held.some((h) => customerCode(h.customerId) === f.customer)) &&
      (!f.reason || REASONS[a.verdict[row]! - 1] === f.reason) &&
      (!f.month || month() === f.month) &&
      (sought === '' ||
        [a.code[row]!, names.item[a.itemId[row]!]!, names.name[a.itemId[row]!]!].some((text) =>
          text.toLowerCase().includes(sought),
        ))
    );
  }

  const only = <T>(values: readonly (T | null)[]): T | null =>
    values.length > 0 && values.every((value) => value === values[0]) ? values[0]! : null;

  /** A row's key; null is not known. */
  function keyOf(row: number, key: string): string | number | bigint | null {
    const held = holdingsOf(answer, row);
    switch (key) {
      case 'depth':
        return answer.depth[row]! < 0 ? null : answer.depth[row]!;
      case 'certainty':
        return -answer.certain[row]!;
      case 'exposed':
        return answer.from[row]! < answer.until[row]! ? answer.from[row]! : null;
      case 'made':
        return Number.isNaN(answer.madeMs[row]) ? null : answer.madeMs[row]!;
      case 'state':
        return only(held.map((h) => h.state));
      case 'place':
        return only(held.map((h) => placeCode(h.placeId)));
      case 'customer':
        return only(held.map((h) => customerCode(h.customerId)));
      case 'quantity':
        return quantityNow(UNIT_KINDS[answer.kind[row]!]!, held);
      case 'share':
        return Number(shares.get(answer.unitId[row]!) ?? NaN) || null;
      default:
        return answer.verdict[row]!;
    }
  }

  function ordered(rows: number[], sort: Sort): number[] {
    const key = sort.replace('-', '');
    if (key === 'key') return sort === 'key' ? rows : [...rows].reverse();
    const sign = sort.startsWith('-') ? -1 : 1;
    const keyed = rows.map((row) => ({ row, key: keyOf(row, key) }));
    const known = keyed.filter((k) => k.key !== null);
    known.sort((a, b) => (a.key! < b.key! ? -sign : a.key! > b.key! ? sign : a.row - b.row));
    return [...known, ...keyed.filter((k) => k.key === null)].map((k) => k.row);
  }

  async function walked(listing: Listing, filters: UnitFilters, sort: Sort, limit = 1_000): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = await queries.units(id, listing, { filters, sort, cursor, limit });
      ids.push(...page.data.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
      if (cursor) continue;
      expect(ids).toHaveLength(page.total);
      return ids;
    }
  }
  const idsOf = (rows: number[]) => rows.map((row) => `u${answer.unitId[row]}`);
  let queries: ReturnType<typeof queriesOf>;
  beforeAll(() => {
    queries = queriesOf(db());
  });

  it.each<[Listing, UnitFilters]>([
    ['affected', {}],
    ['excluded', {}],
    ['affected', { kinds: ['run'] }],
    ['affected', { item: 'PAINT', certainty: 'possible' }],
    ['affected', { item: 'NONE' }],
    ['affected', { state: 'in-stock' }],
    ['affected', { state: 'shipped', customer: 'C3' }],
    ['affected', { place: 'P8', kinds: ['lot', 'run'] }],
    ['affected', { month: '2026-03' }],
    ['affected', { month: 'unknown', q: 'STEEL' }],
    ['affected', { q: '0065' }],
    ['affected', { q: 'ä-00' }],
    ['affected', { q: 'grün', certainty: 'certain' }],
    ['excluded', { reason: 'barrier' }],
    ['excluded', { reason: 'nonsense' }],
    ['excluded', { state: 'nonsense' }],
  ])('of %s units that pass %j', async (listing, filters) => {
    expect(await walked(listing, filters, 'key')).toEqual(idsOf(rowsOf(listing, filters)));
  });

  describe.each(['before the amounts are known', 'with amounts'])('%s', (when) => {
    beforeAll(async () => {
      if (when !== 'with amounts') return;
      const amounts = new Map(
        Array.from(shares, ([unit, share]) => [unit, { amount: share && `${share}1`, share }] as const),
      );
      await db().uow.run({ actor: 'user:test', source: 'user:test' }, (tx) =>
        storeAmounts(tx, traceNo, answer, amounts),
      );
    });

    it.each(SORT_KEYS.flatMap((key): Sort[] => [key, `-${key}`]))('sorted by %s', async (sort) => {
      const filters: UnitFilters = { item: 'TUBE', kinds: ['lot', 'run'], month: '2026-03' };
      const known = sort.endsWith('share') && when !== 'with amounts' ? 'key' : sort;
      expect(await walked('affected', filters, sort)).toEqual(idsOf(ordered(rowsOf('affected', filters), known)));
      expect(await walked('excluded', {}, sort)).toEqual(idsOf(ordered(rowsOf('excluded', {}), known)));
    });
  });

  it('and streams hold the same rows, in the same order', async () => {
    const filters: UnitFilters = { certainty: 'certain', state: 'shipped' };
    for (const sort of ['key', '-made'] as const) {
      const rows = await all(await queries.unitStream(id, 'affected', filters, sort));
      expect(rows.map((row) => row.id)).toEqual(await walked('affected', filters, sort));
    }
  });

  it('show what is known of a row', async () => {
    const rows = await all(await queries.unitStream(id, 'excluded', { kinds: ['serial', 'lot', 'run'] }, 'key'));
    const time = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
    for (const [i, view] of rows.entries()) {
      const row = answer.affectedCount + i;
      const kind = UNIT_KINDS[answer.kind[row]!]!;
      const uom = answer.items.get(answer.itemId[row]!)!.uom;
      const held = holdingsOf(answer, row);
      const now = quantityNow(kind, held);
      const share = shares.get(answer.unitId[row]!) ?? null;
      expect(view).toMatchObject({
        unit: { item: names.item[answer.itemId[row]!]!, [kind]: answer.code[row]! } as unknown as UnitRef,
        name: names.name[answer.itemId[row]!]!,
        certainty: 'possible',
        reason: REASONS[answer.verdict[row]! - 1]!,
        made: time(answer.madeMs[row]!),
        share,
        amount: share === null ? null : { value: `${share}1`, uom: 'kg' },
        state: only(held.map((h) => h.state)),
        place: only(held.map((h) => placeCode(h.placeId))),
        customer: only(held.map((h) => customerCode(h.customerId))),
      } satisfies Partial<ExcludedUnitView>);
      expect(view.quantity && parseDecimal(view.quantity.value)).toBe(now);
      expect(view.quantity?.uom ?? uom).toBe(uom);
      expect(view.holdings).toHaveLength(held.length);
      for (const state of view.holdings) expect(STATES).toContain(state.state);
    }
  });

  it('refuse a cursor of another order or of other filters', async () => {
    const page = await queries.units(id, 'affected', { filters: { item: 'TUBE' }, sort: 'made', limit: 2 });
    const cursor = page.nextCursor!;
    const ask = (filters: UnitFilters, sort: Sort) => queries.units(id, 'affected', { filters, sort, cursor });
    await expect(ask({ item: 'TUBE' }, '-made')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(ask({ item: 'PAINT' }, 'made')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('are the same without a cache', async () => {
    const without = queriesOf(db(), { RESULT_CACHE_BYTES_MAX: '0' });
    const query = { filters: {}, sort: '-quantity' as const, limit: 300 };
    expect(await without.units(id, 'affected', query)).toEqual(await queries.units(id, 'affected', query));
  });
});

describe('deliveries', () => {
  const answer = answerOf(3, { affected: 4_000, deliveries: SEGMENT_ROWS + 500 });
  let id: string;
  beforeAll(async () => {
    await storeUnits(db(), answer);
    ({ id } = await storeTrace(db(), answer));
  });

  const d = answer.deliveries;
  const document = (i: number) => (d.document[i]! < 0 ? '' : d.documents[d.document[i]!]!);
  const order = Array.from({ length: d.length }, (_, i) => i).sort(
    (a, b) =>
      d.customerId[a]! - d.customerId[b]! ||
      (document(a) < document(b) ? -1 : document(a) > document(b) ? 1 : 0) ||
      d.row[a]! - d.row[b]! ||
      d.fromMs[a]! - d.fromMs[b]! ||
      d.eventId[a]! - d.eventId[b]!,
  );
  const eventsOf = (places: number[]) => places.map((i) => `e${d.eventId[i]}`);

  it('stream by customer, document and row, with all that is known', async () => {
    const rows = await all(await queriesOf(db()).consigneeStream(id, {}));
    expect(rows.map((row) => row.event)).toEqual(eventsOf(order));
    for (const [n, i] of order.slice(0, 2_000).entries())
      expect(rows[n]).toMatchObject({
        id: `u${answer.unitId[d.row[i]!]}`,
        customer: { partner: d.customerId[i] ? `C${(d.customerId[i] * 3) % 7}` : '' },
        shipment: document(i) || null,
        at: new Date(d.fromMs[i]!).toISOString(),
        hit: d.hit[i] === 1,
        certainty: answer.certain[d.row[i]!] ? 'certain' : 'possible',
        inside: d.parentUnitId[i] ? { id: `u${d.parentUnitId[i]}` } : null,
      });
  });

  it('page with filters and exact totals', async () => {
    const queries = queriesOf(db());
    const wanted = order.filter((i) => d.customerId[i] === 1 && document(i) === 'SH-2' && d.hit[i] === 1);
    const events: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await queries.consignees(id, { customer: 'C3', shipment: 'SH-2', hit: true }, cursor, 700);
      expect(page.total).toBe(wanted.length);
      events.push(...page.data.map((row) => row.event));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(events).toEqual(eventsOf(wanted));
    expect((await queries.consignees(id, { customer: 'NOBODY' })).total).toBe(0);
  });
});
