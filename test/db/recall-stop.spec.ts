import { RecordEvents } from '@/ledger';
import { HoldUnits } from '@/operations/holds';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { recallByKey } from '@/quality/recalls';
import { StopUnits } from '@/quality/recalls/app/stop-units';
import { fillScope } from '@/quality/recalls/stop-queries';
import { useDatabase } from '../support';

/** How wide: RECALL_UNITS=400000 measures the goal of a minute. */
const UNITS = Number(process.env.RECALL_UNITS ?? 2_000);
const PER_EVENT = 1_000;
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
const T = (time: string) => `2026-03-${time}:00Z`;
const DIGEST = 'ab'.repeat(32);
const record = () => new RecordEvents(db().uow, settings);
const stop = () => new StopUnits(new HoldUnits(db().uow, record(), settings));

beforeAll(async () => {
  await db().asOwner(
    `INSERT INTO item (code, name, tracking, uom) VALUES ('RM', 'Resin', 'lot', 'kg'), ('FG', 'Part', 'serial', 'pcs')`,
  );
  await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin')`);
  await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ('SHOP', 'Shop', 'customer')`);
  await record().execute(ctx, [
    {
      id: 'rm',
      type: 'receive',
      at: T('01T08:00'),
      place: 'A',
      unit: { item: 'RM', lot: 'L1' },
      quantity: { value: '1000000', uom: 'kg' },
    },
  ]);
  for (let from = 0; from < UNITS; from += PER_EVENT) {
    const serials = Array.from({ length: Math.min(PER_EVENT, UNITS - from) }, (_, i) => `SN-${from + i}`);
    const { refused } = await record().execute(ctx, [
      {
        id: `p${from}`,
        type: 'produce',
        at: T('02T08:00'),
        place: 'A',
        outputs: serials.map((serial) => ({ unit: { item: 'FG', serial } })),
        inputs: [{ unit: { item: 'RM', lot: 'L1' }, quantity: { value: '1', uom: 'kg' } }],
      },
    ]);
    expect(refused).toEqual([]);
  }
  await db().asOwner('ANALYZE');
}, 1_800_000);

async function aCase(): Promise<string> {
  const [row] = await db().asOwner<{ id: number }>(
    `INSERT INTO recall (key, drill, title, state, jurisdiction, language, four_eyes, details, goals, created_by)
     VALUES (gen_random_uuid()::text, false, 'Bad resin', 'approved', 'US', 'en', true, '{}', '{}', 'user:anna') RETURNING recall_id AS id`,
  );
  await db().asOwner(`UPDATE recall SET key = 'R' || recall_id WHERE recall_id = $1`, [row!.id]);
  await db().asOwner(
    `INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by)
     VALUES ($1, 1, 'saved', '{}', gen_random_uuid(), '[]', 1, decode($2, 'hex'), '{}', 'first', 'user:anna')`,
    [row!.id, DIGEST],
  );
  return `R${row!.id}`;
}

it('holds every unit in scope that is in house in one transaction', async () => {
  const key = await aCase();
  const recall = await recallByKey(db().database, key);
  const ids = (
    await db().asOwner<{ id: number }>(`SELECT unit_id AS id FROM unit WHERE kind = 'serial' ORDER BY 1`)
  ).map((r) => r.id);
  const none = {
    length: 0,
    unitId: new Int32Array(),
    insideId: new Int32Array(),
    partnerId: new Int32Array(),
    eventId: new Float64Array(),
    document: [],
    fromMs: new Float64Array(),
    quantity: [],
    certain: new Uint8Array(),
  };
  const columns = {
    position: 1,
    digest: '',
    complete: true,
    unitId: Int32Array.from(ids),
    certain: new Uint8Array(ids.length).fill(1),
    besidesId: new Int32Array(),
    deliveries: none,
  };
  const started = Date.now();
  const held = await db().uow.run(ctx, async (tx) => {
    await fillScope(tx, { recallId: recall.recallId, version: 1, columns, excluded: new Set() });
    return stop().within(tx, recall);
  });
  if (process.env.RECALL_UNITS) process.stderr.write(`${held} units held in ${Date.now() - started} ms\n`);
  expect(held).toBe(ids.length);
}, 1_800_000);
