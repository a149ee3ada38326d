/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { rows, scan, signedIn, violations } from './console';

const app = useApp({ env: { TASK_RULES_EVERY_SECONDS: '0' } });
const browser = useBrowser();
let page: Page;
const api = () => http(app());
const kg = (value: string) => ({ value, uom: 'kg' });
const event = (id: string, type: string, more: object) => ({ id, type, at: '2026-03-02T08:00:00Z', ...more });

beforeAll(async () => {
  const put = (path: string, body: object) => api().put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg', category: 'chemistry' });
  await put('items/BAT', { name: 'Battery', tracking: 'serial', uom: 'pcs' });
  await put('partners/ACME', { name: 'Acme', kind: 'supplier' });
  await put('places/LYON', { name: 'Lyon', kind: 'site' });
  for (const bin of ['BIN-1', 'BIN-2', 'BIN-10', 'QUAR'])
    await put(`places/${bin}`, {
      name: bin,
      kind: 'bin',
      parent: 'LYON',
      ...(bin === 'BIN-2' && { capacity: { units: 2 } }),
    });
  const received = (lot: string, place: string, more: object = {}) =>
    event(`r-${lot}`, 'receive', { unit: { item: 'RM', lot }, supplier: 'ACME', place, quantity: kg('10'), ...more });
  await api()
    .post('/api/v1/events')
    .send([
      received('LOT-A', 'BIN-10', { revision: 'R2' }),
      received('LOT-B', 'BIN-2', { revision: 'R2' }),
      received('LOT-C', 'BIN-1', { revision: 'R1' }),
      ...['SER-1', 'SER-2', 'SER-3'].map((serial) =>
        event(`c-${serial}`, 'create', { unit: { item: 'BAT', serial }, place: 'BIN-1' }),
      ),
    ])
    .expect(200);
  await put('instructions/COLD', {
    title: 'Keep below 4 °C',
    text: 'Into the cold store at once.',
    severity: 'must',
    acknowledge: true,
    about: { unit: { item: 'RM', lot: 'LOT-A' } },
  });
  page = await signedIn(browser(), app());
});

const verdict = () => page.getByTestId('verdict');
const say = (said: string) => verdict().getByText(said).first().waitFor();

describe('the stock explorer', () => {
  it('groups by a shared trait, selects a group, and puts all of it on hold', async () => {
    await page.goto('/stock?item=RM');
    await page.getByTestId('stock-totals').getByText('3 units').waitFor();
    await page.getByTestId('stock-totals').getByText('30 kg').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Group by').selectOption('revision');
    await page.getByRole('table', { name: 'Stock by revision' }).waitFor();
    expect(new URL(page.url()).searchParams.get('by')).toBe('revision');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Select this group R2' }).click();
    await page.getByText('2 units selected').waitFor();
    expect(new URL(page.url()).searchParams.get('sel')).toBe('all');
    await page.reload();
    await page.getByText('2 units selected').waitFor();
    await page.getByRole('button', { name: 'Hold', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Hold 2 units' });
    await dialog.getByLabel('Reason').fill('wrong revision');
    await dialog.getByLabel('Reference').fill('NCR-5');
    await dialog.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('On hold now').waitFor();
    await page.getByTestId('stock-totals').getByText('2 on hold').waitFor();
    const { body } = await api().get('/api/v1/stock?held=true').expect(200);
    expect(body.data.map((row: { unit: { lot: string } }) => row.unit.lot).sort()).toEqual(['LOT-A', 'LOT-B']);
  });

  it('makes a move task of what is selected by hand', async () => {
    await page.goto('/stock?item=RM&held=held');
    await page.getByLabel('Select RM lot LOT-A').click();
    await page.getByLabel('Select RM lot LOT-B').click();
    await page.getByText('2 units selected').waitFor();
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Have 2 units moved' });
    await dialog.getByLabel('To place').fill('QUAR');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Move' }).click();
    await page.getByRole('link', { name: 'T-1' }).click();
    await page.getByRole('heading', { name: /Move 2 units to QUAR/ }).waitFor();
    await page.getByText('0 of 2').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('asks for labels of all that match, and lists what was asked for', async () => {
    await page.goto('/stock?item=BAT');
    await page.getByRole('button', { name: 'Select all 3' }).click();
    await page.getByRole('button', { name: 'Labels', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Labels for 3 units' });
    await dialog.getByLabel('Labels a unit').fill('2');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('6 labels asked for').waitFor();
    await page.goto('/labels?state=asked');
    await page.getByRole('link', { name: 'BAT serial SER-3' }).waitFor();
    expect(await rows(page).count()).toBe(3);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('State').selectOption('printed');
    await page.getByText('No label is in this state').waitFor();
  });

  it('keeps a view of the stock under a name, also for others, on any computer', async () => {
    await page.goto('/stock?item=RM&held=held&sort=expiry&sel=all');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of a new view').fill('Held resin');
    await page.getByLabel('Others see it too').check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the view Held resin' }).waitFor();
    await page.getByText('for all').waitFor();
    const dark = await signedIn(browser(), app(), { dark: true });
    await dark.goto('/stock');
    await dark.getByRole('button', { name: 'Views' }).press('Enter');
    await dark.getByRole('button', { name: 'Held resin', exact: true }).waitFor();
    expect(await violations(dark)).toEqual([]);
    await dark.getByRole('button', { name: 'Held resin', exact: true }).press('Enter');
    await dark.getByTestId('stock-totals').getByText('2 units').waitFor();
    // What was selected is not a part of it.
    expect([...new URL(dark.url()).searchParams].sort()).toEqual([
      ['held', 'held'],
      ['item', 'RM'],
      ['sort', 'expiry'],
    ]);
  });
});

describe('a task with a wedge scanner', () => {
  it('goes from place to place in walking order, stops what is wrong, asks for an instruction, and is done', async () => {
    await page.goto('/floor/tasks');
    await page.getByRole('link', { name: /T-1/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await scan(page, 'T-1');
    await page.getByRole('list', { name: /Move 2 units/ }).waitFor();
    const lines = () => page.locator('.floor-lines li').allInnerTexts();
    expect((await lines()).map((line) => /LOT-\w/.exec(line)?.[0])).toEqual(['LOT-B', 'LOT-A']);

    await scan(page, 'BIN-1');
    await say('Nothing of this task is at BIN-1; go to BIN-2.');
    await scan(page, 'CMD:CANCEL');
    await scan(page, 'BIN-2');
    await say('BIN-2: 1 units to fetch'.replace('1 units', '1 unit'));
    await scan(page, 'LOT-C');
    await say('RM LOT-C is not on this task; put it back and take RM LOT-B.');
    await scan(page, 'CMD:CANCEL');
    await scan(page, 'LOT-B');
    await say('RM LOT-B to QUAR');
    await page.locator('[data-line="done"]').first().waitFor();
    expect(await violations(page)).toEqual([]);

    await scan(page, 'BIN-10');
    await say('BIN-10: 1 unit to fetch');
    await scan(page, 'LOT-A');
    const asked = page.getByRole('alertdialog');
    await asked.getByText('Keep below 4 °C: Into the cold store at once.', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await scan(page, 'CMD:OK');
    await say('RM LOT-A to QUAR');
    await page.getByTestId('task-status').getByText('Done').waitFor();
    const { body } = await api().get('/api/v1/locate?q=LOT-A').expect(200);
    expect(body.data[0].where).toMatchObject([{ place: 'QUAR', quantity: kg('10') }]);
  });
});

describe('a count with a wedge scanner', () => {
  it('is blind, shows the difference afterwards, and records it with the reason', async () => {
    await page.goto('/tasks');
    await page.getByRole('button', { name: 'New count' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Place').fill('BIN-1');
    await dialog.getByLabel('Item').fill('RM');
    await dialog.getByRole('button', { name: 'Make the task' }).click();
    await page.getByRole('heading', { name: /Count RM at BIN-1/ }).waitFor();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByLabel('Scan a place, then what is there').waitFor();
    await scan(page, 'BIN-1');
    await say('You are at BIN-1.');
    await scan(page, 'LOT-C');
    await say('How much of RM LOT-C is at BIN-1?');
    const field = page.getByLabel('How much of RM lot LOT-C is there, in kg?');
    await field.fill('9.8');
    await field.press('Enter');
    await page.getByTestId('counted').getByText('9.8').waitFor();
    expect(await page.getByText('10 kg').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'All counted' }).click();
    const differences = page.getByRole('table', { name: 'Differences' });
    await differences.getByText('10', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Record them' }).click();
    const reason = page.getByRole('dialog');
    await reason.getByLabel('Reason').fill('spilled');
    await reason.getByRole('button', { name: 'Record them' }).click();
    await page.getByText('The count is recorded').waitFor();
    const { body } = await api().get('/api/v1/locate?q=LOT-C').expect(200);
    expect(body.data[0]).toMatchObject({ where: [{ quantity: kg('9.8') }], last: { type: 'count', by: 'user:admin' } });
  });
});

describe('moving and packing on the floor', () => {
  it('moves what was scanned to the place that is scanned after it', async () => {
    await page.goto('/floor/move');
    await page.getByLabel('Scan what you move').waitFor();
    await scan(page, 'SER-1');
    await scan(page, 'SER-2');
    await waitFor(async () => (await page.getByTestId('hands').locator('li').count()) === 2, {
      what: 'both in the hands',
    });
    expect(await violations(page)).toEqual([]);
    await scan(page, 'BIN-2');
    await say('2 things moved to BIN-2');
    const { body } = await api().get('/api/v1/stock?place=BIN-2').expect(200);
    expect(body.data.map((row: { unit: { serial: string } }) => row.unit.serial)).toEqual(['SER-1', 'SER-2']);
    await scan(page, 'SER-3');
    await scan(page, 'BIN-2');
    await say('BIN-2 is full');
  });

  it('moves a lot that is in several places from the one that is scanned', async () => {
    const two = [
      { type: 'receive', at: '2026-03-01T08:00:00Z', place: 'BIN-1', quantity: { value: '10', uom: 'kg' } },
      { type: 'receive', at: '2026-03-01T08:00:00Z', place: 'BIN-10', quantity: { value: '5', uom: 'kg' } },
    ].map((event) => ({ ...event, unit: { item: 'RM', lot: 'LOT-TWO' }, supplier: 'ACME' }));
    await api().post('/api/v1/events').send(two).expect(200);
    const stock = async () => {
      const { body } = await api().get('/api/v1/stock?q=LOT-TWO').expect(200);
      const rows = body.data as { place: string; quantity: { value: string } }[];
      return rows
        .map(({ place, quantity }) => `${place} ${quantity.value}`)
        .sort()
        .join(', ');
    };
    await page.goto('/floor/move');
    await page.getByLabel('Scan what you move').waitFor();
    // A quantity is typed: too short for a scanner's.
    const quantity = async (value: string) => {
      await page.getByLabel('Scan more, or the place where it goes').fill(value);
      await page.keyboard.press('Enter');
    };
    // Asked for once it is needed …
    await scan(page, 'LOT-TWO');
    await say('Resin, lot LOT-TWO taken');
    await quantity('2');
    await say('2 of Resin, lot LOT-TWO');
    await scan(page, 'QUAR');
    await say('Scan the place that you take it from');
    await scan(page, 'BIN-10');
    await say('1 thing moved to QUAR');
    await waitFor(async () => (await stock()) === 'BIN-1 10, BIN-10 3, QUAR 2', { what: 'what was moved from BIN-10' });
    // … or said before.
    await scan(page, 'BIN-1');
    await say('You are at BIN-1');
    await scan(page, 'LOT-TWO');
    await say('Resin, lot LOT-TWO taken');
    await quantity('4');
    await say('4 of Resin, lot LOT-TWO');
    await scan(page, 'QUAR');
    await say('1 thing moved to QUAR');
    await waitFor(async () => (await stock()) === 'BIN-1 6, BIN-10 3, QUAR 6', { what: 'what was moved from BIN-1' });
  });

  it('packs into a container, shows what is in it, and moves it with its content', async () => {
    await page.goto('/floor/pack');
    await page.getByLabel('Scan a container (SSCC or code)').waitFor();
    await scan(page, '340123450000000017');
    await say('340123450000000017 is new and empty');
    await scan(page, 'SER-1');
    await scan(page, 'SER-2');
    await waitFor(async () => (await page.getByTestId('content').locator('li').count()) === 2, {
      what: 'both in the container',
    });
    expect(await violations(page)).toEqual([]);
    await page.goto('/floor/move');
    await page.getByLabel('Scan what you move').waitFor();
    await scan(page, '340123450000000017');
    await page.getByTestId('hands').getByText('340123450000000017: 2 units').waitFor();
    await scan(page, 'BIN-10');
    await say('1 thing moved to BIN-10');
    const { body } = await api().get('/api/v1/containers/340123450000000017').expect(200);
    expect(body).toMatchObject({ place: 'BIN-10', units: 2 });
  });
});

describe('places, rules and instructions', () => {
  it('show how full each place is, and where a thing is', async () => {
    await page.goto('/place-tree');
    const table = page.getByRole('table', { name: 'Places' });
    await table.getByText('BIN-10').waitFor();
    await page.getByLabel('Scan or type a unit or an item').fill('LOT-A');
    await page.getByTestId('located').getByText('LYON › QUAR').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('are put, run and changed on the screen', async () => {
    await page.goto('/task-rules');
    await page.getByRole('button', { name: 'New rule' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Code').fill('SWEEP');
    await dialog.getByLabel('Kind').selectOption('sweep');
    await dialog.getByLabel('To place').fill('QUAR');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('table', { name: 'Task rules' }).getByText('SWEEP').waitFor();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('Nothing to do now.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('are written, shown on the unit first, and retired', async () => {
    await page.goto('/instructions');
    await page.getByRole('button', { name: 'New instruction' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Code( \*)?$/).fill('INSPECT');
    await dialog.getByLabel('Title').fill('Inspect before use');
    await dialog.getByLabel('Code of what it is about').fill('RM');
    await dialog.getByLabel('Or until').fill('ECN-12');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Inspect before use').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto('/units/RM~lot~LOT-A');
    const shown = page.getByTestId('instructions');
    await shown.getByText('Keep below 4 °C').waitFor();
    await shown.getByText('until ECN-12').waitFor();
    expect(await shown.locator('li strong').allInnerTexts()).toEqual(['Keep below 4 °C', 'Inspect before use']);
    expect(await violations(page)).toEqual([]);
    await page.goto('/instructions?q=INSPECT');
    await page.getByRole('button', { name: 'Retire' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('ECN-12 is in force');
    await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
    await page.getByText('No instruction').waitFor();
  });
});
