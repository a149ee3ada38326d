/** People who sign, and a case that has come as far as a test needs it. */
import { http, type TestApp, waitFor } from '../support';

export const PASSWORD = 'a long enough password';

/** A person with a session: requests in their name. */
export interface Person {
  name: string;
  get(path: string): ReturnType<ReturnType<typeof http>['get']>;
  post(path: string, body?: object): ReturnType<ReturnType<typeof http>['post']>;
  put(path: string, body?: object): ReturnType<ReturnType<typeof http>['put']>;
  patch(path: string, body?: object): ReturnType<ReturnType<typeof http>['patch']>;
}

export async function person(app: TestApp, name: string, role: string): Promise<Person> {
  await http(app)
    .post('/api/v1/users')
    .send({ username: name, displayName: `${name} of quality`, role, password: PASSWORD })
    .expect(201);
  const answer = await http(app, null)
    .post('/api/v1/auth/login')
    .send({ username: name, password: PASSWORD })
    .expect(200);
  const cookie = (answer.headers['set-cookie'] as unknown as string[])[0]!.split(';')[0]!;
  const call = (method: 'get' | 'post' | 'put' | 'patch') => (path: string, body?: object) => {
    const request = http(app, null)[method](`/api/v1${path}`).set('Cookie', cookie);
    return body === undefined ? request : request.send(body);
  };
  return { name, get: call('get'), post: call('post'), put: call('put'), patch: call('patch') };
}

export const signed = (meaning = 'I take responsibility for this', password = PASSWORD) => ({
  signature: { password, meaning, reason: 'the resin is bad' },
});

/** A finished forward trace of these seeds. */
export async function traced(
  app: TestApp,
  seeds: object[],
): Promise<{ id: string; digest: string; ledgerPosition: number }> {
  const asked = await http(app).post('/api/v1/traces').send({ direction: 'forward', seeds }).expect(202);
  const { id } = asked.body as { id: string };
  return waitFor(
    async () => {
      const { body } = await http(app).get(`/api/v1/traces/${id}`);
      return body.status === 'done' && (body as { id: string; digest: string; ledgerPosition: number });
    },
    { what: 'the trace' },
  );
}

/** A case with one saved version over a trace, by `by`; straight into its tables. */
export async function caseOver(
  app: TestApp,
  seeds: object[],
  { by = 'anna', drill = false, state = 'scoped' } = {},
): Promise<{ key: string; digest: string }> {
  const trace = await traced(app, seeds);
  const digest = trace.digest;
  const [row] = await app.database.asOwner<{ key: string }>(
    `WITH made AS (
       INSERT INTO recall (key, drill, title, state, jurisdiction, language, four_eyes, details, goals, created_by)
       VALUES (gen_random_uuid()::text, $1, 'Bad resin', $2, 'US', 'en', true, '{}', '{}', $3) RETURNING recall_id)
     INSERT INTO recall_scope (recall_id, version, cause, rules, trace_id, excluded, position, digest, counts, reason, created_by)
     SELECT recall_id, 1, 'saved', $4, $5, '[]', $6, decode($7, 'hex'), '{}', 'first', $3 FROM made
     RETURNING (CASE WHEN $1 THEN 'D' ELSE 'R' END) || recall_id AS key`,
    [drill, state, `user:${by}`, JSON.stringify({ seeds }), trace.id, trace.ledgerPosition, digest],
  );
  const key = row!.key;
  await app.database.asOwner(`UPDATE recall SET key = $1 WHERE recall_id = $2`, [key, Number(key.slice(1))]);
  return { key, digest };
}
