/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { http, useApp, useBrowser, waitFor } from '../support';
import { plant, signedIn, violations } from './console';

const app = useApp();
const browser = useBrowser();
const PASSWORD = 'a long enough password';
let anna: Page;
let ben: Page;

beforeAll(async () => {
  await plant(app());
  for (const username of ['anna', 'ben'])
    await http(app())
      .post('/api/v1/users')
      .send({ username, displayName: `${username} of quality`, role: 'coordinator', password: PASSWORD })
      .expect(201);
  anna = await signedIn(browser(), app(), { as: { username: 'anna', password: PASSWORD } });
  ben = await signedIn(browser(), app(), { as: { username: 'ben', password: PASSWORD } });
});

const sign = async (page: Page, verb: string, more: () => Promise<void> = () => Promise.resolve()) => {
  await page.getByRole('button', { name: verb, exact: true }).click();
  const dialog = page.getByRole('dialog', { name: verb });
  await dialog.getByLabel('Why').fill('the cells are bad');
  await more();
  await dialog.getByLabel('Your password again').fill(PASSWORD);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: verb }).click();
};

it('a case goes from a suspect lot to a stop: seen before it is saved, approved by another, held when initiated', async () => {
  await anna.goto('/');
  await anna.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Recalls' }).click();
  await anna.getByText('There is no recall and no drill').waitFor();
  expect(await violations(anna)).toEqual([]);
  await anna.getByRole('link', { name: 'Open a recall or drill' }).click();
  await anna.getByLabel('Title').fill('Bad cells');
  await anna.getByLabel('Class').selectOption('II');
  expect(await violations(anna)).toEqual([]);
  await anna.getByRole('button', { name: 'Open', exact: true }).click();
  await anna.getByRole('heading', { name: 'Bad cells' }).waitFor();
  const address = new URL(anna.url()).pathname;
  await anna.getByText('No scope is saved yet').waitFor();

  await anna.getByLabel('Scan or type a unit').fill('C-BAD');
  await anna.keyboard.press('Enter');
  await anna.getByRole('list', { name: 'Units' }).getByText('C-BAD').waitFor();
  await anna.getByRole('button', { name: 'Show what it would be' }).click();
  const seen = anna.getByTestId('what-if');
  await seen.getByText('Units', { exact: true }).waitFor();
  const fact = (of: ReturnType<Page['getByTestId']>, name: string) =>
    of.locator('dl.facts > div', { hasText: name }).locator('dd').first().innerText();
  expect(await fact(seen, 'Units')).toBe('9');
  expect(await violations(anna)).toEqual([]);
  await seen.getByLabel('Why this is the scope').fill('what the supplier told us');
  await seen.getByRole('button', { name: 'Save as the next version' }).click();
  await anna.getByTestId('scope').getByText('Version 1').first().waitFor();
  // Who saved it does not approve it.
  expect(await anna.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);

  await ben.goto(address);
  await ben.getByTestId('scope').waitFor();
  await sign(ben, 'Approve');
  await ben.getByRole('list', { name: 'Signatures' }).getByText('ben of quality').waitFor();

  await anna.goto(address);
  await anna.getByRole('list', { name: 'Signatures' }).getByText('ben of quality').waitFor();
  await sign(anna, 'Initiate', () => anna.getByLabel('Units in scope, typed to confirm (9)').fill('9'));
  const stopped = anna.getByTestId('coverage');
  await stopped.waitFor();
  await waitFor(async () => (await fact(stopped, 'On hold of what is in house')).includes('100 %'), {
    what: 'all that is in house to be on hold',
  });
  expect(await violations(anna)).toEqual([]);
  const held = await http(app()).get('/api/v1/holds').expect(200);
  expect(held.body.data).toMatchObject([
    { ref: address.split('/').at(-1), reason: expect.stringContaining('Bad cells') },
  ]);
});

it('a drill says on its page that it stops nothing; a wrong password signs nothing', async () => {
  await anna.goto('/recalls/new');
  await anna.getByLabel('Title').fill('Practice');
  await anna.getByLabel('For practice').check();
  await anna.getByRole('button', { name: 'Open', exact: true }).click();
  await anna.getByText('This is for practice: it stops nothing and can reach no customer.').waitFor();
  await anna.getByLabel('Lots or serials as somebody wrote them').fill('C-BAD, C-99');
  await anna.getByLabel('Of the item').fill('CELL');
  await anna.getByRole('button', { name: 'Show what it would be' }).click();
  await anna.getByTestId('what-if').getByText('CELL C-99').waitFor();
  await anna.getByRole('button', { name: 'Withdraw' }).click();
  const dialog = anna.getByRole('dialog', { name: 'Withdraw' });
  await dialog.getByLabel('Why').fill('enough');
  await dialog.getByLabel('Your password again').fill('not my password');
  await dialog.getByRole('button', { name: 'Withdraw' }).click();
  await dialog.getByText(/password is wrong/).waitFor();
  await anna.goto('/recalls?drill=true');
  await anna.getByText('Drill · Draft').waitFor();
});
