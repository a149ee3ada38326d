import { http, useApp } from '../support';
import { caseOver, type Person, person, signed } from './recall-people';

/**
 * Who may do what with a case, route by route: written by hand, and complete. A route of a case that stands in no line here, or a
 * line for a route that is not there, fails; so does a role that may more or less than its line says.
 */
const READ = 'viewer operator engineer coordinator admin';
const CONDUCT = 'coordinator admin';
const signature = signed();

const TABLE: [method: 'get' | 'post' | 'put' | 'patch', path: string, roles: string, body?: object][] = [
  ['get', '/recalls/{recall}/signatures', READ],
  ['get', '/recalls/{recall}/steps', READ],
  ['get', '/recalls/{recall}/initiation', READ],
  ['get', '/recalls/{recall}/coverage', READ],
  ['get', '/recalls/{recall}/units', READ],
  ['get', '/recalls/{recall}/changes', READ],
  ['get', '/recalls/{recall}/sweeps', READ],
  ['post', '/recalls/{recall}/refuse', CONDUCT, { reason: 'no' }],
  ['post', '/recalls/{recall}/approve', CONDUCT, signature],
  ['post', '/recalls/{recall}/initiate', CONDUCT, signature],
  ['post', '/recalls/{recall}/withdraw', CONDUCT, signature],
  ['post', '/recalls/{recall}/sweeps', CONDUCT, { id: 'sweep', to: 'P' }],
];
/** Signed: by a person alone, whatever a key may do besides. */
const SIGNED = ['approve', 'initiate', 'withdraw'];
/** What needs no account: known by its link alone (tested where answers are). */
const PUBLIC = /^\/answers\//;
const OF_CASES = /^\/(recalls|recall-clocks|drills|notice-templates|answers)(\/|$)/;

const ROLES = READ.split(' ');
const app = useApp({ env: { RECALL_WATCH_SECONDS: '0' } });
const people = new Map<string, Person>();
let key: string;

beforeAll(async () => {
  await http(app()).put('/api/v1/items/RM').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await http(app()).put('/api/v1/places/P').send({ name: 'Plant', kind: 'site' }).expect(200);
  await http(app())
    .post('/api/v1/events')
    .send([
      {
        id: 'r',
        type: 'receive',
        at: '2026-03-01T08:00:00Z',
        place: 'P',
        unit: { item: 'RM', lot: 'L1' },
        quantity: { value: '1', uom: 'kg' },
      },
    ])
    .expect(200);
  for (const role of ROLES) people.set(role, await person(app(), role === 'admin' ? 'second' : role, role));
  ({ key } = await caseOver(app(), [{ unit: { item: 'RM', lot: 'L1' } }]));
});

const filled = (path: string) => path.replace('{recall}', key).replace(/\{[^}]+\}/g, '1');

it('every route of cases has its line, and every line a route', async () => {
  const { body } = await http(app()).get('/api/docs-json').expect(200);
  const routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace('/api/v1', '')}`),
  );
  const ofCases = routes.filter((route) => OF_CASES.test(route.split(' ')[1]!) && !PUBLIC.test(route.split(' ')[1]!));
  expect(ofCases.sort()).toEqual(TABLE.map(([method, path]) => `${method} ${path}`).sort());
});

describe.each(TABLE)('%s %s', (method, path, roles, body) => {
  it.each(ROLES)(`as %s`, async (role) => {
    const answer = await people.get(role)![method](filled(path), body);
    if (roles.split(' ').includes(role)) {
      // Whatever the state of the case says to it: the role is not why.
      expect([401, answer.body.code === 'FORBIDDEN' && 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    } else expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('as nobody', async () => {
    const request = http(app(), null)[method](`/api/v1${filled(path)}`);
    expect((await (body ? request.send(body) : request)).status).toBe(401);
  });
});

it.each(SIGNED)('a key that may everything signs nothing: %s', async (verb) => {
  const { key: own } = await caseOver(app(), [{ unit: { item: 'RM', lot: 'L1' } }], {
    state: verb === 'initiate' ? 'approved' : 'scoped',
  });
  const answer = await http(app()).post(`/api/v1/recalls/${own}/${verb}`).send(signature);
  expect([answer.status, answer.body.code]).toEqual([403, 'SIGNATURE_NEEDS_PERSON']);
  const [state] = await app().database.asOwner(`SELECT state, revision FROM recall WHERE key = $1`, [own]);
  expect(state).toEqual({ state: verb === 'initiate' ? 'approved' : 'scoped', revision: 1 });
});
