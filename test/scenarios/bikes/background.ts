import { Prng } from '../prng';
import { day, Entry, event, iso, quantity, row, unit } from '../records';

const START_MS = Date.UTC(2025, 8, 1, 6);
const MINUTE_MS = 60_000;
const TAKT_MS = 7 * MINUTE_MS;
const BOARDS_PER_RUN = 100;
const BATTERIES_PER_CELL_LOT = 50;
const BIKES_PER_SMALL_PARTS_LOT = 40;
const DEALERS = ['D-LYON', 'D-BERN', 'D-GENT', 'D-KOLN'];

/** An ordinary week and the ones after it: `size` bikes, one every seven minutes. None of it touches the story's units. */
export function* bikeBackground(seed: number, size: number): Iterable<Entry> {
  const random = new Prng(seed);
  for (let n = 0; n < size; n++) {
    const at = START_MS + n * TAKT_MS;
    if (n % BIKES_PER_SMALL_PARTS_LOT === 0) yield* smallParts(n, at);
    if (n % BATTERIES_PER_CELL_LOT === 0) yield* cellLot(n, at, random);
    yield* boardLine(n, at, size);
    yield* components(n, at);
    yield* bike(n, at, random);
    yield* after(n, at, random);
  }
}

const number = (n: number) => String(n).padStart(6, '0');
const lotOf = (n: number, per: number) => String(Math.floor(n / per)).padStart(4, '0');
const runOf = (n: number) => `SMT1/${lotOf(n, BOARDS_PER_RUN)}`;
const cellsOf = (n: number) => `CL-${lotOf(n, BATTERIES_PER_CELL_LOT)}-A`;
const capReel = (n: number) => `CAP-${lotOf(n, BOARDS_PER_RUN / 2)}`;

function receipt(at: number, item: string, code: string, pieces: number | undefined, supplier: string): Entry {
  return row('receipts.csv', {
    at: day(at - 3 * 86_400_000),
    place: 'LYON.RM',
    item,
    code,
    quantity: pieces,
    uom: pieces === undefined ? undefined : 'pcs',
    supplier,
    supplier_lot: pieces === undefined ? undefined : `${supplier.slice(2, 4)}${code.replace(/\D/g, '')}`,
    purchase_order: `PO-${iso(at).slice(2, 7)}`,
  });
}

function* smallParts(n: number, at: number): Iterable<Entry> {
  const lot = lotOf(n, BIKES_PER_SMALL_PARTS_LOT);
  yield receipt(at, 'SCREW-M5', `SCREW-${lot}`, 28 * BIKES_PER_SMALL_PARTS_LOT, 'S-RADO');
  yield receipt(at, 'TYRE-28', `TYRE-${lot}`, 2 * BIKES_PER_SMALL_PARTS_LOT, 'S-RADO');
  yield receipt(at, 'PCB-RAW', `RAW-${lot}`, BIKES_PER_SMALL_PARTS_LOT, 'S-ELKO');
}

function* cellLot(n: number, at: number, random: Prng): Iterable<Entry> {
  const spare = 1 + random.int(5, 9);
  yield receipt(at, 'CELL-21700', cellsOf(n), 40 * (BATTERIES_PER_CELL_LOT + spare), 'S-VOLTA');
  yield receipt(at, 'BAT-CASE', `CASE-${lotOf(n, BATTERIES_PER_CELL_LOT)}`, BATTERIES_PER_CELL_LOT + spare, 'S-ELKO');
}

/** A run of a hundred boards, with a change of the capacitor reel in the middle. */
function* boardLine(n: number, at: number, size: number): Iterable<Entry> {
  const inRun = n % BOARDS_PER_RUN;
  const run = unit('run', 'PCB-CTL', runOf(n));
  const feeder = (type: 'load' | 'unload', ms: number, item: string, code: string, position: string) =>
    event({
      id: `bike-${type}-${position}-${code}`,
      type,
      at: iso(ms),
      place: 'LYON.SMT',
      run,
      unit: unit('lot', item, code),
      position,
    });
  const mcu = `MCU-${lotOf(n, BOARDS_PER_RUN)}`;
  if (inRun === 0) {
    yield receipt(at, 'MCU-M4', mcu, BOARDS_PER_RUN, 'S-ELKO');
    yield feeder('load', at, 'MCU-M4', mcu, 'F01');
  }
  if (inRun % (BOARDS_PER_RUN / 2) === 0) {
    if (inRun > 0) yield feeder('unload', at, 'CAP-100N', capReel(n - 1), 'F12');
    yield receipt(at, 'CAP-100N', capReel(n), 60 * (BOARDS_PER_RUN / 2), 'S-ELKO');
    yield feeder('load', at, 'CAP-100N', capReel(n), 'F12');
  }
  if (inRun === BOARDS_PER_RUN - 1 || n === size - 1) {
    yield feeder('unload', at + 6 * MINUTE_MS, 'CAP-100N', capReel(n), 'F12');
    yield feeder('unload', at + 6 * MINUTE_MS, 'MCU-M4', mcu, 'F01');
  }
}

type Input = [item: string, code: string, extra?: { quantity?: number; position?: string; input_kind?: string }];

function* build(
  ms: number,
  place: string,
  item: string,
  code: string,
  center: string,
  operator: string,
  inputs: Input[],
): Iterable<Entry> {
  const at = iso(ms);
  const work_order = `WO-${item}-${day(ms)}`;
  for (const [input_item, input_code, extra] of inputs)
    yield row('builds.csv', {
      at,
      place,
      output_item: item,
      output_code: code,
      input_item,
      input_code,
      uom: extra?.quantity === undefined ? undefined : 'pcs',
      ...extra,
      work_order,
      work_center: center,
      operator,
    });
}

const OPERATORS = ['mira', 'jules', 'amel', 'tomas', 'ines'];

function* components(n: number, at: number): Iterable<Entry> {
  const small = lotOf(n, BIKES_PER_SMALL_PARTS_LOT);
  yield* build(at + MINUTE_MS, 'LYON.SMT', 'PCB-CTL', `PB-${number(n)}`, 'SMT1', 'amel', [
    ['PCB-CTL', runOf(n), { input_kind: 'run' }],
    ['PCB-RAW', `RAW-${small}`, { quantity: 1 }],
  ]);
  yield* build(at + 60 * MINUTE_MS, 'LYON.ASM', 'CTL-1', `CT-${number(n)}`, 'ASM1', 'ines', [
    ['PCB-CTL', `PB-${number(n)}`, { position: 'BOARD' }],
    ['SCREW-M5', `SCREW-${small}`, { quantity: 4 }],
  ]);
  yield* battery(n, at + 90 * MINUTE_MS, `BT-${number(n)}`);
}

function* battery(n: number, ms: number, code: string): Iterable<Entry> {
  yield* build(ms, 'LYON.BAT', 'BAT-48', code, 'BAT1', OPERATORS[n % 2]!, [
    ['CELL-21700', cellsOf(n), { quantity: 40 }],
    ['BAT-CASE', `CASE-${lotOf(n, BATTERIES_PER_CELL_LOT)}`, { quantity: 1 }],
  ]);
}

function* bike(n: number, at: number, random: Prng): Iterable<Entry> {
  const small = lotOf(n, BIKES_PER_SMALL_PARTS_LOT);
  yield receipt(at, 'FRAME-M', `FR-${number(n)}`, undefined, 'S-RADO');
  yield receipt(at, 'MOT-250', `MO-${number(n)}`, undefined, 'S-RADO');
  const built = at + 180 * MINUTE_MS;
  yield* build(built, 'LYON.ASM', 'EB-CITY', `EB-${number(n)}`, `ASM${random.int(2, 3)}`, random.pick(OPERATORS), [
    ['FRAME-M', `FR-${number(n)}`, { position: 'FRAME' }],
    ['BAT-48', `BT-${number(n)}`, { position: 'BATTERY' }],
    ['MOT-250', `MO-${number(n)}`, { position: 'MOTOR' }],
    ['CTL-1', `CT-${number(n)}`, { position: 'CONTROLLER' }],
    ['SCREW-M5', `SCREW-${small}`, { quantity: 24 }],
    ['TYRE-28', `TYRE-${small}`, { quantity: 2 }],
  ]);
  const passed = !random.oneIn(25);
  yield row('inspections.csv', {
    at: iso(built + 20 * MINUTE_MS),
    place: 'LYON.ASM',
    item: 'EB-CITY',
    code: `EB-${number(n)}`,
    characteristic: 'brake test',
    result: passed ? 'pass' : 'fail',
    measured: (passed ? 4 + random.int(0, 99) / 100 : 6.2).toFixed(2),
    limit_high: '5.5',
    operator: random.pick(OPERATORS),
  });
}

/** What happens to a bike after it is built: a swap, a rework, the way to the dealer, and sometimes back. */
function* after(n: number, at: number, random: Prng): Iterable<Entry> {
  const bikeUnit = unit('serial', 'EB-CITY', `EB-${number(n)}`);
  const change = (id: string, type: 'install' | 'remove', ms: number, item: string, code: string, reason: string) =>
    event({
      id: `bike-${number(n)}-${id}`,
      type,
      at: iso(ms),
      place: 'LYON.SERVICE',
      parent: bikeUnit,
      unit: unit('serial', item, code),
      position: item === 'BAT-48' ? 'BATTERY' : 'CONTROLLER',
      reason,
    });
  if (random.oneIn(50)) {
    const spare = `BT-${number(n)}R`;
    yield* battery(n, at + 240 * MINUTE_MS, spare);
    yield change('out', 'remove', at + 300 * MINUTE_MS, 'BAT-48', `BT-${number(n)}`, 'fails its capacity test');
    yield change('in', 'install', at + 310 * MINUTE_MS, 'BAT-48', spare, 'replacement');
  }
  if (random.oneIn(60)) {
    yield change('open', 'remove', at + 320 * MINUTE_MS, 'CTL-1', `CT-${number(n)}`, 'rework: firmware');
    yield change('close', 'install', at + 350 * MINUTE_MS, 'CTL-1', `CT-${number(n)}`, 'reworked');
  }
  const unitOfRow = { item: 'EB-CITY', code: `EB-${number(n)}` };
  yield row('moves.csv', { at: iso(at + 400 * MINUTE_MS), ...unitOfRow, from: 'LYON.ASM', to: 'LYON.FG' });
  if (random.oneIn(12)) return;
  const dealer = random.pick(DEALERS);
  const shipped = at + (2 + random.int(0, 5)) * 86_400_000;
  const shipment = `SH-${day(shipped).replaceAll('-', '')}-${dealer.slice(2)}`;
  yield row('shipments.csv', {
    id: `${shipment}/EB-${number(n)}`,
    at: iso(shipped),
    place: 'LYON.FG',
    shipment,
    customer: dealer,
    ...unitOfRow,
  });
  if (random.oneIn(60))
    yield row('returns.csv', {
      at: day(shipped + 14 * 86_400_000),
      place: 'LYON.SERVICE',
      shipment,
      customer: dealer,
      ...unitOfRow,
      condition: 'noise from the motor',
    });
  if (random.oneIn(90))
    yield event({
      id: `bike-${number(n)}-reel-scrap`,
      type: 'scrap',
      at: iso(at + 410 * MINUTE_MS),
      place: 'LYON.RM',
      unit: unit('lot', 'SCREW-M5', `SCREW-${lotOf(n, BIKES_PER_SMALL_PARTS_LOT)}`),
      quantity: quantity(1, 'pcs'),
      reason: 'thread damaged',
    });
}
