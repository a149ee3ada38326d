import { http, useApp, waitFor } from '../support';

const app = useApp();
const api = () => http(app());
const nobody = () => http(app(), null);

describe('errors', () => {
  it('are problem+json with a stable code and the request id', async () => {
    const answer = await nobody().get('/api/v1/nothing-here').set('X-Request-Id', 'from-the-proxy').expect(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['x-request-id']).toBe('from-the-proxy');
    expect(answer.body).toEqual({
      type: 'urn:unitrail:problem:route-not-found',
      title: 'Not Found',
      status: 404,
      code: 'ROUTE_NOT_FOUND',
      detail: expect.stringContaining('/api/v1/nothing-here'),
      instance: 'from-the-proxy',
      path: '/api/v1/nothing-here',
    });
  });

  it.each([
    ['{"name":', 'application/json', 400, 'BAD_JSON'],
    ['{"__proto__":{"admin":true}}', 'application/json', 400, 'BAD_JSON'],
    ['name=x', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['hello', 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['', 'application/json', 400, 'VALIDATION'],
  ])('tell what is wrong with a body: %#', async (body, type, status, code) => {
    const answer = await api().post('/api/v1/users').set('Content-Type', type).send(body).expect(status);
    expect(answer.body.code).toBe(code);
  });

  it('refuse an address that cannot be read, and keep answering', async () => {
    expect((await api().get('/api/v1/items/%FF').expect(400)).body.code).toBe('BAD_REQUEST');
    expect((await nobody().post('/health/live').expect(404)).body.code).toBe('ROUTE_NOT_FOUND');
    await nobody().get('/health/live').expect(200, { status: 'live' });
  });

  it('keep what is inside inside, and log it with the request id', async () => {
    await app().database.asOwner('ALTER TABLE partner RENAME TO partner_away');
    const answer = await api().get('/api/v1/partners').set('X-Request-Id', 'looked-for').expect(500);
    await app().database.asOwner('ALTER TABLE partner_away RENAME TO partner');
    expect(answer.body).toMatchObject({ code: 'INTERNAL', instance: 'looked-for' });
    expect(JSON.stringify(answer.body)).not.toMatch(/relation|partner_away|SELECT/);
    const lines = app()
      .logs.api.split('\n')
      .filter((line) => line.includes('looked-for') && line.includes('"level":"error"'));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('')).toContain('relation');
  });
});

describe('a database that drops all connections', () => {
  it('is connected to again, and the process lives', async () => {
    await app().database.asOwner(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND usename = current_user AND query NOT LIKE '%pg_terminate_backend%'`,
    );
    await waitFor(async () => (await api().get('/api/v1/items')).status === 200, { what: 'the api' });
    await waitFor(async () => (await nobody().get('/health/ready')).status === 200, { what: 'the worker' });
  });
});

describe('logs', () => {
  it('are one JSON object a line, without keys or passwords', async () => {
    await api().get('/api/v1/items').expect(200);
    const lines = app().logs.api.trim().split('\n');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    const request = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find((l) => l['res']);
    expect(request).toMatchObject({ requestId: expect.any(String), req: { method: expect.any(String) } });
    expect(app().logs.api).not.toContain(app().apiKey);
  });
});

describe('what every answer carries', () => {
  it('is the headers that keep a browser safe, with scripts from here alone', async () => {
    const { headers } = await nobody().get('/health/live').expect(200);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

describe('the console', () => {
  it('is one page for every address that is not the API', async () => {
    for (const path of ['/', '/index.html', '/traces/new', '/units/BIKE~serial~B.1']) {
      const page = await nobody().get(path).set('Accept', 'text/html').expect(200);
      expect(page.headers['content-type']).toContain('text/html');
      expect(page.headers['cache-control']).toBe('no-cache');
    }
    const page = await nobody().get('/').expect(200);
    const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(page.text) ?? [];
    const answer = await nobody().get(String(script)).expect(200);
    expect(answer.headers['cache-control']).toContain('immutable');
    expect((await nobody().get('/assets/nothing.js').expect(404)).body.code).toBe('ROUTE_NOT_FOUND');
    await nobody().get('/..%2f..%2fpackage.json').set('Accept', 'application/json').expect(404);
  });
});

describe('OpenAPI', () => {
  interface Document {
    openapi: string;
    components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
    paths: Record<string, Record<string, { summary?: string; tags?: string[] }>>;
  }

  it('describes every route, with a sentence', async () => {
    const { body } = (await nobody().get('/api/docs-json').expect(200)) as { body: Document };
    expect(body.openapi).toMatch(/^3\./);
    for (const path of [
      '/api/v1/items/{item}',
      '/api/v1/auth/login',
      '/api/v1/events',
      '/health/ready',
      '/api/v1/audit',
    ])
      expect(Object.keys(body.paths)).toContain(path);
    const silent = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => !operation.summary)
        .map(([method]) => `${method} ${path}`),
    );
    expect(silent).toEqual([]);
    expect(body.components.schemas.Problem.properties.code.enum).toContain('UNIT_ON_HOLD');
  });

  it('is shown as a page that loads nothing from another host', async () => {
    const page = await nobody().get('/api/docs').expect(200);
    expect(page.text).toContain('swagger-ui');
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(source).not.toMatch(/^(https?:)?\/\//);
      const url = new URL(source, `${app().url}/api/docs`);
      await nobody().get(url.pathname).expect(200);
    }
  });
});

describe('health', () => {
  const ready = () => nobody().get('/health/ready');

  it('is ready with database, Redis and a worker; 503 says what is missing', async () => {
    await waitFor(async () => (await ready()).status === 200, { what: 'readiness' });
    await app().redis.kill();
    const answer = await waitFor(async () => {
      const state = await ready();
      return state.status === 503 ? state : null;
    });
    expect(answer.body).toMatchObject({
      status: 'not-ready',
      checks: { database: { ok: true }, redis: { ok: false } },
    });
    await nobody().get('/health/live').expect(200);
    await app().redis.start();
    await waitFor(async () => (await ready()).status === 200, { what: 'readiness after Redis came back' });
  });

  it('misses a worker that stopped at once', async () => {
    await app().killWorker('SIGTERM');
    const { body } = await ready().expect(503);
    expect(body.checks.worker.ok).toBe(false);
    await app().startWorker();
    await ready().expect(200);
  });

  it('tells clients the zone, the version and the limits', async () => {
    const { body } = await api().get('/api/v1/config').expect(200);
    expect(body).toMatchObject({ timeZone: 'UTC', version: expect.any(String), limits: { eventsMax: 10_000 } });
    await nobody().get('/api/v1/config').expect(401);
  });
});
