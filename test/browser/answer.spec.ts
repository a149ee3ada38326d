/** The answer page as a consignee meets it: on a phone, without an account, in the language of its notice. */
import type { Page } from 'playwright-core';
import { AnswerLinks } from '@/quality/notices/app/answer-links';
import { Settings } from '@/platform/config';
import { recallByKey } from '@/quality/recalls';
import { noticeCase } from '../support/notice-case';
import { http, useApp, useBrowser } from '../support';
import { violations, window } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();

/** A running case and the path of its only consignee's page. */
async function link(code: string, language = 'en'): Promise<{ key: string; path: string }> {
  const { database } = app();
  const key = await noticeCase(database, { customers: [{ code, name: `Shop ${code}` }], language });
  const { recallId } = await recallByKey(database.database, key);
  const [partner] = await database.asOwner<{ id: number }>('SELECT partner_id AS id FROM partner WHERE code = $1', [
    code,
  ]);
  const links = new AnswerLinks(
    new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', PUBLIC_URL: 'https://plant.example' }),
  );
  const ctx = { actor: 'user:anna', source: 'user:anna' };
  await database.uow.run(ctx, (tx) => links.ensure(tx, recallId, [partner!.id]));
  const address = await links.address(database.database, recallId, partner!.id);
  return { key, path: new URL(address!).pathname };
}

async function opened(path: string, dark = false): Promise<Page> {
  const context = await window(browser(), app(), { dark });
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(path);
  return page;
}

describe('the answer page', () => {
  it('takes an answer without an account, and shows it when it is opened again', async () => {
    const { key, path } = await link('P1');
    const page = await opened(path);
    await page.getByRole('heading', { name: 'Smoked sausage 200 g' }).waitFor();
    await page.getByText('Destroy it and send us the certificate.').waitFor();
    expect(await page.getByRole('link', { name: '+33 1 23 45' }).getAttribute('href')).toBe('tel:+3312345');
    const lot = page.getByRole('group', { name: /L-P1/ });
    await lot.getByLabel('Still here (kg)').fill('ten');
    await lot.getByLabel('Sold (kg)').fill('2,5');
    await page.getByLabel('Your name').fill('Pat');
    await page.getByRole('button', { name: 'Send answer' }).click();
    await page.getByRole('alert').getByText('Enter a number').waitFor();
    await lot.getByLabel('Still here (kg)').fill('10');
    await page.getByLabel('For all lines that you do not fill in').selectOption('all of it was sent back');
    await page.getByRole('button', { name: 'Send answer' }).click();
    await page.getByText('Thank you. 3 of 3 lines are answered.').waitFor();
    const { body } = await http(app()).get(`/api/v1/recalls/${key}/consignees/P1`).expect(200);
    const of = (code: string) => body.data.find((one: { code: string }) => one.code === code).answer;
    expect(of('L-P1')).toMatchObject({ found: '10', sold: '2.5', by: 'Pat' });
    expect(of('S-P1-2')).toMatchObject({ returned: '1' });
    await page.reload();
    const again = page.getByRole('group', { name: /L-P1/ });
    await again.getByText('answered').waitFor();
    expect(await again.getByLabel('Sold (kg)').inputValue()).toBe('2.5');
    await page.context().close();
  });

  it('takes a file', async () => {
    const { path } = await link('P2');
    const page = await opened(path);
    const chosen = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add a file' }).click();
    await (
      await chosen
    ).setFiles({ name: 'certificate.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
    await page.getByRole('listitem').getByText('certificate.pdf').waitFor();
    await page.context().close();
  });

  it('says no more of a wrong link than that it does not work', async () => {
    const page = await opened(`/answer/${'x'.repeat(43)}`);
    await page.getByRole('heading', { name: 'This link does not work' }).waitFor();
    await page.context().close();
  });

  it.each([false, true])('is accessible, and not wider than a phone (dark: %s)', async (dark) => {
    const { path } = await link(dark ? 'P4' : 'P3', 'de');
    const page = await opened(path, dark);
    await page.getByRole('button', { name: 'Antwort senden' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.context().close();
  });
});
