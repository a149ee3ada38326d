/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser } from '../support';
import { workbook } from '../support/xlsx';
import { plant, signedIn, tile, violations } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await plant(app());
  page = await signedIn(browser(), app());
});

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const sheet = async (lots: [string, string][]) =>
  workbook([
    {
      name: 'Wareneingang',
      rows: [
        ['Material', 'Charge', 'Buchungsdatum', 'Menge', 'Lieferant', 'Bemerkung'],
        ...lots.map(([material, lot]) => [material, lot, '06.03.2026 08:00', '1.250,5', 'CELLWORKS', 'x']),
      ],
    },
    { name: 'Notizen', rows: [['Hello'], ['World']] },
  ]);
const lots = async (code: string) =>
  Number((await app().database.asOwner<{ n: string }>(`SELECT count(*) AS n FROM unit WHERE code = $1`, [code]))[0]!.n);

describe('a workbook with headers of its own', () => {
  it('is looked at, its guessed columns are corrected, it is tried without a trace, and imported', async () => {
    await http(app()).put('/api/v1/items/GLUE').send({ name: 'Glue', tracking: 'lot', uom: 'kg' }).expect(200);
    await page.goto('/imports');
    const buffer = await sheet([
      ['GLUE', '0503E000'],
      ['GLUE', '00042'],
      ['GLOO', 'G-3'],
    ]);
    await page.getByLabel('A file to look at first').setInputFiles({ name: 'mb51.xlsx', mimeType: xlsx, buffer });
    await page.getByRole('heading', { level: 1, name: 'Look at mb51.xlsx' }).waitFor();
    await page.getByRole('tab', { name: /Wareneingang.*to be mapped/ }).waitFor();
    await page.getByRole('tab', { name: /Notizen.*not read/ }).waitFor();
    expect(await page.getByLabel('Column "Charge" is read as').inputValue()).toBe('code');
    expect(await page.getByLabel('What the rows are').inputValue()).toBe('receipts');
    expect(await page.getByLabel('Numbers have a decimal comma').isChecked()).toBe(true);
    await page.getByLabel('Column "Bemerkung" is read as').selectOption('note');
    await page.getByLabel('Time zone of the times').fill('Europe/Paris');
    await page.getByLabel('place, the same for all rows').fill('LYON.RM');
    await page.getByRole('button', { name: 'Show the rows' }).click();
    await page.getByText('1 row of those shown would be refused').waitFor();
    await page.getByRole('cell', { name: '2026-03-06T07:00:00.000Z' }).first().waitFor();
    await page.getByRole('cell', { name: '0503E000', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Save the mapping as').fill('Goods receipt of SAP');
    await page.getByRole('button', { name: 'Save the mapping', exact: true }).click();
    await page.getByText('Saved as "Goods receipt of SAP".').waitFor();

    await page.getByRole('button', { name: 'Try it: store nothing' }).click();
    await page.getByText('A dry run: nothing was stored').waitFor();
    await page.getByRole('button', { name: 'Import it now' }).waitFor();
    expect(await tile(page, 'accepted').innerText()).toBe('2');
    expect(await lots('0503E000')).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Import it now' }).click();
    await page.getByText('Mend refused rows').waitFor();
    expect(await tile(page, 'accepted').innerText()).toBe('2');
    expect(await lots('0503E000')).toBe(1);
  });

  it('gives its refused rows to be mended, and takes them again', async () => {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download 1 row of Wareneingang' }).click();
    const refused = readFileSync(await (await coming).path(), 'utf8');
    expect(refused).toContain('refused_reason');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('The mended file').setInputFiles({
      name: 'Wareneingang.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(refused.replace('GLOO', 'GLUE')),
    });
    await page.getByRole('heading', { level: 1, name: 'Wareneingang.csv' }).waitFor();
    await page.getByText('Nothing was refused').waitFor();
    expect(await lots('G-3')).toBe(1);
  });

  it('is known again the next time', async () => {
    await page.goto('/imports');
    const buffer = await sheet([['GLUE', 'G-4']]);
    await page.getByLabel('A file to look at first').setInputFiles({ name: 'april.xlsx', mimeType: xlsx, buffer });
    await page.getByText('These headers are known: they are read by "Goods receipt of SAP".').waitFor();
    await page.getByText('All shown rows are good').waitFor();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Nothing was refused').waitFor();
    expect(await lots('G-4')).toBe(1);
  });
});
