import type { Page } from 'playwright-core';
import { useApp, useBrowser } from '../support';
import { ADMIN, signedIn, violations, window } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();

async function fill(page: Page, password: string): Promise<void> {
  await page.getByLabel('User name').fill(ADMIN);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

describe('signing in', () => {
  it('says that a wrong password is wrong, lets the right one in, and goes on where one wanted to go', async () => {
    const context = await window(browser(), app());
    const page = await context.newPage();
    await page.goto('/items');
    await page.getByRole('heading', { name: 'Unitrail' }).waitFor();
    expect(await page.title()).toBe('Sign in · Unitrail');
    await fill(page, 'not the password');
    await page.getByRole('alert').getByText('User name or password is wrong.').waitFor();
    await fill(page, app().adminPassword);
    await page.getByRole('heading', { name: 'Items' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/items');
    expect(await page.title()).toBe('Items · Unitrail');
    await context.close();
  });

  it('goes to no other host after signing in, whatever the address says', async () => {
    const context = await window(browser(), app());
    const page = await context.newPage();
    await page.goto('/login?next=%2F%2Fexample.com%2Fx');
    await fill(page, app().adminPassword);
    await page.getByRole('heading', { name: 'Home' }).waitFor();
    expect(page.url()).toBe(`${app().url}/`);
    await context.close();
  });

  it('signs out, and then shows nothing any more', async () => {
    const page = await signedIn(browser(), app());
    await page.goto('/');
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('User name').waitFor();
    await page.goto('/traces');
    await page.getByLabel('User name').waitFor();
    await page.context().close();
  });

  it.each(['light', 'dark'])('is accessible in %s', async (scheme) => {
    const context = await window(browser(), app(), { dark: scheme === 'dark' });
    const page = await context.newPage();
    await page.goto('/login');
    await page.getByLabel('User name').waitFor();
    expect(await violations(page)).toEqual([]);
    await context.close();
  });

  it('asks no other host for anything, and breaks no rule of its content policy', async () => {
    const page = await signedIn(browser(), app());
    const foreign: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(app().url)) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    for (const path of ['/', '/traces', '/traces/new', '/items', '/imports']) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
