/**
 * A plant as the files of an import, by seed: lots and batteries are received, boards are made of lots, devices of a board, a
 * battery and lots, and devices go to shops by the pallet. Nine links a device, four events and three units.
 */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

export const LINKS_PER_DEVICE = 9;
const DEVICES_PER_SHIPMENT = 20;
/** A lot of each material serves so many devices. */
const DEVICES_PER_LOT = 500;
const BOARD_MATERIALS = ['PASTE', 'CHIP', 'PANEL'];
const DEVICE_MATERIALS = ['CASE', 'SCREW', 'GLUE', 'LABEL'];
const SHOPS = 40;
const PLACES = ['GOODS-IN', 'SMT', 'LINE-1', 'LINE-2', 'STORE'];
const SECOND = 1_000;
const BEGIN = Date.UTC(2026, 0, 5, 6);

const items = [
  ...BOARD_MATERIALS.map((item) => [item, 'lot', item === 'PASTE' ? 'g' : 'pcs']),
  ...DEVICE_MATERIALS.map((item) => [item, 'lot', item === 'GLUE' ? 'ml' : 'pcs']),
  ['BATTERY', 'serial', 'pcs'],
  ['BOARD', 'serial', 'pcs'],
  ['DEVICE', 'serial', 'pcs'],
];

/** Writes the files; gives how many links and events they hold. */
export async function writeBulkPlant(folder, { links, seed }) {
  mkdirSync(folder, { recursive: true });
  const csv = (name, rows) => writeFileSync(join(folder, name), rows.map((row) => `${row.join(',')}\n`).join(''));
  csv('items.csv', [
    ['item', 'name', 'tracking', 'uom'],
    ...items.map(([item, tracking, uom]) => [item, item, tracking, uom]),
  ]);
  csv('places.csv', [['place', 'kind', 'name'], ...PLACES.map((place) => [place, 'zone', place])]);
  csv('partners.csv', [
    ['partner', 'name', 'kind'],
    ['ACME', 'Acme', 'supplier'],
    ...Array.from({ length: SHOPS }, (_, n) => [`SHOP-${n}`, `Shop ${n}`, 'customer']),
  ]);
  const devices = Math.ceil(links / LINKS_PER_DEVICE);
  const file = createWriteStream(join(folder, 'events.ndjson'));
  let text = '';
  let events = 0;
  for (const event of plantEvents(devices, seed)) {
    text += `${JSON.stringify(event)}\n`;
    events++;
    if (text.length < 1 << 18) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await finished(file);
  return { devices, links: devices * LINKS_PER_DEVICE, events };
}

function* plantEvents(devices, seed) {
  const random = randomOf(seed);
  const at = (n, more = 0) => new Date(BEGIN + (n * 30 + more) * SECOND).toISOString();
  const lotOf = (material, n) => `${material}-${Math.floor(n / DEVICES_PER_LOT)}`;
  const input = (item, n, quantity) => {
    const uom = items.find(([name]) => name === item)[2];
    return { unit: { item, lot: lotOf(item, n) }, quantity: { value: quantity, uom } };
  };
  const serial = (prefix, n) => `${prefix}${String(seed).padStart(2, '0')}${String(n).padStart(9, '0')}`;
  for (let n = 0; n < devices; n++) {
    if (n % DEVICES_PER_LOT === 0) {
      for (const item of [...BOARD_MATERIALS, ...DEVICE_MATERIALS]) {
        const { unit, quantity } = input(item, n, '100000');
        const more = { place: 'GOODS-IN', supplier: 'ACME', supplierLot: `A-${item}-${Math.floor(random() * 1e9)}` };
        yield { type: 'receive', id: `r-${unit.lot}`, at: at(n), unit, quantity, ...more };
      }
    }
    const battery = { item: 'BATTERY', serial: serial('B', n) };
    const board = { item: 'BOARD', serial: serial('P', n) };
    const device = { item: 'DEVICE', serial: serial('D', n) };
    yield { type: 'receive', id: `b-${n}`, at: at(n, 1), place: 'GOODS-IN', unit: battery, supplier: 'ACME' };
    yield {
      type: 'produce',
      id: `p-${n}`,
      at: at(n, 5),
      place: 'SMT',
      workOrder: `WO-${Math.floor(n / 100)}`,
      outputs: [{ unit: board }],
      inputs: [input('PASTE', n, (0.5 + random()).toFixed(3)), input('CHIP', n, '12'), input('PANEL', n, '1')],
    };
    yield {
      type: 'produce',
      id: `d-${n}`,
      at: at(n, 20),
      place: random() < 0.5 ? 'LINE-1' : 'LINE-2',
      workOrder: `WO-${Math.floor(n / 100)}`,
      operator: `OP-${Math.floor(random() * 12)}`,
      outputs: [{ unit: device }],
      inputs: [
        { unit: board, position: 'main' },
        { unit: battery, position: 'power' },
        ...DEVICE_MATERIALS.map((item) => input(item, n, item === 'GLUE' ? (0.1 + random()).toFixed(3) : '1')),
      ],
    };
    if ((n + 1) % DEVICES_PER_SHIPMENT !== 0) continue;
    const units = Array.from({ length: DEVICES_PER_SHIPMENT }, (_, i) => ({
      item: 'DEVICE',
      serial: serial('D', n - i),
    }));
    const customer = `SHOP-${Math.floor(random() * SHOPS)}`;
    yield { type: 'ship', id: `s-${n}`, at: at(n, 3_600), place: 'STORE', customer, shipment: `SH-${n}`, units };
  }
}

function randomOf(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
