import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { useApp, useBrowser, waitFor } from '../support';
import { plant, rows, scan, signedIn, tile } from './console';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris' } });
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await plant(app());
  page = await signedIn(browser(), app());
});

describe('the first story: scan the bad lot, trace it, report it', () => {
  it('opens the unit from a scan, wherever the focus is', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await scan(page, 'C-BAD');
    await page.getByRole('heading', { level: 1, name: 'lot C-BAD' }).waitFor();
    expect(await page.title()).toBe('CELL lot C-BAD · Unitrail');
    const identity = page.getByRole('region', { name: 'Identity' });
    expect(await identity.innerText()).toContain('CELLWORKS');
    expect(await identity.innerText()).toContain('CW-C-BAD');
    expect(await identity.innerText()).toContain('2026-03-02 08:15 +01:00');
  });

  it('shows what it was used in, level by level', async () => {
    await page.getByRole('tab', { name: 'Used in' }).click();
    await page.getByRole('link', { name: 'BAT-48 serial B1' }).waitFor();
    await page.getByRole('button', { name: 'Open BAT-48 serial B1' }).click();
    await page.getByRole('link', { name: 'BIKE-1 serial F1' }).waitFor();
    expect(await page.locator('.tree').first().innerText()).toContain('Possible');
  });

  it('traces forward from there and counts first', async () => {
    await page.getByRole('button', { name: 'Trace forward' }).click();
    await tile(page, 'affected').waitFor();
    expect(await page.title()).toBe('Forward · CELL lot C-BAD · Unitrail');
    expect(await tile(page, 'affected').innerText()).toBe('9');
    expect(await tile(page, 'certain').innerText()).toBe('5');
    expect(await tile(page, 'possible').innerText()).toBe('4');
    expect(await tile(page, 'customers').innerText()).toBe('2');
  });

  it('says beside the counts that the record is not complete, and what is missing', async () => {
    await page.getByTestId('incomplete').getByText('The record is not complete').waitFor();
    await page.getByRole('link', { name: 'Show what is missing' }).click();
    await page.getByText('More drawn than was there').first().waitFor();
    await page.getByRole('tab', { name: /^Units/ }).click();
  });

  it('tells why a unit is on the list', async () => {
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F1 on the list?' }).click();
    const why = page.getByTestId('why');
    await why.getByRole('link', { name: 'BAT-48 serial B1' }).first().waitFor();
    expect(await why.locator('.chain > li').count()).toBe(2);
    expect(await why.innerText()).toContain('WO-1');
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F4 on the list?' }).click();
    await why.getByText('this fact would settle it').waitFor();
  });

  it('draws the summary graph, and a node is a filter', async () => {
    await page.getByRole('tab', { name: 'Graph' }).click();
    const graph = page.getByTestId('graph');
    await graph.getByRole('button', { name: /^BAT-48/ }).waitFor();
    expect(await graph.getByRole('button', { name: /^BAT-48, 4 units, 2 Certain, 2 Possible/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Show as table' }).click();
    await page.getByRole('button', { name: 'BAT-48', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the filter Item BAT-48' }).waitFor();
    await waitFor(async () => (await rows(page).count()) === 4, { what: 'the four batteries' });
  });

  it('names the customers with their contacts and documents', async () => {
    await page.goto(new URL(page.url()).pathname);
    await page.getByRole('tab', { name: /^Customers/ }).click();
    await page.getByText('SH-1').first().waitFor();
    await page.locator('.contacts').getByRole('link', { name: 'recall@velo.example' }).waitFor();
    await page.locator('.contacts').getByText('no contact on file').waitFor();
    expect(await page.locator('.table').innerText()).toContain('SH-2');
  });

  it('reports, and gives the report as a PDF', async () => {
    await page.getByRole('link', { name: 'Report', exact: true }).click();
    await page.getByRole('heading', { name: 'Customers and shipments' }).waitFor();
    const report = await page.locator('.report').innerText();
    expect(report).toContain('INCOMPLETE');
    expect(report).toContain('Cellworks Ltd');
    expect(report).toContain('SH-1');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download PDF' }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(/\.pdf$/);
    expect(
      readFileSync(await file.path())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });
});

describe('scan anything', () => {
  const open = async (): Promise<void> => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByLabel('Code').waitFor();
  };

  it('says what was tried and what begins alike when nothing has the code', async () => {
    await open();
    await page.getByRole('dialog').getByLabel('Code').fill('C-BAX');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('Nothing has this code.').waitFor();
    expect(await page.locator('.tried li').count()).toBeGreaterThan(2);
    await page.getByRole('button', { name: /C-BAD/ }).click();
    await page.getByRole('heading', { level: 1, name: 'lot C-BAD' }).waitFor();
  });

  it('reads GS1 with the separator kept and other control characters dropped', async () => {
    await open();
    const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/scan'));
    await page.getByRole('dialog').getByLabel('Code').focus();
    await scan(page, ']d201095060001343522115\u001d10C-BAD\u0007');
    expect((await asked).postDataJSON()).toEqual({ text: ']d201095060001343522115\u001d10C-BAD' });
  });

  it('leaves a field as it was when the scan came while typing there', async () => {
    await page.goto('/items');
    const filter = page.getByLabel('Find by code or name');
    await filter.fill('bat');
    await page.waitForURL('**/items?q=bat');
    await filter.focus();
    await scan(page, 'C-GOOD');
    await page.getByRole('heading', { level: 1, name: 'lot C-GOOD' }).waitFor();
    await page.goBack();
    expect(await filter.inputValue()).toBe('bat');
  });
});
