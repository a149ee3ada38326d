/// <reference lib="dom" />
/** What the browser tests share: a small plant posted through the API, signing in, and the accessibility check. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { http, TestApp } from '../support';

export const ADMIN = 'admin';

const event = (id: string, type: string, at: string, more: object) => ({ id, type, at, ...more });
const battery = (serial: string) => ({ unit: { item: 'BAT-48', serial } });
const bike = (serial: string) => ({ unit: { item: 'BIKE-1', serial } });
const cells = (lot: string, value = '40') => ({ unit: { item: 'CELL', lot }, quantity: { value, uom: 'pcs' } });
const ship = (id: string, at: string, customer: string, shipment: string, serials: string[]) =>
  event(id, 'ship', at, { customer, shipment, units: serials.map(bike) });

/**
 * Cells in batteries in bikes. Of lot C-BAD come: B1 and B2 for sure; B4 and B5 possibly, because their event used C-GOOD as
 * well. B3 is of C-GOOD alone. So forward from C-BAD: the lot, four batteries, four bikes = 9 units, 5 certain, 4 possible.
 * More of C-BAD is drawn (120) than was received (100): a gap, so the answer is not complete.
 */
export async function plant(app: TestApp): Promise<void> {
  const api = http(app);
  const put = (path: string, body: object) => api.put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/CELL', { name: 'Cell 18650', tracking: 'lot', uom: 'pcs', gtin: '09506000134352' });
  await put('items/BAT-48', { name: 'Battery 48 V', tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE-1', { name: 'City bike', tracking: 'serial', uom: 'pcs' });
  await put('items/BAT-48/boms/A', { lines: [{ component: 'CELL', quantity: '40', uom: 'pcs' }] });
  await put('places/LYON', { name: 'Lyon plant', kind: 'site', timeZone: 'Europe/Paris' });
  await put('places/LYON.RM', { name: 'Raw material', kind: 'zone', parent: 'LYON' });
  await put('places/LYON.L1', { name: 'Line 1', kind: 'zone', parent: 'LYON' });
  await put('partners/CELLWORKS', { name: 'Cellworks Ltd', kind: 'supplier', email: 'quality@cellworks.example' });
  await put('partners/VELO', {
    name: 'Velo Nord',
    kind: 'customer',
    email: 'recall@velo.example',
    phone: '+49 40 1',
    country: 'DE',
  });
  await put('partners/RAD', { name: 'Rad und Tat', kind: 'customer' });
  const made = (id: string, at: string, outputs: object[], inputs: object[], workOrder: string) =>
    event(id, 'produce', at, { place: 'LYON.L1', outputs, inputs, workOrder });
  const received = (id: string, lot: string) =>
    event(id, 'receive', '2026-03-02T08:15:00+01:00', {
      place: 'LYON.RM',
      supplier: 'CELLWORKS',
      supplierLot: `CW-${lot}`,
      refs: { purchaseOrder: 'PO-88' },
      ...cells(lot, '100'),
    });
  await api
    .post('/api/v1/events')
    .send([
      received('r1', 'C-BAD'),
      received('r2', 'C-GOOD'),
      made('p1', '2026-03-03T09:00:00+01:00', [battery('B1')], [cells('C-BAD')], 'WO-1'),
      made('p2', '2026-03-03T10:00:00+01:00', [battery('B2')], [cells('C-BAD')], 'WO-1'),
      made('p3', '2026-03-03T11:00:00+01:00', [battery('B3')], [cells('C-GOOD')], 'WO-1'),
      made(
        'p4',
        '2026-03-03T12:00:00+01:00',
        [battery('B4'), battery('B5')],
        [cells('C-BAD'), cells('C-GOOD')],
        'WO-2',
      ),
      ...['1', '2', '3', '4', '5'].map((n) =>
        made(`f${n}`, `2026-03-04T0${n}:00:00+01:00`, [bike(`F${n}`)], [battery(`B${n}`)], 'WO-9'),
      ),
      ship('s1', '2026-03-05T12:00:00+01:00', 'VELO', 'SH-1', ['F1', 'F2']),
      ship('s2', '2026-03-05T13:00:00+01:00', 'RAD', 'SH-2', ['F3', 'F4']),
    ])
    .expect(200);
}

/** A trace asked through the API and waited for; gives its id. */
export async function traced(app: TestApp, lot: string, more: object = {}): Promise<string> {
  const answer = await http(app)
    .post('/api/v1/traces?wait=30')
    .send({ direction: 'forward', seeds: [{ unit: { item: 'CELL', lot } }], ...more })
    .expect(200);
  return (answer.body as { id: string }).id;
}

/** A window of its own, already signed in, by the same cookie that the form would set. */
export interface SignedInOptions {
  dark?: boolean;
  /** another person than the admin */
  as?: { username: string; password: string };
}

export async function signedIn(browser: Browser, app: TestApp, options: SignedInOptions = {}): Promise<Page> {
  const context = await window(browser, app, options);
  const answer = await context.request.post('/api/v1/auth/login', {
    data: options.as ?? { username: ADMIN, password: app.adminPassword },
  });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  return context.newPage();
}

export function window(browser: Browser, app: TestApp, options: { dark?: boolean } = {}): Promise<BrowserContext> {
  return browser.newContext({
    baseURL: app.url,
    viewport: { width: 1440, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
}

/** What WCAG 2.2 AA finds on the page as it stands, in words; nothing is the only good answer. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  );
}

export const tile = (page: Page, name: string) => page.locator(`[data-tile="${name}"] .tile-value`);
export const rows = (page: Page) => page.locator('.table tbody tr[data-index]');

/**
 * What a wedge scanner does: keys far faster than a hand, then Enter, wherever the focus is. Sent from inside the page, so that
 * a busy machine does not slow them down to typing. GS comes as Ctrl and ].
 */
export async function scan(page: Page, code: string): Promise<void> {
  await page.evaluate((keys) => {
    for (const char of [...keys, 'Enter']) {
      const target = document.activeElement ?? document.body;
      const ctrlKey = char === '\u001d';
      const event = new KeyboardEvent('keydown', {
        key: ctrlKey ? ']' : char,
        ctrlKey,
        bubbles: true,
        cancelable: true,
      });
      if (target.dispatchEvent(event) && char.length === 1 && !ctrlKey) document.execCommand('insertText', false, char);
    }
  }, code);
}
