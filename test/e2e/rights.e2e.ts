/** Who may set goods free, or take back what others answer for, by whatever door. */
import { http, useApp } from '../support';

const app = useApp();
let key = '';
const as = (who?: 'ann') => http(app(), who === undefined ? undefined : key);
const events = (list: object[]) => as().post('/api/v1/events').send(list);
const lot = (code: string) => ({ item: 'RM', lot: code });
const kg = (value: string) => ({ value, uom: 'kg' });
const unit = async (code: string) => (await as().get(`/api/v1/units/RM~lot~${code}`).expect(200)).body;

beforeAll(async () => {
  const put = (path: string, body: object) => as().put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('places/P.A', { name: 'Store', kind: 'bin' });
  await put('partners/SUP', { name: 'Supplier', kind: 'supplier' });
  await put('partners/CUS', { name: 'Customer', kind: 'customer' });
  key = (await as().post('/api/v1/api-keys').send({ name: 'ann', role: 'operator' }).expect(201)).body.key;
});

describe('an operator', () => {
  it.each([
    ['a hold, however its id is written', { type: 'void', event: ' more-hold ' }, 'HOLD_RELEASE_FORBIDDEN'],
    [
      'a return, by a count in its place',
      {
        type: 'correct',
        event: 'ret-back',
        with: { type: 'count', at: '2026-03-04T08:00:00Z', place: 'P.A', unit: lot('BACK'), quantity: kg('1') },
      },
      'HOLD_RELEASE_FORBIDDEN',
    ],
    ['a hold that was put in place of another', { type: 'void', event: 'put-hold' }, 'HOLD_RELEASE_FORBIDDEN'],
    ['a release', { type: 'void', event: 'let-go' }, 'HOLD_RELEASE_FORBIDDEN'],
    ['a split, which handed its hold on', { type: 'void', event: 'parted' }, 'HOLD_RELEASE_FORBIDDEN'],
    ['a shipment', { type: 'void', event: 'ship-back' }, 'TAKING_BACK_FORBIDDEN'],
    [
      'an expiry, by a later one',
      { type: 'amend', unit: lot('BACK'), expires: '2030-01-01' },
      'HOLD_RELEASE_FORBIDDEN',
    ],
  ])('does not take back %s', async (what, event, code) => {
    const at = (day: number) => `2026-03-0${day}T08:00:00Z`;
    const before = [
      { id: 'r-back', type: 'receive', at: at(1), place: 'P.A', supplier: 'SUP', unit: lot('BACK'), quantity: kg('5') },
      { id: 'ship-back', type: 'ship', at: at(2), units: [{ unit: lot('BACK') }], customer: 'CUS', shipment: 'S-B' },
      { id: 'ret-back', type: 'return', at: at(3), place: 'P.A', units: [lot('BACK')], customer: 'CUS' },
      { id: 'wrong-hold', type: 'hold', at: at(3), units: [lot('BACK')], reason: 'smells' },
      {
        id: 'put-hold',
        type: 'correct',
        event: 'wrong-hold',
        reason: 'named the wrong reason',
        with: { type: 'hold', at: at(3), units: [lot('BACK')], reason: 'leaks' },
      },
      { id: 'more-hold', type: 'hold', at: at(3), units: [lot('BACK')], reason: 'wet' },
      { id: 'let-go', type: 'release', at: at(3), hold: 'more-hold' },
      {
        id: 'parted',
        type: 'split',
        at: at(4),
        place: 'P.A',
        from: [{ unit: lot('BACK'), quantity: kg('2') }],
        to: [{ unit: lot('BACK-2'), quantity: kg('2') }],
      },
    ];
    await events(before).expect(200);
    const holds = async () => [(await unit('BACK')).holds.length, (await unit('BACK-2')).holds.length];
    const held = await holds();
    const refused = await as('ann')
      .post('/api/v1/events')
      .send([{ id: `taken-${what}`, at: at(5), reason: 'oops', ...event }]);
    expect([refused.status, refused.body.code]).toEqual([403, code]);
    expect(await holds()).toEqual(held);
    // What the others of the request say is kept where that was asked for.
    const proceeded = await as('ann')
      .post('/api/v1/events?onError=proceed')
      .send([{ id: `taken-${what}`, at: at(5), reason: 'oops', ...event }])
      .expect(200);
    expect(proceeded.body).toMatchObject({ accepted: 0, refused: [{ code }] });
  });
});
