import { http, useApp } from '../support';

const app = useApp({ worker: false, env: { LOGIN_ATTEMPTS_MAX: '3' } });
const admin = () => http(app());
const nobody = () => http(app(), null);

const login = (username: string, password: string) => nobody().post('/api/v1/auth/login').send({ username, password });

const addUser = (username: string, role: string) =>
  admin().post('/api/v1/users').send({ username, displayName: username, role, password: 'long enough' }).expect(201);

const sessionOf = async (username: string, password = 'long enough'): Promise<string> => {
  const answer = await login(username, password).expect(200);
  return (answer.headers['set-cookie'] as unknown as string[])[0]?.split(';')[0] ?? '';
};

describe('signing in', () => {
  it('answers who one is, and gives a cookie that scripts and other sites cannot use', async () => {
    const answer = await login('admin', app().adminPassword).expect(200);
    expect(answer.body.user).toMatchObject({ username: 'admin', role: 'admin', permissions: expect.any(Array) });
    const [cookie] = answer.headers['set-cookie'] as unknown as string[];
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const me = await nobody().get('/api/v1/auth/me').set('Cookie', String(cookie)).expect(200);
    expect(me.body.user.username).toBe('admin');
  });

  it('ends with signing out, for that session', async () => {
    const session = await sessionOf('admin', app().adminPassword);
    await nobody().post('/api/v1/auth/logout').set('Cookie', session).expect(204);
    await nobody().get('/api/v1/auth/me').set('Cookie', session).expect(401);
    const audit = await admin().get('/api/v1/audit?subject=user:admin&limit=2').expect(200);
    expect(audit.body.data).toMatchObject([
      { action: 'sign-out', actor: 'user:admin' },
      { action: 'sign-in', actor: 'user:admin' },
    ]);
  });

  it('keeps no password, session or key as it is', async () => {
    const session = await sessionOf('admin', app().adminPassword);
    const rows = await app().database.asOwner<{ text: string }>(
      `SELECT u::text AS text FROM app_user u UNION ALL SELECT s::text FROM session s UNION ALL SELECT k::text FROM api_key k`,
    );
    const stored = rows.map((row) => row.text).join('\n');
    expect(stored).toContain('$argon2id$');
    for (const secret of [app().adminPassword, app().apiKey, session.split('=')[1] ?? 'none'])
      expect(stored).not.toContain(secret);
  });

  it('says the same of a wrong name and a wrong password', async () => {
    const wrongName = await login('nobody-here', 'wrong password').expect(401);
    const wrongPassword = await login('admin', 'wrong password').expect(401);
    expect(wrongName.body.code).toBe('BAD_CREDENTIALS');
    expect(wrongPassword.body.detail).toBe(wrongName.body.detail);
  });

  it('is slowed down by name, with the time to wait, also while Redis is away', async () => {
    await app().redis.kill();
    await addUser('carla', 'viewer');
    for (let i = 0; i < 3; i++) await login('carla', 'wrong').expect(401);
    const answer = await login('carla', 'long enough').expect(429);
    expect(answer.body.code).toBe('TOO_MANY_ATTEMPTS');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.body.detail).toContain('seconds');
    await login('admin', app().adminPassword).expect(200);
    await app().redis.start();
  });
});

describe('roles', () => {
  it('let each do what it may, and name the permission that is missing', async () => {
    await addUser('vera', 'viewer');
    const session = await sessionOf('vera');
    await nobody().get('/api/v1/items').set('Cookie', session).expect(200);
    const refused = await nobody()
      .put('/api/v1/items/X')
      .set('Cookie', session)
      .send({ name: 'X', tracking: 'lot', uom: 'kg' })
      .expect(403);
    expect(refused.body).toMatchObject({ code: 'FORBIDDEN', permission: 'masterdata:write', role: 'viewer' });
    await nobody().get('/api/v1/audit').set('Cookie', session).expect(403);
    await nobody().get('/api/v1/users').set('Cookie', session).expect(403);
  });

  it('change at once, and an inactive user is out', async () => {
    await addUser('otto', 'operator');
    const session = await sessionOf('otto');
    await admin().patch('/api/v1/users/otto').send({ role: 'coordinator' }).expect(200);
    await nobody().get('/api/v1/audit').set('Cookie', session).expect(200);
    await admin().patch('/api/v1/users/otto').send({ active: false }).expect(200);
    await nobody().get('/api/v1/auth/me').set('Cookie', session).expect(401);
    await login('otto', 'long enough').expect(401);
  });

  it('end all sessions with a new password', async () => {
    await addUser('paul', 'viewer');
    const session = await sessionOf('paul');
    await admin().patch('/api/v1/users/paul').send({ password: 'another one' }).expect(200);
    await nobody().get('/api/v1/auth/me').set('Cookie', session).expect(401);
    await sessionOf('paul', 'another one');
  });

  it('leave the last administrator one', async () => {
    for (const change of [{ role: 'viewer' }, { active: false }]) {
      const answer = await admin().patch('/api/v1/users/admin').send(change).expect(409);
      expect(answer.body.code).toBe('LAST_ADMIN');
    }
  });

  it.each([
    [{ username: 'Bad Name', displayName: 'x', role: 'viewer', password: 'long enough' }, 422, 'FIELD_INVALID'],
    [{ username: 'x', displayName: 'x', role: 'viewer', password: 'short' }, 422, 'FIELD_INVALID'],
    [{ username: 'x', displayName: 'x', role: 'king', password: 'long enough' }, 400, 'VALIDATION'],
    [{ username: 'admin', displayName: 'x', role: 'viewer', password: 'long enough' }, 409, 'USER_EXISTS'],
    [{ username: 'x', displayName: 'x', role: 'viewer', password: 'long enough', x: 1 }, 422, 'UNKNOWN_FIELD'],
  ])('refuse a user that cannot be: %#', async (body, status, code) => {
    const answer = await admin().post('/api/v1/users').send(body).expect(status);
    expect(answer.body.code).toBe(code);
  });
});

describe('API keys', () => {
  it('are shown once, act in their own name, and end when revoked', async () => {
    const made = await admin().post('/api/v1/api-keys').send({ name: 'erp', role: 'engineer' }).expect(201);
    const erp = http(app(), made.body.key as string);
    expect((await erp.get('/api/v1/auth/me').expect(200)).body.user).toMatchObject({
      actor: 'key:erp',
      role: 'engineer',
    });
    await erp.put('/api/v1/items/KEYED').send({ name: 'Keyed', tracking: 'lot', uom: 'kg' }).expect(200);
    const audit = await admin().get('/api/v1/audit?subject=item:KEYED').expect(200);
    expect(audit.body.data[0]).toMatchObject({ actor: 'key:erp', action: 'create-item' });
    const list = await admin().get('/api/v1/api-keys').expect(200);
    expect(JSON.stringify(list.body)).not.toContain(made.body.key);
    expect(list.body.data.map((key: { name: string }) => key.name)).toEqual(['admin', 'erp']);
    await admin().post('/api/v1/api-keys').send({ name: 'erp', role: 'viewer' }).expect(409);
    await admin().delete(`/api/v1/api-keys/${made.body.id}`).expect(204);
    await erp.get('/api/v1/auth/me').expect(401);
    await admin().delete(`/api/v1/api-keys/${made.body.id}`).expect(404);
  });

  it.each(['Bearer wrong', 'Basic YWRtaW46YWRtaW4=', 'Bearer', ''])('let nobody in with "%s"', async (header) => {
    const answer = await nobody().get('/api/v1/items').set('Authorization', header).expect(401);
    expect(answer.body.code).toBe('UNAUTHENTICATED');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('the first start', () => {
  it('keeps its administrator, and takes a changed admin key in the place of the old one', async () => {
    await app().killApi('SIGTERM');
    await app().startApi();
    await login('admin', app().adminPassword).expect(200);
    await admin().get('/api/v1/auth/me').expect(200);
    const keys = await app().database.asOwner(`SELECT FROM api_key WHERE name = 'admin'`);
    expect(keys).toHaveLength(1);
    expect(app().logs.api).not.toContain(app().adminPassword);
    expect(app().logs.api).not.toContain('Unitrail admin password');
  });
});

describe('without ADMIN_PASSWORD', () => {
  const bare = useApp({ worker: false, env: { ADMIN_PASSWORD: '' } });

  it('prints a random password once, and it works', async () => {
    const [, password] = /^Unitrail admin password: (\S+)$/m.exec(bare().logs.api) ?? [];
    expect(password).toBeDefined();
    await http(bare(), null).post('/api/v1/auth/login').send({ username: 'admin', password }).expect(200);
    await bare().killApi('SIGTERM');
    await bare().startApi();
    expect(bare().logs.api.match(/Unitrail admin password/g)).toHaveLength(1);
  });
});
