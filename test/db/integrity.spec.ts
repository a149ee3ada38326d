import { randomUUID } from 'node:crypto';
import { RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import { Context } from '@/platform/db';
import { PutItems } from '@/reference/catalog';
import { KeptRoot, verify } from '../../src/ledger/integrity/verify';
import { TestDatabase, useDatabase } from '../support';
import { createDatabase } from '../support/database';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });
const T = (time: string) => `2026-03-0${time}:00Z`;
const lot = (item: string, code: string) => ({ item, lot: code });
const serial = (item: string, code: string) => ({ item, serial: code });
const kg = (value: string) => ({ value, uom: 'kg' });

const record = async (db: TestDatabase, ...events: Record<string, unknown>[]) => {
  const result = await new RecordEvents(db.uow, settings).execute(
    ctx,
    events.map((e) => ({ id: randomUUID(), ...e })),
  );
  expect(result.refused).toEqual([]);
};

const verified = (db: TestDatabase, root?: KeptRoot) => verify(db.uow, { findingsMax: 100, root });

/** One row at least in every table of facts, over several positions, and audit lines. */
async function plant(db: TestDatabase): Promise<void> {
  await new PutItems(db.uow).execute(ctx, [
    { item: 'RM', name: 'Resin', tracking: 'lot', uom: 'kg' },
    { item: 'BIKE', name: 'Bike', tracking: 'serial', uom: 'pcs' },
    { item: 'BAT', name: 'Battery', tracking: 'serial', uom: 'pcs' },
  ]);
  await db.asOwner(`INSERT INTO place (code, name, kind) VALUES ('A', 'A', 'bin'), ('B', 'B', 'bin')`);
  await db.asOwner(
    `INSERT INTO partner (code, name, kind) VALUES ('SUP', 'Supplier', 'supplier'), ('SHOP', 'Shop', 'customer')`,
  );
  const order = { line: '1', item: 'RM', quantity: kg('5') };
  await record(db, { type: 'order', at: T('1T07:00'), purchaseOrder: 'PO-1', partner: 'SUP', lines: [order] });
  await sealLedger(db.uow);
  await record(
    db,
    {
      type: 'receive',
      at: T('1T08:00'),
      unit: lot('RM', 'L1'),
      quantity: kg('5.50'),
      supplier: 'SUP',
      supplierLot: 'S1',
      place: 'A',
      refs: { purchaseOrder: 'PO-1' },
      attributes: { colour: 'red' },
    },
    { type: 'create', at: T('1T08:00'), unit: serial('BAT', 'B1'), place: 'A' },
    { type: 'create', at: T('1T08:00'), unit: serial('BIKE', 'K1'), place: 'A' },
    { type: 'inspect', at: T('1T09:00'), unit: lot('RM', 'L1'), characteristic: 'moisture', result: 'pass' },
    { id: 'hold', type: 'hold', at: T('1T10:00'), units: [{ unit: lot('RM', 'L1') }], reason: 'smells odd' },
  );
  await sealLedger(db.uow);
  await record(
    db,
    { type: 'release', at: T('2T10:00'), hold: 'hold' },
    { type: 'install', at: T('2T11:00'), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1') },
    { id: 'wrong', type: 'scrap', at: T('2T12:00'), unit: lot('RM', 'L1'), quantity: kg('1') },
    { type: 'void', at: T('2T13:00'), event: 'wrong', reason: 'mistyped' },
    { type: 'remove', at: T('3T11:00'), parent: serial('BIKE', 'K1'), unit: serial('BAT', 'B1'), place: 'A' },
  );
  await sealLedger(db.uow);
  // A container, what was done to it, and a movement that it carried and that was taken back.
  await db.asOwner(`WITH b AS (SELECT ledger_open_batch('test', 'user:test', NULL) AS id),
      c AS (INSERT INTO container (batch_id, code) SELECT id, 'C1' FROM b RETURNING container_id),
      f AS (INSERT INTO container_fact (batch_id, event_id, container_id, role, at_from, at_until)
            SELECT b.id, (SELECT min(event_id) FROM event), c.container_id, 'moved', 1, 2 FROM b, c)
    INSERT INTO movement_end (movement_id, batch_id) SELECT (SELECT max(movement_id) FROM movement), id FROM b`);
  await sealLedger(db.uow);
}

describe('a verification', () => {
  const db = useDatabase();
  let tables: string[];

  beforeAll(async () => {
    await plant(db());
    tables = (await db().asOwner<{ table: string }>(`SELECT DISTINCT table_name AS table FROM ledger_fact`)).map(
      (r) => r.table,
    );
  });

  it('finds nothing where nothing was touched, and covers every table that the application cannot change', async () => {
    const whole = await verified(db());
    expect(whole).toMatchObject({ ok: true, findings: [], position: expect.any(Number) as number });
    const append = await db().asOwner<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'batch_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT has_table_privilege('unitrail_app', c.oid, 'UPDATE')`,
    );
    const covered = append.map((r) => r.name).filter((name) => !['ledger_pending', 'ledger_position'].includes(name));
    expect([...whole.tables].sort()).toEqual([...covered, 'audit_line'].sort());
    // Every one of them has a row here, so that what follows proves something of each.
    for (const table of whole.tables)
      expect([table, await db().asOwner(`SELECT 1 FROM ${table} LIMIT 1`)]).toEqual([table, [{ '?column?': 1 }]]);
  });

  it('is cheap to seal: every table of facts finds its rows by their batch', async () => {
    const without: string[] = [];
    for (const table of tables.filter((t) => !['audit_line', 'ledger_batch'].includes(t))) {
      const [index] = await db().asOwner(
        `SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
          WHERE i.indrelid = $1::regclass AND a.attname = 'batch_id' AND i.indpred IS NULL`,
        [table],
      );
      if (!index) without.push(table);
    }
    expect(without).toEqual([]);
  });

  it('covers a new table and a new column from the next seal on, by itself', async () => {
    await db().asOwner(
      `CREATE TABLE newcomer (newcomer_id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, batch_id bigint NOT NULL, says text)`,
    );
    await db().asOwner(`GRANT SELECT, INSERT ON newcomer TO unitrail_app`);
    await db().asOwner(
      `WITH b AS (SELECT ledger_open_batch('s', 'a', NULL) AS id) INSERT INTO newcomer (batch_id, says) SELECT id, 'one' FROM b`,
    );
    await sealLedger(db().uow);
    await db().asOwner(`ALTER TABLE newcomer ADD COLUMN more text`);
    await db().asOwner(
      `WITH b AS (SELECT ledger_open_batch('s', 'a', NULL) AS id) INSERT INTO newcomer (batch_id, says, more) SELECT id, 'two', 'more' FROM b`,
    );
    await sealLedger(db().uow);
    expect((await verified(db())).findings).toEqual([]);
    await db().asOwner(`UPDATE newcomer SET more = 'less' WHERE says = 'two'`);
    expect((await verified(db())).findings).toMatchObject([{ kind: 'row-changed', table: 'newcomer', id: '2' }]);
    await db().asOwner(`DROP TABLE newcomer`);
    await db().asOwner(`DELETE FROM ledger_leaf WHERE table_name = 'newcomer'`);
  });
});

describe('tampering as the owner', () => {
  const db = useDatabase();
  beforeAll(() => plant(db()));

  /** Does something behind the ledger's back, verifies, and takes it back. */
  async function found(...statements: string[]) {
    const tables = await db().asOwner<{ t: string }>(`SELECT DISTINCT table_name AS t FROM ledger_fact`);
    const chains = ['ledger', 'audit'].flatMap((c) => ['seal', 'leaf', 'position', 'pending'].map((t) => `${c}_${t}`));
    const all = [...tables.map((r) => r.t), ...chains];
    await db().asOwner([...all.map((t) => `CREATE TABLE kept_${t} AS TABLE ${t}`), ...statements].join('; '));
    const result = await verified(db());
    const restore = all.flatMap((t) => [
      `TRUNCATE ${t}`,
      `INSERT INTO ${t} SELECT * FROM kept_${t}`,
      `DROP TABLE kept_${t}`,
    ]);
    const trigger = (does: string) => `ALTER TABLE audit_line ${does} TRIGGER audit_line_waits`;
    await db().asOwner([trigger('DISABLE'), ...restore, trigger('ENABLE')].join('; '));
    return result.findings;
  }

  const CHANGES: [table: string, key: string, change: string][] = [
    ['ledger_batch', 'batch_id', `actor = 'user:nobody'`],
    ['event', 'event_id', `body = jsonb_set(body, '{at}', '"2026-03-01T07:59:00Z"')`],
    ['event_void', 'event_id', `reason = 'because'`],
    ['unit', 'unit_id', `code = code || 'x'`],
    ['unit_alias', 'unit_alias_id', `alias = 'S2'`],
    ['link', 'link_id', `from_ms = from_ms + 1`],
    ['link_end', 'link_end_id', `until_ms = until_ms + 1`],
    ['movement', 'movement_id', `at_until = at_until + 1`],
    ['movement_end', 'movement_id', `batch_id = batch_id - 1`],
    ['inspection', 'inspection_id', `passed = NOT passed`],
    ['hold', 'hold_id', `reason = 'nothing'`],
    ['hold_release', 'hold_release_id', `at_ms = at_ms - 1`],
    ['master_version', 'version_id', `body = body || '{"name": "Other"}'`],
    ['container', 'container_id', `code = 'C2'`],
    ['container_fact', 'container_fact_id', `at_from = at_from - 1`],
    ['order_line', 'order_line_id', `quantity = quantity + 1`],
    ['order_part', 'order_part_id', `line = '9'`],
    ['attribute_value', 'attribute_value_id', `value = 'blue'`],
    ['audit_line', 'audit_id', `actor = 'user:nobody'`],
  ];

  it('has a case for every table of facts', async () => {
    const tables = await db().asOwner<{ t: string }>(`SELECT DISTINCT table_name AS t FROM ledger_fact`);
    expect(CHANGES.map(([t]) => t).sort()).toEqual(tables.map((r) => r.t).sort());
  });

  it.each(CHANGES)('with a row of %s is named: changed, taken out, put in', async (table, key, change) => {
    const [row] = await db().asOwner<{ id: number }>(`SELECT ${key}::int AS id FROM ${table} ORDER BY 1 LIMIT 1`);
    const id = String(row!.id);
    const of = (findings: Awaited<ReturnType<typeof found>>) =>
      findings.filter((f) => f.table === table).map((f) => `${f.kind} ${f.id}`);

    const changed = await found(`UPDATE ${table} SET ${change} WHERE ${key} = ${id}`);
    // A row that is put into another batch is gone from its own, and new in the other.
    expect(of(changed)).toContain(change.startsWith('batch_id') ? `row-missing ${id}` : `row-changed ${id}`);
    expect(changed.find((f) => f.table === table)).toMatchObject({
      position: expect.any(Number) as number,
      recordedAt: expect.stringMatching(/^20/) as string,
    });

    expect(of(await found(`DELETE FROM ${table} WHERE ${key} = ${id}`))).toContain(`row-missing ${id}`);

    const columns = (
      await db().asOwner<{ c: string }>(`SELECT unnest(columns) AS c FROM ledger_fact WHERE table_name = $1`, [table])
    ).map(({ c }) => c);
    const unique: Record<string, string> = { client_id: `client_id || 'x'`, code: `code || 'y'` };
    const values = columns.map((c) => (c === key ? '900000' : (unique[c] ?? c))).join(', ');
    const inserted = await found(
      `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM ${table} WHERE ${key} = ${id}`,
      // The trigger has it wait to be sealed; whoever hides a line takes that away too.
      ...(table === 'audit_line' ? ['DELETE FROM audit_pending'] : []),
    );
    expect(of(inserted).map((f) => f.replace('unsealed', 'inserted'))).toContain('row-inserted 900000');
  });

  it('names what a row is about', async () => {
    const [finding] = await found(`UPDATE unit_alias SET alias = 'S2'`);
    expect(finding).toMatchObject({ actor: 'user:test', table: 'unit_alias' });
    expect(finding!.name).toMatch(/S2 .*lot RM L1.*by receive test\//);
  });

  it('with seals, leaves and positions shows in the chain', async () => {
    const kinds = async (...statements: string[]) =>
      [...new Set((await found(...statements)).map((f) => f.kind))].sort();
    expect(await kinds(`UPDATE ledger_seal SET hash = sha256('other') WHERE position = 2`)).toEqual(['seal-changed']);
    expect(await kinds(`DELETE FROM ledger_seal WHERE position = 2`)).toEqual([
      'position-without-seal',
      'seal-missing',
    ]);
    expect(
      await kinds(`UPDATE ledger_leaf SET root = sha256('other') WHERE position = 2 AND table_name = 'event'`),
    ).toEqual(['leaf-changed', 'seal-changed']);
    expect(await kinds(`UPDATE ledger_position SET position = 3 WHERE position = 2`)).toEqual([
      'row-inserted',
      'row-missing',
    ]);
    expect(await kinds(`DELETE FROM ledger_position WHERE position = 2`)).toEqual(['row-missing', 'row-unsealed']);
    expect(await kinds(`UPDATE audit_seal SET previous_hash = sha256('other')`)).toEqual(['seal-changed']);
  });

  it('by whoever writes the whole chain anew shows against a root that was kept', async () => {
    const before = await verified(db());
    const root: KeptRoot = {
      position: before.position,
      ledgerHash: before.ledgerHash!,
      auditPosition: before.auditPosition,
      auditHash: before.auditHash!,
    };
    expect((await verified(db(), root)).ok).toBe(true);
    await record(db(), { type: 'create', at: T('7T08:00'), unit: serial('BAT', 'B2') });
    await sealLedger(db().uow);
    expect((await verified(db(), root)).ok).toBe(true);
    expect((await verified(db(), { ...root, ledgerHash: '00' })).findings).toMatchObject([{ kind: 'root-differs' }]);
    expect((await verified(db(), { ...root, position: 999 })).findings).toMatchObject([{ kind: 'root-differs' }]);
  });

  it('does not go with a restore: in another database all is as it was sealed, under the same root', async () => {
    const before = await verified(db());
    const other = await createDatabase();
    try {
      const facts = await db().asOwner<{ t: string }>(`SELECT DISTINCT table_name AS t FROM ledger_fact`);
      const chains = ['ledger', 'audit'].flatMap((c) => ['seal', 'leaf', 'position'].map((t) => `${c}_${t}`));
      const beside = ['ledger_fact', 'item', 'place', 'partner'];
      await other.asOwner('ALTER TABLE audit_line DISABLE TRIGGER audit_line_waits');
      for (const t of [...facts.map((r) => r.t), ...chains, ...beside]) {
        const rows = await db().asOwner<{ row: string }>(`SELECT t::text AS row FROM ${t} t`);
        await other.asOwner(`TRUNCATE ${t}`);
        await other.asOwner(`INSERT INTO ${t} SELECT (x::${t}).* FROM unnest($1::text[]) AS x`, [
          rows.map((r) => r.row),
        ]);
      }
      const root = {
        position: before.position,
        ledgerHash: before.ledgerHash!,
        auditPosition: before.auditPosition,
        auditHash: before.auditHash!,
      };
      expect(await verified(other, root)).toMatchObject({ ok: true, findings: [], rows: before.rows });
    } finally {
      await other.drop();
    }
  });

  it('that leaves facts without what they speak of shows as orphans', async () => {
    const findings = await found(`DELETE FROM unit WHERE code = 'B1'`);
    expect(findings.filter((f) => f.kind === 'orphan' && f.table === 'movement').length).toBeGreaterThan(0);
  });

  it('is refused to the application: no leaf, no seal, no line out of the audit', async () => {
    for (const sql of [
      `INSERT INTO ledger_leaf SELECT * FROM ledger_leaf`,
      `DELETE FROM ledger_leaf`,
      `UPDATE ledger_fact SET columns = '{}'`,
      `INSERT INTO ledger_fact VALUES ('x', 1, NULL, '{}')`,
      `DELETE FROM audit_pending`,
      `INSERT INTO audit_position VALUES (1, 1)`,
      `DELETE FROM audit_seal`,
      `SELECT ledger_cover_facts()`,
      `SELECT ledger_add_leaves('ledger_leaf', 1, '{1}', NULL)`,
    ])
      await expect(db().database.query(sql)).rejects.toMatchObject({
        message: expect.stringMatching(/permission denied/) as string,
      });
  });
});
