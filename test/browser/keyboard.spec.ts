/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { useApp, useBrowser, waitFor } from '../support';
import { plant, rows, signedIn, traced } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;
let trace: string;

beforeAll(async () => {
  await plant(app());
  trace = await traced(app(), 'C-BAD');
  page = await signedIn(browser(), app());
});

const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');

describe('by keyboard alone', () => {
  it('walks the rows, says why, and closes again', async () => {
    await page.goto(`/traces/${trace}`);
    await rows(page).first().waitFor();
    const texts = await rows(page).locator('td:nth-child(2)').allInnerTexts();
    await page.keyboard.press('j');
    await waitFor(async () => (await focused()) === texts[0], { what: 'the first row' });
    await page.keyboard.press('j');
    await waitFor(async () => (await focused()) === texts[1], { what: 'the second row' });
    await page.keyboard.press('k');
    await waitFor(async () => (await focused()) === texts[0], { what: 'the first row again' });
    await page.keyboard.press('w');
    await page
      .getByTestId('why')
      .getByText(texts[0] ?? '')
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Close the panel' }).click();
    await page.getByTestId('why').waitFor({ state: 'detached' });
  });

  it('opens a row with Enter', async () => {
    await page.goto(`/traces/${trace}`);
    await rows(page).first().waitFor();
    await page.keyboard.press('j');
    await waitFor(() => page.evaluate(() => document.activeElement?.tagName === 'A'), { what: 'a row with the focus' });
    await page.keyboard.press('Enter');
    await page.waitForURL('**/units/**');
  });

  it('goes to the filter with a slash, and types there what would be a shortcut elsewhere', async () => {
    await page.goto(`/traces/${trace}`);
    await rows(page).first().waitFor();
    await page.keyboard.press('/');
    const filter = page.getByLabel('Filter by code or name');
    await waitFor(() => filter.evaluate((element) => element === document.activeElement), { what: 'the filter' });
    await page.keyboard.type('jkwgt', { delay: 120 });
    expect(await filter.inputValue()).toBe('jkwgt');
    expect(new URL(page.url()).pathname).toBe(`/traces/${trace}`);
  });

  it('goes to the traces with g t, and shows its keys with ?', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.waitForURL('**/traces');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Why is this unit on the list?').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('lets one skip to the content and shows where the focus is', async () => {
    await page.goto('/traces');
    await page.getByRole('heading', { name: 'Traces' }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
    expect(outline).toBe('solid');
  });
});
