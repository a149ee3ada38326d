import { Entry, event, quantity, row, unit } from '../records';

/** The fixed small cast of the story "spice found contaminated after delivery". STORY.md tells it. */
export function* sausageStory(): Iterable<Entry> {
  yield* receipts();
  yield* tank();
  yield* batters();
  yield* packing();
  yield* deliveries();
}

function* receipts(): Iterable<Entry> {
  const lots: [item: string, code: string, quantity: number, uom: string, supplier: string, supplierLot: string][] = [
    ['K-PORK', 'PK-S1', 400, 'kg', 'S-HOF', 'H-901'],
    ['K-PORK', 'PK-S2', 400, 'kg', 'S-HOF', 'H-902'],
    ['K-BEEF', 'BF-S1', 160, 'kg', 'S-HOF', 'H-911'],
    ['K-BEEF', 'BF-S2', 160, 'kg', 'S-HOF', 'H-912'],
    ['K-PAPRIKA', 'SP-0388', 50, 'kg', 'S-ORIENT', 'ORI-88-2'],
    ['K-PAPRIKA', 'SP-0389', 50, 'kg', 'S-ORIENT', 'ORI-89-1'],
    ['K-BRINE-BASE', 'BB-S1', 100, 'kg', 'S-HOF', 'H-921'],
    ['K-BRINE-BASE', 'BB-S2', 100, 'kg', 'S-HOF', 'H-922'],
    ['K-CASING', 'CS-S1', 2000, 'm', 'S-HOF', 'H-931'],
  ];
  for (const [item, code, quantity, uom, supplier, supplier_lot] of lots)
    yield row('receipts.csv', {
      at: '2026-03-01',
      place: 'KIT.RM',
      item,
      code,
      quantity,
      uom,
      supplier,
      supplier_lot,
      purchase_order: item === 'K-PAPRIKA' ? 'PO-S-88' : 'PO-S-90',
      expires: item === 'K-PAPRIKA' ? '2027-03-01' : '2026-04-01',
    });
}

const tankLot = unit('lot', 'K-BRINE', 'TANK-S1');

function* tank(): Iterable<Entry> {
  const topUp = (id: string, at: string, item: string, lot: string, kg: number) =>
    event({
      id,
      type: 'top-up',
      at,
      place: 'KIT.TANK',
      vessel: tankLot,
      unit: unit('lot', item, lot),
      quantity: quantity(kg, 'kg'),
    });
  yield topUp('kit-s-1', '2026-03-02T06:00:00+01:00', 'K-BRINE-BASE', 'BB-S1', 100);
  yield topUp('kit-s-2', '2026-03-02T06:10:00+01:00', 'K-PAPRIKA', 'SP-0389', 2);
  yield topUp('kit-s-3', '2026-03-02T10:00:00+01:00', 'K-PAPRIKA', 'SP-0388', 3);
  yield topUp('kit-s-4', '2026-03-02T18:00:00+01:00', 'K-BRINE-BASE', 'BB-S2', 50);
}

type Input = [item: string, lot: string, kg: number, unitOfMeasure?: string];

function* build(at: string, item: string, code: string, kg: number, inputs: Input[]): Iterable<Entry> {
  for (const [input_item, input_code, amount, uom] of inputs)
    yield row('builds.csv', {
      at: `2026-03-${at}:00+01:00`,
      place: 'KIT.CUT',
      output_item: item,
      output_code: code,
      output_quantity: kg,
      output_uom: 'kg',
      input_item,
      input_code,
      quantity: amount,
      uom: uom ?? 'kg',
      work_order: 'WO-S-10',
      work_center: item === 'K-BATTER' ? 'CUTTER' : 'FILLER',
      operator: 'resi',
    });
}

function* batters(): Iterable<Entry> {
  const meat: Input[] = [
    ['K-PORK', 'PK-S1', 60],
    ['K-BEEF', 'BF-S1', 20],
  ];
  const laterMeat: Input[] = [
    ['K-PORK', 'PK-S2', 60],
    ['K-BEEF', 'BF-S2', 20],
  ];
  const brine: Input = ['K-BRINE', 'TANK-S1', 20];
  yield* build('02T08:00', 'K-BATTER', 'BT-S1', 100, [...meat, brine]);
  yield* build('02T11:00', 'K-BATTER', 'BT-S2', 100, [...meat, brine]);
  yield* build('03T08:00', 'K-BATTER', 'BT-S3', 100, [...meat, brine]);
  yield* build('03T09:00', 'K-BATTER', 'BT-S4', 85, [...meat, ['K-PAPRIKA', 'SP-0388', 5]]);
  yield* build('03T10:00', 'K-BATTER', 'BT-S5', 89, [...meat, ['K-PAPRIKA', 'SP-0389', 5], ['K-REWORK', 'RW-S0', 4]]);
  yield* build('04T07:00', 'K-BATTER', 'BT-S6', 88, [...meat, ['K-REWORK', 'RW-S1', 8]]);
  // Two batters from one weighing of two open paprika bags: nobody can say which bag went into which.
  yield event({
    id: 'kit-s-pair',
    type: 'produce',
    at: '2026-03-04T08:00:00+01:00',
    place: 'KIT.CUT',
    workOrder: 'WO-S-11',
    workCenter: 'CUTTER',
    outputs: [
      { unit: unit('lot', 'K-BATTER', 'BT-S7'), quantity: quantity(80, 'kg') },
      { unit: unit('lot', 'K-BATTER', 'BT-S8'), quantity: quantity(80, 'kg') },
    ],
    inputs: [
      { unit: unit('lot', 'K-PORK', 'PK-S2'), quantity: quantity(112, 'kg') },
      { unit: unit('lot', 'K-BEEF', 'BF-S2'), quantity: quantity(40, 'kg') },
      { unit: unit('lot', 'K-PAPRIKA', 'SP-0388'), quantity: quantity(4, 'kg') },
      { unit: unit('lot', 'K-PAPRIKA', 'SP-0389'), quantity: quantity(4, 'kg') },
    ],
  });
  yield* build('05T07:00', 'K-BATTER', 'BT-S9', 86, [...laterMeat, ['K-REWORK', 'RW-S1', 6]]);
}

function* packing(): Iterable<Entry> {
  /** Packs, and what is left in the filler goes to the rework bin. */
  const packWithRework = (
    id: string,
    at: string,
    pack: string,
    kg: number,
    rework: string,
    reworkKg: number,
    batter: string,
  ) =>
    event({
      id,
      type: 'produce',
      at: `2026-03-${at}:00+01:00`,
      place: 'KIT.CUT',
      workOrder: 'WO-S-12',
      workCenter: 'FILLER',
      outputs: [
        { unit: unit('lot', 'K-WIENER', pack), quantity: quantity(kg, 'kg') },
        { unit: unit('lot', 'K-REWORK', rework), quantity: quantity(reworkKg, 'kg') },
      ],
      inputs: [
        { unit: unit('lot', 'K-BATTER', batter), quantity: quantity(100, 'kg') },
        { unit: unit('lot', 'K-CASING', 'CS-S1'), quantity: quantity(100, 'm') },
      ],
    });
  const pack = (at: string, n: number, kg: number, batterKg: number) =>
    build(at, 'K-WIENER', `WI-S${n}`, kg, [
      ['K-BATTER', `BT-S${n}`, batterKg],
      ['K-CASING', 'CS-S1', 100, 'm'],
    ]);
  yield packWithRework('kit-s-pack-1', '02T12:00', 'WI-S1', 85, 'RW-S0', 5, 'BT-S1');
  yield packWithRework('kit-s-pack-2', '03T12:00', 'WI-S2', 85, 'RW-S1', 10, 'BT-S2');
  yield* pack('03T13:00', 3, 95, 100);
  yield* pack('03T14:00', 4, 80, 85);
  yield* pack('03T15:00', 5, 80, 89);
  yield* pack('04T13:00', 6, 80, 83);
  // The bin of rework that went into BT-S6 takes what is left of BT-S6: a circle.
  yield event({
    id: 'kit-s-bin',
    type: 'top-up',
    at: '2026-03-04T13:05:00+01:00',
    place: 'KIT.CUT',
    vessel: unit('lot', 'K-REWORK', 'RW-S1'),
    unit: unit('lot', 'K-BATTER', 'BT-S6'),
    quantity: quantity(5, 'kg'),
  });
  yield* pack('04T14:00', 7, 80, 80);
  yield* pack('04T15:00', 8, 80, 80);
  yield* pack('05T13:00', 9, 80, 86);
}

function* deliveries(): Iterable<Entry> {
  const moved: [pack: string, kg: number, at: string][] = [
    ['WI-S1', 85, '02T15:00'],
    ['WI-S2', 85, '03T17:00'],
    ['WI-S3', 95, '03T17:00'],
    ['WI-S4', 80, '03T17:00'],
    ['WI-S5', 80, '03T17:00'],
    ['WI-S6', 80, '04T17:00'],
    ['WI-S7', 80, '04T17:00'],
    ['WI-S8', 80, '04T17:00'],
    ['WI-S9', 80, '05T17:00'],
  ];
  for (const [code, quantity, at] of moved)
    yield row('moves.csv', {
      at: `2026-03-${at}:00+01:00`,
      item: 'K-WIENER',
      code,
      quantity,
      uom: 'kg',
      from: 'KIT.CUT',
      to: 'KIT.COLD',
    });

  type Delivery = [id: string, at: string, shipment: string, customer: string, item: string, code: string, kg: number];
  const delivered: Delivery[] = [
    ['DLV-S-1', '02T09:00', 'DN-S-01', 'SHOP-C', 'K-BRINE', 'TANK-S1', 10],
    ['DLV-S-2', '02T16:00', 'DN-S-02', 'SHOP-D', 'K-BRINE', 'TANK-S1', 5],
    ['DLV-S-3', '05T05:00', 'DN-S-03', 'SHOP-A', 'K-WIENER', 'WI-S1', 40],
    ['DLV-S-4', '05T05:00', 'DN-S-03', 'SHOP-A', 'K-WIENER', 'WI-S2', 30],
    ['DLV-S-5', '05T05:30', 'DN-S-04', 'SHOP-B', 'K-WIENER', 'WI-S2', 30],
    ['DLV-S-6', '05T06:00', 'DN-S-05', 'SHOP-C', 'K-WIENER', 'WI-S3', 95],
    ['DLV-S-7', '05T06:00', 'DN-S-05', 'SHOP-C', 'K-WIENER', 'WI-S4', 80],
    ['DLV-S-8', '06T05:00', 'DN-S-06', 'SHOP-B', 'K-WIENER', 'WI-S5', 50],
    ['DLV-S-9', '06T05:00', 'DN-S-06', 'SHOP-B', 'K-WIENER', 'WI-S7', 80],
    // Written down for the wrong customer; kit-s-correct below puts it right.
    ['DLV-S-10', '06T05:30', 'DN-S-07', 'SHOP-A', 'K-WIENER', 'WI-S6', 60],
  ];
  for (const [id, at, shipment, customer, item, code, quantity] of delivered)
    yield row('shipments.csv', {
      id,
      at: `2026-03-${at}:00+01:00`,
      place: item === 'K-BRINE' ? 'KIT.TANK' : 'KIT.COLD',
      shipment,
      customer,
      item,
      code,
      quantity,
      uom: 'kg',
      pallet: item === 'K-BRINE' ? undefined : `PAL-${shipment}`,
    });
  yield event({
    id: 'kit-s-correct',
    type: 'correct',
    at: '2026-03-06T09:00:00+01:00',
    event: 'DLV-S-10',
    reason: 'delivered to the canteen; the paper had the wrong stamp',
    with: {
      type: 'ship',
      at: '2026-03-06T05:30:00+01:00',
      place: 'KIT.COLD',
      customer: 'SHOP-D',
      shipment: 'DN-S-07',
      units: [{ unit: unit('lot', 'K-WIENER', 'WI-S6'), quantity: quantity(60, 'kg') }],
      refs: { pallet: 'PAL-DN-S-07' },
    },
  });
  yield row('scrap.csv', {
    at: '2026-03-05T10:00:00+01:00',
    place: 'KIT.COLD',
    item: 'K-WIENER',
    code: 'WI-S8',
    quantity: 30,
    uom: 'kg',
    reason: 'torn packs',
  });
  yield row('inspections.csv', {
    at: '2026-03-03T18:00:00+01:00',
    place: 'KIT.COLD',
    item: 'K-WIENER',
    code: 'WI-S4',
    characteristic: 'core temperature',
    result: 'pass',
    measured: '72.4',
    limit_low: '72',
    operator: 'resi',
  });
  yield row('returns.csv', {
    at: '2026-03-09T11:00:00+01:00',
    place: 'KIT.COLD',
    shipment: 'DN-S-04',
    customer: 'SHOP-B',
    item: 'K-WIENER',
    code: 'WI-S2',
    quantity: 10,
    uom: 'kg',
    condition: 'cold chain unbroken',
  });
}
