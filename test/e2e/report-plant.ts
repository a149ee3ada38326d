import { http, type TestApp } from '../support';

/** Codes that spreadsheets take for numbers and formulas. */
export const CODES = ['0503E000', '=1+1', '-5', '@x', 'Ωμέγα', 'Тест', 'žluť'];

export const at = (day: number, hour = 8) => `2026-03-0${day}T0${hour}:00:00Z`;
export const spice = { item: 'SPICE', lot: 'S-77' };
export const batter = { item: 'BATTER', lot: 'B-1' };
export const kg = (value: string) => ({ value, uom: 'kg' });

/** A suspect spice lot goes into a batter, the batter into packs; some packs are shipped, one comes back, one is scrapped. */
export async function plant(app: TestApp): Promise<void> {
  const api = http(app);
  const put = (path: string, body: object) => api.put(`/api/v1/${path}`).send(body);
  for (const [path, body] of [
    ['items/SPICE', { name: 'White pepper', tracking: 'lot', uom: 'kg' }],
    ['items/BATTER', { name: 'Merguez batter', tracking: 'lot', uom: 'kg' }],
    ['items/PACK', { name: 'Merguez 500 g', tracking: 'serial', uom: 'pcs' }],
    ['places/LYON', { name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' }],
    ['places/LYON.FG', { name: 'Finished goods', kind: 'area', parent: 'LYON' }],
    ['partners/SUP-3', { name: 'Pfeffer & Söhne', kind: 'supplier', email: 'qs@pfeffer.example', phone: '+49 30 1' }],
    [
      'partners/SHOP-1',
      {
        name: 'Épicerie Lafarge',
        kind: 'customer',
        email: 'achats@lafarge.example',
        address: '12 rue X, Lyon',
        country: 'FR',
      },
    ],
    ['partners/MKT-2', { name: 'Αγορά', kind: 'customer', phone: '+30 210 1' }],
  ] as const) {
    const answer = await put(path, body);
    expect([200, 201, 204]).toContain(answer.status);
  }
  const pack = (code: string) => ({ unit: { item: 'PACK', serial: code } });
  const [first, second, third, fourth] = CODES as [string, string, string, string];
  const events = [
    {
      type: 'receive',
      id: 'r1',
      at: at(1),
      place: 'LYON',
      unit: spice,
      quantity: kg('250.5'),
      supplier: 'SUP-3',
      supplierLot: '=cmd',
      refs: { purchaseOrder: 'PO-88' },
    },
    {
      type: 'produce',
      id: 'early',
      at: at(1, 9),
      place: 'LYON',
      outputs: [{ unit: batter, quantity: kg('100') }],
      inputs: [{ unit: spice, quantity: kg('0.5') }],
    },
    ...CODES.map((code, i) => ({
      type: 'produce',
      id: `p${i}`,
      at: at(2, 1 + i),
      place: 'LYON.FG',
      outputs: [pack(code)],
      inputs: [{ unit: batter, quantity: kg('0.5') }],
    })),
    {
      type: 'ship',
      id: 's1',
      at: at(3),
      place: 'LYON.FG',
      customer: 'SHOP-1',
      shipment: 'DN-0042',
      units: [pack(first), pack(second)],
    },
    {
      type: 'ship',
      id: 's2',
      at: '2026-03-04',
      place: 'LYON.FG',
      customer: 'MKT-2',
      shipment: '=DN',
      units: [pack(third)],
    },
    {
      type: 'return',
      id: 't1',
      at: at(5),
      place: 'LYON',
      customer: 'SHOP-1',
      shipment: 'DN-0042',
      units: [pack(second)],
    },
    { type: 'scrap', id: 'x1', at: at(5), place: 'LYON.FG', ...pack(fourth), reason: 'torn' },
  ];
  const answer = await api.post('/api/v1/events').send(events);
  expect(answer.body).toMatchObject({ accepted: events.length, refused: [] });
}
