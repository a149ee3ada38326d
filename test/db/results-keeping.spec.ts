import { MigrationInterface } from 'typeorm';
import { createDataSource } from '@/platform/db';
import { KeepResults } from '@/trace/app/keep-results';
import { useDatabase } from '../support';
import { answerOf, queriesOf, settingsOf, storeNames, storeTrace } from './results-answers';

const db = useDatabase();
beforeAll(() => storeNames(db()));

const keeper = (days: number) => new KeepResults(db().uow, settingsOf(db(), { TRACE_KEEP_DAYS: String(days) }));
const finished = async (ago: string): Promise<string> => {
  const { id } = await storeTrace(db(), answerOf(1, { affected: 5, excluded: 3, deliveries: 4 }));
  await db().asOwner('UPDATE trace SET finished_at = now() - $2::interval WHERE trace_id = $1', [id, ago]);
  return id;
};
const rowsOf = async (id: string): Promise<number> => {
  const [row] = await db().asOwner<{ n: number }>(
    `SELECT (SELECT count(*) FROM trace_segment s WHERE s.trace_no = t.trace_no)::int
          + (SELECT count(*) FROM trace_delivery_segment d WHERE d.trace_no = t.trace_no)::int AS n
       FROM trace t WHERE t.trace_id = $1`,
    [id],
  );
  return row!.n;
};

describe('the keeping of results', () => {
  it('removes what is older, in as many turns as it takes, and leaves an audit line each', async () => {
    const young = await finished('9 days');
    const old = await Promise.all(Array.from({ length: 60 }, () => finished('11 days')));
    expect(await keeper(10).sweep()).toBe(60);
    expect(await keeper(10).sweep()).toBe(0);
    expect([await rowsOf(old[0]!), await rowsOf(old[59]!), await rowsOf(young)]).toEqual([0, 0, 3]);
    const lines = await db().asOwner<{ subject: string }>(
      `SELECT subject FROM audit_line WHERE action = 'expire-trace'`,
    );
    expect(new Set(lines.map((line) => line.subject))).toEqual(new Set(old.map((id) => `trace:${id}`)));
    await expect(queriesOf(db()).units(old[0]!, 'affected', { filters: {}, sort: 'key' })).rejects.toMatchObject({
      code: 'TRACE_EXPIRED',
    });
  });

  it('is done by one worker at a time', async () => {
    const old = await finished('11 days');
    await db().uow.run({ actor: 'user:test', source: 'user:test' }, async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(76301)`);
      expect(await keeper(10).sweep()).toBe(0);
    });
    expect(await rowsOf(old)).toBe(3);
    expect(await keeper(10).sweep()).toBe(1);
  });
});

describe('traces of before there were segments', () => {
  it('read as expired once the migration has run, and as failed once it is taken back', async () => {
    const owner = createDataSource({ url: db().url, as: 'owner', poolMax: 2 });
    await owner.initialize();
    const statusOf = async (id: string) =>
      (await db().asOwner('SELECT status, expired_at IS NOT NULL AS expired FROM trace WHERE trace_id = $1', [id]))[0];
    try {
      const id = await finished('1 day');
      const names = owner.migrations.map((one: MigrationInterface) => one.name ?? '').sort();
      const after = names.filter((name) => /\d{13}$/.exec(name)![0] >= '1763900000008');
      for (const _ of after) await owner.undoLastMigration();
      expect((await db().asOwner('SELECT status FROM trace WHERE trace_id = $1', [id]))[0]).toEqual({
        status: 'failed',
      });
      await db().asOwner(`UPDATE trace SET status = 'done' WHERE trace_id = $1`, [id]);
      await owner.runMigrations();
      expect(await statusOf(id)).toEqual({ status: 'done', expired: true });
      await expect(queriesOf(db()).gaps(id)).rejects.toMatchObject({ code: 'TRACE_EXPIRED' });
    } finally {
      await owner.destroy();
    }
  });
});
