import type { Page } from 'playwright-core';
import { kg, trade, tradePlant } from '../e2e/trade-plant';
import { useApp, useBrowser } from '../support';
import { signedIn, violations } from './console';

const app = useApp({ worker: false });
const browser = useBrowser();
const { order, get, receive, unit } = trade(app);
let page: Page;

beforeAll(async () => {
  await tradePlant(app());
  page = await signedIn(browser(), app());
});

it('a plan of inspection is made on the page of the item, and goods that do not pass it come in on hold', async () => {
  await page.goto('/items/RESIN');
  await page.getByText('Nothing is inspected by plan').waitFor();
  await page.getByRole('button', { name: 'Add a plan' }).click();
  const form = page.getByRole('dialog', { name: 'Add a plan' });
  await form.getByRole('textbox', { name: 'Characteristic' }).fill('viscosity');
  await form.getByRole('textbox', { name: 'At least' }).fill('2');
  await form.getByRole('textbox', { name: 'At most' }).fill('1.5');
  await form.getByRole('textbox', { name: 'Unit' }).fill('Pa.s');
  await form.getByRole('button', { name: 'Add a characteristic' }).click();
  await form.getByRole('textbox', { name: 'Characteristic' }).last().fill('colour');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await form.getByRole('alert').getByText('low is above high').waitFor();
  // The address holds what is open, not what is typed: a reload begins the form anew.
  expect(page.url()).toContain('plan=new');
  await form.getByRole('textbox', { name: 'At most' }).first().fill('4.5');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'From any supplier' }).waitFor();
  await page.getByRole('row', { name: 'viscosity 2 4.5 Pa.s by what is measured' }).waitFor();
  await page.getByRole('row', { name: 'colour passed or failed, as the inspector says' }).waitFor();
  expect(await violations(page)).toEqual([]);

  await receive({
    supplier: 'ACME',
    reason: 'sample',
    lines: [
      {
        item: 'RESIN',
        lot: 'R-9',
        quantity: kg('10'),
        inspection: [
          { characteristic: 'viscosity', measured: '5' },
          { characteristic: 'colour', result: 'pass' },
        ],
      },
    ],
  }).expect(201);
  expect(await unit('RESIN~lot~R-9')).toMatchObject({ holds: [{ reason: 'inspection failed: viscosity' }] });
});

it('a supplier has a plan of its own, opened by its address and changed by keyboard, in the dark too', async () => {
  const dark = await signedIn(browser(), app(), { dark: true });
  await dark.goto('/items/RESIN?plan=new');
  const form = dark.getByRole('dialog', { name: 'Add a plan' });
  await form.getByRole('textbox', { name: 'Supplier' }).fill('ACME');
  await form.getByRole('button', { name: 'Remove 1' }).click();
  await form.getByText('It asks for nothing').waitFor();
  await form.getByRole('button', { name: 'Add a characteristic' }).click();
  await form.getByRole('textbox', { name: 'Characteristic' }).fill('moisture');
  await form.getByRole('checkbox', { name: 'May be skipped' }).check();
  await form.getByRole('button', { name: 'Save' }).click();
  await dark.getByRole('heading', { name: 'From ACME alone' }).waitFor();
  await dark.getByText('may be skipped, with a reason').waitFor();
  expect(await violations(dark)).toEqual([]);

  await dark.getByRole('button', { name: 'Change the plan for ACME' }).press('Enter');
  const change = dark.getByRole('dialog', { name: 'Change the plan for ACME' });
  await change.waitFor();
  expect(dark.url()).toContain('plan=of');
  expect(await violations(dark)).toEqual([]);
  await dark.reload();
  await change.getByRole('textbox', { name: 'At most' }).fill('0.2');
  await dark.keyboard.press('Enter');
  await dark.getByRole('row', { name: 'moisture 0.2 by what is measured' }).waitFor();
  expect((await get('items/RESIN/inspection-plans').expect(200)).body.data).toEqual([
    expect.objectContaining({ supplier: null }),
    {
      supplier: 'ACME',
      plan: { characteristics: [{ name: 'moisture', low: null, high: '0.2', uom: null }], skippable: true },
    },
  ]);
  // Taken away again, the plan for any supplier holds.
  await dark.getByRole('button', { name: 'Change the plan for ACME' }).click();
  await change.getByRole('button', { name: 'Take this plan away: the one for any supplier holds again' }).click();
  await dark.getByRole('heading', { name: 'From ACME alone' }).waitFor({ state: 'detached' });
  expect((await get('items/RESIN/inspection-plans').expect(200)).body.data).toHaveLength(1);
});

it('what is agreed with a partner is changed on its page and holds for its orders', async () => {
  await page.goto('/partners/ACME');
  await page.getByText('nothing of its own: the settings hold').waitFor();
  await page.getByRole('region', { name: 'Agreed' }).getByRole('button', { name: 'Change' }).click();
  const form = page.getByRole('dialog', { name: 'Agreed with ACME' });
  await form.getByRole('textbox', { name: 'Over delivery, %' }).fill('ten');
  await form.getByRole('textbox', { name: 'Short delivery, %' }).fill('2.5');
  await form.getByRole('textbox', { name: 'Days left before expiry' }).fill('30');
  await form.getByRole('combobox', { name: 'Take first' }).selectOption('fifo');
  expect(await violations(page)).toEqual([]);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByRole('alert').waitFor();
  await form.getByRole('textbox', { name: 'Over delivery, %' }).fill('10');
  await page.keyboard.press('Enter');
  await form.waitFor({ state: 'detached' });
  const agreed = page.getByRole('region', { name: 'Agreed' });
  await agreed.getByText('10', { exact: true }).waitFor();
  await agreed.getByText('what came first').waitFor();
  expect(await violations(page)).toEqual([]);
  await order('purchase', 'PO-T', 'ACME', [{ item: 'RESIN', quantity: kg('100') }]);
  expect((await get('purchase-orders/PO-T').expect(200)).body.orderLines[0]).toMatchObject({
    tolerance: { over: '10', short: '2.5' },
  });
  // Emptied, it follows the settings again.
  await page.goto('/partners/ACME?edit=terms');
  await form.getByRole('textbox', { name: 'Short delivery, %' }).fill('');
  await form.getByRole('button', { name: 'Save' }).click();
  await agreed.getByText('2.5').waitFor({ state: 'detached' });
  expect((await get('partners/ACME/terms').expect(200)).body).toEqual({
    overPercent: '10',
    shortPercent: null,
    lifeDaysMin: 30,
    strategy: 'fifo',
  });
});
