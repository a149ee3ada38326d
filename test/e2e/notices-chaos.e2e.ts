/** Whatever dies while notices go out, and however often: none goes out twice, and none is lost. */
import { noticeCase } from '../support/notice-case';
import { useMail } from '../support/mail';
import { http, useApp, waitFor } from '../support';

const mail = useMail();
const env: Record<string, string> = {
  MAIL_FROM: 'recalls@plant.example',
  PUBLIC_URL: 'https://recalls.plant.example',
  MAIL_SECONDS_MAX: '3',
  MAIL_RETRY_SECONDS: '1',
};
beforeAll(() => {
  env.SMTP_URL = mail().url;
});
const app = useApp({ env });

const CONSIGNEES = 120;
const KILLS = 20;
jest.setTimeout(400_000);

it(`${KILLS} deaths of worker, api, mail server and database connections: each consignee is told once`, async () => {
  const { database, adminPassword } = app();
  const customers = Array.from({ length: CONSIGNEES }, (_, i) => ({ code: `K${i}`, email: `k${i}@shop.example` }));
  const key = await noticeCase(database, { customers });
  await database.asOwner(`INSERT INTO outbox (queue, job_id) VALUES ('notices', $1)`, [key]);
  const summary = async () => (await http(app()).get(`/api/v1/recalls/${key}/notices/summary`).expect(200)).body;
  await waitFor(async () => (await summary()).ready.email === CONSIGNEES, { what: 'the drafts', withinMs: 30_000 });
  const login = await http(app(), null).post('/api/v1/auth/login').send({ username: 'admin', password: adminPassword });
  const cookie = String(login.headers['set-cookie']).split(';')[0]!;
  const send = () =>
    http(app(), null)
      .post(`/api/v1/recalls/${key}/send`)
      .set('Cookie', cookie)
      .send({
        id: 'send',
        expected: CONSIGNEES,
        signature: { password: adminPassword, meaning: 'I release these', reason: 'the lot is bad' },
      });
  // The api dies while it is asked to send: nobody knows whether it was done, and asks again by the same id.
  mail().slow(40);
  const lost = send().catch(() => undefined);
  await app().killApi();
  await lost;
  await app().startApi();
  expect((await send().expect(200)).body).toMatchObject({ notices: CONSIGNEES });

  const settled = async (): Promise<number> => {
    const [row] = await database.asOwner<{ n: number }>(
      `SELECT count(*)::int AS n FROM recall_notice WHERE state IN ('sent', 'unsure')`,
    );
    return row!.n;
  };
  const deaths: (() => Promise<void>)[] = [
    async () => {
      await app().killWorker();
      await app().startWorker();
    },
    async () => {
      await mail().kill();
      await mail().start();
    },
    async () => {
      await database.asOwner(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
    },
    async () => {
      await app().redis.kill();
      await app().redis.start();
    },
  ];
  for (let kill = 0; kill < KILLS; kill++) {
    const before = mail().received.length;
    // Something goes out between two deaths, unless all of it has.
    await waitFor(async () => mail().received.length > before || (await settled()) === CONSIGNEES, {
      what: `mail after ${kill} deaths`,
      withinMs: 60_000,
    });
    await deaths[kill % deaths.length]!();
  }
  mail().slow(0);
  await waitFor(async () => (await settled()) === CONSIGNEES, { what: 'the end of it', withinMs: 120_000 });
  const rows = await database.asOwner<{ address: string; state: string }>('SELECT address, state FROM recall_notice');
  const times = new Map<string, number>();
  for (const { to } of mail().received) times.set(to, (times.get(to) ?? 0) + 1);
  expect([...times.values()].filter((count) => count > 1)).toEqual([]);
  const untold = rows.filter(({ address, state }) => state === 'sent' && times.get(address) !== 1);
  expect(untold).toEqual([]);
  // What nobody can know is rare: at most one message was on its way whenever something died.
  expect(rows.filter(({ state }) => state === 'unsure').length).toBeLessThanOrEqual(KILLS);
});
