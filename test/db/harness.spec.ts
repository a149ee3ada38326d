import { newDatabaseName, TestRedis, useDatabase } from '../support';

describe('the harness', () => {
  const db = useDatabase();

  it('gives each file a migrated database, as the application and as its owner', async () => {
    const [app] = await db().database.query<{ role: string; name: string }>(
      'SELECT current_user AS role, current_database() AS name',
    );
    expect(app).toEqual({ role: 'unitrail_app', name: db().name });
    const [owner] = await db().asOwner<{ role: string }>('SELECT current_user AS role');
    expect(owner?.role).toBe('unitrail');
    const tables = await db().asOwner("SELECT 1 FROM information_schema.tables WHERE table_name = 'schema_migration'");
    expect(tables).toHaveLength(1);
  });

  it('names databases after their run', () => {
    expect(newDatabaseName()).toMatch(/^test_\d+_[0-9a-f]{12}$/);
  });

  it('starts, kills and restarts a Redis', async () => {
    const redis = await TestRedis.start();
    await redis.kill();
    await redis.start();
    await redis.stop();
  });
});
