import { exampleReading } from '../../../../test/e2e/report-example';
import { buildReport } from './build';
import type { Question, TraceReading, UnitRow } from './model';
import { exposureEnded } from './model';

const OPTIONS = { timeZone: 'Europe/Paris' };

describe('the report of a trace', () => {
  it('says first that it is incomplete, and how many gaps there are', async () => {
    const report = await buildReport(exampleReading({ serials: 20 }), OPTIONS);
    expect(report).toMatchObject({ complete: false, verdict: 'INCOMPLETE: 2 gaps', subject: 'SPICE-7 lot S-77' });
    expect(report.gaps.kinds.map((k) => [k.kind, k.gaps])).toEqual([
      ['no-inputs', 1],
      ['overdrawn', 1],
    ]);
    const whole = await buildReport(exampleReading({ serials: 20, complete: true }), OPTIONS);
    expect(whole).toMatchObject({ complete: true, verdict: 'COMPLETE' });
  });

  it('counts a lot that is in two states once in all, and once in each with what is there', async () => {
    const report = await buildReport(exampleReading({ serials: 20 }), OPTIONS);
    const lot = report.items.find((i) => i.item === 'SPICE-7');
    expect(lot).toMatchObject({ units: 1, quantities: [{ value: '35.123456789', uom: 'kg' }] });
    expect(lot?.states.map((s) => [s.state, s.units, s.quantities])).toEqual([
      ['in-stock', 1, [{ value: '30.123456789', uom: 'kg' }]],
      ['in-work', 1, [{ value: '5', uom: 'kg' }]],
    ]);
    expect(report.states.map((s) => [s.state, s.units, s.quantities])).toEqual([
      [
        'in-stock',
        11,
        [
          { value: '30.123456789', uom: 'kg' },
          { value: '10', uom: 'pcs' },
        ],
      ],
      ['in-work', 1, [{ value: '5', uom: 'kg' }]],
      ['shipped', 10, [{ value: '10', uom: 'pcs' }]],
    ]);
  });

  it('gathers deliveries by customer and document, and tells which were affected as they left', async () => {
    const report = await buildReport(exampleReading({ serials: 20 }), OPTIONS);
    expect(report.totals).toMatchObject({ customers: 2, shipments: 4, affected: 21 });
    const shop = report.customers.listed.find((c) => c.customer.partner === 'SHOP-1');
    expect(shop).toMatchObject({ units: 5, delivered: { units: 5, hit: 4, quantities: [{ value: '5', uom: 'pcs' }] } });
    expect(shop?.shipments.listed.map((s) => [s.shipment, s.units])).toEqual([
      ['DN-0042', 1],
      ['DN-0043', 4],
    ]);
  });

  it('counts a unit once for a customer that got it twice', async () => {
    const reading = exampleReading({ serials: 4 });
    const twice: TraceReading = {
      ...reading,
      async *consignees() {
        yield* reading.consignees();
        yield* reading.consignees();
      },
    };
    const [once, doubled] = [await buildReport(reading, OPTIONS), await buildReport(twice, OPTIONS)];
    expect(doubled.customers.listed.map((c) => c.delivered.units)).toEqual(
      once.customers.listed.map((c) => c.delivered.units),
    );
  });

  it('lists up to its limits and says of how many', async () => {
    const limits = {
      unitsMax: 5,
      customersMax: 1,
      shipmentsPerCustomerMax: 1,
      receiptsMax: 0,
      excludedMax: 0,
      gapsMax: 1,
    };
    const report = await buildReport(exampleReading({ serials: 20 }), { ...OPTIONS, limits });
    for (const [list, of] of [
      [report.units, 21],
      [report.customers, 2],
      [report.excluded, 1],
      [report.gaps, 2],
    ] as const)
      expect(list.of).toBe(of);
    expect(report.units.listed).toHaveLength(5);
    expect(report.customers.listed[0]?.shipments).toMatchObject({ of: 2, listed: { length: 1 } });
  });

  it('says which units have no known quantity instead of counting them as nothing', async () => {
    const reading = exampleReading({ serials: 0 });
    const unknown: TraceReading = {
      ...reading,
      async *units() {
        for await (const row of reading.units())
          yield {
            ...row,
            holdings: [{ state: 'unknown', place: null, customer: null, quantity: null }],
            quantity: null,
          } satisfies UnitRow;
      },
    };
    const report = await buildReport(unknown, OPTIONS);
    expect(report.items[0]).toMatchObject({ units: 1, unknown: 1, quantities: [] });
  });

  it('says which units no longer hold it, by when the trace was asked', async () => {
    const report = await buildReport(exampleReading({ serials: 20 }), OPTIONS);
    const ended = report.units.listed.filter((row) => row.ended);
    expect(ended).toHaveLength(4);
    expect(report.ended).toEqual({ shipped: 2, inHouse: 2 });
    expect(report.summary.filter((sentence) => sentence.includes('Of these, 2 no longer hold it.'))).toHaveLength(2);
  });

  it('does not take the end of the window of the suspect itself for its leaving', () => {
    const row = { depth: 0, exposure: [[null, '2026-03-01T00:00:00.000Z']] } as unknown as UnitRow;
    const question = { direction: 'forward' } as Question;
    const later = '2026-04-01T00:00:00.000Z';
    expect(exposureEnded(row, question, later)).toBe(false);
    expect(exposureEnded({ ...row, depth: 1 }, question, later)).toBe(true);
    expect(exposureEnded({ ...row, depth: 1 }, question, '2026-02-01T00:00:00.000Z')).toBe(false);
    expect(exposureEnded({ ...row, depth: 1 }, { ...question, direction: 'backward' }, later)).toBe(false);
  });

  it('is the same for the same trace', async () => {
    const [a, b] = [
      await buildReport(exampleReading({ serials: 30 }), OPTIONS),
      await buildReport(exampleReading({ serials: 30 }), OPTIONS),
    ];
    expect(JSON.stringify(a)).toBe(JSON.stringify(b));
  });
});
