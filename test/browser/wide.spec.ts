/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { signedIn, tile } from './console';

const UNITS = 6_000;
const AN_EVENT = 500;
/** What a window of rows may come to, with what is drawn ahead; the list is a hundred times that. */
const DRAWN_MAX = 80;

const app = useApp();
const browser = useBrowser();
let page: Page;
let trace: string;

const hull = (n: number) => ({ unit: { item: 'HULL', serial: `H${String(n).padStart(6, '0')}` } });

beforeAll(async () => {
  const api = http(app());
  await api.put('/api/v1/items/RESIN').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await api.put('/api/v1/items/HULL').send({ name: 'Hull', tracking: 'serial', uom: 'pcs' }).expect(200);
  await api.put('/api/v1/places/YARD').send({ name: 'Yard', kind: 'site' }).expect(200);
  const kg = (value: number) => ({
    unit: { item: 'RESIN', lot: 'R-1' },
    quantity: { value: String(value), uom: 'kg' },
  });
  const events: object[] = [{ id: 'in', type: 'receive', at: '2026-01-02T08:00:00Z', place: 'YARD', ...kg(UNITS) }];
  for (let from = 0; from < UNITS; from += AN_EVENT) {
    events.push({
      id: `made-${from}`,
      type: 'produce',
      at: '2026-01-03T08:00:00Z',
      place: 'YARD',
      outputs: Array.from({ length: AN_EVENT }, (_, n) => hull(from + n)),
      inputs: [kg(AN_EVENT)],
    });
  }
  await api.post('/api/v1/events').send(events).expect(200);
  const asked = await api
    .post('/api/v1/traces?wait=60')
    .send({ direction: 'forward', seeds: [{ unit: { item: 'RESIN', lot: 'R-1' } }] })
    .expect(200);
  trace = (asked.body as { id: string }).id;
  page = await signedIn(browser(), app());
});

const drawn = () => page.locator('.table tbody tr').count();
const scroll = (to: 'end' | 'top') =>
  page.locator('.table-scroll').evaluate((box, where) => {
    box.scrollTop = where === 'end' ? box.scrollHeight : 0;
  }, to);
const foot = () => page.locator('.table-foot').innerText();
/** The number, from 1, of the first row that is seen. */
const firstRow = async () => Number(/Rows ([\d,]+) to/.exec(await foot())?.[1]?.replaceAll(',', '') ?? 0);
const position = () => new URL(page.url()).searchParams.get('pos');

describe('a wide answer', () => {
  it('counts exactly, and draws no more rows than are seen', async () => {
    await page.goto(`/traces/${trace}`);
    await page.locator('tr[data-index]').first().waitFor();
    expect(await tile(page, 'affected').innerText()).toBe('6,001');
    expect(await page.locator('.table').getAttribute('aria-rowcount')).toBe('6002');
    expect(await foot()).toContain('of 6,001');
    expect(await drawn()).toBeLessThan(DRAWN_MAX);
  });

  it('brings more as one scrolls, page by page, and lets go of what is far away', async () => {
    const cursors: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/units')) cursors.push(searchParams.get('cursor') ?? '');
    });
    await waitFor(
      async () => {
        await scroll('end');
        return (await page.locator('tr[data-index]').last().innerText()).includes('R-1');
      },
      { what: 'the last row', withinMs: 60_000 },
    );
    expect(await drawn()).toBeLessThan(DRAWN_MAX);
    const paged = cursors.length;
    // 31 pages make the list, and 20 are held: the first one is asked for again.
    await scroll('top');
    await waitFor(async () => (await firstRow()) === 1, { what: 'the top of the list' });
    await page.locator('tr[data-index="0"]').getByText('H000000').waitFor();
    expect(cursors.slice(paged)).toContain('');
  });

  it('is at the same place after a reload and after Back, and leads back to its beginning', async () => {
    for (let times = 0; times < 3; times += 1) {
      await scroll('end');
      await page.locator('tr[data-index]').last().waitFor();
    }
    await waitFor(async () => position() !== null && (await firstRow()) > 200, { what: 'a place in the address' });
    await waitFor(async () => position()?.split('.')[2] === String((await firstRow()) - 1), {
      what: 'the row that is seen',
    });
    const row = await firstRow();
    await page.reload();
    await waitFor(async () => (await firstRow()) === row, { what: 'the same row' });
    expect(await foot()).toContain('of 6,001');
    const seen = page.locator(`tr[aria-rowindex="${row + 4}"] .unit-link`);
    const code = await seen.locator('.code').innerText();
    await seen.click();
    await page.getByRole('heading', { level: 1, name: `serial ${code}` }).waitFor();
    await page.goBack();
    await waitFor(async () => (await firstRow()) === row, { what: 'the same row' });
    await page.getByRole('button', { name: 'Go to its first row' }).click();
    await page.locator('tr[data-index="0"]').getByText('H000000').waitFor();
    await waitFor(() => position() === null, { what: 'an address without a place' });
  });

  it('asks for no place of another order', async () => {
    await scroll('end');
    await waitFor(() => position() !== null, { what: 'a place in the address' });
    await page.getByRole('button', { name: 'Unit', exact: true }).click();
    await page.getByRole('columnheader', { name: 'Unit' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.getByRole('button', { name: 'Unit', exact: true }).click();
    await page.locator('tr[data-index="0"]').getByText('R-1').waitFor();
    await page.getByRole('button', { name: 'Select all 6,001', exact: true }).click();
    await page.getByText('All 6,001 matching units picked').waitFor();
    expect(await drawn()).toBeLessThan(DRAWN_MAX);
  });

  it('cancels what is asked of a list that nobody looks at any more', async () => {
    const cancelled = page.waitForEvent('requestfailed', (request) => request.url().includes('/units?'));
    // The answer is held back until the page has gone on.
    await page.route('**/traces/*/units?*', () => undefined);
    await page.goto(`/traces/${trace}?sort=-key`);
    await page.getByRole('tab', { name: 'Customers' }).waitFor();
    await page.getByRole('tab', { name: 'Customers' }).click();
    await cancelled;
    await page.unroute('**/traces/*/units?*');
  });
});
