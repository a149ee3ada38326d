/** Who is told what: consignees and their lines, drafts, previews, and what a drill can never do. */
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { AnswerLinks } from '@/quality/notices/app/answer-links';
import { AnswerRecall } from '@/quality/notices/app/answer-recall';
import { ComposeNotice } from '@/quality/notices/app/compose-notice';
import { DraftNotices } from '@/quality/notices/app/draft-notices';
import { PutText } from '@/quality/notices/app/put-text';
import { answersPage } from '@/quality/notices/queries/answers';
import { consigneesPage, oneConsignee } from '@/quality/notices/queries/consignees';
import { linesPage } from '@/quality/notices/queries/lines';
import { noticesPage, noticeSummary } from '@/quality/notices/queries/notices';
import { checkedText } from '@/quality/notices/queries/texts';
import { letterPdf } from '@/quality/notices/writers/letter-pdf';
import { recallByKey } from '@/quality/recalls';
import { deliver, noticeCase, scopeVersion } from '../support/notice-case';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'system:notices', source: 'system:notices' };
const settings = new Settings({
  DATABASE_URL: 'postgres://u@h/d',
  REDIS_URL: 'redis://h',
  PUBLIC_URL: 'https://recalls.plant.example/',
});
const drafts = () => new DraftNotices(db().uow);
const compose = () => new ComposeNotice(db().database, new AnswerLinks(settings));
const recallOf = (key: string) => recallByKey(db().database, key);
const notices = async (key: string) =>
  (await noticesPage(db().database, await recallOf(key), {}, undefined, 1_000)).data;
const consignees = async (key: string, filter: Parameters<typeof consigneesPage>[2] = {}) =>
  (await consigneesPage(db().database, await recallOf(key), filter, undefined, 100)).data;

const SHOPS = [
  { code: 'A', name: 'Shop A', email: 'a@shop.example', country: 'FR' },
  { code: 'B', name: 'Shop <b>B</b>', address: '1 High Street', country: 'GB' },
  { code: 'C', name: 'Shop C', phone: '+44 1' },
  { code: 'E', name: 'Shop E' },
];

describe('consignees', () => {
  it('are those of the deliveries in scope, with what each has; the unknown one stands first', async () => {
    const key = await noticeCase(db(), { customers: SHOPS.slice(0, 2) });
    await deliver(db(), key, 1, [
      { customer: null, item: 'WURST', kind: 'lot', code: 'L-A', quantity: '3', document: 'CASH' },
      { customer: 'A', item: 'WURST', kind: 'lot', code: 'L-A', quantity: '0.5', document: 'DN-A-9' },
    ]);
    const [unknown, a, b] = await consignees(key);
    expect(unknown).toMatchObject({ consignee: '-', name: 'unknown customer', lines: 1 });
    expect(unknown!.problem).toMatch(/find out who has them/);
    expect(a).toMatchObject({
      consignee: 'A',
      lots: 1,
      serials: 2,
      documents: 3,
      notice: null,
      owes: false,
      items: [
        { item: 'WURST', kind: 'lot', units: 1, quantity: { value: '13', uom: 'kg' } },
        { item: 'BIKE', kind: 'serial', units: 2, quantity: { value: '2', uom: 'pcs' } },
      ],
    });
    expect(b!.problem).toBeNull();
    expect(await consignees(key, { q: 'shop a' })).toHaveLength(1);
  });

  it('know the bike and not the cells in it, unless the bike itself is not in scope', async () => {
    const key = await noticeCase(db(), { customers: [SHOPS[0]!] });
    await db().asOwner(
      `INSERT INTO unit (batch_id, item_id, kind, code) SELECT 1, item_id, 'serial', 'FOREIGN' FROM item WHERE code = 'BIKE'`,
    );
    await deliver(db(), key, 1, [
      { customer: 'A', item: 'WURST', kind: 'lot', code: 'CELLS', quantity: null, document: null, inside: 'S-A-1' },
      { customer: 'A', item: 'WURST', kind: 'lot', code: 'OTHER', quantity: null, document: null, inside: 'FOREIGN' },
    ]);
    const recall = await recallOf(key);
    const one = await oneConsignee(db().database, recall, await partnerId('A'), 'A');
    expect(one.lines).toBe(4);
    const of = { recallId: recall.recallId, version: recall.version, partnerId: await partnerId('A') };
    const { data } = await linesPage(db().database, of, undefined, 100);
    expect(data.map((line) => line.code).sort()).toEqual(['L-A', 'OTHER', 'S-A-1', 'S-A-2']);
    expect(data.find((line) => line.code === 'OTHER')).toMatchObject({ inside: 'BIKE FOREIGN', quantity: null });
  });
});

const partnerId = async (code: string): Promise<number> =>
  (await db().asOwner<{ id: number }>('SELECT partner_id AS id FROM partner WHERE code = $1', [code]))[0]!.id;

describe('drafting', () => {
  it('makes one notice a consignee, by the way it is reached, and none again', async () => {
    const key = await noticeCase(db(), { customers: SHOPS });
    expect(await drafts().execute(ctx, key)).toEqual({ drafted: 4 });
    expect((await notices(key)).map(({ consignee, channel, address }) => [consignee, channel, address])).toEqual([
      ['A', 'email', 'a@shop.example'],
      ['B', 'letter', '1 High Street\nGB'],
      ['C', 'phone', '+44 1'],
      ['E', 'letter', null],
    ]);
    const twice = await Promise.all([drafts().execute(ctx, key), drafts().execute(ctx, key)]);
    expect(twice).toEqual([{ drafted: 0 }, { drafted: 0 }]);
    expect(await noticeSummary(db().database, await recallOf(key))).toMatchObject({
      notices: { draft: 4 },
      ready: { email: 1, letter: 2, phone: 1 },
      consignees: 4,
      answered: 0,
      owing: 0,
    });
  });

  it('does nothing before a case is initiated, nor after it is closed', async () => {
    for (const state of ['draft', 'approved']) {
      const key = await noticeCase(db(), { customers: SHOPS, state });
      expect(await drafts().execute(ctx, key)).toEqual({ drafted: 0 });
    }
  });

  it('tells of what comes under the scope later: in the draft that waits, or in a notice of its own', async () => {
    const key = await noticeCase(db(), { customers: SHOPS.slice(0, 2) });
    await drafts().execute(ctx, key);
    await db().asOwner(
      `UPDATE recall_notice SET state = 'sent' WHERE recall_id = (SELECT recall_id FROM recall WHERE key = $1) AND notice_no = 1`,
      [key],
    );
    await scopeVersion(db(), key, 2);
    await deliver(
      db(),
      key,
      2,
      ['A', 'B'].map((code) => ({
        customer: code,
        item: 'WURST',
        kind: 'lot',
        code: `L2-${code}`,
        quantity: '1',
        document: 'DN-2',
      })),
    );
    expect(await drafts().execute(ctx, key)).toEqual({ drafted: 1 });
    expect((await notices(key)).map((one) => [one.consignee, one.state, one.version])).toEqual([
      ['A', 'sent', 1],
      ['B', 'draft', 2],
      ['A', 'draft', 2],
    ]);
  });

  it('follows the address as long as it is a draft', async () => {
    const key = await noticeCase(db(), { customers: [{ code: 'MOVED', phone: '1' }] });
    await drafts().execute(ctx, key);
    await db().asOwner(`UPDATE partner SET email = 'new@moved.example' WHERE code = 'MOVED'`);
    await drafts().execute(ctx, key);
    expect(await notices(key)).toMatchObject([{ channel: 'email', address: 'new@moved.example', state: 'draft' }]);
  });

  it('drafts 10,000 consignees of a drill in seconds', async () => {
    const customers = Array.from({ length: 10_000 }, (_, i) => ({ code: `MANY-${i}`, email: `m${i}@many.example` }));
    const key = await noticeCase(db(), { customers, drill: true });
    const from = Date.now();
    expect(await drafts().execute(ctx, key)).toEqual({ drafted: 10_000 });
    // Looking again, as every send does, costs no more.
    expect(await drafts().execute(ctx, key)).toEqual({ drafted: 0 });
    expect(Date.now() - from).toBeLessThan(10_000);
    expect((await noticeSummary(db().database, await recallOf(key))).notices).toEqual({ draft: 10_000 });
    const page = await consigneesPage(db().database, await recallOf(key), {}, undefined, 50);
    expect(page.data).toHaveLength(50);
    expect(page.nextCursor).not.toBeNull();
  });
});

describe('a notice', () => {
  const draft = async (options: Parameters<typeof noticeCase>[1]): Promise<string> => {
    const key = await noticeCase(db(), options);
    await drafts().execute(ctx, key);
    return key;
  };

  it('tells its consignee its own lots, serials, quantities, dates and documents, and nobody else’s', async () => {
    const key = await draft({ customers: SHOPS.slice(0, 2) });
    const { html, text, attachments, document } = await compose().execute(key, 1, false);
    for (const said of [
      'Shop A',
      'L-A',
      'S-A-1',
      '12.5 kg',
      'DN-A-2',
      '2026-03-02',
      'Listeria was found',
      'Anna Quality',
    ]) {
      expect(html).toContain(said);
      expect(text).toContain(said);
    }
    expect(html).not.toContain('L-B');
    expect(document.subject).toBe(`URGENT: PRODUCT RECALL – Smoked sausage 200 g (${key})`);
    expect(attachments).toEqual([]);
  });

  it('takes nothing for HTML that people or records say', async () => {
    const key = await draft({ customers: [SHOPS[1]!], details: { product: '<img src=x onerror=alert(1)>' } });
    const { html } = await compose().execute(key, 1, false);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('<b>B</b>');
    expect(html).toContain('&#60;img');
  });

  it('sums up many serials, and attaches all of them with formulas defused', async () => {
    const key = await noticeCase(db(), { customers: [SHOPS[0]!] });
    await deliver(
      db(),
      key,
      1,
      ['=1+1', ...Array.from({ length: 40 }, (_, i) => `LONG-${i}`)].map((code) => ({
        customer: 'A',
        item: 'BIKE',
        kind: 'serial',
        code,
        quantity: '1',
        document: 'DN-LONG',
      })),
    );
    await drafts().execute(ctx, key);
    const { html, attachments } = await compose().execute(key, 1, false);
    expect(html).toContain('43 serial numbers');
    expect(html).not.toContain('LONG-7<');
    expect(html).toContain(`${key}-lines.csv`);
    const csv = attachments[0]!.content.toString('utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(1 + 44);
    expect(csv).toContain(`"'=1+1"`);
  });

  it('is written in the language of the consignee’s country where the case has a text in it', async () => {
    const key = await noticeCase(db(), { customers: SHOPS.slice(0, 2), jurisdiction: 'EU-GPSR' });
    const put = new PutText(db().uow);
    const recall = await recallOf(key);
    expect((await checkedText(db().database, recall, 'en', true)).missing).toContain('eu-language');
    const french = await checkedText(db().database, recall, 'fr', true);
    expect(french.source).toBe('built-in');
    await put.ofCase(ctx, key, 'fr', {
      subject: french.subject,
      body: french.body.replace(/\[\[.*?\]\]/g, 'Au choix.'),
    });
    const after = await checkedText(db().database, recall, 'fr', true);
    expect(after).toMatchObject({ source: 'case', missing: [], languages: ['en', 'fr'] });
    await drafts().execute(ctx, key);
    expect((await compose().execute(key, 1, false)).html).toContain('Rappel de produit pour raisons');
    expect((await compose().execute(key, 2, false)).html).toContain('Product safety recall');
    await expect(put.ofCase(ctx, key, 'fr', { subject: '{{prodct}}', body: 'x' })).rejects.toMatchObject({
      code: 'NOTICE_FIELD_UNKNOWN',
    });
  });

  it('prints as a letter, whatever characters are in it', async () => {
    const key = await draft({ customers: [SHOPS[1]!], details: { product: 'Wurst 香腸' } });
    const { document, at } = await compose().execute(key, 1, true);
    const parts: Buffer[] = [];
    for await (const part of await letterPdf(document, { to: ['Shop B', '1 High Street'], at }))
      parts.push(part as Buffer);
    expect(Buffer.concat(parts).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('of a drill says so above and below, and can never be anything but a draft', async () => {
    const key = await draft({ customers: [SHOPS[0]!], drill: true });
    const { html, document } = await compose().execute(key, 1, true);
    expect(html.match(/DRILL – NOT A RECALL/g)!.length).toBeGreaterThanOrEqual(3);
    expect(document.subject).toMatch(/^DRILL/);
    const { recallId } = await recallOf(key);
    for (const state of ['queued', 'sending', 'sent', 'done'])
      await expect(
        db().database.query('UPDATE recall_notice SET state = $2 WHERE recall_id = $1', [recallId, state]),
      ).rejects.toThrow('recall_notice_drill');
  });
});

describe('an answer', () => {
  const anna: Context = { actor: 'user:anna', source: 'user:anna' };
  const say = (key: string, id: string, more: object) =>
    new AnswerRecall(db().uow).byPhone(anna, key, 'A', { id, name: 'Ada', lines: [], ...more });

  it('that all of it was found says so of each line whose amount is known, and of no other', async () => {
    const key = await noticeCase(db(), { customers: [SHOPS[0]!] });
    await deliver(db(), key, 1, [
      { customer: 'A', item: 'WURST', kind: 'lot', code: 'UNKNOWN', quantity: null, document: null },
    ]);
    expect(await say(key, 'all', { rest: 'found' })).toEqual({ changed: 3, answered: 3, lines: 4 });
    // The same again changes nothing, and leaves no second trace.
    expect(await say(key, 'again', { rest: 'found' })).toEqual({ changed: 0, answered: 3, lines: 4 });
    expect(await say(key, 'none', { rest: 'none' })).toEqual({ changed: 4, answered: 4, lines: 4 });
    const { recallId } = await recallOf(key);
    const { data } = await answersPage(db().database, recallId, await partnerId('A'), undefined, 100);
    expect(data.filter((one) => one.superseded)).toHaveLength(3);
    expect(data.filter((one) => !one.superseded).map((one) => one.found)).toEqual(['0', '0', '0', '0']);
  });

  it('of two at one moment leaves one in force for each line', async () => {
    const key = await noticeCase(db(), { customers: [SHOPS[0]!] });
    await Promise.all(['sold', 'found', 'returned', 'destroyed'].map((rest) => say(key, rest, { rest })));
    const { recallId } = await recallOf(key);
    const { data } = await answersPage(db().database, recallId, await partnerId('A'), undefined, 100);
    expect(data.filter((one) => !one.superseded)).toHaveLength(3);
    expect(data).toHaveLength(12);
  });

  it('is taken while a case runs, from those who have something of it', async () => {
    const key = await noticeCase(db(), { customers: [SHOPS[0]!], state: 'approved' });
    await expect(say(key, 'early', { rest: 'none' })).rejects.toMatchObject({ code: 'RECALL_STATE' });
    const running = await noticeCase(db(), { customers: [SHOPS[1]!] });
    const line = { line: 'u1', found: '1' };
    await expect(say(running, 'not mine', { lines: [line] })).rejects.toMatchObject({ code: 'ANSWER_LINE' });
  });
});
