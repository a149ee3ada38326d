/** From shipments to answers: a case that is scoped, approved and initiated tells those who have the rest, each what it has. */
import { useMail } from '../support/mail';
import { http, useApp, waitFor } from '../support';
import { caseOver, type Person, person, signed } from './recall-people';

const mail = useMail();
const env: Record<string, string> = {
  MAIL_FROM: 'recalls@plant.example',
  PUBLIC_URL: 'https://recalls.plant.example',
  MAIL_RETRY_SECONDS: '1',
  RECALL_WATCH_SECONDS: '1',
};
beforeAll(() => {
  env.SMTP_URL = mail().url;
});
const app = useApp({ env });

const part = (code: string) => ({ item: 'FG', serial: code });
const at = (day: number) => `2026-03-0${day}T08:00:00Z`;
const events = (list: object[]) => http(app()).post('/api/v1/events').send(list).expect(200);
const ship = (id: string, customer: string, units: object[]) => ({
  id,
  type: 'ship',
  at: at(4),
  customer,
  shipment: `DN-${id}`,
  units,
});
let anna: Person;
let ben: Person;

beforeAll(async () => {
  const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('items/FG', { name: 'Part', tracking: 'serial', uom: 'pcs' });
  await put('items/BIKE', { name: 'Bike', tracking: 'serial', uom: 'pcs' });
  await put('places/P', { name: 'Plant', kind: 'site' });
  for (const code of ['ONE', 'TWO', 'SIX'])
    await put(`partners/${code}`, {
      name: `Customer ${code}`,
      kind: 'customer',
      email: `${code.toLowerCase()}@shop.example`,
    });
  await put('partners/POST', { name: 'Customer POST', kind: 'customer', address: '1 High Street', country: 'GB' });
  anna = await person(app(), 'anna', 'coordinator');
  ben = await person(app(), 'ben', 'coordinator');
  const made = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'];
  await events([
    {
      id: 'r',
      type: 'receive',
      at: at(1),
      place: 'P',
      unit: { item: 'RM', lot: 'bad' },
      quantity: { value: '100', uom: 'kg' },
    },
    {
      id: 'p',
      type: 'produce',
      at: at(2),
      place: 'P',
      outputs: made.map((code) => ({ unit: part(code) })),
      inputs: [{ unit: { item: 'RM', lot: 'bad' }, quantity: { value: '6', uom: 'kg' } }],
    },
    {
      id: 'b',
      type: 'produce',
      at: at(3),
      place: 'P',
      outputs: [{ unit: { item: 'BIKE', serial: 'b1' } }],
      inputs: [{ unit: part('a3'), mode: 'install' }],
    },
    ship('s1', 'ONE', [part('a1'), part('a2')]),
    ship('s2', 'TWO', [{ item: 'BIKE', serial: 'b1' }]),
    ship('s3', 'POST', [part('a4')]),
  ]);
});

it('tells each customer what it was shipped, once, and is answered by the link', async () => {
  const { key, digest } = await caseOver([{ unit: { item: 'RM', lot: 'bad' } }], { by: anna });
  const { revision } = (await anna.get(`/recalls/${key}`).expect(200)).body;
  await anna
    .patch(`/recalls/${key}`, {
      revision,
      jurisdiction: 'US-FDA',
      language: 'en',
      class: 'II',
      depth: 'wholesale',
      details: {
        product: 'Frame part FG',
        reason: 'The resin was not cured.',
        hazard: { consequence: 'The part can break and make a rider fall.' },
        doWhat: 'Send it back to us at our cost.',
        contact: { name: 'Anna', phone: '+33 1 23', email: 'quality@plant.example' },
      },
    })
    .expect(200);
  await ben.post(`/recalls/${key}/approve`, { digest, ...signed() }).expect(200);
  await anna.post(`/recalls/${key}/initiate`, signed()).expect(202);
  const summary = async () => (await anna.get(`/recalls/${key}/notices/summary`).expect(200)).body;
  // Nobody asks for the drafts: they come with the initiation.
  await waitFor(async () => (await summary()).ready.email === 2, { what: 'the drafts', withinMs: 30_000 });
  expect(await summary()).toMatchObject({ ready: { email: 2, letter: 1 }, consignees: 3, unknown: 0, owing: 0 });
  expect((await anna.get(`/recalls/${key}/notice-text`).expect(200)).body.missing).toEqual([]);
  const sent = await anna.post(`/recalls/${key}/send`, { id: 'send', expected: 3, ...signed() }).expect(200);
  expect(sent.body).toMatchObject({ state: 'monitoring', notices: 3, byChannel: { email: 2, letter: 1 } });
  await waitFor(async () => (await summary()).notices.sent === 2, { what: 'the mails', withinMs: 30_000 });
  const [one] = mail().to('one@shop.example');
  for (const said of ['a1', 'a2', 'DN-s1', 'not cured']) expect(one!.raw).toContain(said);
  expect(one!.raw).not.toContain('DN-s2');
  const [two] = mail().to('two@shop.example');
  // It was shipped a bike, and is told of the bike: the part in it is no line of its own.
  const consignee = (await anna.get(`/recalls/${key}/consignees/TWO`).expect(200)).body;
  expect(consignee.data.map((line: { code: string }) => line.code)).toEqual(['b1']);
  const token = /\/answer\/([\w-]{43})/.exec(two!.raw.replace(/=\r\n/g, ''))![1]!;
  await http(app(), null)
    .post(`/api/v1/answers/${token}`)
    .send({ id: 'a', name: 'Tom', rest: 'found', lines: [] })
    .expect(200);
  expect((await anna.get(`/recalls/${key}/consignees/TWO`).expect(200)).body).toMatchObject({
    answered: 1,
    owes: false,
  });
  expect((await anna.get(`/recalls/${key}/signatures`).expect(200)).body.data.at(-1)).toMatchObject({
    subject: 'notices',
    version: 1,
    by: 'user:anna',
  });
  expect((await anna.get(`/recalls/${key}/steps`).expect(200)).body.data.at(-1)).toMatchObject({
    verb: 'monitor',
    to: 'monitoring',
    note: '3 notices',
  });

  // A shipment that is recorded late comes under the scope by itself, and its customer is told in turn.
  await events([ship('s6', 'SIX', [part('a6')])]);
  await waitFor(async () => (await summary()).ready.email === 1, { what: 'the late draft', withinMs: 60_000 });
  await anna.post(`/recalls/${key}/send`, { id: 'late', expected: 1, ...signed() }).expect(200);
  await waitFor(() => mail().to('six@shop.example').length === 1, { what: 'the late mail', withinMs: 30_000 });
  expect(mail().to('one@shop.example')).toHaveLength(1);
});
