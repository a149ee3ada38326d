import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { scan, signedIn, violations } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();
const api = () => http(app());
const pcs = (value: string) => ({ value, uom: 'pcs' });
const serial = (item: string, code: string) => ({ item, serial: code });
let page: Page;

beforeAll(async () => {
  const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
  for (const [item, name] of [
    ['BIKE', 'City bike'],
    ['BAT', 'Battery'],
    ['LAMP', 'Lamp'],
  ] as const)
    await put(`items/${item}`, { name, tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE/boms/A', {
    lines: [
      { component: 'BAT', quantity: '1', uom: 'pcs', position: 'SEAT' },
      { component: 'LAMP', quantity: '2', uom: 'pcs' },
    ],
  });
  await put('places/LINE', { name: 'Line', kind: 'area' });
  const received = (id: string, unit: object) => ({
    id,
    type: 'create',
    at: '2026-03-02T08:00:00Z',
    place: 'LINE',
    unit,
  });
  await api()
    .post('/api/v1/events')
    .send([
      ...['BATT-1', 'BATT-2', 'BATT-3'].map((code) => received(code, serial('BAT', code))),
      ...['LAMP-1', 'LAMP-2', 'LAMP-3', 'LAMP-4'].map((code) => received(code, serial('LAMP', code))),
      { id: 'h', type: 'hold', at: '2026-03-02T09:00:00Z', units: [serial('BAT', 'BATT-2')], reason: 'swollen' },
    ])
    .expect(200);
  const post = (path: string, body: object) => api().post(`/api/v1/${path}`).send(body).expect(200);
  await post('work-orders', { id: 'o', number: 'WO-1', item: 'BIKE', quantity: pcs('1'), place: 'LINE' });
  await post('work-orders/WO-1/release', { id: 'o-r' });
  const build = (await post('builds', { id: 'b', workOrder: 'WO-1', scan: 'B-1' })).body as { id: string };
  for (const code of ['BATT-1', 'LAMP-1', 'LAMP-2'])
    await post(`builds/${build.id}/scans`, { id: `s-${code}`, scan: code });
  await post(`builds/${build.id}/finish`, { id: 'f' });
  page = await signedIn(browser(), app());
});

const verdict = () => page.getByTestId('verdict');
const says = (word: string) => verdict().filter({ hasText: word }).first().waitFor();
const steps = () => page.getByTestId('steps').getByRole('listitem').allInnerTexts();

it('a finished unit is reworked by scanning: two parts out with their fates, two in, a test, recorded at once', async () => {
  await page.goto('/units/BIKE~serial~B-1');
  await page.getByRole('link', { name: 'Rework' }).click();
  await page.getByRole('heading', { name: 'Rework BIKE B-1' }).waitFor();
  await page
    .getByRole('table', { name: 'What is in it now' })
    .getByRole('row', { name: /BATT-1.*SEAT/ })
    .waitFor();
  expect(await violations(page)).toEqual([]);

  await scan(page, 'LAMP-3');
  await page.getByRole('alertdialog').getByText('LAMP LAMP-3 is not installed in BIKE B-1').waitFor();
  await page.keyboard.press('Escape');
  await scan(page, 'BATT-1');
  await says('BAT BATT-1 comes out of SEAT: Quarantine');
  await page.getByLabel('What becomes of the old one').selectOption('scrap');
  await page.getByRole('button', { name: 'Take LAMP LAMP-1 out' }).press('Enter');
  await says('LAMP LAMP-1 comes out: Scrap');
  await page.getByText('Put in', { exact: true }).click();
  await scan(page, 'BATT-2');
  await page.getByRole('alertdialog').getByText('swollen').waitFor();
  await page.keyboard.press('Escape');
  await scan(page, 'BATT-3');
  await says('BAT BATT-3 goes in');
  await scan(page, 'BATT-3');
  await says('among the steps already');
  await scan(page, 'LAMP-3');
  await says('LAMP LAMP-3 goes in');
  await page.getByLabel('Tested').fill('brakes');
  await page.getByLabel('Measured').fill('4.2');
  await page.getByRole('button', { name: 'Add the test' }).click();
  await says('brakes 4.2: Passed');
  expect(await violations(page)).toEqual([]);

  // Nothing is recorded yet, and the steps are in the address: a reload keeps them, each can be dropped.
  await page.reload();
  await waitFor(async () => (await steps()).length === 5, { what: 'the steps after a reload' });
  const part = async (code: string) =>
    (
      await api()
        .get(`/api/v1/units/${encodeURIComponent(code)}`)
        .expect(200)
    ).body as Record<string, unknown>;
  expect(await part('BAT~serial~BATT-1')).toMatchObject({ state: 'in-work', holds: [] });

  await page.getByRole('button', { name: 'Finish the rework' }).click();
  expect(await page.getByLabel('Why').evaluate((field: HTMLInputElement) => field.validity.valueMissing)).toBe(true);
  await page.getByLabel('Why').fill('returned with a dead battery');
  await page.keyboard.press('Enter');
  await says('BAT BATT-1 came out and is on hold');
  await page.getByTestId('as-built').getByText('Everything in it is as designed.').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await part('BAT~serial~BATT-1')).toMatchObject({
    state: 'in-stock',
    holds: [{ reason: 'quarantine: returned with a dead battery' }],
  });
  expect(await part('LAMP~serial~LAMP-1')).toMatchObject({ state: 'scrapped' });
  expect(await part('BIKE~serial~B-1')).toMatchObject({ state: 'in-stock' });
  const inside = (await api().get('/api/v1/units/BIKE~serial~B-1/as-built').expect(200)).body as {
    lines: { parts: { unit: { serial: string }; position: string | null }[] }[];
  };
  expect(inside.lines.flatMap((line) => line.parts.map((one) => one.unit.serial)).sort()).toEqual([
    'BATT-3',
    'LAMP-2',
    'LAMP-3',
  ]);
});

it('a rework that the record refuses says why and keeps its steps, in the dark too', async () => {
  const dark = await signedIn(browser(), app(), { dark: true });
  await dark.goto('/floor/rework');
  await dark.getByRole('heading', { name: 'Rework', exact: true }).waitFor();
  await scan(dark, 'B-1');
  await dark.getByRole('heading', { name: 'Rework BIKE B-1' }).waitFor();
  await scan(dark, 'CMD:IN');
  await dark.getByLabel('Scan what goes in').waitFor();
  await scan(dark, 'BATT-1');
  await dark.getByRole('alertdialog').getByText('dead battery').waitFor();
  expect(await violations(dark)).toEqual([]);
  await dark.keyboard.press('Escape');
  // Free, but its line is filled.
  await scan(dark, 'LAMP-4');
  await dark.getByTestId('steps').getByText('LAMP LAMP-4 goes in').waitFor();
  await dark.getByLabel('Why').fill('a spare one');
  await dark.keyboard.press('Enter');
  await dark.getByRole('alertdialog').waitFor();
  await dark.keyboard.press('Escape');
  await dark.getByRole('button', { name: 'Remove the step: LAMP LAMP-4 goes in' }).click();
  await dark.getByText('No step yet').waitFor();
  expect(await violations(dark)).toEqual([]);
});
