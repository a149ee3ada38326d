/**
 * Fifty stations at once: each builds one bike after the other by scanning, at a pace that hands can hold, while all of them take
 * screws and grease out of the same two lots. Every answer counts, from the request's way to the last byte of the answer.
 */
import { performance } from 'node:perf_hooks';
import { pause } from '../../scripts/lib/wait.mjs';
import { Product } from '../lib/http.mjs';
import { quantile } from '../lib/measure.mjs';

const STATIONS = 50;
const ORDERS = 5;
/** From one scan of a station to its next one. */
const PACE_MS = 2_000;
const SERIALS = ['FRAME', 'BATTERY', 'MOTOR', 'DISPLAY'];
const LOTS = { SCREW: '12', GREASE: '5' };
const pcs = (value) => ({ value: String(value), uom: 'pcs' });

export async function floorWork({ bed, seconds, say }) {
  const product = new Product(bed.running);
  const bikes = Math.ceil((STATIONS * seconds * 1_000) / (PACE_MS * (SERIALS.length + 2))) + STATIONS * 2;
  say(`the floor: ${STATIONS} stations, components for ${bikes} bikes`);
  await makePlant(product, bikes);
  const times = { scan: [], build: [], start: [], find: [] };
  const problems = [];
  const until = performance.now() + seconds * 1_000;
  let next = 0;
  await Promise.all(
    Array.from({ length: STATIONS }, async (_, station) => {
      // Not all at one moment: people do not scan in step.
      await pause((station * PACE_MS) / STATIONS);
      while (performance.now() < until && problems.length === 0)
        await bike({ product, station, number: next++, times }).catch((error) => problems.push(error.message));
    }),
  );
  if (problems.length > 0) throw new Error(problems[0]);
  const made = await madeSo(product);
  if (made !== times.build.length) throw new Error(`${times.build.length} bikes were answered for, ${made} are there.`);
  const result = { stations: STATIONS, seconds, paceMs: PACE_MS, bikes: made };
  for (const [name, list] of Object.entries(times))
    result[name] = { count: list.length, p50: quantile(list, 0.5), p95: quantile(list, 0.95), max: Math.max(...list) };
  say(`scan p95 ${result.scan.p95.toFixed(1)} ms, build p95 ${result.build.p95.toFixed(1)} ms, ${made} bikes`);
  return result;
}

async function makePlant(product, bikes) {
  const put = (path, body) => product.call('PUT', path, body);
  await put('/places/HALL', { name: 'Hall', kind: 'site' });
  await put('/partners/ACME', { name: 'Acme', kind: 'supplier' });
  for (const item of [...SERIALS, 'EBIKE']) await put(`/items/${item}`, { name: item, tracking: 'serial', uom: 'pcs' });
  for (const item of Object.keys(LOTS)) await put(`/items/${item}`, { name: item, tracking: 'lot', uom: 'pcs' });
  await put('/items/EBIKE/boms/A', {
    lines: [
      ...SERIALS.map((component) => ({ component, quantity: '1', uom: 'pcs' })),
      ...Object.entries(LOTS).map(([component, quantity]) => ({ component, quantity, uom: 'pcs' })),
    ],
  });
  const at = new Date(Date.now() - 86_400_000).toISOString();
  const received = (unit, more) => ({ type: 'receive', at, place: 'HALL', supplier: 'ACME', unit, ...more });
  const events = SERIALS.flatMap((item) =>
    Array.from({ length: bikes }, (_, n) => ({ id: `${item}-${n}`, ...received({ item, serial: `${item}-${n}` }) })),
  );
  for (const [item, each] of Object.entries(LOTS))
    events.push({ id: `lot-${item}`, ...received({ item, lot: `${item}-1` }, { quantity: pcs(each * bikes) }) });
  for (let from = 0; from < events.length; from += 5_000)
    await product.call('POST', '/events', events.slice(from, from + 5_000));
  for (let n = 0; n < ORDERS; n++)
    await product.call('POST', '/work-orders', {
      id: `order-${n}`,
      number: `WO-${n}`,
      item: 'EBIKE',
      quantity: pcs(bikes),
      place: 'HALL',
      release: true,
    });
}

async function bike({ product, station, number, times }) {
  const one = async (kind, path, body) => {
    const began = performance.now();
    const answer = await product.call('POST', path, body);
    times[kind].push(performance.now() - began);
    return answer;
  };
  const paced = async (work) => {
    const began = performance.now();
    const answer = await work();
    await pause(Math.max(0, PACE_MS - (performance.now() - began)));
    return answer;
  };
  const id = (step) => `${number}-${step}`;
  const build = await one('start', '/builds', {
    id: id('start'),
    workOrder: `WO-${station % ORDERS}`,
    station: `S-${station}`,
  });
  await one('find', '/scan', { text: `FRAME-${number}` });
  const codes = [...SERIALS.map((item) => `${item}-${number}`), ...Object.keys(LOTS).map((item) => `${item}-1`)];
  for (const code of codes) {
    const said = await paced(() => one('scan', `/builds/${build.id}/scans`, { id: id(code), scan: code }));
    if (said.verdict !== 'ok') throw new Error(`${code}: ${said.verdict} ${said.message}`);
  }
  await one('build', `/builds/${build.id}/finish`, { id: id('finish') });
}

/** What the facts say was made, by order. */
async function madeSo(product) {
  let made = 0;
  for (let n = 0; n < ORDERS; n++) made += Number((await product.call('GET', `/work-orders/WO-${n}`)).produced.value);
  return made;
}
