/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser } from '../support';
import { ADMIN, plant, signedIn, traced, violations, window } from './console';

const app = useApp();
const browser = useBrowser();
let trace: string;
let other: string;

beforeAll(async () => {
  await plant(app());
  trace = await traced(app(), 'C-BAD');
  other = await traced(app(), 'C-BAD', { certainty: 'certain' });
});

/** Each page, and what stands on it when it is all there. */
const pages: [string, string][] = [
  ['/', '.rows li'],
  ['/traces', '.table tbody tr'],
  ['/traces/new?seeds=%5B%7B%22u%22%3A%22CELL~lot~C-BAD%22%7D%5D', '.seed-row .unit-link'],
  [
    '/traces/new?seeds=%5B%7B%22u%22%3A%22CELL~lot~C-BAD%22%7D%5D&threshold=0.001&priority=recall',
    '.seed-row .unit-link',
  ],
  ['/traces/TRACE', '.table tbody tr'],
  ['/traces/TRACE?tab=graph', '.graph-node'],
  ['/traces/TRACE?tab=graph&view=table', '.graph-table tbody tr'],
  ['/traces/TRACE?tab=customers', '.table tbody tr'],
  ['/traces/TRACE?tab=excluded', '.empty'],
  ['/traces/TRACE?tab=gaps', '.table tbody tr'],
  ['/traces/TRACE?tab=compare', '.empty'],
  ['/traces/TRACE?tab=compare&other=OTHER', '.table tbody tr'],
  ['/traces/TRACE?sort=-made&why=BAT-48~serial~B4&trail=.BIKE-1~serial~F4', '.why-possible'],
  ['/traces/OTHER?tab=excluded&why=BIKE-1~serial~F4', '.chain-failed'],
  ['/traces/TRACE/report', '.report'],
  ['/units/CELL~lot~C-BAD', '.empty'],
  ['/units/BIKE-1~serial~F1', '.tree-row'],
  ['/units/CELL~lot~C-BAD?tab=history', '.entry'],
  ['/units/CELL~lot~C-BAD?tab=balance', '.balance-table'],
  ['/blast-radius', '.empty, .table tbody tr'],
  ['/items', '.table tbody tr'],
  ['/items/BAT-48', '.plain tbody tr'],
  ['/places', '.table tbody tr'],
  ['/partners', '.table tbody tr'],
  ['/imports', '.empty'],
  ['/admin/users', '.plain tbody tr'],
  ['/admin/api-keys', '.inline-form'],
  ['/admin/audit', '.entry'],
  ['/admin/integrity', '.facts'],
  ['/admin/health', '.facts'],
];

describe('WCAG 2.2 AA', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn(browser(), app());
  });

  it.each(pages)('%s, light, dark and as narrow as 400 %% zoom makes it', async (path, shown) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path.replace('TRACE', trace).replace('OTHER', other));
    await page.locator(shown).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 360, height: 720 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over).toBe(0);
  });

  it('in its dialogs and with the reason open', async () => {
    const page = await signedIn(browser(), app());
    await page.goto(`/traces/${trace}`);
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F4 on the list?' }).click();
    await page.getByTestId('why').locator('.chain').waitFor();
    const found = await violations(page);
    for (const name of ['Views', 'Columns', 'Export all', /^Time zone/]) {
      await page.getByRole('button', { name }).click();
      await page.locator('[role="menu"], [role="dialog"]').first().waitFor();
      found.push(...(await violations(page)));
      await page.keyboard.press('Escape');
      await page.locator('[role="menu"], [role="dialog"]').first().waitFor({ state: 'detached' });
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByLabel('Code').fill('C-BAX');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('Nothing has this code.').waitFor();
    found.push(...(await violations(page)));
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next row').waitFor();
    found.push(...(await violations(page)));
    expect(found).toEqual([]);
    await page.context().close();
  });
});

describe('administration', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn(browser(), app());
  });

  it('makes an API key that works, and shows it once', async () => {
    await page.goto('/admin/api-keys');
    await page.getByLabel('Name of the system').fill('erp');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = (await page.getByTestId('new-key').innerText()).trim();
    await http(app(), key).get('/api/v1/auth/me').expect(200);
    await page.reload();
    await page.getByRole('row', { name: /erp/ }).waitFor();
    expect(await page.getByTestId('new-key').count()).toBe(0);
    await page.getByRole('row', { name: /erp/ }).getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /erp/ }).waitFor({ state: 'detached' });
    await http(app(), key).get('/api/v1/auth/me').expect(401);
  });

  it('adds a viewer, who sees no way to do what a viewer may not', async () => {
    await page.goto('/admin/users');
    await page.getByRole('button', { name: 'Add a user' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('User name').fill('vera');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Vera Viewer');
    await dialog.getByLabel('First password').fill('a long enough password');
    await dialog.getByRole('button', { name: 'Add a user' }).click();
    await page.getByRole('row', { name: /vera/ }).waitFor();

    const context = await window(browser(), app());
    await context.request.post('/api/v1/auth/login', {
      data: { username: 'vera', password: 'a long enough password' },
    });
    const hers = await context.newPage();
    await hers.goto('/');
    await hers.getByRole('heading', { name: 'Home' }).waitFor();
    expect(await hers.getByRole('link', { name: 'New trace' }).count()).toBe(0);
    await hers.getByRole('button', { name: 'Admin' }).click();
    await hers.getByRole('menuitem', { name: 'Health' }).waitFor();
    expect(await hers.getByRole('menuitem').allInnerTexts()).toEqual(['Health']);
    await hers.keyboard.press('Escape');
    await hers.goto('/admin/users');
    await hers.getByText('Not permitted').waitFor();
    await context.close();
  });

  it('shows in the audit who added her', async () => {
    await page.goto('/admin/audit');
    await page
      .locator('.entry', { hasText: 'user:vera' })
      .filter({ hasText: `user:${ADMIN}` })
      .first()
      .waitFor();
  });
});
