import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { http, ROOT, seedDemo, useApp, useBrowser } from '../support';
import { scan, signedIn, violations } from './console';

/** The tour of the README, to the letter: what it tells to scan is what is scanned here, and nothing else. */
const app = useApp();
const browser = useBrowser();
const scanned: string[] = [];
let page: Page;

const verdict = () => page.getByTestId('verdict');
const says = (words: string) => verdict().filter({ hasText: words }).first().waitFor();
const scans = async (code: string): Promise<void> => {
  scanned.push(code);
  await scan(page, code);
};
const floor = async (): Promise<void> => {
  await page.getByRole('link', { name: 'Floor', exact: true }).first().click();
  await page.getByRole('link', { name: /^Build/ }).waitFor();
};

beforeAll(async () => {
  await seedDemo(app());
  page = await signedIn(browser(), app());
  await page.goto('/');
});

describe('the first tour on the floor', () => {
  it('builds a bike: the held battery is refused, another offered and taken once its instruction is read', async () => {
    await floor();
    await scans('CMD:GO:build');
    await page.getByRole('link', { name: 'WO-D-1' }).waitFor();
    await scans('WO-D-1');
    await page.getByRole('heading', { level: 1, name: 'Build · WO-D-1' }).waitFor();
    await scans('CMD:NEXT');

    await page.getByRole('heading', { level: 1, name: 'Build EB-CITY EB-D01' }).waitFor();
    await scans('FR-D1');
    await says('FRAME-M FR-D1 for line 1 (FRAME): 1 of 1 pcs.');
    await scans('B52-D1');
    await says('BAT-52 B52-D1 is on hold: swollen.');
    await verdict().getByText('B52L-D1').waitFor();
    await scans('CMD:1');
    await says('screw adapter RA-8 to the frame');
    await scans('CMD:OK');
    await says('as the approved substitute of BAT-52: 1 of 1 pcs.');
    for (const code of ['MO-D1', 'CT-D1', 'SCREW-D1', 'TYRE-D1']) await scans(code);
    await says('All is built in: finish the build.');
    await scans('CMD:FINISH');
    await says('EB-CITY serial EB-D01 is finished.');
    await page.getByTestId('as-built').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('loads a feeder', async () => {
    await floor();
    await scans('CMD:GO:load');
    await page.waitForURL('**/floor/load');
    await scans('SMT2-F01');
    await says('scan the material now');
    await scans('MCU-D1');
    await says('MCU-M4 MCU-D1 is on PCB-CTL SMT2-F01 now.');
  });

  it('picks an order', async () => {
    await floor();
    await scans('CMD:GO:pick');
    await page.getByRole('link', { name: 'SO-D-1' }).waitFor();
    await scans('SO-D-1');
    await page.getByRole('heading', { level: 1, name: 'Pick · SO-D-1' }).waitFor();
    await scans('LYON.OUT');
    await page.getByRole('button', { name: 'Start a pick' }).click();
    await page.getByRole('cell', { name: 'EB-CITY serial EB-000003', exact: true }).waitFor();
    await scans('EB-000003');
    await says('EB-000003');
    await scans('EB-000022');
    await says('All is picked');
  });

  it('is where the battery is found afterwards', async () => {
    const built = await http(app()).get('/api/v1/units/EB-CITY~serial~EB-D01/contains').expect(200);
    expect(JSON.stringify(built.body)).toContain('B52L-D1');
  });

  it('finds the work that waits besides', async () => {
    const order = await http(app()).get('/api/v1/purchase-orders/PO-D-1').expect(200);
    expect(order.body.orderLines[0]).toMatchObject({ item: 'BAT-52', announced: { value: '6', uom: 'pcs' } });
    for (const code of ['PAL-D1', 'BOX-D1']) await http(app()).get(`/api/v1/containers/${code}`).expect(200);
    await page.goto('/holds');
    await page.getByText('certificate is missing').first().waitFor();
  });

  it('scanned what the README says, and in its order', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, tour] = /\n### The first tour on the floor, in two minutes\n([^]*?)\n##/.exec(readme) ?? [];
    const steps = (tour ?? '').split('\n').filter((line) => /^(\d\.| {2}) /.test(line));
    expect(steps.flatMap((step) => [...step.matchAll(/`([^`]+)`/g)].map((match) => match[1]))).toEqual(scanned);
  });
});
