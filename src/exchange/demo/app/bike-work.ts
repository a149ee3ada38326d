import type { Context } from '@/platform/db';
import type { Day, Verbs } from './verbs';

const pcs = (value: string) => ({ value, uom: 'pcs' });
const serials = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-D${i + 1}`);

/**
 * The bike maker's open work, on items, numbers and places of its own, which none of the story has. The new battery is late: one
 * is on hold, the rest is announced, and until then revision B takes the long one, which fits with an adapter.
 */
export async function bikeWork(verbs: Verbs, ctx: Context, day: Day): Promise<void> {
  await master(verbs, ctx, day);
  await verbs.record(ctx, stock(day));
  await verbs.holdUnits.execute(ctx, {
    id: 'demo-bikes-hold',
    units: [{ item: 'BAT-52', serial: 'B52-D1' }],
    reason: 'swollen',
    ref: 'QN-D-1',
    at: day.at(-1, '15:00'),
  });
  await verbs.putInstruction.execute(ctx, 'ADAPTER', {
    title: 'Fit the rail adapter first',
    text: 'The long battery sits 8 mm lower: screw adapter RA-8 to the frame before you slide it in.',
    severity: 'must',
    acknowledge: true,
    about: { item: 'BAT-52L' },
    untilRef: 'ECN-12',
  });
  await verbs.putInstruction.execute(ctx, 'DOCK', {
    title: 'Look at the crates before you unload',
    text: 'A dent or a wet crate: take a photo, and do not move it into the store.',
    severity: 'info',
    about: { place: 'LYON.IN' },
  });
  await trade(verbs, ctx, day);
  await line(verbs, ctx, day);
  await verbs.putRule.execute(ctx, 'PUTAWAY-D', { kind: 'putaway', from: 'LYON.IN', to: 'LYON.STORE', priority: 2 });
  await verbs.runRules.execute(ctx, 'PUTAWAY-D');
  await verbs.createTask.execute(ctx, {
    id: 'demo-bikes-task',
    kind: 'move',
    title: 'Bring tyres to line 4',
    priority: 1,
    units: [
      {
        unit: { item: 'TYRE-28', lot: 'TYRE-D2' },
        quantity: pcs('20'),
        from: 'LYON.STORE.A2',
        to: 'LYON.ASM4',
      },
    ],
  });
}

async function master(verbs: Verbs, ctx: Context, day: Day): Promise<void> {
  const battery = { tracking: 'serial', uom: 'pcs', category: 'battery' };
  await verbs.master(
    verbs.putItems.execute(ctx, [
      { item: 'BAT-52', name: 'Battery 52 V 13 Ah', ...battery },
      { item: 'BAT-52L', name: 'Battery 52 V 13 Ah, long', ...battery },
    ]),
  );
  await verbs.master(
    verbs.putBoms.execute(ctx, [
      {
        item: 'EB-CITY',
        revision: 'B',
        effectiveFrom: day.date,
        lines: [
          { component: 'FRAME-M', quantity: '1', uom: 'pcs', position: 'FRAME' },
          { component: 'BAT-52', quantity: '1', uom: 'pcs', position: 'BATTERY', substitutes: ['BAT-52L'] },
          { component: 'MOT-250', quantity: '1', uom: 'pcs', position: 'MOTOR' },
          { component: 'CTL-1', quantity: '1', uom: 'pcs', position: 'CONTROLLER' },
          { component: 'SCREW-M5', quantity: '24', uom: 'pcs' },
          { component: 'TYRE-28', quantity: '2', uom: 'pcs' },
          { component: 'MANUAL', quantity: '1', uom: 'pcs' },
        ],
      },
    ]),
  );
  await verbs.master(
    verbs.putPlaces.execute(ctx, [
      { place: 'LYON.IN', parent: 'LYON', kind: 'dock', name: 'Goods in' },
      { place: 'LYON.STORE', parent: 'LYON', kind: 'area', name: 'Parts store' },
      { place: 'LYON.STORE.A1', parent: 'LYON.STORE', kind: 'bin', name: 'Aisle A, bin 1', capacity: { units: 60 } },
      { place: 'LYON.STORE.A2', parent: 'LYON.STORE', kind: 'bin', name: 'Aisle A, bin 2', capacity: { units: 60 } },
      { place: 'LYON.ASM4', parent: 'LYON.ASM', kind: 'line', name: 'Assembly line 4' },
      { place: 'LYON.OUT', parent: 'LYON', kind: 'dock', name: 'Goods out' },
    ]),
  );
}

/** What has come in these days: all for three bikes at the line, more in the store, and crates at the dock. */
function stock(day: Day): object[] {
  const receive = (place: string, item: string, unit: object, supplier: string, more: object = {}) => {
    const code = Object.values(unit)[0] as string;
    return {
      type: 'receive',
      id: `demo-receive-${code}`,
      at: day.at(-2, '08:00'),
      place,
      unit: { item, ...unit },
      supplier,
      ...more,
    };
  };
  const each = (place: string, item: string, codes: string[], supplier: string) =>
    codes.map((serial) => receive(place, item, { serial }, supplier));
  const lot = (place: string, item: string, code: string, count: string, supplier: string, supplierLot: string) =>
    receive(place, item, { lot: code }, supplier, { quantity: pcs(count), supplierLot });
  return [
    ...each('LYON.ASM4', 'FRAME-M', serials('FR', 3), 'S-RADO'),
    ...each('LYON.ASM4', 'MOT-250', serials('MO', 3), 'S-RADO'),
    ...each('LYON.ASM4', 'CTL-1', serials('CT', 3), 'S-ELKO'),
    ...each('LYON.ASM4', 'BAT-52', ['B52-D1'], 'S-VOLTA'),
    ...each('LYON.ASM4', 'BAT-52L', serials('B52L', 3), 'S-VOLTA'),
    lot('LYON.ASM4', 'SCREW-M5', 'SCREW-D1', '500', 'S-RADO', 'R-D1'),
    lot('LYON.ASM4', 'TYRE-28', 'TYRE-D1', '12', 'S-RADO', 'R-D2'),
    lot('LYON.STORE.A2', 'TYRE-28', 'TYRE-D2', '80', 'S-RADO', 'R-D3'),
    lot('LYON.SMT', 'CAP-100N', 'CAP-D1', '3000', 'S-ELKO', 'E-D1'),
    lot('LYON.SMT', 'MCU-M4', 'MCU-D1', '500', 'S-ELKO', 'E-D2'),
    ...each('LYON.STORE.A1', 'MOT-250', ['MO-D4', 'MO-D5', 'MO-D6', 'MO-D7'], 'S-RADO'),
    lot('LYON.STORE.A1', 'SCREW-M5', 'SCREW-D2', '2000', 'S-RADO', 'R-D4'),
    {
      type: 'pack',
      id: 'demo-pack-PAL-D1',
      at: day.at(-2, '09:00'),
      place: 'LYON.STORE.A1',
      container: 'PAL-D1',
      units: ['MO-D4', 'MO-D5', 'MO-D6', 'MO-D7'].map((serial) => ({ unit: { item: 'MOT-250', serial } })),
    },
    {
      type: 'pack',
      id: 'demo-pack-BOX-D1',
      at: day.at(-2, '09:10'),
      place: 'LYON.STORE.A1',
      container: 'BOX-D1',
      units: [{ unit: { item: 'SCREW-M5', lot: 'SCREW-D2' }, quantity: pcs('2000') }],
    },
    lot('LYON.IN', 'BAT-CASE', 'CASE-D1', '40', 'S-ELKO', 'E-D3'),
    lot('LYON.IN', 'TYRE-28', 'TYRE-D3', '60', 'S-RADO', 'R-D5'),
  ];
}

async function trade({ orders }: Verbs, ctx: Context, day: Day): Promise<void> {
  await orders.make(ctx, 'purchase', {
    id: 'demo-po',
    order: 'PO-D-1',
    partner: 'S-VOLTA',
    at: day.at(-7, '10:00'),
    lines: [
      { item: 'BAT-52', quantity: pcs('6'), due: day.in(1), place: 'LYON.IN' },
      { item: 'CELL-21700', quantity: pcs('800'), due: day.in(5), place: 'LYON.IN' },
    ],
  });
  await orders.announce(ctx, {
    id: 'demo-advice',
    order: 'PO-D-1',
    shipment: 'VC-D-1',
    at: day.at(-1, '16:00'),
    lines: [{ line: '1', item: 'BAT-52', quantity: pcs('6'), due: day.in(1) }],
  });
  await orders.make(ctx, 'sales', {
    id: 'demo-so',
    order: 'SO-D-1',
    partner: 'D-GENT',
    at: day.at(-3, '10:00'),
    lines: [{ item: 'EB-CITY', quantity: pcs('2'), due: day.in(2), place: 'LYON.OUT' }],
  });
}

async function line(verbs: Verbs, ctx: Context, day: Day): Promise<void> {
  await verbs.putWorkCenter.execute(ctx, 'ASM4', { name: 'Assembly line 4', place: 'LYON.ASM4' });
  await verbs.putWorkCenter.execute(ctx, 'SMT2', {
    name: 'Board line 2',
    place: 'LYON.SMT',
    takesRuns: true,
    runs: [
      { item: 'PCB-CTL', run: 'SMT2-F12', position: 'F12' },
      { item: 'PCB-CTL', run: 'SMT2-F01', position: 'F01' },
    ],
  });
  await verbs.loadRun.execute(ctx, 'load', {
    id: 'demo-load',
    run: 'SMT2-F12',
    scan: 'CAP-D1',
    quantity: pcs('3000'),
    at: day.at(-1, '07:00'),
  });
  await verbs.createOrder.execute(ctx, {
    id: 'demo-wo',
    number: 'WO-D-1',
    item: 'EB-CITY',
    quantity: pcs('3'),
    revision: 'B',
    due: day.in(2),
    workCenter: 'ASM4',
    place: 'LYON.ASM4',
    customer: 'D-GENT',
    serialPattern: 'EB-D{00}',
    release: true,
  });
}
