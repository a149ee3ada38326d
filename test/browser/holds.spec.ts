import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, scan, signedIn, violations, window } from './console';

const app = useApp();
const browser = useBrowser();
let page: Page;
let approver: Page;

beforeAll(async () => {
  await plant(app());
  const PASSWORD = 'long enough for a test';
  await http(app())
    .post('/api/v1/users')
    .send({ username: 'carla', displayName: 'Carla', role: 'coordinator', password: PASSWORD })
    .expect((answer) => expect(answer.status).toBeLessThan(300));
  page = await signedIn(browser(), app());
  const context = await window(browser(), app());
  const answer = await context.request.post('/api/v1/auth/login', { data: { username: 'carla', password: PASSWORD } });
  expect(answer.ok()).toBe(true);
  approver = await context.newPage();
});

const build = (id: string) =>
  http(app())
    .post('/api/v1/events?check=live')
    .send([
      {
        id,
        type: 'produce',
        at: '2026-03-08T08:00:00Z',
        place: 'LYON.RM',
        outputs: [{ unit: { item: 'BAT-48', serial: id } }],
        inputs: [{ unit: { item: 'CELL', lot: 'C-GOOD' }, quantity: { value: '1', uom: 'pcs' } }],
      },
    ]);

describe('holds', () => {
  it('are placed by a query, after a preview that says how much that is', async () => {
    await page.goto('/holds');
    await page.getByText('Nothing is on hold').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Place a hold' }).click();
    await page.getByText('A query', { exact: true }).click();
    await page.getByLabel('Supplier').fill('CELLWORKS');
    await page.getByLabel('Made or received from').fill('2026-03-02');
    await page.getByRole('button', { name: 'Show what that is' }).click();
    await page.getByTestId('hold-preview').getByText('would be held').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Reason', { exact: true }).selectOption('supplier-defect');
    await page.getByLabel('Reference').fill('NC-88');
    await page.getByRole('button', { name: /^Hold \d+ unit/ }).click();
    await page.getByRole('heading', { name: 'Supplier reports a defect' }).waitFor();
    await page.getByText('NC-88').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('stop a live build in the transaction, whatever a screen shows', async () => {
    const refused = await build('B-LIVE');
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('Supplier reports a defect');
  });

  it('stand first on the unit’s page, with whom to ask', async () => {
    await page.goto('/units/CELL~lot~C-GOOD');
    await page.getByText('Supplier reports a defect').waitFor();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.waitForURL('**/holds/*');
  });

  it('end by a decision that one proposes and another approves', async () => {
    await page.getByRole('checkbox', { name: 'Pick CELL lot C-GOOD' }).check();
    await page.getByRole('button', { name: 'Propose a decision' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill('measured again');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await page.waitForURL('**/dispositions/D*');
    await page.getByText('You proposed it: another person must decide.').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);

    await approver.goto('/holds?tab=decisions&state=proposed');
    await approver.getByRole('link', { name: /Use as is/ }).click();
    await approver.getByLabel('Note').fill('agreed');
    await approver.getByRole('button', { name: 'Approve' }).click();
    await approver.getByRole('button', { name: 'Carry out' }).click();
    await approver.getByText('Carried out').first().waitFor();
    expect(await violations(approver)).toEqual([]);
    const free = await build('B-LIVE');
    expect(free.status).toBe(200);
  });

  it('have no faults in the dark', async () => {
    await http(app())
      .post('/api/v1/holds')
      .send({ id: 'dark', units: [{ item: 'BAT-48', serial: 'B5' }], reason: 'Dented' })
      .expect(200);
    const dark = await signedIn(browser(), app(), { dark: true });
    await dark.goto('/holds');
    await dark.getByRole('heading', { name: 'Holds' }).waitFor();
    await dark.getByRole('link', { name: 'Dented' }).waitFor();
    expect(await violations(dark)).toEqual([]);
    await dark.goto('/holds/new?by=query');
    await dark.getByRole('button', { name: 'Show what that is' }).waitFor();
    expect(await violations(dark)).toEqual([]);
    await dark.context().close();
  });
});

describe('holding without a connection', () => {
  it('keeps three scans over a reload, and sends each once when the connection is back', async () => {
    await page.goto('/floor/hold?reason=damaged');
    await page.getByRole('heading', { name: 'Hold' }).waitFor();
    await page.getByLabel('Why is it held?').selectOption('damaged');
    await waitFor(
      () =>
        page.evaluate(
          async () => (await caches.match('/')) !== undefined && navigator.serviceWorker.controller !== null,
        ),
      { what: 'the kept page' },
    );
    await page.context().setOffline(true);
    for (const [index, code] of ['F1', 'F2', 'F3'].entries()) {
      await scan(page, code);
      await page.getByTestId('last-scans').getByText(code, { exact: true }).waitFor();
      await page
        .getByTestId('work-tray')
        .getByText(`${index + 1} to send`)
        .waitFor();
    }
    await page.reload();
    await page.getByTestId('work-tray').getByText('offline, 3 to send').waitFor();
    await page.context().setOffline(false);
    await page.getByTestId('work-tray').waitFor({ state: 'detached' });
    for (const code of ['F1', 'F2', 'F3']) {
      const unit = await http(app()).get(`/api/v1/units/BIKE-1~serial~${code}`).expect(200);
      expect(unit.body.holds.map((hold: { reason: string }) => hold.reason)).toEqual(['Damaged']);
    }
  });

  it('never sets anything free', async () => {
    const groups = await http(app()).get('/api/v1/holds?q=Damaged').expect(200);
    await page.goto(`/holds/${groups.body.data[0].group}`);
    await page.getByRole('button', { name: 'Release' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Release' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why is it safe?').fill('no');
    await dialog.getByRole('button', { name: /^Release \d+ hold/ }).click();
    await dialog.getByText('nothing is set free or taken back without a connection').waitFor();
    await page.context().setOffline(false);
    await page.goto('/floor');
    await page.getByText('All is sent.').waitFor();
    const after = await http(app()).get(`/api/v1/holds/${groups.body.data[0].group}`).expect(200);
    expect(after.body.units).toBe(groups.body.data[0].units);
  });
});
