import { RecordEvents } from '@/ledger';
import { HoldUnits, ReleaseHolds } from '@/operations/holds';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { ApplyVersion, type Recall, recallByKey } from '@/quality/recalls';
import type { ScopeColumns } from '@/trace';
import { StopUnits } from '@/quality/recalls/app/stop-units';
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
const apply = () =>
  new ApplyVersion(new StopUnits(new HoldUnits(db().uow, record(), settings)), new ReleaseHolds(db().uow, record()));

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

/** A trace that reaches these units, and one shipment of the first of them. */
const reaching = (ids: number[]): ScopeColumns => ({
  position: 1,
  digest: '',
  complete: true,
  unitId: Int32Array.from(ids),
  certain: new Uint8Array(ids.length).fill(1),
  besidesId: new Int32Array(),
  deliveries: {
    length: 1,
    unitId: Int32Array.of(ids[0]!),
    insideId: Int32Array.of(0),
    partnerId: Int32Array.of(1),
    eventId: Float64Array.of(1),
    document: ['S-1'],
    fromMs: Float64Array.of(Date.parse(T('03T08:00'))),
    quantity: [1_500_000_000n],
    certain: Uint8Array.of(1),
  },
});
const unitIds = async () =>
  (await db().asOwner<{ id: number }>(`SELECT unit_id AS id FROM unit WHERE kind = 'serial' ORDER BY 1`)).map(
    (r) => r.id,
  );
const open = async (key: string) =>
  (
    await db().asOwner<{ id: number }>(
      `SELECT h.unit_id AS id FROM hold h WHERE h.ref = $1 AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id) ORDER BY 1`,
      [key],
    )
  ).map((r) => r.id);

it('holds every unit in scope that is in house in one transaction, once', async () => {
  const recall = await recallByKey(db().database, await aCase());
  const ids = await unitIds();
  const started = Date.now();
  const once = () =>
    db().uow.run(ctx, (tx) => apply().within(tx, recall, { version: 1, columns: reaching(ids), excluded: new Set() }));
  expect(await once()).toEqual({ added: ids.length, held: ids.length, removed: 0 });
  if (process.env.RECALL_UNITS) process.stderr.write(`${ids.length} units held in ${Date.now() - started} ms\n`);
  expect(await once()).toEqual({ added: 0, held: 0, removed: 0 });
  const deliveries = await db().asOwner(
    `SELECT delivery_no, partner_id, document, at, quantity, version_in FROM recall_delivery WHERE recall_id = $1`,
    [recall.recallId],
  );
  expect(deliveries).toEqual([
    {
      delivery_no: 1,
      partner_id: 1,
      document: 'S-1',
      at: new Date(T('03T08:00')),
      quantity: '1.5000000000000000',
      version_in: 1,
    },
  ]);
}, 1_800_000);

it('lets go of what a signed narrowing takes out, and of nothing else; what comes back in is held again', async () => {
  const recall = await recallByKey(db().database, await aCase());
  const other = await recallByKey(db().database, await aCase());
  const ids = (await unitIds()).slice(0, 4);
  const run = (
    of: Recall,
    version: number,
    columns: ScopeColumns,
    more: { narrow?: boolean; excluded?: number[] } = {},
  ) =>
    db().uow.run(ctx, (tx) =>
      apply().within(tx, of, { version, columns, excluded: new Set(more.excluded), narrow: more.narrow ?? false }),
    );
  await run(recall, 1, reaching(ids));
  await run(other, 1, reaching(ids));
  // One that the newer trace does not reach, and one that it reaches and the version leaves out.
  const [first, second, third, fourth] = ids as [number, number, number, number];
  const narrower = reaching([second, third, fourth]);
  expect(await run(recall, 2, narrower, { narrow: true, excluded: [fourth] })).toEqual({
    added: 0,
    held: 0,
    removed: 2,
  });
  expect(await open(recall.key)).toEqual([second, third]);
  expect(await open(other.key)).toEqual(ids);
  const rows = await db().asOwner(
    `SELECT unit_id, version_in, version_out FROM recall_unit WHERE recall_id = $1 ORDER BY unit_id`,
    [recall.recallId],
  );
  expect(rows).toEqual([
    { unit_id: first, version_in: 1, version_out: 2 },
    { unit_id: second, version_in: 1, version_out: null },
    { unit_id: third, version_in: 1, version_out: null },
    { unit_id: fourth, version_in: 1, version_out: 2 },
  ]);
  expect(await run(recall, 3, reaching(ids))).toMatchObject({ added: 2, removed: 0 });
  expect(await open(recall.key)).toEqual(ids);
  const shipments = await db().asOwner(
    `SELECT unit_id, version_in, version_out FROM recall_delivery WHERE recall_id = $1 ORDER BY delivery_no`,
    [recall.recallId],
  );
  expect(shipments).toEqual([
    { unit_id: first, version_in: 1, version_out: 2 },
    { unit_id: second, version_in: 2, version_out: null },
    { unit_id: first, version_in: 3, version_out: null },
  ]);
});
