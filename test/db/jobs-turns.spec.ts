import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { checkRoomInQueue, priorityNumber, TraceQueue, tracesAhead, TracePriority } from '@/trace/app/trace-queue';
import { useDatabase } from '../support';

const db = useDatabase();
const queue = () => new TraceQueue(db().uow, db().database);
const ctx = (actor: string) => ({ actor, source: actor });

beforeEach(async () => {
  await db().asOwner('TRUNCATE trace');
});

async function ask(user: string, priority: TracePriority = 'normal', status = 'queued'): Promise<string> {
  const id = randomUUID();
  await db().database.query(
    `INSERT INTO trace (trace_id, status, question, position, created_by, priority, started_at, seen_at)
     VALUES ($1, $2, '{}', 1, $3, $4, CASE WHEN $2 = 'queued' THEN NULL ELSE clock_timestamp() END, clock_timestamp())`,
    [id, status, user, priorityNumber(priority)],
  );
  return id;
}

const nameOf = async (id: string | undefined): Promise<string | undefined> =>
  (await db().database.query<{ created_by: string }>('SELECT created_by FROM trace WHERE trace_id = $1', [id]))[0]
    ?.created_by;
const finish = (id: string | undefined, status = 'done') =>
  db().database.query('UPDATE trace SET status = $2 WHERE trace_id = $1', [id, status]);
const fieldsOf = async (id: string) =>
  (
    await db().database.query<{ status: string; lost: number; error_code: string | null }>(
      'SELECT status, lost, error_code FROM trace WHERE trace_id = $1',
      [id],
    )
  )[0];

/** Takes and finishes one trace after the other, as one worker does; the names of who was served. */
async function serveAll(): Promise<string[]> {
  const served: string[] = [];
  for (let id = await queue().next(); id !== undefined; id = await queue().next()) {
    served.push((await nameOf(id))!);
    await finish(id);
  }
  return served;
}

describe('turns', () => {
  it('go to a recall before a normal question, and to a report last, whoever asked first', async () => {
    const report = await ask('anna', 'report');
    const normal = await ask('anna', 'normal');
    const recall = await ask('anna', 'recall');
    expect([await queue().next(), await queue().next(), await queue().next()]).toEqual([recall, normal, report]);
    expect(await queue().next()).toBeUndefined();
  });

  it('do not make one user wait for the two hundred questions of another', async () => {
    for (let n = 0; n < 200; n++) await ask('anna');
    await ask('ben');
    await ask('carl');
    await ask('ben');
    expect((await serveAll()).slice(0, 7)).toEqual(['anna', 'ben', 'carl', 'anna', 'ben', 'anna', 'anna']);
  });

  it('go to whoever has the fewest running, where several run at once', async () => {
    for (let n = 0; n < 4; n++) await ask('anna');
    const first = await queue().next();
    expect(await nameOf(first)).toBe('anna');
    const second = await queue().next();
    expect(await nameOf(second)).toBe('anna');
    await ask('ben');
    await ask('ben');
    expect(await nameOf(await queue().next())).toBe('ben');
    // Ben has one running, Anna two.
    expect(await nameOf(await queue().next())).toBe('ben');
    await finish(first);
    expect(await nameOf(await queue().next())).toBe('anna');
  });

  it('are what is said of them: as many are served before a trace as were ahead of it', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            user: fc.constantFrom('anna', 'ben', 'carl', 'dora'),
            priority: fc.constantFrom<TracePriority>('recall', 'normal', 'normal', 'report'),
            status: fc.constantFrom('queued', 'queued', 'queued', 'running', 'done'),
          }),
          { minLength: 1, maxLength: 14 },
        ),
        async (asked) => {
          await db().asOwner('TRUNCATE trace');
          for (const { user, priority, status } of asked) await ask(user, priority, status);
          const waiting = await db().database.query<{ trace_no: number; trace_id: string }>(
            `SELECT trace_no, trace_id FROM trace WHERE status = 'queued'`,
          );
          const ahead = await tracesAhead(
            db().database,
            waiting.map((w) => w.trace_no),
          );
          const expected = waiting
            .sort((a, b) => ahead.get(a.trace_no)! - ahead.get(b.trace_no)!)
            .map((w) => w.trace_id);
          const taken: string[] = [];
          for (let id = await queue().next(); id !== undefined; id = await queue().next()) taken.push(id);
          expect(taken).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    ));

  it('are fair on any queue: between two turns of who waits, nobody else of the same class has more than one', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('anna', 'anna', 'anna', 'ben', 'carl'), { minLength: 1, maxLength: 25 }),
        async (users) => {
          await db().asOwner('TRUNCATE trace');
          for (const user of users) await ask(user);
          const served = await serveAll();
          expect([...served].sort()).toEqual([...users].sort());
          for (const waits of new Set(users)) {
            const own = served.flatMap((user, at) => (user === waits ? [at] : []));
            for (const [n, at] of own.entries()) {
              const between = served.slice(n === 0 ? 0 : own[n - 1]! + 1, at);
              expect(new Set(between).size).toBe(between.length);
            }
          }
        },
      ),
      { numRuns: 60 },
    ));

  it('are taken once, however many workers look at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, n) => ask(`user-${n % 3}`)));
    const taken = await Promise.all(Array.from({ length: 20 }, () => queue().next()));
    expect(taken.filter((id) => id !== undefined).sort()).toEqual([...ids].sort());
  });

  it('pass over what was cancelled', async () => {
    const [first, second] = [await ask('anna'), await ask('anna')];
    await finish(first, 'cancelled');
    expect(await queue().next()).toBe(second);
  });
});

describe('a trace whose worker is lost', () => {
  const silent = (id: string) =>
    db().database.query(`UPDATE trace SET seen_at = clock_timestamp() - interval '1 minute' WHERE trace_id = $1`, [id]);

  it('is taken up before anything else, and is left alone while its worker lives', async () => {
    const id = await ask('anna');
    expect(await queue().next()).toBe(id);
    const recall = await ask('ben', 'recall');
    await silent(id);
    expect(await queue().findLost()).toEqual([id]);
    expect(await queue().next()).toBe(id);
    expect(await queue().findLost()).toEqual([]);
    expect(await queue().next()).toBe(recall);
    expect(await queue().next()).toBeUndefined();
  });

  it('is given up when it has taken three workers down with it', async () => {
    const id = await ask('anna');
    expect(await queue().next()).toBe(id);
    for (const lost of [1, 2]) {
      await silent(id);
      expect(await queue().next()).toBe(id);
      expect(await fieldsOf(id)).toMatchObject({ status: 'running', lost });
    }
    await silent(id);
    const other = await ask('ben');
    expect(await queue().next()).toBe(other);
    expect(await fieldsOf(id)).toMatchObject({ status: 'failed', error_code: 'TRACE_WORKER_LOST' });
  });
});

describe('a full queue', () => {
  const room = (user: string) => db().uow.run(ctx(user), (tx) => checkRoomInQueue(tx, user, 2));

  it('refuses one more of the same user, and nobody else', async () => {
    await ask('anna');
    await room('anna');
    await ask('anna');
    await expect(room('anna')).rejects.toMatchObject({
      code: 'TOO_MANY_TRACES',
      message: expect.stringContaining('TRACES_QUEUED_PER_USER_MAX') as string,
    });
    await room('ben');
    await finish(await queue().next());
    await room('anna');
  });
});
