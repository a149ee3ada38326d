import type { Page } from 'playwright-core';
import { http, useApp, useBrowser } from '../support';
import { signedIn, violations } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;

beforeAll(async () => {
  await http(app()).put('/api/v1/items/GLUE').send({ name: 'Glue', tracking: 'lot', uom: 'kg' }).expect(200);
  await http(app())
    .put('/api/v1/attributes/density')
    .send({ label: 'Density', type: 'number', uom: 'g/ml', appliesTo: 'unit' })
    .expect(200);
  const receipt = {
    type: 'receive',
    at: '2026-03-01T08:00:00Z',
    unit: { item: 'GLUE', lot: 'G1' },
    quantity: { value: '5', uom: 'kg' },
    attributes: { density: 1.2 },
  };
  await http(app()).post('/api/v1/events').send([receipt]).expect(200);
  page = await signedIn(browser(), app());
});

it('shows what is recorded of a unit, and changes it with a reason', async () => {
  await page.goto('/units/GLUE~lot~G1');
  await page.getByText('1.2 g/ml').waitFor();
  await page.getByRole('button', { name: 'Change an attribute' }).click();
  await page.getByRole('combobox', { name: 'Attribute' }).fill('density');
  await page.getByLabel('Value').fill('heavy');
  await page.getByLabel('Reason').fill('measured again');
  await page.getByRole('button', { name: 'Record the change' }).click();
  await page.getByText('its definition asks for a decimal number').waitFor();
  await page.getByLabel('Value').fill('1.25');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Record the change' }).click();
  await page.getByText('1.25 g/ml').waitFor();
});
