import { MigrationInterface } from 'typeorm';
import { createDataSource, DatabaseOptions } from '@/platform/db';
import { dropDatabase, newDatabaseName, onServer, urlOf, useDatabase } from '../support';

/** Everything that makes up a schema, as PostgreSQL itself describes it. */
async function schemaOf(database: string): Promise<string[]> {
  const rows = await onServer<{ line: string }>(
    `SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
       FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       FROM pg_constraint WHERE connamespace = 'public'::regnamespace
     UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
     UNION ALL SELECT 'grant ' || table_name || ' ' || privilege_type FROM information_schema.role_table_grants
       WHERE grantee = 'unitrail_app'
     ORDER BY 1`,
    database,
  );
  return rows.map((row) => row.line);
}

describe('the migrations', () => {
  const name = newDatabaseName();
  const owner: DatabaseOptions = { url: '', as: 'owner', poolMax: 2 };
  let whole: string[];

  const withMigrations = async <T>(work: (source: ReturnType<typeof createDataSource>) => Promise<T>): Promise<T> => {
    const source = createDataSource({ ...owner, url: urlOf(name) });
    await source.initialize();
    try {
      return await work(source);
    } finally {
      await source.destroy();
    }
  };

  beforeAll(async () => {
    await onServer(`CREATE DATABASE ${name}`);
  });
  afterAll(async () => {
    await dropDatabase(name);
  });

  it('run on an empty database', async () => {
    const done = await withMigrations((source) => source.runMigrations());
    expect(done.length).toBeGreaterThanOrEqual(4);
    whole = await schemaOf(name);
    expect(whole.length).toBeGreaterThan(50);
  });

  it('run again without a change', async () => {
    const done = await withMigrations((source) => source.runMigrations());
    expect(done).toEqual([]);
    expect(await schemaOf(name)).toEqual(whole);
  });

  it('stand in the order of their times, each once', async () => {
    const names = await withMigrations(async (source) =>
      source.migrations.map((one: MigrationInterface) => one.name ?? ''),
    );
    const times = names.map((one) => Number(/\d{13}$/.exec(one)?.[0]));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  const drift = (): Promise<string[]> =>
    withMigrations(async (source) => {
      expect(source.entityMetadatas.length).toBeGreaterThan(3);
      const log = await source.driver.createSchemaBuilder().log();
      return log.upQueries.map((one) => one.query);
    });

  it('agree with the entities: no drift', async () => {
    expect(await drift()).toEqual([]);
  });

  it('would not agree with a column more', async () => {
    await onServer('ALTER TABLE item ADD COLUMN stray text', name);
    expect(await drift()).toEqual([expect.stringContaining('stray')]);
    await onServer('ALTER TABLE item DROP COLUMN stray', name);
  });

  it('let the last one be taken back and run again', async () => {
    await withMigrations((source) => source.undoLastMigration());
    expect(await schemaOf(name)).not.toEqual(whole);
    await withMigrations((source) => source.runMigrations());
    expect(await schemaOf(name)).toEqual(whole);
  });

  it('let all be taken back, to nothing', async () => {
    await withMigrations(async (source) => {
      for (const _ of source.migrations) await source.undoLastMigration();
    });
    expect((await schemaOf(name)).filter((line) => !line.includes('schema_migration'))).toEqual([]);
  });
});

describe('the application', () => {
  const db = useDatabase();
  const FACTS = [
    ...['ledger_batch', 'event', 'event_void', 'unit', 'unit_alias', 'link', 'link_end', 'movement'],
    ...['inspection', 'hold', 'hold_release', 'master_version', 'audit_line'],
    ...['recall_scope', 'recall_signature', 'recall_step'],
  ];
  const SEALED = ['ledger_position', 'ledger_seal'];

  it.each([...FACTS, ...SEALED])('is refused any change of what stands in %s', async (table) => {
    const [column] = await db().asOwner<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position LIMIT 1`,
      [table],
    );
    const refused = { message: expect.stringMatching(/permission denied/) as string };
    await expect(
      db().database.query(`UPDATE ${table} SET "${column?.name}" = "${column?.name}"`),
    ).rejects.toMatchObject(refused);
    await expect(db().database.query(`DELETE FROM ${table}`)).rejects.toMatchObject(refused);
    await expect(db().database.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject(refused);
  });

  it.each(SEALED)('cannot add to %s but by sealing', async (table) => {
    await expect(db().database.query(`INSERT INTO ${table} DEFAULT VALUES`)).rejects.toMatchObject({
      message: expect.stringMatching(/permission denied/) as string,
    });
  });

  it('reads all tables, owns none, and may grant itself nothing', async () => {
    const unreadable = await db().asOwner<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND relname <> 'schema_migration' AND NOT has_table_privilege('unitrail_app', oid, 'SELECT')`,
    );
    expect(unreadable).toEqual([]);
    const owned = await db().asOwner(
      `SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_get_userbyid(relowner) = 'unitrail_app'`,
    );
    expect(owned).toEqual([]);
    // PostgreSQL only warns of a grant by one who has nothing to give.
    await db().database.query('GRANT UPDATE ON link TO unitrail_app');
    const [may] = await db().asOwner("SELECT has_table_privilege('unitrail_app', 'link', 'UPDATE') AS update");
    expect(may).toEqual({ update: false });
    await expect(db().database.query('CREATE TABLE mine (a int)')).rejects.toMatchObject({
      message: expect.stringMatching(/permission denied/) as string,
    });
  });
});
