/** A correction at work is judged on what is there without the wrong fact: the right one passes, a wrong one leaves all as it was. */
import { http, useApp } from '../support';
import { fresh, kg, trade, tradePlant } from './trade-plant';

const app = useApp({ worker: false });
const { events, stock, unit } = trade(app);

beforeAll(() => tradePlant(app()));

const now = () => new Date().toISOString();
const resin = (lot: string) => ({ item: 'RESIN', lot });
const bike = (serial: string) => ({ item: 'BIKE', serial });
const bat = (serial: string) => ({ item: 'BAT', serial });
const live = (...body: object[]) => http(app()).post('/api/v1/events?check=live').send(body);
const takes = (...body: object[]) => live(...body).expect(200);
/** The one refusal of a request of which nothing is kept. */
const refusedFor = async (...body: object[]): Promise<string> => {
  const { body: answer } = await live(...body).expect(422);
  expect(answer.refused).toHaveLength(1);
  return answer.refused[0].code;
};
/** `fact` is one as it would be sent by itself: its id is the correction's. */
const corrects = (event: string, fact: object) => {
  const { id: _, ...given } = fact as { id?: string };
  return { type: 'correct', id: fresh(), event, reason: 'scanned the wrong one', with: given };
};
const paints = (id: string, lot: string, inputs: object[]) => ({
  type: 'produce',
  id,
  at: now(),
  place: 'LYON.A1',
  outputs: [{ unit: { item: 'PAINT', lot }, quantity: kg('10') }],
  inputs,
});
const ships = (id: string, units: object[]) => ({ type: 'ship', id, at: now(), customer: 'VELO', shipment: id, units });
const holdings = async (key: string) =>
  ((await unit(key)).holdings as { state: string; customer: string | null; quantity: { value: string } | null }[])
    .map((h) => [h.state, h.customer, h.quantity?.value].filter(Boolean).join(' '))
    .sort();
const inputsOf = async (key: string) => {
  const { body } = await http(app())
    .get(`/api/v1/units/${encodeURIComponent(key)}/contains`)
    .expect(200);
  return (body.data as { unit: { lot?: string; serial?: string }; quantity: string | null }[])
    .map((p) => p.unit.lot ?? p.unit.serial)
    .sort();
};

describe('a correction at work', () => {
  it('moves a consumption to the lot that it was, and gives the other back', async () => {
    for (const lot of ['A', 'B']) await stock('RESIN', 'lot', lot);
    await takes(paints('paint-1', 'P1', [{ unit: resin('A'), quantity: kg('100') }]));
    await takes(corrects('paint-1', paints('', 'P1', [{ unit: resin('B'), quantity: kg('100') }])));
    expect(await holdings('RESIN~lot~A')).toEqual(['in-stock 100']);
    expect(await holdings('RESIN~lot~B')).toEqual(['used 0']);
    expect(await inputsOf('PAINT~lot~P1')).toEqual(['B']);
    expect(await holdings('PAINT~lot~P1')).toEqual(['in-stock 10']);
  });

  it('changes how much of the same lot it was: what the wrong fact took counts as there', async () => {
    await stock('RESIN', 'lot', 'C');
    await takes(paints('paint-2', 'P2', [{ unit: resin('C'), quantity: kg('80') }]));
    await takes(corrects('paint-2', paints('', 'P2', [{ unit: resin('C'), quantity: kg('90') }])));
    expect(await holdings('RESIN~lot~C')).toEqual(['in-stock 10']);
  });

  it('says of the same serial to whom it was shipped, at the time at which that was', async () => {
    await stock('BIKE', 'serial', 'K1');
    const wrong = ships('ship-1', [{ unit: bike('K1') }]);
    await takes(wrong);
    await takes(corrects('ship-1', { ...wrong, customer: 'RAD' }));
    expect(await holdings('BIKE~serial~K1')).toEqual(['shipped RAD 1']);
  });

  it('fits the same part into the parent that it went into, and another part into the same parent', async () => {
    for (const serial of ['K2', 'K3']) await stock('BIKE', 'serial', serial);
    for (const serial of ['B1', 'B2']) await stock('BAT', 'serial', serial);
    const fits = { type: 'install', id: 'fit-1', at: now(), parent: bike('K2'), unit: bat('B1') };
    await takes(fits);
    await takes({ ...corrects('fit-1', { ...fits, parent: bike('K3') }), id: 'fit-2' });
    expect(await inputsOf('BIKE~serial~K2')).toEqual([]);
    expect(await inputsOf('BIKE~serial~K3')).toEqual(['B1']);
    await takes(corrects('fit-2', { ...fits, parent: bike('K3'), unit: bat('B2') }));
    expect(await inputsOf('BIKE~serial~K3')).toEqual(['B2']);
    expect(await holdings('BAT~serial~B1')).toEqual(['in-stock 1']);
  });

  it('ships a pallet to whom it went, with what is in it', async () => {
    await stock('BIKE', 'serial', 'K4');
    await takes({ type: 'pack', id: fresh(), at: now(), container: 'PAL-1', units: [{ unit: bike('K4') }] });
    const wrong = { type: 'ship', id: 'pal-1', at: now(), customer: 'VELO', shipment: 'pal-1', container: 'PAL-1' };
    await takes(wrong);
    await takes(corrects('pal-1', { ...wrong, customer: 'RAD' }));
    expect(await holdings('BIKE~serial~K4')).toEqual(['shipped RAD 1']);
  });

  it('is refused what live work is refused, and leaves the wrong fact as it stands', async () => {
    for (const lot of ['D', 'E', 'F']) await stock('RESIN', 'lot', lot);
    await events([{ type: 'hold', id: fresh(), at: now(), units: [resin('E')], reason: 'cloudy' }]);
    await takes(paints('paint-3', 'P3', [{ unit: resin('D'), quantity: kg('60') }]));
    const put = (lot: string, value: string) =>
      corrects('paint-3', paints('', 'P3', [{ unit: resin(lot), quantity: kg(value) }]));
    expect(await refusedFor(put('E', '60'))).toBe('UNIT_ON_HOLD');
    expect(await refusedFor(put('F', '101'))).toBe('STOCK_SHORT');
    expect(await refusedFor(put('D', '101'))).toBe('STOCK_SHORT');
    // Of a request that keeps the rest, too, nothing of the correction stays.
    const { body } = await http(app())
      .post('/api/v1/events?check=live&onError=proceed')
      .send([put('E', '60'), paints('paint-4', 'P4', [{ unit: resin('D'), quantity: kg('40') }])])
      .expect(200);
    expect(body).toMatchObject({ accepted: 1, refused: [{ index: 0, code: 'UNIT_ON_HOLD' }] });
    expect(await holdings('RESIN~lot~D')).toEqual(['used 0']);
    expect(await inputsOf('PAINT~lot~P3')).toEqual(['D']);
    const { body: history } = await http(app()).get('/api/v1/units/PAINT~lot~P3/history').expect(200);
    expect(JSON.stringify(history)).not.toContain('scanned the wrong one');
  });

  it('is refused a serial that a later fact took elsewhere', async () => {
    for (const serial of ['K5', 'K6']) await stock('BIKE', 'serial', serial);
    await takes(ships('ship-2', [{ unit: bike('K5') }]));
    await takes(ships('ship-3', [{ unit: bike('K6') }]));
    expect(await refusedFor(corrects('ship-2', ships('ship-2', [{ unit: bike('K6') }])))).toBe('NOT_IN_HOUSE');
    expect(await holdings('BIKE~serial~K5')).toEqual(['shipped VELO 1']);
  });

  it('gives the same when the wrong fact is voided and the right one follows in one request', async () => {
    await stock('RESIN', 'lot', 'G');
    await stock('BIKE', 'serial', 'K7');
    await takes(paints('paint-5', 'P5', [{ unit: resin('G'), quantity: kg('100') }]));
    const ship = ships('ship-4', [{ unit: bike('K7') }]);
    await takes(ship);
    const voids = (event: string) => ({ type: 'void', id: fresh(), event, reason: 'wrong' });
    await takes(
      voids('paint-5'),
      paints('paint-6', 'P5', [{ unit: resin('G'), quantity: kg('50') }]),
      voids('ship-4'),
      { ...ship, id: 'ship-5', customer: 'RAD' },
    );
    expect(await holdings('RESIN~lot~G')).toEqual(['in-stock 50']);
    expect(await holdings('BIKE~serial~K7')).toEqual(['shipped RAD 1']);
    expect(
      await refusedFor(voids('paint-6'), paints('paint-8', 'P5', [{ unit: resin('G'), quantity: kg('101') }])),
    ).toBe('STOCK_SHORT');
    expect(await holdings('RESIN~lot~G')).toEqual(['in-stock 50']);
  });

  it('counts once, and the same sent again changes nothing', async () => {
    await stock('RESIN', 'lot', 'H');
    await takes(paints('paint-7', 'P7', [{ unit: resin('H'), quantity: kg('10') }]));
    const right = corrects('paint-7', paints('', 'P7', [{ unit: resin('H'), quantity: kg('20') }]));
    expect((await takes(right)).body).toMatchObject({ accepted: 1, duplicates: 0 });
    expect((await takes(right)).body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await holdings('RESIN~lot~H')).toEqual(['in-stock 80']);
  });
});
