import { createHash } from 'node:crypto';
import { canonicalJson } from '@/kernel';
import { once } from '@/platform/commands';
import { createDataSource, UnitOfWork } from '@/platform/db';
import { createDatabase, TestDatabase, useDatabase, waitFor } from '../support';

const ann = { actor: 'user:ann', source: 'user:ann' };
const bob = { actor: 'user:bob', source: 'user:bob' };
const sha256 = (value: unknown): Buffer => createHash('sha256').update(canonicalJson(value)).digest();

/** Counts how often it was really done. */
function work(): { done: number; times: () => Promise<{ done: number }> } {
  const state = { done: 0, times: async () => Promise.resolve({ done: ++state.done }) };
  return state;
}

describe('a command', () => {
  const db = useDatabase();
  const send = (command: { id: string; verb: string; content: unknown }, times: () => Promise<unknown>, ctx = ann) =>
    db().uow.run(ctx, (tx) => once(tx, command, times));

  it('is done once for an id, and answered again as the first time', async () => {
    const { times } = work();
    const command = { id: '1', verb: 'receive', content: { lines: [{ lot: 'L1', note: undefined }] } };
    expect(await send(command, times)).toEqual({ done: 1 });
    expect(await send({ ...command, content: { lines: [{ lot: 'L1' }] } }, times)).toEqual({ done: 1 });
  });

  it('is refused where its id came with other content', async () => {
    const { times } = work();
    await send({ id: '2', verb: 'receive', content: { lot: 'L1' } }, times);
    await expect(send({ id: '2', verb: 'receive', content: { lot: 'L2' } }, times)).rejects.toMatchObject({
      code: 'COMMAND_ID_REUSED',
    });
  });

  it('is another one for another verb, or from another sender', async () => {
    const { times } = work();
    await send({ id: '3', verb: 'receive', content: {} }, times);
    expect(await send({ id: '3', verb: 'ship', content: {} }, times)).toEqual({ done: 2 });
    expect(await send({ id: '3', verb: 'receive', content: {} }, times, bob)).toEqual({ done: 3 });
  });

  it('leaves its id free where it failed', async () => {
    const { times } = work();
    const command = { id: '4', verb: 'receive', content: {} };
    await expect(send(command, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await send(command, times)).toEqual({ done: 1 });
  });

  /** The second one sends while the first is at it, and is seen waiting; then the first one ends. */
  async function twoAtOnce(
    id: string,
    first: () => Promise<unknown>,
  ): Promise<[PromiseSettledResult<unknown>, number]> {
    const { times } = work();
    const command = { id, verb: 'receive', content: {} };
    let begun = (): void => undefined;
    let end = (): void => undefined;
    const atIt = new Promise<void>((resolve) => (begun = resolve));
    const mayEnd = new Promise<void>((resolve) => (end = resolve));
    const one = send(command, async () => {
      begun();
      await mayEnd;
      return first();
    });
    await atIt;
    const two = send(command, times);
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO command%'`;
    await waitFor(async () => (await db().asOwner(waiting, [db().name])).length === 1, { what: 'the second sender' });
    end();
    const [, second] = await Promise.allSettled([one, two]);
    return [second, (await times()).done - 1];
  }

  it('makes a second sender of its id wait, and gives it the answer of the first', async () => {
    const [second, done] = await twoAtOnce('5', () => Promise.resolve({ by: 'the first' }));
    expect([second, done]).toEqual([{ status: 'fulfilled', value: { by: 'the first' } }, 0]);
  });

  it('is done by the second sender where the first one fails', async () => {
    const [second, done] = await twoAtOnce('6', () => Promise.reject(new Error('refused')));
    expect([second, done]).toEqual([{ status: 'fulfilled', value: { done: 1 } }, 1]);
  });
});

describe('commands of the time when each area had a table of its own', () => {
  let old: TestDatabase;
  const withMigrations = async (step: (source: ReturnType<typeof createDataSource>) => Promise<unknown>) => {
    const source = createDataSource({ url: old.url, as: 'owner', poolMax: 2 });
    await source.initialize();
    await step(source).finally(() => source.destroy());
  };
  const there = async (table: string): Promise<boolean> =>
    (await old.asOwner(`SELECT 1 FROM pg_tables WHERE tablename = $1`, [table])).length === 1;
  const back = () =>
    withMigrations(async (source) => {
      while (await there('command')) await source.undoLastMigration();
    });

  const content = { id: 'x', lot: 'L1' };
  const answers = {
    hold: { id: 'x', group: 'g', reason: 'r', ref: 'H1', owner: 'ann', units: 1 },
    release: { id: 'x', holds: 1, units: 1 },
    propose: { disposition: 'D1' },
    decide: { disposition: 'D1', state: 'approved' },
    'carry-out': { disposition: 'D1', state: 'done', units: 1, heirs: [] },
  };

  beforeAll(async () => {
    old = await createDatabase();
    await back();
    const keep = (table: string, columns: string, values: unknown[]) =>
      old.asOwner(
        `INSERT INTO ${table} (source, ${columns}, answer, sha256) VALUES ('user:ann', ${values.map((_, i) => `$${i + 1}`).join(', ')})`,
        values,
      );
    // One id in three areas, as was allowed.
    await keep('production_command', 'client_id, verb', ['x', 'scrap', { of: 'production' }, sha256(content)]);
    const trade = sha256({ verb: 'change-sales-order', content });
    await keep('trade_command', 'command_id, verb', ['x', 'change-sales-order', { of: 'trade' }, trade]);
    await keep('warehouse_command', 'client_id, kind', ['x', 'move', { of: 'warehouse' }, sha256(['move', content])]);
    for (const [verb, answer] of Object.entries(answers))
      await keep('hold_command', 'client_id', [`x-${verb}`, answer, sha256({ command: verb, input: content })]);
    await withMigrations((source) => source.runMigrations());
  });
  afterAll(() => old.drop());

  const again = (id: string, verb: string, said: unknown) =>
    new UnitOfWork(old.dataSource).run(ann, (tx) =>
      once(tx, { id, verb, content: said }, () => Promise.reject(new Error('done a second time'))),
    );

  const kept: { verb: string; id: string; answer: unknown }[] = [
    { verb: 'scrap', id: 'x', answer: { of: 'production' } },
    { verb: 'change-sales-order', id: 'x', answer: { of: 'trade' } },
    { verb: 'move', id: 'x', answer: { of: 'warehouse' } },
    ...Object.entries(answers).map(([verb, answer]) => ({ verb, id: `x-${verb}`, answer })),
  ];

  it.each(kept)('answer as the first time: $verb', async ({ verb, id, answer }) => {
    expect(await again(id, verb, content)).toEqual(answer);
    await expect(again(id, verb, { ...content, lot: 'L2' })).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('go back to their tables with the migration', async () => {
    await back();
    const rows = await old.asOwner<{ area: string; id: string }>(
      `SELECT 'production' AS area, client_id AS id FROM production_command UNION ALL SELECT 'trade', command_id FROM trade_command
       UNION ALL SELECT 'warehouse', client_id FROM warehouse_command UNION ALL SELECT 'holds', client_id FROM hold_command ORDER BY 1, 2`,
    );
    expect(rows).toEqual([
      ...Object.keys(answers)
        .sort()
        .map((verb) => ({ area: 'holds', id: `x-${verb}` })),
      ...['production', 'trade', 'warehouse'].map((area) => ({ area, id: 'x' })),
    ]);
  });
});
