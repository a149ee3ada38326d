import { http, useApp } from '../support';
import { caseOver, type Person, person, signed } from './recall-people';

/**
 * Who may do what with a case, route by route: written by hand, and complete. A route of a case that stands in no line here, or a
 * line for a route that is not there, fails; so does a role that may more or less than its line says.
 */
const READ = 'viewer operator engineer coordinator admin';
const PREPARE = 'engineer coordinator admin';
const RESPOND = 'engineer coordinator admin';
const CONDUCT = 'coordinator admin';
const APPROVE = 'coordinator admin';
const signature = signed();
const text = { subject: 'Recall', body: '# Recall' };
const case_ = '/recalls/{recall}';

const TABLE: [method: 'get' | 'post' | 'put' | 'patch', path: string, roles: string, body?: object][] = [
  // the case and its scope
  ['get', '/recalls', READ],
  ['post', '/recalls/read-text', PREPARE, { text: 'lots 1 thru 9' }],
  ['post', '/recalls', PREPARE, { id: 'permissions', title: 'Another' }],
  ['get', case_, READ],
  ['patch', case_, PREPARE, { revision: 0, title: 'Another' }],
  ['post', `${case_}/what-ifs`, PREPARE, { rules: {} }],
  ['get', `${case_}/what-ifs/{whatIf}`, READ],
  ['post', `${case_}/scopes`, PREPARE, { whatIf: '7f000000-0000-4000-8000-000000000000', reason: 'wider' }],
  ['get', `${case_}/scopes`, READ],
  ['get', `${case_}/scopes/{version}`, READ],
  ['get', `${case_}/scopes/{version}/diff`, READ],
  // states and signatures
  ['get', `${case_}/signatures`, READ],
  ['get', `${case_}/steps`, READ],
  ['post', `${case_}/refuse`, APPROVE, { reason: 'no' }],
  ['post', `${case_}/approve`, APPROVE, signature],
  ['post', `${case_}/initiate`, CONDUCT, signature],
  ['post', `${case_}/withdraw`, CONDUCT, signature],
  // what is stopped
  ['get', `${case_}/initiation`, READ],
  ['get', `${case_}/coverage`, READ],
  ['get', `${case_}/units`, READ],
  ['get', `${case_}/changes`, READ],
  ['get', `${case_}/sweeps`, READ],
  ['post', `${case_}/sweeps`, CONDUCT, { id: 'sweep', to: 'P' }],
  // who is told
  ['get', `${case_}/consignees`, READ],
  ['get', `${case_}/consignees/{consignee}`, READ],
  ['put', `${case_}/consignees/{consignee}/contact`, PREPARE, { name: 'Ida', email: 'ida@shop.example' }],
  ['get', `${case_}/consignees/{consignee}/answers`, READ],
  ['post', `${case_}/consignees/{consignee}/answer`, RESPOND, { id: 'answer', lines: [] }],
  ['get', `${case_}/consignees/{consignee}/files`, READ],
  ['get', `${case_}/consignees/{consignee}/files/{file}/content`, READ],
  ['post', `${case_}/consignees/{consignee}/link/revoke`, RESPOND, { id: 'revoke' }],
  ['get', `${case_}/notice-text`, READ],
  ['put', `${case_}/notice-text`, PREPARE, text],
  ['get', '/notice-templates', READ],
  ['put', '/notice-templates/{jurisdiction}/{language}', PREPARE, text],
  ['get', `${case_}/notices`, READ],
  ['get', `${case_}/notices/summary`, READ],
  ['get', `${case_}/notices.csv`, READ],
  ['get', `${case_}/notices/{notice}`, READ],
  ['get', `${case_}/notices/{notice}/preview`, READ],
  ['get', `${case_}/notices/{notice}/letter.pdf`, RESPOND],
  ['post', `${case_}/notices/{notice}/done`, RESPOND, { id: 'done' }],
  ['post', `${case_}/notices/{notice}/bounced`, RESPOND, { id: 'bounced' }],
  ['post', `${case_}/notices/{notice}/retry`, CONDUCT, { id: 'retry' }],
  ['post', `${case_}/send`, CONDUCT, { id: 'send', expected: 1, ...signature }],
  ['post', `${case_}/rehearse`, CONDUCT, { id: 'rehearse', expected: 1, ...signature }],
  ['post', `${case_}/remind`, CONDUCT, { id: 'remind', ...signature }],
  ['post', `${case_}/escalate`, CONDUCT, { id: 'escalate', ...signature }],
  // what it adds up to
  ['get', `${case_}/reconciliation`, READ],
  ['get', `${case_}/reconciliation/lines`, READ],
  ['get', `${case_}/contradictions`, READ],
  ['post', `${case_}/settlements`, CONDUCT, { id: 'settle', consignee: '-', as: 'not-found', reason: 'searched' }],
  ['post', `${case_}/close`, CONDUCT, signature],
  ['get', `${case_}/checks`, READ],
  ['post', `${case_}/checks`, CONDUCT, { id: 'draw' }],
  ['post', `${case_}/checks/{check}/attempts`, RESPOND, { id: 'try', way: 'phone', outcome: 'acted' }],
  ['post', `${case_}/told`, CONDUCT, { authority: 'FDA' }],
  ['get', `${case_}/clocks`, READ],
  ['get', '/recall-clocks', READ],
  ['get', `${case_}/status-report`, READ],
  // drills
  ['post', '/drills', PREPARE, { id: 'drill', by: 'lot' }],
  ['get', '/drills/trend', READ],
  ['get', `${case_}/evidence`, READ],
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
  ({ key } = await caseOver([{ unit: { item: 'RM', lot: 'L1' } }], { by: people.get('engineer')! }));
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
  const state = verb === 'initiate' ? 'approved' : 'scoped';
  await app().database.asOwner(`UPDATE recall SET state = $2, outcome = NULL WHERE key = $1`, [key, state]);
  const answer = await http(app()).post(`/api/v1/recalls/${key}/${verb}`).send(signature);
  expect([answer.status, answer.body.code]).toEqual([403, 'SIGNATURE_NEEDS_PERSON']);
  expect(await app().database.asOwner(`SELECT state FROM recall WHERE key = $1`, [key])).toEqual([{ state }]);
});
