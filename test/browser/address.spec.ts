import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, rows, signedIn, traced, violations } from './console';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris' } });
const browser = useBrowser();
let page: Page;
let trace: string;

beforeAll(async () => {
  await plant(app());
  trace = await traced(app(), 'C-BAD');
  page = await signedIn(browser(), app());
});

const shown = (count: number) => waitFor(async () => (await rows(page).count()) === count, { what: `${count} rows` });

describe('everything is in the address', () => {
  it('keeps filters over reload and Back', async () => {
    await page.goto(`/traces/${trace}`);
    await shown(9);
    await page.locator('.facet-row', { hasText: 'BIKE-1' }).click();
    await shown(4);
    await page.getByRole('tab', { name: 'Units 4 of 9' }).waitFor();
    await page.locator('[data-tile="possible"]').click();
    await shown(2);
    await page.getByLabel('Filter by code or name').fill('F4');
    await shown(1);
    expect(new URL(page.url()).search).toBe('?item=BIKE-1&certainty=possible&q=F4');

    await page.reload();
    await shown(1);
    expect(await page.getByLabel('Filter by code or name').inputValue()).toBe('F4');

    await page.getByRole('link', { name: 'BIKE-1 serial F4' }).click();
    await page.getByRole('heading', { level: 1, name: 'serial F4' }).waitFor();
    await page.goBack();
    await shown(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await shown(9);
  });

  it('keeps the tab, the open reason and the columns', async () => {
    await page.goto(`/traces/${trace}?hide=name,exposure`);
    await shown(9);
    expect(await page.getByRole('columnheader', { name: 'Name' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F2 on the list?' }).click();
    await page.getByTestId('why').getByRole('link', { name: 'BIKE-1 serial F2' }).first().waitFor();
    await page.reload();
    await page.getByTestId('why').getByRole('link', { name: 'BIKE-1 serial F2' }).first().waitFor();
    expect(await page.getByRole('columnheader', { name: 'Exposed' }).count()).toBe(0);
  });

  it('says that a filter hides everything, instead of that there is nothing', async () => {
    await page.goto(`/traces/${trace}?q=NOPE`);
    await page.getByText('No unit passes these filters').waitFor();
  });

  it('asks for a window in the zone, and sends it with its offset', async () => {
    const from = '2026-03-03T08:30:00.000Z';
    await page.goto(`/traces/new?seeds=${encodeURIComponent(JSON.stringify([{ u: 'CELL~lot~C-BAD', from }]))}`);
    await page.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
    expect(await page.getByLabel('CELL lot C-BAD: suspect from').inputValue()).toBe('2026-03-03T09:30');
    const asked = page.waitForRequest(
      (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/traces'),
    );
    await page.getByRole('button', { name: 'Start the trace' }).click();
    expect((await asked).postDataJSON()).toEqual({
      direction: 'forward',
      seeds: [{ unit: { item: 'CELL', lot: 'C-BAD' }, from }],
    });
    // B1 was made before that, so it and its bike are excluded with the reason.
    await page.getByRole('tab', { name: /^Excluded/ }).click();
    await page.getByRole('link', { name: 'BIKE-1 serial F1' }).waitFor();
    await page.getByRole('link', { name: /Before the exposure/ }).waitFor();
  });

  it.each([
    ['/records', '/items'],
    ['/admin', '/admin/users'],
    ['/admin/keys', '/admin/api-keys'],
  ])('leads from %s to %s', async (from, to) => {
    await page.goto(from);
    await page.waitForURL((url) => url.pathname === to);
  });

  it('shows a day as it was written, in whatever zone it was', async () => {
    await http(app())
      .post('/api/v1/events')
      .send([
        {
          id: 'day-1',
          type: 'receive',
          at: '2026-02-02',
          place: 'LYON.RM',
          supplier: 'CELLWORKS',
          unit: { item: 'CELL', lot: 'C-DAY' },
          quantity: { value: '5', uom: 'pcs' },
        },
      ])
      .expect(200);
    await page.goto('/units/CELL~lot~C-DAY?tab=history');
    const identity = page.getByRole('region', { name: 'Identity' });
    await identity.getByText('2026-02-02', { exact: true }).waitFor();
    const shownThere = await identity.innerText();
    expect(shownThere).toContain('Received');
    expect(shownThere).not.toContain('23:00');
    expect(shownThere).not.toContain('Made');
    await page.getByText('came in', { exact: true }).waitFor();
    await page.goto(`/traces/${await traced(app(), 'C-DAY')}/report`);
    const suspects = page.getByRole('region', { name: 'Suspects and where they came from' });
    await suspects.getByText('2026-02-02', { exact: true }).waitFor();
    expect(await suspects.innerText()).not.toContain('23:00');
  });

  it('shows the same in the zone that was chosen', async () => {
    await page.goto(`/traces/${trace}`);
    await page.getByRole('button', { name: /^Time zone: Europe\/Paris/ }).click();
    await page.getByRole('menuitem', { name: 'UTC', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'UTC', exact: true }).click();
    await page.getByRole('button', { name: /^Time zone: UTC/ }).waitFor();
    await page.getByRole('link', { name: 'CELL lot C-BAD' }).first().click();
    await page.getByRole('region', { name: 'Identity' }).getByText('2026-03-02 07:15').waitFor();
  });
});
