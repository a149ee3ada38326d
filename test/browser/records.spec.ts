import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, rows, signedIn, violations } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await plant(app());
  page = await signedIn(browser(), app());
  // Search and gaps follow the ledger in the worker.
  await waitFor(
    async () =>
      (await http(app()).get('/api/v1/gaps/counts')).body.behind === 0 &&
      (await http(app()).get('/api/v1/search?q=C-BAD')).body.behind === 0,
    { what: 'the projections' },
  );
});

const dark = async (address: string, ready: (page: Page) => Promise<void>): Promise<void> => {
  const window = await signedIn(browser(), app(), { dark: true });
  await window.goto(address);
  await ready(window);
  expect(await violations(window)).toEqual([]);
  await window.context().close();
};

describe('search', () => {
  it('finds by a part of a supplier’s number, says why, and keeps the question in the address', async () => {
    await page.goto('/search');
    await page.getByText('Type what you know of it').waitFor();
    await page.getByLabel('Any part of a number').fill('W-C-BAD');
    const hit = page.getByRole('region', { name: 'Units' }).getByRole('link', { name: /C-BAD/ });
    await hit.waitFor();
    await page.getByRole('region', { name: 'Units' }).getByText('CW-C-BAD').first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('W-C-BAD');
    expect(await violations(page)).toEqual([]);
    await hit.click();
    await page.waitForURL('**/units/**');
    await page.goBack();
    await hit.waitFor();
    await dark('/search?q=C-BAD', (window) => window.getByRole('link', { name: /C-BAD/ }).first().waitFor());
  });

  it('opens a document with its units', async () => {
    await page.goto('/search?q=SH-1');
    await page.getByRole('region', { name: 'Documents' }).getByRole('link', { name: /SH-1/ }).click();
    await page.waitForURL('**/documents/SH-1');
    await page.getByRole('link', { name: /F1/ }).waitFor();
    await page.getByText('Velo Nord').waitFor();
    expect(await violations(page)).toEqual([]);
    await dark('/documents/SH-1', (window) => window.getByRole('link', { name: /F1/ }).waitFor());
  });

  it('asks again by itself while it is behind the ledger, and does not say "nothing" of what is not read yet', async () => {
    const unit = { item: 'CELL', lot: 'C-LATE' };
    await app().killWorker('SIGTERM');
    await http(app())
      .post('/api/v1/events')
      .send({
        id: 'r9',
        type: 'receive',
        at: '2026-03-02',
        supplier: 'CELLWORKS',
        supplierLot: 'CW-LATE/9',
        unit,
        quantity: { value: '1', uom: 'pcs' },
      })
      .expect(200);
    await page.goto('/search');
    await page.getByLabel('Any part of a number').fill('W-LATE/9');
    await page.getByText('Nothing found yet').waitFor();
    expect(await page.getByText('Nothing found', { exact: true }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await app().startWorker();
    await page
      .getByRole('region', { name: 'Units' })
      .getByRole('link', { name: /C-LATE/ })
      .waitFor();
    await page.getByText('It asks again by itself').waitFor({ state: 'detached' });
  });

  it('asks once more for what took too long, then offers to', async () => {
    const blocker = new Client({ connectionString: app().database.url });
    let answers = 0;
    page.on('response', (response) => {
      if (response.url().includes('/api/v1/search?')) answers++;
    });
    await blocker.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('LOCK TABLE search_unit IN ACCESS EXCLUSIVE MODE');
      await page.goto('/search?q=W-C-GOOD&type=unit');
      await page.getByText('is in too much to be looked through').waitFor();
      await waitFor(() => answers === 2, { what: 'the second answer' });
      expect(await violations(page)).toEqual([]);
      await blocker.query('ROLLBACK');
      await page.getByRole('button', { name: 'Ask again' }).click();
      await page
        .getByRole('region', { name: 'Units' })
        .getByRole('link', { name: /C-GOOD/ })
        .waitFor();
    } finally {
      await blocker.end();
    }
  });

  it('is one step from Scan anything', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByLabel('Code', { exact: true }).fill('F');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Show all that is found' }).click();
    await page.waitForURL('**/search?q=F');
  });
});

describe('gaps', () => {
  it('lists each with what closes it, and the form is filled in as far as it is known', async () => {
    await page.goto('/gaps?kind=overdrawn');
    await rows(page).first().getByRole('link', { name: /C-BAD/ }).waitFor();
    expect(await page.getByTestId('gap-total').innerText()).toBe('1 open gap');
    expect(await violations(page)).toEqual([]);
    await dark('/gaps', (window) => rows(window).first().waitFor());
    await rows(page).first().getByRole('link', { name: 'Record it' }).click();
    await page.getByRole('heading', { name: 'Record an event' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Item', exact: true }).first().inputValue()).toBe('CELL');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'When', exact: true }).fill('2026-03-02');
    await page.getByLabel('Amount').first().fill('40');
    await page.getByLabel('Supplier', { exact: true }).fill('CELLWORKS');
    await page.getByTestId('event-preview').getByText('"2026-03-02"').waitFor();
    await page.getByRole('button', { name: 'Record it' }).click();
    await page.getByTestId('event-recorded').waitFor();
    await waitFor(async () => (await http(app()).get('/api/v1/gaps/counts?kind=overdrawn')).body.total === 0, {
      what: 'the gap to close',
    });
    await page.goto('/gaps?kind=overdrawn');
    await page.getByText('No gap matches these filters').waitFor();
  });

  it('are asked for again while the list is behind the ledger', async () => {
    await app().killWorker('SIGTERM');
    await http(app())
      .post('/api/v1/events')
      .send({
        id: 's9',
        type: 'ship',
        at: '2026-03-06',
        customer: 'VELO',
        shipment: 'SH-9',
        units: [{ unit: { item: 'CELL', lot: 'C-NEVER' }, quantity: { value: '1', uom: 'pcs' } }],
      })
      .expect(200);
    await page.goto('/gaps?kind=no-origin');
    await page.getByText('No gaps found yet').waitFor();
    await app().startWorker();
    await rows(page)
      .first()
      .getByRole('link', { name: /C-NEVER/ })
      .waitFor();
    expect(await page.getByTestId('gap-total').innerText()).toBe('1 open gap');
  });
});

describe('an event in a unit’s history', () => {
  it('is taken back with a reason, after saying what goes with it', async () => {
    await page.goto('/units/BIKE-1~serial~F2?tab=history');
    const shipped = page.locator('.entry', { hasText: 'Shipped' });
    await shipped.locator('summary').click();
    await shipped.getByRole('button', { name: 'Take back' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It names 2 units').waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByLabel('Why?').fill('loaded on another truck');
    await dialog.getByRole('button', { name: 'Take it back' }).click();
    await shipped.getByText('taken back: loaded on another truck').waitFor();
  });
});

describe('own attributes', () => {
  it('are defined on a screen', async () => {
    await page.goto('/attributes');
    await page.getByRole('button', { name: 'Define an attribute' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('colour');
    await dialog.getByLabel('Type').selectOption('choice');
    await dialog.getByLabel('Values').fill('red\nblue');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await rows(page).first().getByText('red, blue').waitFor();
    expect(await violations(page)).toEqual([]);
    await dark('/attributes', (window) => rows(window).first().waitFor());
    await dark('/events/new', (window) => window.getByTestId('event-preview').waitFor());
  });
});
