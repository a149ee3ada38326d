/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, rows, signedIn, traced } from './console';

const app = useApp({ env: { TIME_ZONE: 'Europe/Paris' } });
const browser = useBrowser();
let page: Page;
let trace: string;

beforeAll(async () => {
  await plant(app());
  trace = await traced(app(), 'C-BAD');
  page = await signedIn(browser(), app());
});

const why = () => page.getByTestId('why');
const shown = (count: number) => waitFor(async () => (await rows(page).count()) === count, { what: `${count} rows` });
const codes = () => rows(page).locator('.unit-link .code').allInnerTexts();

describe('the list of units', () => {
  it('is sorted by the server, and the order is in the address', async () => {
    await page.goto(`/traces/${trace}`);
    await shown(9);
    await page.getByRole('button', { name: 'Made', exact: true }).click();
    await waitFor(async () => (await codes())[0] === 'C-BAD', { what: 'the oldest first' });
    await page.getByRole('columnheader', { name: 'Made' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
    await page.getByRole('button', { name: 'Made', exact: true }).click();
    await waitFor(async () => (await codes())[0]?.startsWith('F'), { what: 'the newest first' });
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-made');
    await page.reload();
    await shown(9);
    expect((await codes()).at(-1)).toBe('C-BAD');
  });

  it('is filtered by the month in which a unit was made, and by kind', async () => {
    await page.goto(`/traces/${trace}`);
    const months = page.getByRole('region', { name: 'By month made' });
    await months.locator('.facet-row').first().waitFor();
    expect(await months.locator('.facet-row').allInnerTexts()).toEqual([expect.stringMatching(/2026-03[\s\S]*9/)]);
    await months.getByRole('link').click();
    await page.getByRole('button', { name: 'Remove the filter Made 2026-03' }).waitFor();
    await shown(9);
    await page.locator('[data-tile="lots"]').click();
    await shown(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await shown(9);
  });

  it('shows expected amounts and shares, and says where they are not known', async () => {
    await page.goto(`/traces/${await traced(app(), 'C-GOOD')}`);
    const row = (code: string) => rows(page).filter({ hasText: code });
    await row('lot C-GOOD').getByText('100 %').waitFor();
    // A part that is installed moves no amount: what is in its parent is not known.
    await row('serial F3').getByText('not known').first().waitFor();
  });

  it('picks rows, which go along to a new trace', async () => {
    await page.goto(`/traces/${trace}`);
    await page.getByRole('checkbox', { name: 'Pick BIKE-1 serial F1' }).check();
    await page.getByRole('checkbox', { name: 'Pick BIKE-1 serial F4' }).check();
    await page.getByText('2 units picked').waitFor();
    await page.reload();
    await page.getByText('2 units picked').waitFor();
    await page.getByRole('link', { name: 'Trace them backward' }).click();
    await page.waitForURL('**/traces/new**');
    // The list that was left names the unit too: it is the seed that is waited for.
    await page.locator('.seed-row').getByRole('link', { name: 'BIKE-1 serial F4' }).waitFor();
    expect(await page.locator('.seed-row').count()).toBe(2);
    expect(new URL(page.url()).searchParams.get('direction')).toBe('backward');
  });

  it('selects all that match, only for as long as the filters stand', async () => {
    await page.goto(`/traces/${trace}?item=BIKE-1`);
    await page.getByRole('button', { name: 'Select all 4 matching' }).click();
    await page.getByText('All 4 matching units picked').waitFor();
    await page.getByRole('button', { name: 'Remove the filter Item BIKE-1' }).click();
    await shown(9);
    expect(await page.locator('.picked-bar').count()).toBe(0);
  });

  it.each([
    ['CSV (spreadsheets)', 'csv'],
    ['NDJSON (programs)', 'ndjson'],
  ])('gives exactly what the filters let pass as %s', async (name, kind) => {
    await page.goto(`/traces/${trace}?item=BIKE-1&sort=-key`);
    await shown(4);
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export filtered' }).click();
    await page.getByRole('menuitem', { name }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toBe(`trace-${trace}-units.${kind}`);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    const units = kind === 'csv' ? lines.slice(1) : lines;
    expect(units.map((line) => /F\d/.exec(line)?.[0])).toEqual(['F5', 'F4', 'F2', 'F1']);
  });

  it('keeps a view under a name, for this person', async () => {
    await page.goto(`/traces/${trace}?item=BIKE-1&certainty=possible&sort=-made&hide=name`);
    await shown(2);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of a new view').fill('Doubtful bikes');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the view Doubtful bikes' }).waitFor();
    await page.goto(`/traces/${trace}`);
    await shown(9);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Doubtful bikes', exact: true }).click();
    await shown(2);
    expect(new URL(page.url()).search).toBe('?item=BIKE-1&certainty=possible&sort=-made&hide=name');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Remove the view Doubtful bikes' }).click();
    await page.getByText('None yet.').waitFor();
  });
});

describe('the panel beside a list', () => {
  it('steps up and down stream with [ and ], and keeps the way in the address', async () => {
    await page.goto(`/traces/${trace}?q=F1`);
    await shown(1);
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F1 on the list?' }).click();
    const heading = why().locator('.why-unit .unit-link');
    await heading.getByText('F1').waitFor();
    await why().locator('.chain').waitFor();
    await page.keyboard.press('[');
    await heading.getByText('B1').waitFor();
    await why().locator('.chain').waitFor();
    await page.keyboard.press('[');
    await heading.getByText('C-BAD').waitFor();
    expect(await why().getByRole('navigation', { name: 'The way here' }).getByRole('listitem').count()).toBe(3);
    await page.keyboard.press(']');
    await heading.getByText('B1').waitFor();
    await page.reload();
    await heading.getByText('B1').waitFor();
    await why().getByRole('button', { name: 'BIKE-1 serial F1' }).first().click();
    await heading.getByText('F1').waitFor();
    await page.keyboard.press('Escape');
    await why().waitFor({ state: 'detached' });
    // The list was there all the time.
    await shown(1);
  });

  it('drills from a lot to what it went into, and says of what lies beside the trace that it was not reached', async () => {
    await page.goto(`/traces/${trace}?why=CELL~lot~C-BAD`);
    await why().locator('.chain').waitFor();
    await why().getByRole('button', { name: 'BAT-48 serial B4' }).click();
    await why().locator('.why-unit').getByText('B4').waitFor();
    await why().getByRole('button', { name: 'CELL lot C-GOOD' }).click();
    await why().getByText('is not among the units of this trace').waitFor();
  });

  it('names the fact that would settle a possible unit', async () => {
    await page.goto(`/traces/${trace}?certainty=possible`);
    await page.getByRole('button', { name: 'Why is BAT-48 serial B4 on the list?' }).click();
    await why().getByText('this fact would settle it').waitFor();
    expect(await why().locator('.why-possible').innerText()).toContain(
      'which of them went into which was not recorded',
    );
  });

  it('says of an excluded unit at which link the way to it ends', async () => {
    const late = await traced(app(), 'C-BAD', {
      seeds: [{ unit: { item: 'CELL', lot: 'C-BAD' }, from: '2026-03-03T08:30:00.000Z' }],
    });
    await page.goto(`/traces/${late}?tab=excluded`);
    await page.getByRole('button', { name: 'Why is BIKE-1 serial F1 not on the list?' }).click();
    await why().getByText('Not affected').waitFor();
    const failed = why().locator('.chain-failed');
    await failed.getByText('Here the way ends').waitFor();
    await failed.getByRole('link', { name: 'BAT-48 serial B1' }).waitFor();
  });

  it('opens beside the graph from a lot that is drawn there', async () => {
    await page.goto(`/traces/${trace}?tab=graph&by=lot`);
    await page
      .getByTestId('graph')
      .getByRole('button', { name: /^CELL C-BAD/ })
      .click();
    await why().locator('.why-unit').getByText('C-BAD').waitFor();
    expect(await page.getByTestId('graph').count()).toBe(1);
  });
});

describe('a new question', () => {
  const seeds = encodeURIComponent(JSON.stringify([{ u: 'CELL~lot~C-BAD' }]));

  it('asks for a justification of a limit, and sends limit, priority and source exactly', async () => {
    await page.goto(`/traces/new?seeds=${seeds}`);
    await page.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
    const start = page.getByRole('button', { name: 'Start the trace' });
    await page.getByLabel('Leave out below a share of').fill('0');
    await page.getByText('A percentage above 0').waitFor();
    await page.getByLabel('Leave out below a share of').fill('0.1');
    await page.getByText('Say why less than that share is safe.').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel('Why is less than that safe?').fill('below what can be tasted');
    await page.getByText('More: priority and source').click();
    await page.getByLabel('Priority').selectOption('recall');
    await page.getByLabel('Answered by').selectOption('sql');
    const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/traces'));
    await start.click();
    expect((await asked).postDataJSON()).toEqual({
      direction: 'forward',
      seeds: [{ unit: { item: 'CELL', lot: 'C-BAD' } }],
      thresholdShare: '0.001',
      justification: 'below what can be tasted',
      priority: 'recall',
      source: 'sql',
    });
    await page.getByText('share from 0.1 %').waitFor();
    await page.getByText('“below what can be tasted”').waitFor();
    await page.getByText('answered by the database').waitFor();
  });

  it('asks as it was known when an earlier question was asked', async () => {
    await page.goto(`/traces/new?seeds=${seeds}`);
    await page.getByRole('link', { name: 'CELL lot C-BAD' }).waitFor();
    const then = page.getByLabel('Or as it was known when');
    const position = await then.locator('option').nth(1).getAttribute('value');
    await then.selectOption({ index: 1 });
    expect(await page.getByLabel('As known at ledger position').inputValue()).toBe(position);
    await page.getByRole('button', { name: 'Start the trace' }).click();
    await page.getByText(`as known at ledger position ${position}`).waitFor();
  });
});

describe('comparing', () => {
  it('asks the same again of all that is recorded now, and lists what changed with the reason', async () => {
    await http(app())
      .post('/api/v1/events')
      .send([
        {
          id: 'late-1',
          type: 'produce',
          at: '2026-03-03T15:00:00+01:00',
          place: 'LYON.L1',
          outputs: [{ unit: { item: 'BAT-48', serial: 'B9' } }],
          inputs: [{ unit: { item: 'CELL', lot: 'C-BAD' }, quantity: { value: '5', uom: 'pcs' } }],
        },
        { id: 'late-2', type: 'void', at: '2026-03-03T16:00:00+01:00', event: 'p1', reason: 'entered twice' },
      ])
      .expect(200);
    await page.goto(`/traces/${trace}`);
    await page.getByRole('button', { name: 'Ask again now' }).click();
    const changes = page.getByRole('list', { name: 'Changes' });
    await changes.getByRole('link', { name: '1 Added' }).waitFor();
    const b9 = rows(page).filter({ hasText: 'B9' });
    await b9.getByText('Not reached', { exact: true }).waitFor();
    await b9.getByText(/was not reached and is affected \(certain\) now/).waitFor();
    await changes.getByRole('link', { name: /Removed/ }).click();
    await waitFor(async () => (await codes()).includes('B1') && !(await codes()).includes('B9'), {
      what: 'what went out',
    });
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export filtered' }).click();
    await page.getByRole('menuitem', { name: 'CSV (spreadsheets)' }).click();
    const csv = readFileSync(await (await coming).path(), 'utf8');
    expect(csv).toContain('B1');
    expect(csv).not.toContain('B9');
  });

  it('takes another trace of the same direction, and says where the questions differ', async () => {
    const certain = await traced(app(), 'C-BAD', { certainty: 'certain' });
    await page.goto(`/traces/${trace}?tab=compare`);
    await page.getByText('Compare with another trace').waitFor();
    await page.getByLabel('Compare with').selectOption(certain);
    await page.getByText('The two questions are not the same').waitFor();
    await page.getByText(/They differ in .*which certainty counts/).waitFor();
    expect(new URL(page.url()).searchParams.get('other')).toBe(certain);
  });
});
