/** Notices go out by a real mail server, each once, whatever is clicked, killed or refused. */
import { deliver, noticeCase, scopeVersion } from '../support/notice-case';
import { useMail } from '../support/mail';
import { http, useApp, waitFor } from '../support';

const mail = useMail();
const env: Record<string, string> = {
  MAIL_FROM: 'Plant <recalls@plant.example>',
  PUBLIC_URL: 'https://recalls.plant.example',
  MAIL_SECONDS_MAX: '4',
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

const signature = (reason = 'the lot is bad') => ({
  password: app().adminPassword,
  meaning: 'I release these notices',
  reason,
});
/** As a person: what is signed needs one. */
const post = (path: string, body: object) => http(app(), null).post(`/api/v1${path}`).set('Cookie', cookie).send(body);
const get = async (path: string) => (await http(app()).get(`/api/v1${path}`).expect(200)).body;

interface Notice {
  notice: number;
  consignee: string;
  state: string;
  reply: string | null;
  todo: string | null;
}
const notices = async (key: string): Promise<Record<string, Notice>> =>
  Object.fromEntries(
    ((await get(`/recalls/${key}/notices?limit=100`)).data as Notice[]).map((one) => [one.consignee, one]),
  );

/** A case whose notices are drafted; each customer has `<code>@shop.example` where it has mail. */
async function drafted(codes: string[], more: { drill?: boolean } = {}): Promise<string> {
  const customers = codes.map((code) => ({ code, name: `Shop ${code}`, email: `${code.toLowerCase()}@shop.example` }));
  const key = await noticeCase(app().database, { ...more, customers });
  await enqueue(key);
  await waitFor(async () => (await get(`/recalls/${key}/notices`)).data.length === codes.length, {
    what: 'the drafts',
  });
  return key;
}
const enqueue = (key: string) =>
  app().database.asOwner(`INSERT INTO outbox (queue, job_id) VALUES ('notices', $1)`, [key]);
const inState = (key: string, code: string, state: string) =>
  waitFor(
    async () => {
      const now = (await notices(key))[code];
      if (now?.state !== state) throw new Error(`${code} is ${now?.state}: ${now?.reply}`);
      return now;
    },
    { what: `${code} to be ${state}`, withinMs: 60_000 },
  );
const mails = (code: string) => mail().to(`${code.toLowerCase()}@shop.example`);

it('goes out once to each, whatever is clicked, and brings the case to monitoring', async () => {
  const key = await drafted(['A1', 'A2', 'A3']);
  await post(`/recalls/${key}/send`, { id: 's0', expected: 2, signature: signature() }).expect(409);
  await post(`/recalls/${key}/send`, {
    id: 's0',
    expected: 3,
    signature: { ...signature(), password: 'not my password' },
  }).expect(403);
  const ids = ['s1', 's2', 's1', 's3'];
  const clicks = await Promise.all(
    ids.map((id) => post(`/recalls/${key}/send`, { id, expected: 3, signature: signature() })),
  );
  // One of them sent, whichever came first; sent again it answers as it did then, and the others find that it was done.
  const sent = ids[clicks.findIndex(({ status }) => status === 200)];
  expect(clicks.map(({ status }) => status)).toEqual(ids.map((id) => (id === sent ? 200 : 409)));
  const done = clicks.filter(({ status }) => status === 200).map(({ body }) => body);
  expect(done[0]).toMatchObject({ recall: key, state: 'monitoring', notices: 3, byChannel: { email: 3 } });
  for (const again of done) expect(again).toEqual(done[0]);
  for (const code of ['A1', 'A2', 'A3']) await inState(key, code, 'sent');
  expect(['A1', 'A2', 'A3'].map((code) => mails(code).length)).toEqual([1, 1, 1]);
  const [got] = mails('A1');
  expect(got!.raw).toContain('To: a1@shop.example');
  expect(got!.raw).toContain('L-A1');
  expect(got!.raw).not.toContain('L-A2');
  expect(got!.raw.replace(/=\r\n/g, '')).toMatch(/https:\/\/recalls\.plant\.example\/answer\/[\w-]{43}/);
  const again = await post(`/recalls/${key}/send`, { id: 's9', expected: 0, signature: signature() }).expect(409);
  expect(again.body.code).toBe('NOTICES_NONE');
  // An API key is no person: it cannot sign.
  const machine = await http(app())
    .post(`/api/v1/recalls/${key}/send`)
    .send({ id: 's9', expected: 0, signature: signature() });
  expect(machine.status).not.toBe(200);
});

it('is refused while the text lacks what the law asks for, unless the signature names it', async () => {
  const key = await drafted(['T1']);
  const text = await get(`/recalls/${key}/notice-text`);
  expect(text.missing).toEqual([]);
  const body = text.body.replace(/## Hazard[^#]*/, '');
  await http(app()).put(`/api/v1/recalls/${key}/notice-text`).send({ subject: text.subject, body }).expect(200);
  const refused = await post(`/recalls/${key}/send`, { id: 't1', expected: 1, signature: signature() }).expect(422);
  expect(refused.body).toMatchObject({ code: 'NOTICE_POINTS_MISSING', points: 'us-reason' });
  const reason = 'us-reason: the hazard is still being examined';
  await post(`/recalls/${key}/send`, { id: 't2', expected: 1, signature: signature(reason) }).expect(200);
  await inState(key, 'T1', 'sent');
});

it('is a bounce where the recipient is refused, is listed with what to do, and goes to the new address', async () => {
  mail().wish('b1@shop.example', { refuse: 550 });
  const key = await drafted(['B1', 'B2']);
  await post(`/recalls/${key}/send`, { id: 'b', expected: 2, signature: signature() }).expect(200);
  const bounced = await inState(key, 'B1', 'bounced');
  expect(bounced.reply).toContain('550');
  expect(bounced.todo).toMatch(/Correct the e-mail address/);
  expect((await get(`/recalls/${key}/notices?todo=true`)).data).toHaveLength(1);
  await inState(key, 'B2', 'sent');
  await http(app())
    .put('/api/v1/partners/B1')
    .send({ name: 'Shop B1', kind: 'customer', email: 'new-b1@shop.example' })
    .expect(200);
  const retry = `/recalls/${key}/notices/${bounced.notice}/retry`;
  await post(retry, { id: 'again' }).expect(200);
  await post(retry, { id: 'again' }).expect(200);
  await inState(key, 'B1', 'sent');
  expect(mail().to('new-b1@shop.example')).toHaveLength(1);
  await post(retry, { id: 'once more' }).expect(409);
});

it('is put off where the mailbox is full, and arrives when it is not', async () => {
  mail().wish('c1@shop.example', { refuse: 451 });
  const key = await drafted(['C1']);
  await post(`/recalls/${key}/send`, { id: 'c', expected: 1, signature: signature() }).expect(200);
  await waitFor(() => mail().attempts.filter((to) => to === 'c1@shop.example').length >= 2, {
    what: 'a second attempt',
    withinMs: 60_000,
  });
  expect((await notices(key)).C1).toMatchObject({ state: 'queued', reply: expect.stringContaining('451') });
  mail().wish('c1@shop.example', null);
  await inState(key, 'C1', 'sent');
  expect(mails('C1')).toHaveLength(1);
});

it('is not lost by a mail server that is away, nor sent twice by one that dies in the middle', async () => {
  await mail().kill();
  const codes = ['D1', 'D2', 'D3', 'D4'];
  const key = await drafted(codes);
  await post(`/recalls/${key}/send`, { id: 'd', expected: 4, signature: signature() }).expect(200);
  await waitFor(async () => Object.values(await notices(key)).some((one) => one.reply !== null), {
    what: 'an attempt in vain',
  });
  mail().wish('d2@shop.example', 'cut');
  await mail().start();
  await inState(key, 'D1', 'sent');
  await waitFor(() => mail().attempts.includes('d2@shop.example'), { what: 'the cut', withinMs: 60_000 });
  mail().wish('d2@shop.example', null);
  for (const code of ['D3', 'D4']) await inState(key, code, 'sent');
  const cut = await waitFor(
    async () => ['sent', 'unsure'].includes((await notices(key)).D2!.state) && (await notices(key)).D2,
    {
      what: 'what was cut',
      withinMs: 60_000,
    },
  );
  // Cut before its end it is sent again; cut after, nobody knows, and it is not.
  expect(cut.state === 'sent' ? mails('D2').length : mails('D2').length <= 1).toBeTruthy();
  for (const code of ['D1', 'D3', 'D4']) expect(mails(code)).toHaveLength(1);
});

it('is sent again after a killed worker where it cannot have arrived, and is unsure where it may have', async () => {
  mail().wish('e1@shop.example', 'stall');
  mail().wish('e2@shop.example', 'hang');
  const early = await drafted(['E1']);
  await post(`/recalls/${early}/send`, { id: 'e', expected: 1, signature: signature() }).expect(200);
  await waitFor(() => mail().attempts.includes('e1@shop.example'), { what: 'the stalled attempt' });
  await app().killWorker();
  mail().wish('e1@shop.example', null);
  await app().startWorker();
  await inState(early, 'E1', 'sent');
  expect(mails('E1')).toHaveLength(1);

  const late = await drafted(['E2']);
  await post(`/recalls/${late}/send`, { id: 'e', expected: 1, signature: signature() }).expect(409);
  await post(`/recalls/${late}/send`, { id: 'e2', expected: 1, signature: signature() }).expect(200);
  await waitFor(() => mail().hung > 0, { what: 'the message that hangs' });
  await app().killWorker();
  mail().wish('e2@shop.example', null);
  mail().release();
  await app().startWorker();
  const unsure = await inState(late, 'E2', 'unsure');
  expect(unsure.todo).toMatch(/Ask whether it arrived/);
  // The worker goes on with others, and leaves this one alone.
  const next = await drafted(['E3']);
  await post(`/recalls/${next}/send`, { id: 'e3', expected: 1, signature: signature() }).expect(200);
  await inState(next, 'E3', 'sent');
  expect(mails('E2')).toHaveLength(1);
  const refused = await post(`/recalls/${late}/notices/${unsure.notice}/retry`, { id: 'r1' }).expect(409);
  expect(refused.body.code).toBe('NOTICE_MAY_HAVE_ARRIVED');
  await post(`/recalls/${late}/notices/${unsure.notice}/done`, { id: 'r2', note: 'called: it is there' }).expect(200);
  expect((await notices(late)).E2!.state).toBe('done');
});

it('is a letter to print and post where there is no mail, until somebody says that it was posted', async () => {
  const key = await noticeCase(app().database, {
    customers: [{ code: 'L1', name: 'Shop L1', address: '1 High Street', country: 'GB' }],
  });
  await enqueue(key);
  await waitFor(async () => (await get(`/recalls/${key}/notices`)).data.length === 1, { what: 'the draft' });
  await post(`/recalls/${key}/send`, { id: 'l', expected: 1, signature: signature() }).expect(200);
  expect((await notices(key)).L1).toMatchObject({
    state: 'queued',
    channel: 'letter',
    todo: expect.stringContaining('Print the letter'),
  });
  const pdf = await http(app()).get(`/api/v1/recalls/${key}/notices/1/letter.pdf`).buffer(true).expect(200);
  expect((pdf.body as Buffer).subarray(0, 5).toString()).toBe('%PDF-');
  const csv = await http(app()).get(`/api/v1/recalls/${key}/notices.csv`).expect(200);
  expect(csv.text).toContain('"L1","Shop L1"');
  expect(csv.text).toContain('"12.5 kg of Sausage (WURST); 2 pcs of City bike (BIKE)",1,2,"letter","queued"');
  await post(`/recalls/${key}/notices/1/done`, { id: 'posted' }).expect(200);
  expect((await notices(key)).L1).toMatchObject({ state: 'done', doneBy: 'user:admin', todo: null });
});

it('of a drill never leaves, whatever is clicked: of 10,000 consignees not one is reached', async () => {
  const customers = Array.from({ length: 10_000 }, (_, i) => ({ code: `Z${i}`, email: `z${i}@drill.example` }));
  const key = await noticeCase(app().database, { customers, drill: true });
  await enqueue(key);
  await waitFor(async () => (await get(`/recalls/${key}/notices/summary`)).ready.email === 10_000, {
    what: 'the drafts',
    withinMs: 30_000,
  });
  const body = { id: 'z', expected: 10_000, signature: signature() };
  for (const verb of ['send', 'remind', 'escalate']) {
    const { expected: _, ...rest } = body;
    const refused = await post(`/recalls/${key}/${verb}`, verb === 'send' ? body : rest).expect(409);
    expect(refused.body.code).toBe('RECALL_DRILL_SENDS');
  }
  await post(`/recalls/${key}/notices/1/retry`, { id: 'z2' }).expect(409);
  await post(`/recalls/${key}/notices/1/done`, { id: 'z3' }).expect(409);
  const rehearsed = await post(`/recalls/${key}/rehearse`, body).expect(200);
  expect(rehearsed.body).toEqual({ recall: key, state: 'monitoring', notices: 10_000 });
  await enqueue(key);
  // A recall after it, through the same worker, shows that the drill's turn has come and gone.
  const after = await drafted(['AFTER']);
  await post(`/recalls/${after}/send`, { id: 'z4', expected: 1, signature: signature() }).expect(200);
  await inState(after, 'AFTER', 'sent');
  expect(mail().attempts.filter((to) => to.endsWith('@drill.example'))).toEqual([]);
  expect((await get(`/recalls/${key}/notices/summary`)).notices).toEqual({ draft: 10_000 });
  const links = await app().database.asOwner(`SELECT 1 FROM answer_link JOIN recall USING (recall_id) WHERE key = $1`, [
    key,
  ]);
  expect(links).toEqual([]);
});

it('tells of what came under the scope later in a second notice', async () => {
  const key = await drafted(['V1']);
  await post(`/recalls/${key}/send`, { id: 'v', expected: 1, signature: signature() }).expect(200);
  await inState(key, 'V1', 'sent');
  await scopeVersion(app().database, key, 2);
  await deliver(app().database, key, 2, [
    { customer: 'V1', item: 'WURST', kind: 'lot', code: 'LATE', quantity: '2', document: 'DN-LATE' },
  ]);
  // Nobody asked for it: the worker finds that the scope is newer than what was told.
  await waitFor(async () => (await get(`/recalls/${key}/notices/summary`)).ready.email === 1, {
    what: 'the second draft',
    withinMs: 30_000,
  });
  await post(`/recalls/${key}/send`, { id: 'v2', expected: 1, signature: signature() }).expect(200);
  await waitFor(() => mails('V1').length === 2, { what: 'the second mail' });
  expect(mails('V1')[1]!.raw).toContain('LATE');
});
