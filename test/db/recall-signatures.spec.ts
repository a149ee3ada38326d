import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { ConfirmPerson, CreateUser } from '@/reference/access';
import { AdvanceRecall } from '@/quality/recalls/app/advance-recall';
import { ApproveRecall } from '@/quality/recalls/app/approve-recall';
import { SignRecall } from '@/quality/recalls/app/sign-recall';
import { recallByKey, recallFor } from '@/quality/recalls';
import { signaturesOf, stepsOf } from '@/quality/recalls/steps-queries';
import { LoginLimit } from '@/reference/access/app/login-limit';
import { useDatabase } from '../support';

const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', LOGIN_ATTEMPTS_MAX: '5' });
const db = useDatabase();
const PASSWORD = 'a long enough password';
const as = (name: string): Context => ({ actor: `user:${name}`, source: `user:${name}` });
const KEY: Context = { actor: 'key:erp', source: 'key:erp' };
const signature = { password: PASSWORD, meaning: 'I approve this scope', reason: 'the lot is bad' };
const DIGEST = 'ab'.repeat(32);

let verbs: ApproveRecall;
let sign: SignRecall;
const advance = new AdvanceRecall();

beforeAll(async () => {
  sign = new SignRecall(new ConfirmPerson(db().database, new LoginLimit(db().database, settings)));
  verbs = new ApproveRecall(db().uow, sign, advance);
  for (const username of ['anna', 'ben', 'carl', 'dora'])
    await new CreateUser(db().uow).execute(as('admin'), {
      username,
      displayName: `${username} of quality`,
      role: 'coordinator',
      password: PASSWORD,
    });
});

/** A case whose only version anna has saved. */
async function scoped(state = 'scoped', fourEyes = true): Promise<string> {
  const [{ id }] = (await db().asOwner<{ id: number }>(
    `INSERT INTO recall (key, drill, title, state, jurisdiction, language, four_eyes, details, goals, created_by)
     VALUES (gen_random_uuid()::text, false, 'Bad cells', $1, 'US', 'en', $2, '{}', '{}', 'user:anna')
     RETURNING recall_id AS id`,
    [state, fourEyes],
  )) as [{ id: number }];
  await db().asOwner(`UPDATE recall SET key = 'R' || recall_id WHERE recall_id = $1`, [id]);
  await db().asOwner(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by)
     VALUES ($1, 1, 'saved', '{}', gen_random_uuid(), '[]', 1, decode($2, 'hex'), '{}', 'first', 'user:anna')`,
    [id, DIGEST],
  );
  return `R${id}`;
}

it('an approval is signed by another person than who saved the version, and is bound to what was seen', async () => {
  const recall = await scoped();
  await expect(verbs.approve(as('anna'), { recall, signature })).rejects.toMatchObject({ code: 'RECALL_FOUR_EYES' });
  await expect(verbs.approve(as('ben'), { recall, digest: 'cd'.repeat(32), signature })).rejects.toMatchObject({
    code: 'RECALL_DIGEST',
  });
  const before = await recallByKey(db().database, recall);
  expect((await verbs.approve(as('ben'), { recall, digest: DIGEST, signature })).state).toBe('approved');
  const after = await recallByKey(db().database, recall);
  expect([after.state, after.revision]).toEqual(['approved', before.revision + 1]);
  expect(await signaturesOf(db().database, after.recallId)).toMatchObject([
    {
      subject: 'approval',
      version: 1,
      digest: DIGEST,
      by: 'user:ben',
      name: 'ben of quality',
      meaning: signature.meaning,
      reason: signature.reason,
    },
  ]);
  expect(await stepsOf(db().database, after.recallId)).toMatchObject([
    { verb: 'approve', from: 'scoped', to: 'approved', by: 'user:ben', signature: expect.any(Number) as number },
  ]);
  const audit = await db().asOwner<{ after: unknown }>(`SELECT action, after FROM audit_line WHERE subject = $1`, [
    `recall:${recall}`,
  ]);
  expect(audit.map((line) => (line as { action?: string }).action)).toEqual(['sign-recall', 'approve-recall']);
  expect(JSON.stringify(audit)).not.toContain(PASSWORD);
  // Twice is once.
  await expect(verbs.approve(as('ben'), { recall, digest: DIGEST, signature })).rejects.toMatchObject({
    code: 'RECALL_STATE',
  });
});

it('without four eyes one person may do both', async () => {
  const recall = await scoped('scoped', false);
  expect((await verbs.approve(as('anna'), { recall, signature })).state).toBe('approved');
});

it('a key signs nothing, a wrong password signs nothing and counts as a failed sign-in', async () => {
  const recall = await scoped();
  await expect(verbs.approve(KEY, { recall, signature })).rejects.toMatchObject({ code: 'SIGNATURE_NEEDS_PERSON' });
  const wrong = { ...signature, password: 'another long password' };
  for (let i = 0; i < 5; i++)
    await expect(verbs.approve(as('carl'), { recall, signature: wrong })).rejects.toMatchObject({
      code: 'SIGNATURE_WRONG',
    });
  await expect(verbs.approve(as('carl'), { recall, signature })).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  const limit = new LoginLimit(db().database, settings);
  await expect(limit.begin('carl', '10.0.0.1')).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  const { recallId, state } = await recallByKey(db().database, recall);
  expect([state, await signaturesOf(db().database, recallId)]).toEqual(['scoped', []]);
});

it('what is refused goes back with the reason; what is withdrawn is closed and nothing follows', async () => {
  const recall = await scoped('approved');
  expect((await verbs.refuse(as('ben'), { recall, reason: 'the window is too wide' })).state).toBe('scoped');
  expect((await verbs.withdraw(as('ben'), { recall, digest: DIGEST, signature })).state).toBe('closed');
  const { recallId } = await recallByKey(db().database, recall);
  expect(await db().asOwner(`SELECT outcome FROM recall WHERE key = $1`, [recall])).toEqual([{ outcome: 'withdrawn' }]);
  expect(await stepsOf(db().database, recallId)).toMatchObject([
    { verb: 'refuse', note: 'the window is too wide' },
    { verb: 'withdraw', to: 'closed' },
  ]);
  await expect(verbs.approve(as('ben'), { recall, signature })).rejects.toMatchObject({ code: 'RECALL_STATE' });
});

it('a verb that must be signed is not done without a signature, nor in a state that does not allow it', async () => {
  const recall = await scoped('monitoring');
  const close = (signed: boolean) =>
    db().uow.run(as('dora'), async (tx) => {
      const found = await recallFor(tx, recall, 'close');
      const by = { subject: 'closing', version: 1, digest: DIGEST, ...signature } as const;
      return advance.within(tx, found, 'close', { signature: signed ? await sign.within(tx, found, by) : undefined });
    });
  await expect(close(false)).rejects.toMatchObject({ code: 'SIGNATURE_REQUIRED' });
  expect((await close(true)).state).toBe('closed');
  await expect(close(true)).rejects.toMatchObject({ code: 'RECALL_STATE' });
});

it('two who decide at one moment: one does, the other one is told', async () => {
  const recall = await scoped();
  const both = await Promise.allSettled(
    ['ben', 'dora'].map((name) => verbs.approve(as(name), { recall, digest: DIGEST, signature })),
  );
  expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
});
