/// <reference lib="dom" />
import type { BrowserContext, Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, scan, signedIn, violations } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;
let context: BrowserContext;

beforeAll(async () => {
  await plant(app());
  await http(app())
    .post('/api/v1/events')
    .send([
      { id: 'h1', type: 'hold', at: '2026-03-06T08:00:00Z', units: [{ item: 'BAT-48', serial: 'B3' }], reason: 'weld' },
    ])
    .expect(200);
  page = await signedIn(browser(), app());
  context = page.context();
});

const verdict = () => page.getByTestId('verdict');
const last = () => page.getByTestId('last-scans').locator('li');

describe('a scanner on the floor', () => {
  it('opens from the header, shows the works, and has no accessibility faults in light and dark', async () => {
    await page.goto('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Floor' }).click();
    await page.getByRole('heading', { name: 'Floor' }).waitFor();
    await page.getByRole('link', { name: /What is this/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    const dark = await signedIn(browser(), app(), { dark: true });
    await dark.goto('/floor');
    await dark.getByRole('heading', { name: 'Floor' }).waitFor();
    await scan(dark, 'F1');
    await dark.getByTestId('verdict').waitFor();
    expect(await violations(dark)).toEqual([]);
    await dark.context().close();
  });

  it('takes the scan itself, wherever the focus is: no dialog opens', async () => {
    await page.goto('/floor/look');
    await page.getByRole('heading', { name: 'What is this?' }).waitFor();
    await page.getByRole('button', { name: /Theme/ }).focus();
    await scan(page, 'F1');
    await verdict().getByText('BIKE-1').waitFor();
    expect(await verdict().getAttribute('data-verdict')).toBe('ok');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('handles twenty scans in two seconds one after the other, each once', async () => {
    await page.goto('/floor/look');
    await page.getByRole('heading', { name: 'What is this?' }).waitFor();
    // Not F3: what is on hold is in it, and stops the scans until somebody has dealt with it.
    const codes = Array.from({ length: 20 }, (_, i) => `F${[1, 2, 4, 5][i % 4]}`);
    const begun = Date.now();
    for (const code of codes) await scan(page, code);
    expect(Date.now() - begun).toBeLessThan(2000);
    await waitFor(async () => (await last().count()) === 20, { what: 'twenty verdicts' });
    const shown = await last().locator('.code').allInnerTexts();
    expect(shown.reverse()).toEqual(codes);
  });

  it('stops for held goods until a person has dealt with it, and takes what was scanned meanwhile afterwards', async () => {
    await page.goto('/floor/look');
    await page.getByRole('heading', { name: 'What is this?' }).waitFor();
    await scan(page, 'B3');
    const stop = page.getByRole('alertdialog');
    await stop.getByText('weld').waitFor();
    expect(await violations(page)).toEqual([]);
    await scan(page, 'F1');
    await stop.getByText('1 scan waits').waitFor();
    await scan(page, 'CMD:CANCEL');
    await stop.waitFor({ state: 'detached' });
    await waitFor(async () => (await last().count()) === 2, { what: 'both scans' });
    expect(await verdict().getAttribute('data-verdict')).toBe('ok');
  });

  it('stops for what has held goods inside, for what has expired, and for a container with either', async () => {
    const at = '2026-03-07T08:00:00Z';
    const [rider, cell, old] = ['RIDER', 'CELL', 'OLD'].map((serial) => ({
      item: serial === 'RIDER' ? 'BIKE-1' : 'BAT-48',
      serial,
    }));
    await http(app())
      .post('/api/v1/events')
      .send([
        ...[rider, cell].map((unit) => ({ type: 'create', at, unit })),
        { type: 'create', at, unit: old, expires: '2026-03-31' },
        { type: 'install', at: '2026-03-07T09:00:00Z', parent: rider, unit: cell },
        { type: 'hold', at: '2026-03-07T10:00:00Z', units: [cell], reason: 'swollen' },
        { type: 'pack', at: '2026-03-07T11:00:00Z', container: 'CRATE-1', units: [rider] },
      ])
      .expect(200);
    await page.goto('/floor/look');
    await page.getByRole('heading', { name: 'What is this?' }).waitFor();
    for (const [code, said] of [
      ['RIDER', 'On hold inside: BAT-48 CELL (in BIKE-1 RIDER): swollen'],
      ['OLD', 'Expired on 2026-04-01'],
      ['CRATE-1', '1 of 1 unit in it on hold'],
    ] as const) {
      await scan(page, code);
      const stop = page.getByRole('alertdialog');
      await stop.getByText(said).waitFor();
      await scan(page, 'CMD:CANCEL');
      await stop.waitFor({ state: 'detached' });
    }
  });

  it('takes typing and Enter as a scan', async () => {
    await page.goto('/floor/look');
    await page.getByLabel('Scan a unit').fill('F2');
    await page.keyboard.press('Enter');
    await verdict().getByText('F2').waitFor();
  });

  it('opens again without a connection', async () => {
    await page.goto('/floor');
    await page.getByRole('heading', { name: 'Floor' }).waitFor();
    await waitFor(
      () =>
        page.evaluate(
          async () => (await caches.match('/')) !== undefined && navigator.serviceWorker.controller !== null,
        ),
      { what: 'the kept page' },
    );
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('heading', { name: 'Floor' }).waitFor();
    await page.getByText('No connection').waitFor();
    await context.setOffline(false);
    await page.getByText('No connection').waitFor({ state: 'detached' });
  });
});
