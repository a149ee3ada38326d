import { Prng } from '../prng';
import { day, Entry, event, iso, quantity, row, unit } from '../records';

const START_MS = Date.UTC(2025, 9, 1, 4);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BATTERS_PER_DAY = 8;
const BATTERS_PER_TANK = 40;
const BATTERS_PER_MEAT_LOT = 6;
const BATTERS_PER_SPICE_LOT = 40;
const SHOPS = ['SHOP-A', 'SHOP-B', 'SHOP-C', 'SHOP-D'];
const BATTER_KG = 100;
const REWORK_KG = 6;

/** `size` batters, eight a day, each packed and delivered. None of it touches the story's lots. */
export function* sausageBackground(seed: number, size: number): Iterable<Entry> {
  const random = new Prng(seed);
  for (let n = 0; n < size; n++) {
    const at = START_MS + Math.floor(n / BATTERS_PER_DAY) * DAY_MS + (n % BATTERS_PER_DAY) * 75 * MINUTE_MS;
    yield* materials(n, at);
    yield* tank(n, at);
    yield* batter(n, at);
    yield* pack(n, at);
    yield* deliver(n, at, random);
  }
}

const lotOf = (n: number, per: number) => String(Math.floor(n / per)).padStart(4, '0');
const number = (n: number) => String(n).padStart(6, '0');
const tankOf = (n: number) => `TANK-${lotOf(n, BATTERS_PER_TANK)}`;
const paprikaOf = (n: number) => `SP-${lotOf(n, BATTERS_PER_SPICE_LOT)}`;
const baseOf = (n: number) => `BB-${lotOf(n, BATTERS_PER_DAY)}`;
const reworkOf = (n: number) => `RW-${number(n)}`;
/** Every fifth batter leaves some in the filler; it goes into the batter three later, be it in another tank lot. */
const leavesRework = (n: number) => n >= 0 && n % 5 === 0;

function receipt(
  at: number,
  item: string,
  code: string,
  amount: number,
  uom: string,
  supplier: string,
  lifeDays: number,
) {
  return row('receipts.csv', {
    at: day(at - DAY_MS),
    place: 'KIT.RM',
    item,
    code,
    quantity: amount,
    uom,
    supplier,
    supplier_lot: `${supplier.slice(2, 5)}-${code.replace(/\D/g, '')}`,
    purchase_order: `PO-K-${day(at).slice(2, 7)}`,
    expires: day(at + lifeDays * DAY_MS),
  });
}

function* materials(n: number, at: number): Iterable<Entry> {
  if (n % BATTERS_PER_MEAT_LOT === 0) {
    const lot = lotOf(n, BATTERS_PER_MEAT_LOT);
    yield receipt(at, 'K-PORK', `PK-${lot}`, 60 * BATTERS_PER_MEAT_LOT, 'kg', 'S-HOF', 14);
    yield receipt(at, 'K-BEEF', `BF-${lot}`, 20 * BATTERS_PER_MEAT_LOT, 'kg', 'S-HOF', 14);
  }
  if (n % BATTERS_PER_SPICE_LOT === 0) {
    yield receipt(at, 'K-PAPRIKA', paprikaOf(n), 50, 'kg', 'S-ORIENT', 365);
    yield receipt(
      at,
      'K-CASING',
      `CS-${lotOf(n, BATTERS_PER_SPICE_LOT)}`,
      100 * BATTERS_PER_SPICE_LOT,
      'm',
      'S-HOF',
      180,
    );
  }
  if (n % BATTERS_PER_DAY === 0) yield receipt(at, 'K-BRINE-BASE', baseOf(n), 170, 'kg', 'S-HOF', 30);
}

/** The tank is topped up each morning; after forty batters it is emptied and cleaned, and its next filling is a new lot. */
function* tank(n: number, at: number): Iterable<Entry> {
  if (n % BATTERS_PER_DAY !== 0) return;
  const topUp = (what: string, item: string, lot: string, kg: string) =>
    event({
      id: `kit-topup-${number(n)}-${what}`,
      type: 'top-up',
      at: iso(at - 30 * MINUTE_MS),
      place: 'KIT.TANK',
      vessel: unit('lot', 'K-BRINE', tankOf(n)),
      unit: unit('lot', item, lot),
      quantity: quantity(kg, 'kg'),
    });
  yield topUp('base', 'K-BRINE-BASE', baseOf(n), '160');
  yield topUp('spice', 'K-PAPRIKA', paprikaOf(n), '0.8');
}

type Input = [item: string, lot: string, amount: number, uom: string];

function* build(ms: number, item: string, code: string, kg: number, center: string, inputs: Input[]): Iterable<Entry> {
  const at = iso(ms);
  const work_order = `WO-K-${day(ms)}`;
  for (const [input_item, input_code, amount, uom] of inputs)
    yield row('builds.csv', {
      at,
      place: 'KIT.CUT',
      output_item: item,
      output_code: code,
      output_quantity: kg,
      output_uom: 'kg',
      input_item,
      input_code,
      quantity: amount,
      uom,
      work_order,
      work_center: center,
      operator: 'resi',
    });
}

function* batter(n: number, at: number): Iterable<Entry> {
  const meat = lotOf(n, BATTERS_PER_MEAT_LOT);
  const inputs: Input[] = [
    ['K-PORK', `PK-${meat}`, 60, 'kg'],
    ['K-BEEF', `BF-${meat}`, 20, 'kg'],
    ['K-BRINE', tankOf(n), 20, 'kg'],
    ['K-PAPRIKA', paprikaOf(n), 500, 'g'],
  ];
  if (leavesRework(n - 3)) inputs.push(['K-REWORK', reworkOf(n - 3), REWORK_KG, 'kg']);
  yield* build(at, 'K-BATTER', `BT-${number(n)}`, BATTER_KG, 'CUTTER', inputs);
}

const packKg = (n: number) => (leavesRework(n) ? 88 : 95);

function* pack(n: number, at: number): Iterable<Entry> {
  const ms = at + 60 * MINUTE_MS;
  const casing = `CS-${lotOf(n, BATTERS_PER_SPICE_LOT)}`;
  if (leavesRework(n))
    yield event({
      id: `kit-pack-${number(n)}`,
      type: 'produce',
      at: iso(ms),
      place: 'KIT.CUT',
      workOrder: `WO-K-${day(ms)}`,
      workCenter: 'FILLER',
      outputs: [
        { unit: unit('lot', 'K-WIENER', `WI-${number(n)}`), quantity: quantity(packKg(n), 'kg') },
        { unit: unit('lot', 'K-REWORK', reworkOf(n)), quantity: quantity(REWORK_KG, 'kg') },
      ],
      inputs: [
        { unit: unit('lot', 'K-BATTER', `BT-${number(n)}`), quantity: quantity(BATTER_KG, 'kg') },
        { unit: unit('lot', 'K-CASING', casing), quantity: quantity(95, 'm') },
      ],
    });
  else
    yield* build(ms, 'K-WIENER', `WI-${number(n)}`, packKg(n), 'FILLER', [
      ['K-BATTER', `BT-${number(n)}`, BATTER_KG, 'kg'],
      ['K-CASING', casing, 95, 'm'],
    ]);
}

function* deliver(n: number, at: number, random: Prng): Iterable<Entry> {
  const lot = { item: 'K-WIENER', code: `WI-${number(n)}`, uom: 'kg' };
  const total = packKg(n);
  yield row('inspections.csv', {
    at: iso(at + 70 * MINUTE_MS),
    place: 'KIT.CUT',
    item: lot.item,
    code: lot.code,
    characteristic: 'core temperature',
    result: 'pass',
    measured: (72 + random.int(5, 40) / 10).toFixed(1),
    limit_low: '72',
    operator: 'resi',
  });
  yield row('moves.csv', { at: iso(at + 90 * MINUTE_MS), ...lot, quantity: total, from: 'KIT.CUT', to: 'KIT.COLD' });
  let left = total;
  const delivered = at + DAY_MS;
  for (const shop of SHOPS) {
    if (!random.oneIn(2)) continue;
    const kg = Math.min(left, random.int(10, 40));
    if (kg === 0) break;
    left -= kg;
    const shipment = `DN-${day(delivered).replaceAll('-', '')}-${shop.slice(5)}`;
    yield row('shipments.csv', {
      id: `${shipment}/${lot.code}`,
      at: iso(delivered),
      place: 'KIT.COLD',
      shipment,
      customer: shop,
      ...lot,
      quantity: kg,
      pallet: `PAL-${shipment}-${1 + (n % 2)}`,
    });
    if (random.oneIn(40))
      yield row('returns.csv', {
        at: day(delivered + 2 * DAY_MS),
        place: 'KIT.COLD',
        shipment,
        customer: shop,
        ...lot,
        quantity: 2,
        condition: 'pack torn',
      });
  }
  if (left > 5 && random.oneIn(30))
    yield row('scrap.csv', {
      at: iso(at + 5 * DAY_MS),
      place: 'KIT.COLD',
      ...lot,
      quantity: 5,
      reason: 'past its date',
    });
}
