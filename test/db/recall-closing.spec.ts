/** Checks, clocks, the status report of a date, settlements, and closing only what adds up. */
import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { CloseRecall } from '@/quality/accounts/app/close-recall';
import { DrawChecks } from '@/quality/accounts/app/draw-checks';
import { Reconcile } from '@/quality/accounts/app/reconcile';
import { RecordAttempt } from '@/quality/accounts/app/record-attempt';
import { SettlePending } from '@/quality/accounts/app/settle-pending';
import { clockAt } from '@/quality/accounts/domain/clocks';
import { checksPage, drawsOf } from '@/quality/accounts/queries/checks';
import { clocksOf, openClocks } from '@/quality/accounts/queries/clocks';
import { statusReport } from '@/quality/accounts/queries/status-report';
import { recallByKey } from '@/quality/recalls';
import { AdvanceRecall } from '@/quality/recalls/app/advance-recall';
import { SignRecall } from '@/quality/recalls/app/sign-recall';
import { ConfirmPerson, CreateUser } from '@/reference/access';
import { LoginLimit } from '@/reference/access/app/login-limit';
import { useDatabase } from '../support';

const db = useDatabase();
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'Europe/Paris' });
const PASSWORD = 'a long enough password';
const ctx: Context = { actor: 'user:anna', source: 'user:anna' };
const signature = { password: PASSWORD, meaning: 'I close this case', reason: 'all is accounted for' };
const SHOPS = Array.from({ length: 25 }, (_, i) => `SHOP${String(i).padStart(2, '0')}`);

const draws = () => new DrawChecks(db().uow);
const attempts = () => new RecordAttempt(db().uow, settings);
const settle = () => new SettlePending(db().uow);
const reconcile = () => new Reconcile(db().database, db().uow);
const close = () =>
  new CloseRecall(
    db().uow,
    new SignRecall(new ConfirmPerson(db().database, new LoginLimit(db().database, settings))),
    new AdvanceRecall(),
  );
const recallOf = (key: string) => recallByKey(db().database, key);
const idOf = async (key: string) => (await recallOf(key)).recallId;
const status = async (key: string, at: string) =>
  statusReport(db().database, await recallOf(key), Date.parse(at), { at: null, basis: 'goal' });

let lots = 0;
/** A running case over one lot: 100 kg, 4 kg with each of the first `shops` shops, the rest on hold in house. */
async function aCase(shops: number, level: string | null = 'E'): Promise<{ key: string; code: string }> {
  const code = `L${lots++}`;
  const unit = { item: 'RM', lot: code };
  const [row] = await db().asOwner<{ id: number }>(
    `INSERT INTO recall (key, drill, title, state, level, jurisdiction, language, four_eyes, details, goals, created_by, created_at)
     VALUES (gen_random_uuid()::text, false, 'Bad resin', 'monitoring', $1, 'US-FDA', 'en', true, '{}', '{"notices": "1d"}', 'user:anna',
             '2026-03-06T08:00:00Z') RETURNING recall_id AS id`,
    [level],
  );
  const key = `R${row!.id}`;
  await db().asOwner(`UPDATE recall SET key = $2 WHERE recall_id = $1`, [row!.id, key]);
  const quantity = (value: string) => ({ value, uom: 'kg' });
  const { refused } = await new RecordEvents(db().uow, settings).execute(ctx, [
    {
      id: `m${code}`,
      type: 'receive',
      at: '2026-03-01T08:00:00Z',
      place: 'A',
      unit,
      quantity: quantity('100'),
    },
    ...SHOPS.slice(0, shops).map((customer) => ({
      id: `s${code}${customer}`,
      type: 'ship',
      at: '2026-03-02T08:00:00Z',
      customer,
      shipment: `D-${customer}`,
      units: [{ unit, quantity: quantity('4') }],
    })),
    { id: `h${code}`, type: 'hold', at: '2026-03-06T10:00:00Z', reason: 'recall', ref: key, units: [{ unit }] },
  ]);
  expect(refused).toEqual([]);
  await db().asOwner(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by, created_at)
     VALUES ($1, 1, 'saved', $2, gen_random_uuid(), '[]', 1, sha256('x'), '{}', 'first', 'user:anna', '2026-03-06T09:00:00Z')`,
    [row!.id, JSON.stringify({ seeds: [{ unit }] })],
  );
  await db().asOwner(
    `INSERT INTO recall_unit (recall_id, unit_id, certain, version_in) SELECT $1, unit_id, true, 1 FROM unit WHERE code = $2`,
    [row!.id, code],
  );
  await db().asOwner(
    `INSERT INTO recall_delivery (recall_id, delivery_no, unit_id, partner_id, event_id, at, quantity, certain, version_in)
     SELECT $1, row_number() OVER (), m.unit_id, m.partner_id, m.event_id, '2026-03-02T08:00:00Z', m.quantity, true, 1
       FROM movement m JOIN unit u USING (unit_id) WHERE u.code = $2 AND m.role = 'shipped'`,
    [row!.id, code],
  );
  await db().asOwner(
    `INSERT INTO recall_step (recall_id, verb, from_state, to_state, by, at) VALUES
       ($1, 'initiate', 'approved', 'initiated', 'user:anna', '2026-03-06T10:00:00Z'),
       ($1, 'monitor', 'initiated', 'monitoring', 'user:anna', '2026-03-06T12:00:00Z')`,
    [row!.id],
  );
  return { key, code };
}

async function answer(key: string, customer: string, code: string, found: string, sold: string, at: string) {
  await db().asOwner(
    `INSERT INTO recall_answer (recall_id, partner_id, unit_id, found, sold, destroyed, returned, via, by, at)
     SELECT r.recall_id, p.partner_id, u.unit_id, $4, $5, 0, 0, 'phone', 'user:anna', $6 FROM recall r, partner p, unit u
      WHERE r.key = $1 AND p.code = $2 AND u.code = $3`,
    [key, customer, code, found, sold, at],
  );
}

beforeAll(async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg')`);
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) SELECT c, c, 'customer' FROM unnest($1::text[]) c`, [
    SHOPS,
  ]);
  await new CreateUser(db().uow).execute(
    { actor: 'user:admin', source: 'user:admin' },
    { username: 'anna', displayName: 'Anna of quality', role: 'coordinator', password: PASSWORD },
  );
});

it('draws by level with a seed that draws the same again; a second draw only with a reason', async () => {
  const { key } = await aCase(25, 'C');
  const drawn = await draws().execute(ctx, { id: 'd1', recall: key, seed: 'audit-7' });
  expect(drawn).toMatchObject({ draw: 1, seed: 'audit-7', percent: 10, consignees: 25 });
  expect(drawn.drawn).toHaveLength(3);
  // Sent again it is answered as the first time.
  expect(await draws().execute(ctx, { id: 'd1', recall: key, seed: 'audit-7' })).toEqual(drawn);
  await expect(draws().execute(ctx, { id: 'd2', recall: key })).rejects.toMatchObject({ code: 'CHECK_DRAWN' });
  const again = await draws().execute(ctx, { id: 'd3', recall: key, seed: 'audit-7', reason: 'the first was doubted' });
  expect(again.drawn).toEqual(drawn.drawn);
  expect(await drawsOf(db().database, await idOf(key))).toHaveLength(2);

  const { data } = await checksPage(db().database, await idOf(key), undefined, 100);
  expect(data).toHaveLength(6);
  const [first, second] = data.map((one) => one.check) as [number, number];
  const visit = { recall: key, way: 'visit', outcome: 'not-reached' };
  await attempts().attempt(ctx, { ...visit, id: 'a1', check: first });
  await attempts().attempt(ctx, { ...visit, id: 'a2', check: first, way: 'phone', outcome: 'acted', person: 'Ida' });
  for (const id of ['a3', 'a4', 'a5']) await attempts().attempt(ctx, { ...visit, id, check: second });
  const after = (await checksPage(db().database, await idOf(key), undefined, 100)).data;
  expect(after.slice(0, 3).map((one) => [one.state, one.outcome, one.attempts.length])).toEqual([
    ['done', 'acted', 2],
    ['done', 'not-reached', 3],
    ['open', null, 0],
  ]);
  await expect(attempts().attempt(ctx, { ...visit, id: 'a6', check: 999_999 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  // What was drawn and tried is never changed.
  await expect(db().database.query(`UPDATE recall_draw SET seed = 'other'`)).rejects.toThrow(/permission denied/);
});

it('a case closes once it adds up, signed over what it adds up to', async () => {
  const { key, code } = await aCase(3, 'D');
  await answer(key, SHOPS[0]!, code, '0', '4', '2026-03-07T09:00:00Z');
  await answer(key, SHOPS[1]!, code, '1', '2', '2026-03-09T09:00:00Z');
  const before = await reconcile().execute(await recallOf(key));
  expect(before).toMatchObject({
    balanced: false,
    percent: 0,
    missing: ['5 kg pending', 'effectiveness checks not drawn'],
    sums: [{ uom: 'kg', scope: '100', inHouse: '88', passedOn: '6', notFound: '1', pending: '5' }],
    pending: [{ uom: 'kg', uncovered: '0', found: '1', returning: '0', unanswered: '4', unexplained: '0' }],
    suspects: [{ unit: { item: 'RM', lot: code }, balanced: true }],
  });
  await expect(close().execute(ctx, { recall: key, signature })).rejects.toMatchObject({
    code: 'RECALL_UNBALANCED',
    message: expect.stringContaining('5 kg pending, effectiveness checks not drawn') as string,
  });
  await expect(
    settle().execute(ctx, { id: 's0', recall: key, consignee: SHOPS[0]!, as: 'not-found', reason: 'none' }),
  ).rejects.toMatchObject({ code: 'SETTLE_NOTHING' });
  await settle().execute(ctx, { id: 's1', recall: key, consignee: SHOPS[1]!, as: 'destroyed', reason: 'cert 5' });
  await settle().execute(ctx, { id: 's2', recall: key, consignee: SHOPS[2]!, as: 'not-found', reason: 'bankrupt' });
  await draws().execute(ctx, { id: 'cd', recall: key });
  await expect(close().execute(ctx, { recall: key, signature })).rejects.toThrow(/1 effectiveness check open/);
  const [check] = (await checksPage(db().database, await idOf(key), undefined, 10)).data;
  await attempts().attempt(ctx, { id: 'ca', recall: key, check: check!.check, way: 'visit', outcome: 'acted' });
  const now = await reconcile().execute(await recallOf(key));
  expect(now).toMatchObject({ balanced: true, percent: 100, missing: [], sums: [{ destroyed: '1', notFound: '5' }] });
  await expect(close().execute(ctx, { recall: key, digest: before.digest, signature })).rejects.toMatchObject({
    code: 'RECALL_ACCOUNT_CHANGED',
  });
  await expect(
    close().execute(ctx, { recall: key, signature: { ...signature, password: 'wrong' } }),
  ).rejects.toMatchObject({ code: 'SIGNATURE_WRONG' });
  expect(await close().execute(ctx, { recall: key, digest: now.digest, signature })).toMatchObject({ state: 'closed' });
  const [signed] = await db().asOwner(
    `SELECT subject, encode(digest, 'hex') AS digest FROM recall_signature WHERE recall_id = $1`,
    [await idOf(key)],
  );
  expect(signed).toEqual({ subject: 'closing', digest: now.digest });
});

it('a settlement gives way to what the ledger says later', async () => {
  const { key, code } = await aCase(1);
  await settle().execute(ctx, { id: 'w1', recall: key, consignee: SHOPS[0]!, as: 'not-found', reason: 'no answer' });
  await new RecordEvents(db().uow, settings).execute(ctx, [
    {
      id: `r${code}`,
      type: 'return',
      at: '2026-03-10T08:00:00Z',
      place: 'A',
      customer: SHOPS[0]!,
      units: [{ unit: { item: 'RM', lot: code }, quantity: { value: '3', uom: 'kg' } }],
    },
  ]);
  const { sums, balanced } = await reconcile().execute(await recallOf(key));
  expect(sums[0]).toMatchObject({ scope: '100', recovered: '3', notFound: '1', pending: '0' });
  expect(balanced).toBe(true);
});

it('clocks count from opening and initiation, in working days of the plant', async () => {
  const { key } = await aCase(2);
  const facts = (await clocksOf(db().database, key))!.facts;
  const calendar = { zone: 'Europe/Paris', holidays: new Set<string>() };
  const at = (now: string) => facts.map((one) => clockAt(one, Date.parse(now), calendar));
  expect(at('2026-03-09T08:00:00Z').map(({ clock, state, dueAt }) => [clock, state, dueAt])).toEqual([
    ['scope', 'kept', '2026-03-06T12:00:00.000Z'],
    ['holds', 'kept', '2026-03-07T08:00:00.000Z'],
    // Initiated on a Friday: one working day ends with Monday.
    ['notices', 'running', '2026-03-09T23:00:00.000Z'],
    ['authority', 'running', '2026-03-13T23:00:00.000Z'],
    ['accounted', 'running', '2026-03-20T23:00:00.000Z'],
  ]);
  expect(at('2026-03-10T00:00:00Z')[2]!.state).toBe('breached');
  await attempts().told(ctx, { recall: key, authority: 'FDA', at: '2026-03-10T08:00:00Z', ref: 'Z-1' });
  await expect(attempts().told(ctx, { recall: key, authority: 'FDA', at: '2999-01-01' })).rejects.toMatchObject({
    code: 'FIELD_INVALID',
  });
  const open = (await openClocks(db().database)).find((one) => one.recall === key)!;
  expect(open.facts.find((one) => one.clock === 'authority')!.doneMs).toBe(Date.parse('2026-03-10T08:00:00Z'));
});

it('the status report of a date says what was recorded by then', async () => {
  const { key, code } = await aCase(3);
  await db().asOwner(
    `INSERT INTO recall_notice (recall_id, notice_no, partner_id, kind, round, version, channel, state, drill, language, created_by, delivery_no, sent_at)
     SELECT $1, row_number() OVER (), partner_id, 'notice', 1, 1, CASE WHEN n = 1 THEN 'letter' ELSE 'email' END, 'sent', false, 'en', 'user:anna', 3,
            '2026-03-06T12:00:00Z'::timestamptz + (n - 1) * interval '1 day'
       FROM (SELECT partner_id, row_number() OVER (ORDER BY code) AS n FROM partner WHERE code = ANY ($2)) p`,
    [await idOf(key), SHOPS.slice(0, 3)],
  );
  await answer(key, SHOPS[0]!, code, '3', '1', '2026-03-08T09:00:00Z');
  await db().asOwner(`UPDATE recall_answer SET superseded = true WHERE recall_id = $1`, [await idOf(key)]);
  await answer(key, SHOPS[0]!, code, '4', '0', '2026-03-10T09:00:00Z');
  expect(await status(key, '2026-03-05T00:00:00Z')).toMatchObject({
    version: 0,
    notified: { consignees: 0, notified: 0, byManner: [] },
  });
  expect(await status(key, '2026-03-09T00:00:00Z')).toMatchObject({
    version: 1,
    notified: {
      consignees: 3,
      notified: 3,
      byManner: [
        { manner: 'email', notified: 2 },
        { manner: 'letter', notified: 1 },
      ],
    },
    responded: { consignees: 1, onHand: [{ item: 'RM', uom: 'kg', quantity: '3' }] },
    notResponded: { consignees: 2, listed: [{ consignee: SHOPS[1] }, { consignee: SHOPS[2] }] },
  });
  expect((await status(key, '2026-03-07T13:00:00Z')).notified.notified).toBe(2);
  expect((await status(key, '2026-03-11T00:00:00Z')).responded.onHand[0]!.quantity).toBe('4');
});
