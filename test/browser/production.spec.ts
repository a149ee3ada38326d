import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { scan, signedIn, violations } from './console';

const app = useApp({ worker: false, env: { TIME_ZONE: 'Europe/Paris' } });
const browser = useBrowser();
const api = () => http(app());
let page: Page;

const pcs = (value: string) => ({ value, uom: 'pcs' });
const serial = (item: string, code: string) => ({ item, serial: code });

beforeAll(async () => {
  const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
  for (const [item, name, tracking] of [
    ['BIKE', 'City bike', 'serial'],
    ['FRAME', 'Frame', 'serial'],
    ['BAT', 'Battery', 'serial'],
    ['BAT-2', 'Battery, other make', 'serial'],
    ['SCREW', 'Screw', 'lot'],
    ['REEL', 'Feeder', 'lot'],
    ['REEL-2', 'Reel', 'lot'],
  ] as const)
    await put(`items/${item}`, { name, tracking, uom: 'pcs' });
  await put('items/BIKE/boms/A', {
    lines: [
      { component: 'FRAME', quantity: '1', uom: 'pcs' },
      { component: 'BAT', quantity: '1', uom: 'pcs', position: 'SEAT', substitutes: ['BAT-2'] },
      { component: 'SCREW', quantity: '8', uom: 'pcs' },
    ],
  });
  await put('places/LINE', { name: 'Line', kind: 'area' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await put('work-centers/L1', {
    name: 'Line 1',
    place: 'LINE',
    runs: [{ item: 'REEL', run: 'L1/F1', position: 'F1' }],
  });
  const received = (id: string, unit: object, more: object = {}) => ({
    id,
    type: 'receive',
    at: '2026-03-02T08:00:00+01:00',
    place: 'LINE',
    supplier: 'SUP',
    unit,
    ...more,
  });
  await api()
    .post('/api/v1/events')
    .send([
      received('e1', serial('FRAME', 'FRAME-1')),
      received('e2', serial('BAT', 'BATT-1')),
      received('e3', serial('BAT-2', 'OTHER-1')),
      received('e4', { item: 'SCREW', lot: 'SCREWS-1' }, { quantity: pcs('1000') }),
      received('e5', serial('BAT', 'BATT-2')),
      received('e6', { item: 'REEL-2', lot: 'SIDE-1' }, { quantity: pcs('1') }),
      { id: 'h1', type: 'hold', at: '2026-03-02T09:00:00+01:00', units: [serial('BAT', 'BATT-1')], reason: 'swollen' },
      { id: 'h2', type: 'hold', at: '2026-03-02T09:00:00+01:00', units: [serial('BAT', 'BATT-2')], reason: 'swollen' },
    ])
    .expect(200);
  await put('instructions/ESD', {
    title: 'Touch the strap',
    text: 'Ground yourself before you take it.',
    severity: 'must',
    acknowledge: true,
    about: { item: 'BAT-2' },
  });
  page = await signedIn(browser(), app());
});

const verdict = () => page.getByTestId('verdict');
const said = (what: string) => verdict().getByText(what).first().waitFor();

describe('a builder with a wedge scanner', () => {
  it('is given an order', async () => {
    await page.goto('/work-orders');
    await page.getByRole('button', { name: 'New work order' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Number').fill('WO-BIKES');
    await form.getByLabel('Item').fill('BIKE');
    await form.getByLabel('Quantity').fill('2');
    await form.getByLabel('Work centre').fill('L1');
    expect(await violations(page)).toEqual([]);
    await form.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { level: 1, name: 'WO-BIKES' }).waitFor();
    await page.getByText('Released').first().waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('starts a bike by two scans', async () => {
    await page.goto('/floor');
    await page.getByRole('link', { name: /^Build/ }).click();
    await page.getByRole('link', { name: 'WO-BIKES' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await scan(page, 'WO-BIKES');
    await page.waitForURL('**/floor/build?order=WO-BIKES');
    await scan(page, 'BATT-2');
    await said('BAT BATT-2 is a component of BIKE, not the BIKE that is built.');
    expect(await verdict().getAttribute('data-verdict')).toBe('stop');
    await page.keyboard.press('Escape');
    await scan(page, 'SIDE-1');
    await said('"SIDE-1" is known already: REEL-2 SIDE-1.');
    expect(await verdict().getAttribute('data-verdict')).toBe('ask');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await scan(page, 'EB-0001');
    await page.getByRole('heading', { level: 1, name: 'Build BIKE EB-0001' }).waitFor();
  });

  it('scans components: a held one is refused, a substitute offered, its instruction read, and all of it is counted', async () => {
    await scan(page, 'FRAME-1');
    await said('FRAME FRAME-1 for line 1: 1 of 1 pcs.');
    await scan(page, 'BATT-1');
    await said('BAT BATT-1 is on hold: swollen. Release the hold first.');
    expect(await verdict().getAttribute('data-verdict')).toBe('stop');
    await verdict().getByText('OTHER-1').waitFor();
    expect(await violations(page)).toEqual([]);
    await scan(page, 'CMD:1');
    await said('Ground yourself before you take it.');
    expect(await verdict().getAttribute('data-verdict')).toBe('ask');
    await page.getByRole('button', { name: 'I have read it: go on' }).click();
    await said('BAT-2 OTHER-1 for line 2 (SEAT), as the approved substitute of BAT: 1 of 1 pcs.');
    await page.getByText('the only lot that it can be').waitFor();
    await page.getByLabel('Quantity of the next lot').fill('3 pcs');
    await scan(page, 'SCREWS-1');
    await said('3 pcs of SCREW SCREWS-1 for line 3: 3 of 8 pcs.');
    await page.getByRole('button', { name: 'Take SCREW', exact: true }).click();
    await said('All is built in.');
    expect(await violations(page)).toEqual([]);
  });

  it('finishes, and sees at once what is not as designed', async () => {
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await said('BIKE serial EB-0001 is finished.');
    const built = page.getByTestId('as-built');
    await built.getByText('Everything in it is as designed.').waitFor();
    await built.getByText('BAT-2 OTHER-1 is in it instead of BAT: an approved substitute.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto('/units/BIKE~serial~EB-0001?tab=as-built');
    await page.getByTestId('as-built').getByText('SCREWS-1').first().waitFor();
  });

  it('finishes another with a part missing, only with a reason, and the order lists it', async () => {
    await page.goto('/floor/build?order=WO-BIKES');
    await page.getByRole('button', { name: 'The next of the order' }).click();
    await page.getByRole('heading', { level: 1, name: 'Build BIKE WO-BIKES-0001' }).waitFor();
    await page.getByRole('button', { name: 'Take SCREW', exact: true }).click();
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await said('Not all is built in');
    await page.keyboard.press('Escape');
    await page.getByLabel('Why is it finished so?').fill('frame and battery come tomorrow');
    await page.getByRole('button', { name: 'Finish', exact: true }).click();
    await page.getByTestId('as-built').getByText('1 pcs of FRAME is missing.').waitFor();
    await page.goto('/work-orders/WO-BIKES');
    await page.getByText('2 differences').waitFor();
    expect(await page.getByText('As designed', { exact: true }).count()).toBe(1);
  });

  it('swaps the battery of a finished bike, with the fate of the old one', async () => {
    await api()
      .post('/api/v1/events')
      .send([{ id: 'r2', type: 'release', at: new Date().toISOString(), hold: 'h2' }])
      .expect(200);
    await page.goto('/floor/swap');
    await page.getByLabel(/^Why/).fill('does not charge');
    await page.getByRole('heading', { level: 1 }).click();
    await scan(page, 'EB-0001');
    await page.getByText('Scan what comes out').waitFor();
    await scan(page, 'OTHER-1');
    await page.getByText('Scan what goes in').waitFor();
    await scan(page, 'BATT-2');
    await said('BIKE EB-0001: BAT-2 OTHER-1 came out and is on hold; BAT BATT-2 is in it.');
    await page.getByTestId('as-built').getByText('BATT-2').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('loads a feeder and sees what is on it', async () => {
    await page.goto('/floor/load');
    await page.getByRole('link', { name: /L1\/F1/ }).waitFor();
    await scan(page, 'L1/F1');
    await page.getByText('Load REEL L1/F1: scan the material').waitFor();
    await scan(page, 'SCREWS-1');
    await said('SCREW SCREWS-1 is on REEL L1/F1 now.');
    await waitFor(
      async () => (await page.getByRole('region', { name: 'On REEL L1/F1 now' }).innerText()).includes('SCREWS-1'),
      {
        what: 'the screws on the feeder',
      },
    );
    expect(await violations(page)).toEqual([]);
  });
});
