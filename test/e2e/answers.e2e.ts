/** What consignees answer by their links: their own lines alone, one answer in another's stead, and nothing for whoever guesses. */
import { noticeCase } from '../support/notice-case';
import { useMail } from '../support/mail';
import { http, useApp, waitFor } from '../support';

const mail = useMail();
const env: Record<string, string> = {
  MAIL_FROM: 'recalls@plant.example',
  PUBLIC_URL: 'https://recalls.plant.example',
  MAIL_RETRY_SECONDS: '1',
};
beforeAll(() => {
  env.SMTP_URL = mail().url;
});
const app = useApp({ env });

let cookie = '';
beforeAll(async () => {
  const answer = await http(app(), null)
    .post('/api/v1/auth/login')
    .send({ username: 'admin', password: app().adminPassword });
  cookie = String(answer.headers['set-cookie']).split(';')[0]!;
});

const signed = (id: string, more: object = {}) => ({
  id,
  ...more,
  signature: { password: app().adminPassword, meaning: 'I release these', reason: 'the lot is bad' },
});
const post = (path: string, body: object) => http(app(), null).post(`/api/v1${path}`).set('Cookie', cookie).send(body);
const get = async (path: string) => (await http(app()).get(`/api/v1${path}`).expect(200)).body;
/** As anybody who has the link. */
const open = (token: string) => http(app(), null).get(`/api/v1/answers/${token}`);
const answer = (token: string, body: object) => http(app(), null).post(`/api/v1/answers/${token}`).send(body);

const mails = (code: string) => mail().to(`${code.toLowerCase()}@shop.example`);
const tokenOf = (raw: string): string =>
  /\/answer\/([\w-]{43})/.exec(raw.replace(/=\r\n/g, '').replace(/=3D/g, '='))![1]!;

/** A case that was sent to these; gives its key and each one's token. */
async function sent(codes: string[]): Promise<{ key: string; tokens: string[] }> {
  const customers = codes.map((code) => ({ code, name: `Shop ${code}`, email: `${code.toLowerCase()}@shop.example` }));
  const key = await noticeCase(app().database, { customers });
  await app().database.asOwner(`INSERT INTO outbox (queue, job_id) VALUES ('notices', $1)`, [key]);
  await waitFor(async () => (await get(`/recalls/${key}/notices/summary`)).ready.email === codes.length, {
    what: 'the drafts',
  });
  await post(`/recalls/${key}/send`, signed(`send-${key}`, { expected: codes.length })).expect(200);
  await waitFor(() => codes.every((code) => mails(code).length > 0), { what: 'the mails', withinMs: 60_000 });
  await waitFor(async () => (await get(`/recalls/${key}/notices/summary`)).notices.sent === codes.length, {
    what: 'that they were accepted',
  });
  return { key, tokens: codes.map((code) => tokenOf(mails(code).at(-1)!.raw)) };
}
const lineOf = async (token: string, code: string): Promise<string> =>
  ((await open(token).expect(200)).body.data as { line: string; code: string }[]).find((one) => one.code === code)!
    .line;

it('a link shows its consignee its own lines, what to do, and nothing of anybody else', async () => {
  const { key, tokens } = await sent(['A1', 'A2']);
  const page = (await open(tokens[0]!).expect(200)).body;
  expect(page).toMatchObject({
    recall: key,
    consignee: 'Shop A1',
    product: 'Smoked sausage 200 g',
    doWhat: 'Destroy it and send us the certificate.',
    contact: { phone: '+33 1 23 45' },
    lines: 3,
    answered: 0,
    nextCursor: null,
  });
  expect(page.data.map((line: { code: string }) => line.code).sort()).toEqual(['L-A1', 'S-A1-1', 'S-A1-2']);
  expect(JSON.stringify(page)).not.toMatch(/A2/);
  expect(tokens[0]).not.toBe(tokens[1]);
});

it('an answer counts by line, another one stands in its stead, and the first stays readable', async () => {
  const { key, tokens } = await sent(['B1', 'B2']);
  const token = tokens[0]!;
  const line = await lineOf(token, 'L-B1');
  const first = { id: 'one', name: 'Bea', lines: [{ line, found: '10', sold: '2.5' }] };
  expect((await answer(token, first).expect(200)).body).toEqual({ changed: 1, answered: 1, lines: 3 });
  // Sent again, it is the same answer.
  expect((await answer(token, first).expect(200)).body).toEqual({ changed: 1, answered: 1, lines: 3 });
  await answer(token, { id: 'two', name: 'Bea', lines: [{ line, found: '8', sold: '4.5' }], rest: 'returned' }).expect(
    200,
  );
  const consignee = await get(`/recalls/${key}/consignees/B1`);
  expect(consignee).toMatchObject({ answered: 3, owes: false });
  const lot = consignee.data.find((one: { code: string }) => one.code === 'L-B1');
  expect(lot.answer).toMatchObject({ found: '8', sold: '4.5', destroyed: '0', returned: '0', via: 'link', by: 'Bea' });
  const serial = consignee.data.find((one: { code: string }) => one.code === 'S-B1-1');
  expect(serial.answer).toMatchObject({ returned: '1' });
  const history = (await get(`/recalls/${key}/consignees/B1/answers`)).data.filter(
    (one: { code: string }) => one.code === 'L-B1',
  );
  expect(history.map((one: { found: string; superseded: boolean }) => [one.found, one.superseded])).toEqual([
    ['8', false],
    ['10', true],
  ]);
  const foreign = await lineOf(tokens[1]!, 'L-B2');
  for (const body of [
    { line: foreign, found: '1' },
    { line: 'u999999', found: '1' },
  ]) {
    const refused = await answer(token, { id: 'three', name: 'Bea', lines: [body] }).expect(422);
    expect(refused.body.code).toBe('ANSWER_LINE');
  }
  await answer(token, { id: 'four', name: 'Bea', lines: [{ line, found: '-1' }] }).expect(422);
  await answer(token, { id: 'five', name: 'Bea' }).expect(422);
});

it('files come with an answer, judged by what is in them, and are seen by us alone', async () => {
  const { key, tokens } = await sent(['C1', 'C2']);
  const upload = (name: string, content: string, token = tokens[0]!) =>
    http(app(), null).post(`/api/v1/answers/${token}/files`).attach('file', Buffer.from(content), name);
  await upload('certificate.pdf', '%PDF-1.7 destroyed').expect(200);
  expect((await upload('setup.exe', 'MZ').expect(415)).body.code).toBe('FILE_TYPE_REFUSED');
  expect((await upload('certificate.pdf', 'MZ').expect(415)).body.code).toBe('FILE_TYPE_REFUSED');
  await upload('certificate.pdf', '%PDF-', 'x'.repeat(43)).expect(404);
  const { data } = await get(`/recalls/${key}/consignees/C1/files`);
  expect(data).toMatchObject([{ name: 'certificate.pdf', mediaType: 'application/pdf' }]);
  const content = `/api/v1/recalls/${key}/consignees/C1/files/${data[0].file}/content`;
  await http(app()).get(content).expect(200);
  await http(app()).get(content.replace('/C1/', '/C2/')).expect(404);
  await http(app(), null).get(content).expect(401);
  expect((await open(tokens[1]!).expect(200)).body.files).toEqual([]);
});

it('reminders go to those who owe an answer, and to a second address where they stay silent', async () => {
  const { key, tokens } = await sent(['D1', 'D2', 'D3']);
  await answer(tokens[0]!, { id: 'a', name: 'Dan', rest: 'sold', lines: [] }).expect(200);
  await post(`/recalls/${key}/consignees/D2/answer`, { id: 'p', name: 'Mr Dee', rest: 'none' }).expect(200);
  expect((await get(`/recalls/${key}/consignees/D2`)).data[0].answer).toMatchObject({
    via: 'phone',
    by: 'user:admin, for Mr Dee',
  });
  expect(
    (await get(`/recalls/${key}/consignees?owes=true`)).data.map((one: { consignee: string }) => one.consignee),
  ).toEqual(['D3']);
  // They were written to a moment ago: they are left alone unless one says otherwise.
  expect((await post(`/recalls/${key}/remind`, signed('r0')).expect(409)).body.code).toBe('NOTICES_NONE');
  const remind = await post(`/recalls/${key}/remind`, signed('r1', { sinceHours: 0 })).expect(200);
  expect(remind.body).toEqual({ recall: key, notices: 1, tooSoon: 0 });
  expect((await post(`/recalls/${key}/remind`, signed('r1', { sinceHours: 0 })).expect(200)).body).toEqual(remind.body);
  await waitFor(() => mails('D3').length === 2, { what: 'the reminder' });
  expect(mails('D3')[1]!.raw).toContain('Reminder 1');
  expect(tokenOf(mails('D3')[1]!.raw)).toBe(tokens[2]);
  expect([mails('D1').length, mails('D2').length]).toEqual([1, 1]);

  expect((await post(`/recalls/${key}/escalate`, signed('e0', { after: 1 })).expect(409)).body.code).toBe(
    'NOTICES_NONE',
  );
  await http(app())
    .put(`/api/v1/recalls/${key}/consignees/D3/contact`)
    .send({ name: 'The boss', email: 'boss-d3@shop.example' })
    .expect(200);
  const escalated = await post(`/recalls/${key}/escalate`, signed('e1', { after: 1 })).expect(200);
  expect(escalated.body).toEqual({ recall: key, notices: 1, withoutContact: [] });
  await waitFor(() => mail().to('boss-d3@shop.example').length === 1, { what: 'the escalation' });
  // Once for each reminder, not once for each click.
  await post(`/recalls/${key}/escalate`, signed('e2', { after: 1 })).expect(409);
  expect(mail().to('boss-d3@shop.example')).toHaveLength(1);
});

it('forged, expired and revoked links, and those of a case that is over, are all answered alike', async () => {
  const { key, tokens } = await sent(['E1', 'E2', 'E3']);
  const [expired, revoked, good] = tokens as [string, string, string];
  const { database } = app();
  await database.asOwner(
    `UPDATE answer_link SET expires_at = now() - interval '1 s' WHERE partner_id = (SELECT partner_id FROM partner WHERE code = 'E1')`,
  );
  await post(`/recalls/${key}/consignees/E2/link/revoke`, {}).expect(200);
  const forged = `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`;
  const replies = [];
  for (const token of [forged, expired, revoked, 'x'.repeat(43), 'short'])
    for (const reply of [await open(token), await answer(token, { id: 'f', name: 'x', rest: 'none' })]) {
      expect(reply.status).toBe(404);
      const { instance: _, ...body } = reply.body;
      replies.push(JSON.stringify(body));
    }
  expect(new Set(replies).size).toBe(1);
  await open(good).expect(200);
  await database.asOwner(`UPDATE recall SET state = 'closed', outcome = 'completed' WHERE key = $1`, [key]);
  const { instance: _, ...closed } = (await open(good).expect(404)).body;
  expect(JSON.stringify(closed)).toBe(replies[0]);
  // Nobody finds a way in by reading the logs, or the database.
  for (const token of tokens) {
    expect(app().logs.api + app().logs.worker).not.toContain(token);
    const [found] = await database.asOwner<{ n: number }>(
      `SELECT count(*)::int AS n FROM answer_link WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%' OR link_id::text = $1`,
      [token],
    );
    expect(found!.n).toBe(0);
  }
});

it('whoever guesses is stopped, and learns nothing from it', async () => {
  const { tokens } = await sent(['F1']);
  await open(tokens[0]!).expect(200);
  const statuses: number[] = [];
  for (let i = 0; i < 60 && statuses.at(-1) !== 429; i++) statuses.push((await open(`${i}`.padStart(43, 'x'))).status);
  expect(statuses.at(-1)).toBe(429);
  expect((await open(tokens[0]!)).status).toBe(429);
});
