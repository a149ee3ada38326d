/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { useApp, useBrowser } from '../support';
import { plant, signedIn, tile } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await plant(app());
  page = await signedIn(browser(), app());
});

const paste = (text: string) =>
  page.getByLabel('Scan or type a unit').evaluate((field, pasted) => {
    const data = new DataTransfer();
    data.setData('text', pasted);
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

describe('a pasted list', () => {
  it('says what matched, what did not and what is there twice, before it is used', async () => {
    await page.goto('/traces/new');
    await page.getByLabel('Scan or type a unit').waitFor();
    await paste('B1\nB2\r\nB1\n  NOPE-7 \nC-BAD');
    const check = page.getByTestId('list-check');
    await check.getByText('3 matched, 1 unmatched, 1 duplicate').waitFor();
    await check.getByRole('button', { name: 'Add 3 matched units' }).click();
    await page.getByRole('link', { name: 'BAT-48 serial B2' }).waitFor();
    expect(await page.locator('.seed-row').count()).toBe(3);
    await page.reload();
    await page.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
    expect(await page.locator('.seed-row').count()).toBe(3);
  });

  it('does not add a unit twice', async () => {
    await page.getByLabel('Scan or type a unit').fill('C-BAD');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('is already on the list').waitFor();
  });
});

describe('an import', () => {
  it('takes a file, shows what was refused with what to do, and gives it for download', async () => {
    const csv = [
      'at,item,code,quantity,uom,supplier,place',
      '2026-03-06T08:00:00+01:00,CELL,C-NEW,50,pcs,CELLWORKS,LYON.RM',
      '2026-03-06T08:00:00+01:00,CELL,C-BROKEN,50,bananas,CELLWORKS,LYON.RM',
    ].join('\n');
    await page.goto('/imports');
    await page.getByText('No imports yet').waitFor();
    await page
      .getByLabel('Choose files')
      .setInputFiles({ name: 'receipts.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('heading', { level: 1, name: 'receipts.csv' }).waitFor();
    await page.getByText('UOM_UNKNOWN').waitFor();
    expect(await tile(page, 'accepted').innerText()).toBe('1');
    expect(await tile(page, 'refused').innerText()).toBe('1');
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download refused rows' }).click();
    expect(readFileSync(await (await coming).path(), 'utf8')).toContain('UOM_UNKNOWN');
    await page.goto('/');
    await page.getByText('1 row refused').waitFor();
  });

  it('takes several files as one', async () => {
    await page.goto('/imports');
    const at = '2026-03-07T08:00:00+01:00';
    await page.getByLabel('Choose files').setInputFiles([
      {
        name: 'items.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('item,name,tracking,uom\nSCREW,Screw M5,lot,pcs\n'),
      },
      {
        name: 'receipts.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(`at,item,code,quantity,uom\n${at},SCREW,S-1,500,pcs\n`),
      },
    ]);
    await page.getByText('Nothing was refused').waitFor();
    expect(await tile(page, 'accepted').innerText()).toBe('2');
  });

  it('says why a file was not taken', async () => {
    await page.goto('/imports');
    await page
      .getByLabel('Choose files')
      .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from([137, 80, 78, 71]) });
    await page.getByRole('alert').waitFor();
  });
});
