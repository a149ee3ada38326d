/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { tradePlant, trade, pcs, kg } from '../e2e/trade-plant';
import { http, useApp, useBrowser, waitFor } from '../support';
import { scan, signedIn, violations } from './console';

const app = useApp({ worker: false, env: { SSCC_PREFIX: '00950600' } });
const browser = useBrowser();
const { order, stock, get, receive, unit } = trade(app);
let page: Page;

beforeAll(async () => {
  await tradePlant(app());
  await http(app())
    .put('/api/v1/instructions/ESD')
    .send({
      title: 'Earth yourself',
      text: 'Wear the strap.',
      about: { item: 'BAT' },
      severity: 'must',
      acknowledge: true,
    })
    .expect(200);
  page = await signedIn(browser(), app());
});

const verdict = () => page.getByTestId('verdict');
const says = (word: string) => verdict().filter({ hasText: word }).first().waitFor();

it('goods are received by scanning the order, the label and serial after serial, the instruction acknowledged', async () => {
  await order('purchase', 'PO-1', 'VOLT', [{ item: 'BAT', quantity: pcs('3') }]);
  await page.goto('/floor/receive');
  await page.getByRole('heading', { name: 'Receive', exact: true }).waitFor();
  await scan(page, 'PO-1');
  await page.getByRole('heading', { name: 'Receive PO-1' }).waitFor();
  await scan(page, ']d2010950600013435221B1');
  await says('Say where it came in first');
  await page.getByLabel('Where it came in').fill('LYON.IN');
  await scan(page, ']d2010950600013435221B1');
  await page.getByRole('alertdialog').getByText('Wear the strap.').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have read it: go on' }).click();
  await says('0 of 3 pcs so far');
  await scan(page, 'B2');
  await says('2 serials so far');
  await scan(page, 'B2');
  await says('scanned already');
  await scan(page, 'B3');
  await says('3 serials so far');
  expect(await page.getByTestId('serials').innerText()).toBe('B1 B2 B3');
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('Labels a unit').fill('1');
  await page.getByRole('button', { name: 'Receive all of it' }).click();
  await says('3 units taken in');
  expect((await get('purchase-orders/PO-1').expect(200)).body).toMatchObject({ state: 'done' });
  expect((await get('label-requests').expect(200)).body.data).toHaveLength(3);
  expect(await unit('BAT~serial~B3')).toMatchObject({ state: 'in-stock', place: 'LYON.IN', supplier: 'VOLT' });
  await page.goto('/orders/purchase/PO-1');
  await page.getByRole('cell', { name: '3 pcs in store' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: /^GR-/ }).click();
  await page.getByRole('heading', { name: /^GR-/ }).waitFor();
  await page.getByText('3 labels asked for').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('what came in without its inspection waits, oldest first; its results free it, or hold it', async () => {
  await http(app())
    .put('/api/v1/items/PAINT/inspection-plans')
    .send({ characteristics: [{ name: 'viscosity', low: '80', high: '120', uom: 'mPas' }, { name: 'colour' }] })
    .expect(200);
  for (const lot of ['P-1', 'P-2'])
    await receive({ reason: 'sample', supplier: 'ACME', lines: [{ item: 'PAINT', lot, quantity: kg('10') }] }).expect(
      201,
    );
  await page.goto('/receipts');
  await page.getByRole('link', { name: 'Inspections' }).first().click();
  await page.getByRole('heading', { name: 'Inspections' }).waitFor();
  await page.getByText('viscosity, colour').first().waitFor();
  expect(await page.getByRole('row').filter({ hasText: 'PAINT' }).allInnerTexts()).toEqual([
    expect.stringContaining('P-1'),
    expect.stringContaining('P-2'),
  ]);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('row').filter({ hasText: 'P-1' }).getByRole('link', { name: 'Inspect' }).click();
  await says('to be looked at: viscosity, colour');
  expect(await violations(page)).toEqual([]);
  await page.getByLabel('viscosity, mPas').fill('95.5');
  await page.getByLabel('colour').selectOption('pass');
  await page.getByRole('button', { name: 'Keep the results' }).click();
  await says('PAINT P-1 passed and is free.');
  expect(await unit('PAINT~lot~P-1')).toMatchObject({ holds: [] });

  await scan(page, 'P-2');
  await says('PAINT P-2 came with');
  await page.getByLabel('viscosity, mPas').fill('130');
  await page.getByRole('button', { name: 'Keep the results' }).click();
  await says('PAINT P-2 stays on hold: inspection failed: viscosity.');
  expect(await unit('PAINT~lot~P-2')).toMatchObject({ holds: [{ reason: 'inspection failed: viscosity' }] });
  await page.getByText('Nothing waits for an inspection.').waitFor();
  await scan(page, 'P-1');
  await page.getByRole('alertdialog').getByText('waits for no inspection').waitFor();
  await page.keyboard.press('Escape');
});

it('what is not on the order stops the scanner', async () => {
  await order('purchase', 'PO-2', 'ACME', [{ item: 'RESIN', quantity: kg('10') }]);
  await page.goto('/floor/receive?order=PO-2');
  await page.getByRole('heading', { name: 'Receive PO-2' }).waitFor();
  await scan(page, ']d2010950600013435221B7');
  await page.getByRole('alertdialog').getByText('Item BAT is not on order PO-2').waitFor();
  await page.keyboard.press('Escape');
  await scan(page, 'RESIN');
  await says('0 of 10 kg so far');
  await page.getByRole('textbox', { name: 'Lot', exact: true }).fill('R-2');
  await page.getByLabel('Quantity, kg').fill('12');
  await page.getByRole('button', { name: 'Receive all of it' }).click();
  await page.getByRole('alertdialog').getByText('more than the 0 % allowed').waitFor();
  await page.keyboard.press('Escape');
  await page.getByLabel('Why more is taken in').fill('agreed on the phone');
  await page.getByRole('button', { name: 'Receive all of it' }).click();
  await says('1 unit taken in');
});

it('goods are picked, a held one refused, packed and shipped by scanning', async () => {
  await stock('BIKE', 'serial', 'K1', { at: '2026-01-01T08:00:00Z' });
  await stock('BIKE', 'serial', 'K2', { at: '2026-01-02T08:00:00Z' });
  await stock('BIKE', 'serial', 'K3', { at: '2026-01-03T08:00:00Z' });
  await order('sales', 'SO-1', 'VELO', [{ item: 'BIKE', quantity: pcs('2') }]);
  await page.goto('/floor/pick?order=SO-1');
  await page.getByLabel('Take first').selectOption('fifo');
  await scan(page, 'LYON.OUT');
  await waitFor(async () => (await page.getByLabel('Bring it to').last().inputValue()) === 'LYON.OUT', {
    what: 'the place',
  });
  await page.getByRole('button', { name: 'Start a pick' }).click();
  await page.getByRole('cell', { name: 'BIKE serial K2', exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await http(app())
    .post('/api/v1/events')
    .send([
      {
        type: 'hold',
        id: 'crack',
        at: new Date().toISOString(),
        units: [{ item: 'BIKE', serial: 'K2' }],
        reason: 'frame cracks',
      },
    ])
    .expect(200);
  await scan(page, 'K1');
  await says('K1: 1 pcs picked');
  await scan(page, 'K2');
  await page.getByRole('alertdialog').getByText('frame cracks').waitFor();
  await page.keyboard.press('Escape');
  await scan(page, 'K3');
  await page.getByRole('button', { name: 'Take this one: the other one is blocked' }).click();
  await says('All is picked');
  expect(await unit('BIKE~serial~K3')).toMatchObject({ place: 'LYON.OUT' });

  await page.getByRole('link', { name: 'Pack and ship it' }).click();
  await page.getByRole('heading', { name: 'Pack and ship · SO-1' }).waitFor();
  await page.getByRole('cell', { name: 'BIKE serial K3', exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'New container for all that is picked' }).click();
  await says('2 units in 0095060');
  await page.getByLabel('Shipment number').fill('SH-1');
  await page.getByRole('button', { name: 'Ship all of it' }).click();
  await says('Shipment SH-1: 2 units sent');
  await page.getByRole('link', { name: 'Open the shipment' }).click();
  await page.getByRole('heading', { name: 'Delivery note SH-1' }).waitFor();
  await page.getByText('Kai 1, Hamburg, DE').waitFor();
  expect(await violations(page)).toEqual([]);
  expect((await get('sales-orders/SO-1').expect(200)).body).toMatchObject({ state: 'done' });
});

it('what comes back is told with its shipment, and is on hold', async () => {
  await page.goto('/floor/return');
  await page.getByLabel('Where it is put').fill('LYON.IN');
  await page.getByLabel('Condition').fill('scratched');
  await scan(page, 'K1');
  await page.getByRole('alertdialog').getByText('went to VELO with SH-1').waitFor();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await says('on hold until somebody decides');
  expect(await unit('BIKE~serial~K1')).toMatchObject({ state: 'returned', holds: [{ reason: 'returned: scratched' }] });
  await page.goto('/partners/VELO');
  await page.getByRole('link', { name: /K1/ }).waitFor();
  await page.getByText('came back').first().waitFor();
  expect(await violations(page)).toEqual([]);
});
