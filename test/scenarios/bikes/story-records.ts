import { Entry, event, quantity, row, unit } from '../records';

/** The fixed small cast of the story "a bad cell lot": the same records at any size and seed. STORY.md tells it. */
export function* bikeStory(): Iterable<Entry> {
  yield* receipts();
  yield* boards();
  yield* batteries();
  yield* bikes();
  yield* changes();
  yield* deliveries();
}

function* receipts(): Iterable<Entry> {
  const lots: [item: string, code: string, quantity: number, supplier: string, supplierLot: string][] = [
    ['CELL-21700', 'CL-0417', 400, 'S-VOLTA', 'V26-W03-A'],
    ['CELL-21700', 'CL-0418', 400, 'S-VOLTA', 'V26-W03-B'],
    ['BAT-CASE', 'CASE-S1', 50, 'S-ELKO', 'E-1181'],
    ['PCB-RAW', 'RAW-S1', 50, 'S-ELKO', 'E-1182'],
    ['CAP-100N', 'CAP-S77', 4000, 'S-ELKO', 'E-77'],
    ['CAP-100N', 'CAP-S78', 4000, 'S-ELKO', 'E-78'],
    ['MCU-M4', 'MCU-S1', 500, 'S-ELKO', 'E-90'],
    ['SCREW-M5', 'SCREW-S1', 1000, 'S-RADO', 'R-5'],
    ['TYRE-28', 'TYRE-S1', 100, 'S-RADO', 'R-6'],
  ];
  for (const [item, code, quantity, supplier, supplier_lot] of lots)
    yield row('receipts.csv', {
      at: '2026-02-02',
      place: 'LYON.RM',
      item,
      code,
      quantity,
      uom: 'pcs',
      supplier,
      supplier_lot,
      purchase_order: item === 'CELL-21700' ? 'PO-S-417' : 'PO-S-1',
    });
  for (let n = 1; n <= 9; n++)
    for (const [item, code] of [
      ['FRAME-M', `FR-S0${n}`],
      ['MOT-250', `MO-S0${n}`],
    ] as const)
      yield row('receipts.csv', {
        at: '2026-02-02',
        place: 'LYON.RM',
        item,
        code,
        supplier: 'S-RADO',
        purchase_order: 'PO-S-2',
      });
}

/** Run SMT1/S-1: the capacitor reel on feeder F12 is changed at 10:30, in the same millisecond in which board PB-S03 is made. */
function* boards(): Iterable<Entry> {
  const run = unit('run', 'PCB-CTL', 'SMT1/S-1');
  const reel = (id: string, type: 'load' | 'unload', at: string, item: string, code: string, position: string) =>
    event({ id, type, at, place: 'LYON.SMT', run, unit: unit('lot', item, code), position });
  yield reel('bike-s-load-1', 'load', '2026-02-03T08:00:00+01:00', 'CAP-100N', 'CAP-S77', 'F12');
  yield reel('bike-s-load-2', 'load', '2026-02-03T08:00:00+01:00', 'MCU-M4', 'MCU-S1', 'F01');
  yield reel('bike-s-unload-1', 'unload', '2026-02-03T10:30:00+01:00', 'CAP-100N', 'CAP-S77', 'F12');
  yield reel('bike-s-load-3', 'load', '2026-02-03T10:30:00+01:00', 'CAP-100N', 'CAP-S78', 'F12');
  yield reel('bike-s-unload-2', 'unload', '2026-02-03T16:00:00+01:00', 'CAP-100N', 'CAP-S78', 'F12');
  yield reel('bike-s-unload-3', 'unload', '2026-02-03T16:00:00+01:00', 'MCU-M4', 'MCU-S1', 'F01');

  const made = [
    '08:30:00',
    '10:29:59.999',
    '10:30:00',
    '12:00:00',
    '13:00:00',
    '13:10:00',
    '13:20:00',
    '13:30:00',
    '13:40:00',
  ];
  for (const [i, time] of made.entries()) {
    const board = {
      at: `2026-02-03T${time}+01:00`,
      place: 'LYON.SMT',
      output_item: 'PCB-CTL',
      output_code: `PB-S0${i + 1}`,
      work_order: 'WO-S-SMT',
      work_center: 'SMT1',
    };
    yield row('builds.csv', { ...board, input_item: 'PCB-CTL', input_code: 'SMT1/S-1', input_kind: 'run' });
    yield row('builds.csv', { ...board, input_item: 'PCB-RAW', input_code: 'RAW-S1', quantity: 1, uom: 'pcs' });
  }
  for (let n = 1; n <= 9; n++) {
    const controller = {
      at: `2026-02-05T0${n}:00:00+01:00`,
      place: 'LYON.ASM',
      output_item: 'CTL-1',
      output_code: `CT-S0${n}`,
      work_order: 'WO-S-CTL',
      work_center: 'ASM1',
    };
    yield row('builds.csv', {
      ...controller,
      input_item: 'PCB-CTL',
      input_code: `PB-S0${n}`,
      position: 'BOARD',
    });
    yield row('builds.csv', { ...controller, input_item: 'SCREW-M5', input_code: 'SCREW-S1', quantity: 4, uom: 'pcs' });
  }
}

function* batteries(): Iterable<Entry> {
  const made: [code: string, at: string, cells: [lot: string, quantity: number][]][] = [
    ['BT-S01', '2026-02-10T09:00:00+01:00', [['CL-0417', 40]]],
    ['BT-S02', '2026-02-10T10:00:00+01:00', [['CL-0417', 40]]],
    ['BT-S03', '2026-02-10T11:00:00+01:00', [['CL-0418', 40]]],
    [
      'BT-S06',
      '2026-02-10T15:00:00+01:00',
      [
        ['CL-0417', 20],
        ['CL-0418', 20],
      ],
    ],
    ['BT-S07', '2026-02-10T16:00:00+01:00', [['CL-0418', 40]]],
    ['BT-S08', '2026-02-11T09:00:00+01:00', [['CL-0418', 40]]],
    ['BT-S09', '2026-02-11T10:00:00+01:00', [['CL-0418', 40]]],
    ['BT-S10', '2026-02-11T11:00:00+01:00', [['CL-0418', 40]]],
    ['BT-S11', '2026-02-11T12:00:00+01:00', [['CL-0418', 40]]],
    ['BT-S12', '2026-02-11T13:00:00+01:00', [['CL-0417', 40]]],
    ['BT-S13', '2026-02-11T14:00:00+01:00', [['CL-0417', 40]]],
    ['BT-S14', '2026-02-11T15:00:00+01:00', [['CL-0418', 40]]],
  ];
  for (const [code, at, cells] of made) {
    const battery = {
      at,
      place: 'LYON.BAT',
      output_item: 'BAT-48',
      output_code: code,
      work_order: 'WO-S-BAT',
      work_center: 'BAT1',
      operator: 'mira',
    };
    for (const [lot, quantity] of cells)
      yield row('builds.csv', { ...battery, input_item: 'CELL-21700', input_code: lot, quantity, uom: 'pcs' });
    yield row('builds.csv', { ...battery, input_item: 'BAT-CASE', input_code: 'CASE-S1', quantity: 1, uom: 'pcs' });
  }
  // Two batteries from two open cell boxes in one record: nobody can say which box went into which.
  yield event({
    id: 'bike-s-pair',
    type: 'produce',
    at: '2026-02-10T13:00:00+01:00',
    place: 'LYON.BAT',
    workOrder: 'WO-S-BAT',
    workCenter: 'BAT1',
    outputs: [{ unit: unit('serial', 'BAT-48', 'BT-S04') }, { unit: unit('serial', 'BAT-48', 'BT-S05') }],
    inputs: [
      { unit: unit('lot', 'CELL-21700', 'CL-0417'), quantity: quantity(40, 'pcs') },
      { unit: unit('lot', 'CELL-21700', 'CL-0418'), quantity: quantity(40, 'pcs') },
      { unit: unit('lot', 'BAT-CASE', 'CASE-S1'), quantity: quantity(2, 'pcs') },
    ],
  });
}

function* bikes(): Iterable<Entry> {
  const built: [n: number, time: string, battery: string][] = [
    [1, '09:00', 'BT-S01'],
    [2, '10:00', 'BT-S02'],
    [3, '11:00', 'BT-S07'],
    [4, '13:00', 'BT-S04'],
    [5, '14:00', 'BT-S05'],
    [6, '15:00', 'BT-S06'],
    [7, '16:00', 'BT-S09'],
    [8, '16:30', 'BT-S10'],
    [9, '17:00', 'BT-S14'],
  ];
  for (const [n, time, battery] of built) {
    const bike = {
      at: `2026-02-12T${time}:00+01:00`,
      place: 'LYON.ASM',
      output_item: 'EB-CITY',
      output_code: `EB-S0${n}`,
      work_order: 'WO-S-BIKE',
      work_center: 'ASM2',
      operator: 'jules',
    };
    yield row('builds.csv', { ...bike, input_item: 'FRAME-M', input_code: `FR-S0${n}`, position: 'FRAME' });
    yield row('builds.csv', { ...bike, input_item: 'BAT-48', input_code: battery, position: 'BATTERY' });
    yield row('builds.csv', { ...bike, input_item: 'MOT-250', input_code: `MO-S0${n}`, position: 'MOTOR' });
    yield row('builds.csv', { ...bike, input_item: 'CTL-1', input_code: `CT-S0${n}`, position: 'CONTROLLER' });
    yield row('builds.csv', { ...bike, input_item: 'SCREW-M5', input_code: 'SCREW-S1', quantity: 24, uom: 'pcs' });
    yield row('builds.csv', { ...bike, input_item: 'TYRE-28', input_code: 'TYRE-S1', quantity: 2, uom: 'pcs' });
  }
}

function* changes(): Iterable<Entry> {
  const change = (id: string, type: 'install' | 'remove', at: string, bike: string, battery: string, reason: string) =>
    event({
      id,
      type,
      at,
      place: 'LYON.SERVICE',
      parent: unit('serial', 'EB-CITY', bike),
      unit: unit('serial', 'BAT-48', battery),
      position: 'BATTERY',
      reason,
    });
  // EB-S02 loses its battery before it is shipped; that battery moves on into EB-S03.
  yield change('bike-s-1', 'remove', '2026-02-16T09:00:00+01:00', 'EB-S02', 'BT-S02', 'does not charge to 100 %');
  yield change('bike-s-2', 'install', '2026-02-16T09:30:00+01:00', 'EB-S02', 'BT-S03', 'replacement');
  yield change('bike-s-3', 'remove', '2026-02-17T10:30:00+01:00', 'EB-S03', 'BT-S07', 'kept as reference battery');
  yield change('bike-s-4', 'install', '2026-02-17T11:00:00+01:00', 'EB-S03', 'BT-S02', 'charger was at fault');
  // BT-S09 leaves EB-S07, gets two cells of CL-0417 in rework, and goes into EB-S08.
  yield change('bike-s-5', 'remove', '2026-02-18T08:00:00+01:00', 'EB-S07', 'BT-S09', 'two weak cells');
  yield change('bike-s-6', 'install', '2026-02-18T08:30:00+01:00', 'EB-S07', 'BT-S11', 'replacement');
  yield event({
    id: 'bike-s-7',
    type: 'install',
    at: '2026-02-18T10:00:00+01:00',
    place: 'LYON.BAT',
    parent: unit('serial', 'BAT-48', 'BT-S09'),
    unit: unit('lot', 'CELL-21700', 'CL-0417'),
    quantity: quantity(2, 'pcs'),
    position: 'REWORK',
    reason: 'rework: two cells replaced',
  });
  yield change('bike-s-8', 'remove', '2026-02-18T14:30:00+01:00', 'EB-S08', 'BT-S10', 'display test');
  yield change('bike-s-9', 'install', '2026-02-18T15:00:00+01:00', 'EB-S08', 'BT-S09', 'after rework');
  // A wrong scan: BT-S12 was never in EB-S09, and the record of it is taken back.
  yield change('bike-s-10', 'install', '2026-02-19T09:00:00+01:00', 'EB-S09', 'BT-S12', 'wrong scan');
  yield event({
    id: 'bike-s-11',
    type: 'void',
    at: '2026-02-19T09:20:00+01:00',
    event: 'bike-s-10',
    reason: 'wrong label scanned, the battery stood beside the bike',
  });
  // EB-S06 comes back from the dealer and gets another battery in the service shop.
  yield change('bike-s-12', 'remove', '2026-03-03T10:00:00+01:00', 'EB-S06', 'BT-S06', 'swells');
  yield change('bike-s-13', 'install', '2026-03-03T10:30:00+01:00', 'EB-S06', 'BT-S08', 'replacement');
}

function* deliveries(): Iterable<Entry> {
  for (let n = 1; n <= 9; n++)
    yield row('moves.csv', {
      at: '2026-02-19T12:00:00+01:00',
      item: 'EB-CITY',
      code: `EB-S0${n}`,
      from: 'LYON.ASM',
      to: 'LYON.FG',
    });
  yield row('scrap.csv', {
    at: '2026-02-20T09:00:00+01:00',
    place: 'LYON.BAT',
    item: 'BAT-48',
    code: 'BT-S13',
    reason: 'failed the leak test',
  });
  yield row('inspections.csv', {
    at: '2026-02-20T08:30:00+01:00',
    place: 'LYON.BAT',
    item: 'BAT-48',
    code: 'BT-S13',
    characteristic: 'leak test',
    result: 'fail',
    measured: '14.2',
    limit_high: '10',
    operator: 'mira',
  });
  const shipped: [at: string, shipment: string, customer: string, item: string, codes: string[]][] = [
    ['2026-02-20T10:00:00+01:00', 'SH-S-101', 'D-LYON', 'EB-CITY', ['EB-S01', 'EB-S02']],
    ['2026-02-23T10:00:00+01:00', 'SH-S-102', 'D-BERN', 'EB-CITY', ['EB-S03', 'EB-S04', 'EB-S07']],
    ['2026-02-25T10:00:00+01:00', 'SH-S-103', 'D-GENT', 'EB-CITY', ['EB-S06']],
    ['2026-02-26T10:00:00+01:00', 'SH-S-104', 'D-GENT', 'EB-CITY', ['EB-S08', 'EB-S09']],
    ['2026-02-26T11:00:00+01:00', 'SH-S-105', 'D-GENT', 'BAT-48', ['BT-S12']],
  ];
  for (const [at, shipment, customer, item, codes] of shipped)
    for (const code of codes)
      yield row('shipments.csv', {
        id: `${shipment}/${code}`,
        at,
        place: item === 'EB-CITY' ? 'LYON.FG' : 'LYON.BAT',
        shipment,
        customer,
        item,
        code,
      });
  yield row('returns.csv', {
    at: '2026-03-02T15:00:00+01:00',
    place: 'LYON.SERVICE',
    shipment: 'SH-S-103',
    customer: 'D-GENT',
    item: 'EB-CITY',
    code: 'EB-S06',
    condition: 'battery swells',
  });
}
