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

const start = async (): Promise<void> => {
  await page.goto(`/traces/new?seeds=${encodeURIComponent(JSON.stringify([{ u: 'CELL~lot~C-BAD' }]))}`);
  await page.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
  await page.getByRole('button', { name: 'Start the trace' }).click();
  await page.getByTestId('progress').waitFor();
};

describe('live progress', () => {
  it('shows a trace that waits, and its result as it comes, without a reload', async () => {
    await app().killWorker('SIGTERM');
    const stream = page.waitForResponse((response) => response.url().endsWith('/stream'));
    await start();
    expect((await stream).headers()['content-type']).toContain('text/event-stream');
    await page.getByRole('button', { name: 'Jobs: 1 job runs' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Forward · CELL lot C-BAD' }).waitFor();
    await page.keyboard.press('Escape');
    await app().startWorker();
    await tile(page, 'affected').waitFor();
    expect(await tile(page, 'affected').innerText()).toBe('9');
    await page.getByRole('button', { name: 'Jobs: nothing runs' }).waitFor();
  });

  it('cancels a trace, and says that a cancelled trace found nothing out', async () => {
    await app().killWorker('SIGTERM');
    await start();
    await page.getByRole('button', { name: 'Cancel the trace' }).click();
    await page.getByText('a cancelled trace has no result').waitFor();
    await app().startWorker();
  });
});
