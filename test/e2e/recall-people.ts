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

/** A case with one saved version, of the forward trace of these seeds, by `by`. */
export async function caseOver(
  seeds: object[],
  { by, drill = false }: { by: Person; drill?: boolean },
): Promise<{ key: string; digest: string }> {
  const id = `case-${JSON.stringify(seeds)}`.slice(0, 140);
  const opened = await by.post('/recalls', { id, title: 'Bad resin', drill }).expect(200);
  const key = opened.body.recall as string;
  const asked = await by.post(`/recalls/${key}/what-ifs`, { rules: { seeds } }).expect(202);
  const seen = await waitFor(
    async () => {
      const { body } = await by.get(`/recalls/${key}/what-ifs/${asked.body.whatIf}`);
      return body.status === 'done' && (body as { whatIf: string });
    },
    { what: 'the what-if' },
  );
  const saved = await by.post(`/recalls/${key}/scopes`, { whatIf: seen.whatIf, reason: 'first' }).expect(200);
  return { key, digest: saved.body.digest as string };
}
