import type { Page } from 'playwright-core';
import { http, useApp, useBrowser } from '../support';
import { signedIn, violations } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();
const api = () => http(app());
const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
const pcs = (value: string) => ({ value, uom: 'pcs' });
let page: Page;

beforeAll(async () => {
  await put('items/BIKE', { name: 'City bike', tracking: 'serial', uom: 'pcs' });
  await put('items/REEL', { name: 'Feeder', tracking: 'lot', uom: 'pcs' });
  await put('items/SCREW', { name: 'Screw', tracking: 'lot', uom: 'pcs' });
  await put('items/BIKE/boms/A', { lines: [{ component: 'SCREW', quantity: '8', uom: 'pcs' }] });
  await put('places/LINE', { name: 'Line', kind: 'area' });
  await api()
    .post('/api/v1/events')
    .send([
      {
        id: 's1',
        type: 'create',
        at: '2026-03-02T08:00:00Z',
        place: 'LINE',
        unit: { item: 'SCREW', lot: 'SCREWS-1' },
        quantity: pcs('1000'),
      },
    ])
    .expect(200);
  page = await signedIn(browser(), app());
});

it('a work centre is made with its feeders, and its page tells what is on them, what is built there and for which order', async () => {
  await page.goto('/work-centers');
  await page.getByText('There is no work centre yet').waitFor();
  await page.getByRole('button', { name: 'Add a work centre' }).click();
  const form = page.getByRole('dialog', { name: 'Add a work centre' });
  await form.getByRole('textbox', { name: 'Code' }).fill('L1');
  await form.getByRole('textbox', { name: 'Name' }).fill('Line 1');
  await form.getByRole('textbox', { name: 'Place' }).fill('LINE');
  await form.getByRole('checkbox', { name: 'What is loaded here goes into what is built here' }).check();
  for (const [index, run] of ['F1', 'F1'].entries()) {
    await form.getByRole('button', { name: 'Add a feeder or vessel' }).click();
    await form.getByRole('textbox', { name: 'Item' }).nth(index).fill('REEL');
    await form.getByRole('textbox', { name: 'Run' }).nth(index).fill(run);
  }
  expect(await violations(page)).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').getByText('"REEL F1" is there twice').waitFor();
  await form.getByRole('textbox', { name: 'Run' }).last().fill('F2');
  await form.getByRole('textbox', { name: 'Position' }).last().fill('left');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'L1 Line 1' }).waitFor();
  await page.getByText('goes into what is built here').waitFor();
  const runs = page.getByRole('table', { name: 'Feeders and vessels' });
  expect(await runs.getByRole('row').count()).toBe(3);
  await runs.getByRole('row', { name: /REEL.*F2 left nothing was loaded on it yet/ }).waitFor();

  const post = (path: string, body: object) => api().post(`/api/v1/${path}`).send(body);
  await post('loads', { id: 'load-1', run: 'F1', scan: 'SCREWS-1' }).expect(200);
  await post('work-orders', { id: 'wo', number: 'WO-7', item: 'BIKE', quantity: pcs('5'), workCenter: 'L1' }).expect(
    200,
  );
  await post('work-orders/WO-7/release', { id: 'wo-r' }).expect(200);
  await post('builds', { id: 'b', workOrder: 'WO-7', scan: 'B-1' }).expect(200);
  await page.reload();
  await runs.getByRole('row', { name: /REEL.*F1.*SCREW.*SCREWS-1/ }).waitFor();
  await page
    .getByRole('table', { name: 'Builds under way' })
    .getByRole('link', { name: /BIKE.*B-1/ })
    .waitFor();
  const orders = page.getByRole('table', { name: 'Its orders that have not ended' });
  await orders.getByRole('link', { name: 'WO-7' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.goto('/work-centers');
  await page.getByRole('row', { name: /L1 Line 1 LINE 2 SCREW SCREWS-1/ }).waitFor();
  expect(await violations(page)).toEqual([]);
});

it('a feeder that is taken off the list while something is on it is said first; the form is in the address', async () => {
  const dark = await signedIn(browser(), app(), { dark: true });
  await dark.goto('/work-centers/L1?edit=center');
  const form = dark.getByRole('dialog', { name: 'Change work centre L1' });
  await form.getByRole('button', { name: 'Remove F1' }).click();
  await form.getByText('F1 still holds SCREW SCREWS-1').waitFor();
  expect(await violations(dark)).toEqual([]);
  await dark.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  expect(dark.url()).not.toContain('edit');
  expect(await violations(dark)).toEqual([]);
  await dark.getByRole('button', { name: 'Change' }).press('Enter');
  await form.getByRole('textbox', { name: 'Place' }).fill('');
  await form.getByRole('button', { name: 'Remove F2' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  expect((await api().get('/api/v1/work-centers/L1').expect(200)).body).toMatchObject({
    place: null,
    takesRuns: true,
    runs: [{ unit: { item: 'REEL', run: 'F1' } }],
  });
});
