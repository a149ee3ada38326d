/**
 * Makes a plant in which one cell lot is in about 100,000 units (lots of packs, batteries, bikes, shipped to 200 shops), asks
 * where it went, and prints how long the answer took. Runs against a started Unitrail that has no such plant yet:
 *
 *   UNITRAIL_URL=http://127.0.0.1:3000 UNITRAIL_API_KEY=… node bench/trace-100k.mjs [bikes=49900]
 */
const url = process.env.UNITRAIL_URL ?? 'http://127.0.0.1:3000';
const key = process.env.UNITRAIL_API_KEY;
if (!key) throw new Error('Set UNITRAIL_API_KEY to a key that may write events and run traces.');
const bikes = Number(process.argv[2] ?? 49_900);
const PACK_LOTS = 200;
const SHOPS = 200;
const BIKES_PER_SHIPMENT = 50;
const CHUNK = 5_000;
const START_MS = Date.UTC(2026, 0, 5, 6);

async function call(method, path, body, headers = {}) {
  const response = await globalThis.fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && (typeof body === 'string' ? body : JSON.stringify(body)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

const at = (minutes) => new Date(START_MS + minutes * 60_000).toISOString();
const serial = (item, n) => ({ item, serial: `${item}-${String(n).padStart(6, '0')}` });

function* events() {
  const cells = { item: 'B100-CELL', lot: 'CELL-BAD' };
  yield {
    type: 'receive',
    id: 'cells',
    at: at(0),
    place: 'B100',
    unit: cells,
    quantity: { value: '9000000', uom: 'pcs' },
  };
  const packLot = (n) => ({ item: 'B100-PACK', lot: `PACK-${n}` });
  for (let n = 0; n < PACK_LOTS; n++) {
    yield {
      type: 'produce',
      id: `pack-${n}`,
      at: at(10 + n),
      place: 'B100',
      outputs: [{ unit: packLot(n), quantity: { value: '10000', uom: 'pcs' } }],
      inputs: [{ unit: cells, quantity: { value: '40000', uom: 'pcs' } }],
    };
  }
  for (let n = 0; n < bikes; n++) {
    const minute = 1_000 + n;
    yield {
      type: 'produce',
      id: `battery-${n}`,
      at: at(minute),
      place: 'B100',
      workOrder: `WO-${n % 500}`,
      outputs: [{ unit: serial('B100-BAT', n) }],
      inputs: [{ unit: packLot(n % PACK_LOTS), quantity: { value: '10', uom: 'pcs' } }],
    };
    yield {
      type: 'produce',
      id: `bike-${n}`,
      at: at(minute + 500),
      place: 'B100',
      workOrder: `WO-${n % 500}`,
      outputs: [{ unit: serial('B100-BIKE', n) }],
      inputs: [{ unit: serial('B100-BAT', n) }],
    };
  }
  // One bike in ten is still in store.
  for (let first = 0; first < bikes; first += BIKES_PER_SHIPMENT) {
    if ((first / BIKES_PER_SHIPMENT) % 10 === 9) continue;
    const count = Math.min(BIKES_PER_SHIPMENT, bikes - first);
    yield {
      type: 'ship',
      id: `ship-${first}`,
      at: at(200_000 + first),
      place: 'B100',
      customer: `B100-SHOP-${(first / BIKES_PER_SHIPMENT) % SHOPS}`,
      shipment: `SH-${first}`,
      units: Array.from({ length: count }, (_, i) => ({ unit: serial('B100-BIKE', first + i) })),
    };
  }
}

async function makePlant() {
  for (const [item, tracking] of [
    ['B100-CELL', 'lot'],
    ['B100-PACK', 'lot'],
    ['B100-BAT', 'serial'],
    ['B100-BIKE', 'serial'],
  ]) {
    await call('PUT', `/items/${item}`, { name: item, tracking, uom: 'pcs' });
  }
  const line = (component) => ({ lines: [{ component, quantity: '1', uom: 'pcs' }] });
  await call('PUT', '/items/B100-BIKE/boms/A', line('B100-BAT'));
  await call('PUT', '/items/B100-BAT/boms/A', line('B100-PACK'));
  await call('PUT', '/places/B100', { name: 'Plant of the measurement', kind: 'site' });
  for (let n = 0; n < SHOPS; n++)
    await call('PUT', `/partners/B100-SHOP-${n}`, { name: `Shop ${n}`, kind: 'customer' });
  let lines = [];
  let sent = 0;
  const send = async () => {
    await call('POST', '/events', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    sent += lines.length;
    lines = [];
    process.stdout.write(`\r${sent} events`);
  };
  for (const event of events()) {
    lines.push(JSON.stringify(event));
    if (lines.length === CHUNK) await send();
  }
  if (lines.length > 0) await send();
  process.stdout.write('\n');
}

const TURNS = 5;
const began = Date.now();
await makePlant();
console.log(`plant made in ${((Date.now() - began) / 1000).toFixed(1)} s`);
const took = [];
for (let turn = 0; turn < TURNS; turn++) {
  const asked = Date.now();
  const trace = await call('POST', '/traces?wait=60', {
    direction: 'forward',
    seeds: [{ unit: { item: 'B100-CELL', lot: 'CELL-BAD' } }],
  });
  took.push(Date.now() - asked);
  console.log(
    `${trace.status}: ${trace.counts?.affected} affected, question to answer ${Date.now() - asked} ms (took_ms ${trace.took_ms})`,
  );
}
console.log(`median ${took.sort((a, b) => a - b)[Math.floor(TURNS / 2)]} ms`);
