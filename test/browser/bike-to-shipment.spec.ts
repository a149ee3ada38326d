import type { Page } from 'playwright-core';
import { http, useApp, useBrowser } from '../support';
import { scan, signedIn, violations } from './console';

/** One bike on its whole way through the house, by one person with a wedge scanner: goods in, built, picked, shipped, traced. */
const app = useApp();
const browser = useBrowser();
const api = () => http(app());
const pcs = (value: string) => ({ value, uom: 'pcs' });
let page: Page;

const verdict = () => page.getByTestId('verdict');
const says = (words: string) => verdict().filter({ hasText: words }).first().waitFor();

beforeAll(async () => {
  const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
  for (const [item, name, tracking] of [
    ['BIKE', 'City bike', 'serial'],
    ['FRAME', 'Frame', 'serial'],
    ['BAT', 'Battery', 'serial'],
    ['BAT-2', 'Battery, other make', 'serial'],
    ['SCREW', 'Screw', 'lot'],
  ] as const)
    await put(`items/${item}`, { name, tracking, uom: 'pcs' });
  await put('items/BIKE/boms/A', {
    lines: [
      { component: 'FRAME', quantity: '1', uom: 'pcs' },
      { component: 'BAT', quantity: '1', uom: 'pcs', position: 'SEAT', substitutes: ['BAT-2'] },
      { component: 'SCREW', quantity: '8', uom: 'pcs' },
    ],
  });
  await put('places/LYON', { name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' });
  await put('places/LYON.LINE', { name: 'Line', kind: 'area', parent: 'LYON' });
  await put('places/LYON.OUT', { name: 'Goods out', kind: 'area', parent: 'LYON' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await put('partners/VELO', { name: 'Velo Nord', kind: 'customer' });
  const received = (id: string, unit: object, more: object = {}) => ({
    id,
    type: 'receive',
    at: '2026-03-02T08:00:00+01:00',
    place: 'LYON.LINE',
    supplier: 'SUP',
    unit,
    ...more,
  });
  await api()
    .post('/api/v1/events')
    .send([
      received('e1', { item: 'FRAME', serial: 'FRAME-1' }),
      received('e2', { item: 'BAT', serial: 'BATT-1' }),
      received('e3', { item: 'BAT-2', serial: 'OTHER-1' }),
      received('e4', { item: 'SCREW', lot: 'SCREWS-1' }, { quantity: pcs('1000') }),
      {
        id: 'h1',
        type: 'hold',
        at: '2026-03-02T09:00:00+01:00',
        units: [{ item: 'BAT', serial: 'BATT-1' }],
        reason: 'swollen',
      },
      {
        id: 'o1',
        type: 'order',
        at: '2026-03-02T10:00:00+01:00',
        salesOrder: 'SO-1',
        partner: 'VELO',
        lines: [{ line: '1', item: 'BIKE', quantity: pcs('1') }],
      },
    ])
    .expect(200);
  await put('instructions/ESD', {
    title: 'Touch the strap',
    text: 'Ground yourself before you take it.',
    severity: 'must',
    acknowledge: true,
    about: { item: 'BAT-2' },
  });
  await api()
    .post('/api/v1/work-orders')
    .send({
      id: 'wo',
      number: 'WO-1',
      item: 'BIKE',
      quantity: pcs('1'),
      place: 'LYON.LINE',
      salesOrder: 'SO-1',
      release: true,
    })
    .expect(200);
  page = await signedIn(browser(), app());
});

it('is begun by scanning its order and its own number', async () => {
  await page.goto('/floor');
  await page.getByRole('link', { name: /^Build/ }).click();
  await page.getByRole('link', { name: 'WO-1' }).waitFor();
  await scan(page, 'WO-1');
  await page.waitForURL('**/floor/build?order=WO-1');
  await scan(page, 'EB-0001');
  await page.getByRole('heading', { level: 1, name: 'Build BIKE EB-0001' }).waitFor();
});

it('is built: the held battery is refused, the other make offered and taken once its instruction is read', async () => {
  await scan(page, 'FRAME-1');
  await says('FRAME FRAME-1 for line 1: 1 of 1 pcs.');
  await scan(page, 'BATT-1');
  await says('BAT BATT-1 is on hold: swollen.');
  expect(await verdict().getAttribute('data-verdict')).toBe('stop');
  await verdict().getByText('OTHER-1').waitFor();
  await scan(page, 'CMD:1');
  await says('Ground yourself before you take it.');
  await scan(page, 'CMD:OK');
  await says('as the approved substitute of BAT: 1 of 1 pcs.');
  await scan(page, 'SCREWS-1');
  await says('All is built in: finish the build.');
  await page.getByRole('button', { name: 'Finish', exact: true }).click();
  await says('BIKE serial EB-0001 is finished.');
  await page.getByTestId('as-built').getByText('Everything in it is as designed.').waitFor();
});

it('is picked for its order, packed and shipped', async () => {
  await page.goto('/floor/pick?order=SO-1');
  await scan(page, 'LYON.OUT');
  await page.getByRole('button', { name: 'Start a pick' }).click();
  await page.getByRole('cell', { name: 'BIKE serial EB-0001', exact: true }).waitFor();
  await scan(page, 'EB-0001');
  await says('All is picked');
  await page.getByRole('link', { name: 'Pack and ship it' }).click();
  await page.getByRole('heading', { name: 'Pack and ship · SO-1' }).waitFor();
  await page.getByLabel('Shipment number').fill('SH-1');
  await page.getByRole('button', { name: 'Ship all of it' }).click();
  await says('Shipment SH-1: 1 unit sent');
});

it('is with its customer, and found from the battery that is in it; the held one is in nothing', async () => {
  await page.goto('/units/BIKE~serial~EB-0001');
  await page.getByText('Velo Nord').or(page.getByText('VELO')).first().waitFor();
  await page.getByText('Shipped').first().waitFor();
  expect(await violations(page)).toEqual([]);
  const trace = async (item: string, serial: string) =>
    (
      await api()
        .post('/api/v1/traces?wait=30')
        .send({ direction: 'forward', at: 'shipment', seeds: [{ unit: { item, serial } }] })
        .expect(200)
    ).body as { id: string; counts: { affected: number } };
  const taken = await trace('BAT-2', 'OTHER-1');
  expect(taken.counts.affected).toBe(2);
  const consignees = await api().get(`/api/v1/traces/${taken.id}/consignees`).expect(200);
  expect(consignees.body.data).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        unit: { item: 'BIKE', serial: 'EB-0001' },
        shipment: 'SH-1',
        customer: expect.objectContaining({ partner: 'VELO' }),
      }),
    ]),
  );
  expect((await trace('BAT', 'BATT-1')).counts.affected).toBe(1);
});
