import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, rows, signedIn, tile } from './console';

// No run but the one that is asked for here.
const app = useApp({ env: { TIME_ZONE: 'Europe/Paris', BLAST_EVERY_HOURS: '0' } });
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await plant(app());
  page = await signedIn(browser(), app());
});

const codes = () => rows(page).locator('.unit-link .code').allInnerTexts();

describe('the blast radius', () => {
  it('says that it was never computed, computes it, and lists lots by risk', async () => {
    await page.goto('/blast-radius');
    await page.getByText('Not computed yet').waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await waitFor(async () => (await rows(page).count()) === 2, { what: 'both lots' });
    expect(await tile(page, 'lots').innerText()).toBe('2');
    expect((await codes())[0]).toBe('C-BAD');
    expect(await rows(page).first().innerText()).toMatch(/9[\s\S]*4[\s\S]*2/);
    await page.getByRole('button', { name: 'Finished units', exact: true }).click();
    await waitFor(async () => new URL(page.url()).searchParams.get('sort') !== null || (await codes()).length === 2, {
      what: 'another order',
    });
    await page.getByLabel('Find by code or name').fill('GOOD');
    await waitFor(async () => (await codes()).join() === 'C-GOOD', { what: 'one lot' });
  });

  it('shows the worst at home, and the rating on a lot’s page', async () => {
    await page.goto('/');
    const worst = page.getByRole('region', { name: 'Lots with the largest blast radius' });
    await worst.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
    expect(await worst.getByRole('listitem').first().innerText()).toContain('2 customers');
    await worst.getByRole('link', { name: 'CELL lot C-BAD' }).click();
    const rating = page.getByRole('region', { name: 'If it had to be recalled today' });
    await rating.getByText('Customers').waitFor();
    expect(await rating.innerText()).toMatch(/Units touched\s+9/);
  });
});

describe('the balance of a lot', () => {
  it('marks what is unexplained, by word and shape', async () => {
    await page.goto('/units/CELL~lot~C-BAD?tab=balance');
    const table = page.getByRole('table', { name: 'Balance' });
    await table.getByText('Received').waitFor();
    await table.getByText('Used in', { exact: true }).waitFor();
    // 100 came in and 120 were drawn.
    await table.getByText('Unexplained').waitFor();
    expect(await table.innerText()).toMatch(/Unexplained\s+-20 pcs/);
    expect(await page.getByText('It adds up').count()).toBe(0);
  });

  it('adds up where the record does', async () => {
    await http(app())
      .post('/api/v1/events')
      .send([
        {
          id: 'even-1',
          type: 'receive',
          at: '2026-03-02T08:15:00+01:00',
          place: 'LYON.RM',
          unit: { item: 'CELL', lot: 'C-EVEN' },
          quantity: { value: '10', uom: 'pcs' },
        },
        {
          id: 'even-2',
          type: 'ship',
          at: '2026-03-03T08:15:00+01:00',
          customer: 'VELO',
          shipment: 'SH-9',
          units: [{ unit: { item: 'CELL', lot: 'C-EVEN' }, quantity: { value: '4', uom: 'pcs' } }],
        },
      ])
      .expect(200);
    await page.goto('/units/CELL~lot~C-EVEN?tab=balance');
    await page.getByText('It adds up').waitFor();
    const table = page.getByRole('table', { name: 'Balance' });
    expect(await table.innerText()).toMatch(/Came in\s+10 pcs[\s\S]*Went out, or is there\s+10 pcs/);
  });

  it('is on no serial’s page', async () => {
    await page.goto('/units/BIKE-1~serial~F1');
    await page.getByRole('tab', { name: 'History' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Balance' }).count()).toBe(0);
  });
});

describe('the workers', () => {
  it('say what they do, and how far their index is', async () => {
    await page.goto('/admin/health');
    await page.getByText('At work').waitFor();
    await page.getByRole('heading', { name: 'Index' }).waitFor();
    // The index and the projections each say how far they are.
    await page.getByText('Ledger position').first().waitFor();
  });
});

describe('the jobs tray', () => {
  it('says what is ahead of a trace that waits, with its priority, and cancels it there', async () => {
    await app().killWorker('SIGTERM');
    const ask = (priority: string) =>
      http(app())
        .post('/api/v1/traces')
        .send({ direction: 'forward', seeds: [{ unit: { item: 'CELL', lot: 'C-BAD' } }], priority })
        .expect(202);
    await ask('recall');
    await ask('report');
    await page.goto('/');
    await page.getByRole('button', { name: 'Jobs: 2 jobs run' }).click();
    const tray = page.getByRole('dialog');
    await tray.getByText('Recall: first').waitFor();
    await tray.getByText('1 ahead of it in the queue').waitFor();
    await tray
      .getByRole('button', { name: /^Cancel Forward/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Jobs: 1 job runs' }).waitFor();
    await app().startWorker();
    await page.getByRole('button', { name: 'Jobs: nothing runs' }).waitFor();
  });
});
