/// <reference lib="dom" />
import { http, useApp, useBrowser } from '../support';
import { signedIn } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();

beforeAll(async () => {
  const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/BELL', { name: 'Bell', tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE', { name: 'City bike', tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE/boms/A', { lines: [{ component: 'BELL', quantity: '1', uom: 'pcs' }] });
  await put('places/LYON', { name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' });
  await put('work-centers/L1', { name: 'Line 1', place: 'LYON' });
  const order = { number: 'WO-1', item: 'BIKE', quantity: { value: '3', uom: 'pcs' }, due: '2026-11-29' };
  await http(app())
    .post('/api/v1/work-orders')
    .send({ id: 'o', ...order, place: 'LYON' })
    .expect(200);
});

it.each([
  '/floor',
  '/floor/rework',
  '/stock',
  '/labels',
  '/work-centers',
  '/work-centers/L1',
  '/work-orders/WO-1',
  '/items/BIKE',
])(
  '%s at 400 %% zoom: nothing runs out of the window, and the header does not stand before what one came for',
  async (path) => {
    const page = await signedIn(browser(), app());
    await page.setViewportSize({ width: 320, height: 256 });
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('status').filter({ hasText: 'Loading' }).first().waitFor({ state: 'detached' });
    const { over, covered } = await page.evaluate(() => {
      const root = document.documentElement;
      window.scrollTo(0, root.scrollHeight);
      const header = document.querySelector('header.header')?.getBoundingClientRect();
      return { over: root.scrollWidth - root.clientWidth, covered: header ? Math.max(0, header.bottom) : null };
    });
    expect(over).toBe(0);
    // Scrolled to the end, more than half of the window is the page's own.
    expect(covered).toBeLessThan(128);
    await page.close();
  },
);
