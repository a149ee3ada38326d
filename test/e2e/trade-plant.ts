/** A small plant that buys resin and batteries and sells paint and bikes: what the trade tests share. */
import { http, type TestApp } from '../support';

export const AT = '2026-03-02T08:15:00+01:00';
let counter = 0;
/** A fresh command id. */
export const fresh = (): string => `cmd-${++counter}`;

export async function tradePlant(app: TestApp): Promise<void> {
  const put = (path: string, body: object) => http(app).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RESIN', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('items/PAINT', { name: 'Paint', tracking: 'lot', uom: 'kg' });
  await put('items/BAT', { name: 'Battery', tracking: 'serial', uom: 'pcs', gtin: '09506000134352' });
  await put('items/BIKE', { name: 'Bike', tracking: 'serial', uom: 'pcs' });
  await put('items/SCREW', { name: 'Screw', tracking: 'none', uom: 'pcs' });
  await put('places/LYON', { name: 'Lyon', kind: 'site', timeZone: 'Europe/Paris' });
  await put('places/LYON.IN', { name: 'Goods in', kind: 'zone', parent: 'LYON' });
  await put('places/LYON.A1', { name: 'Aisle 1', kind: 'bin', parent: 'LYON' });
  await put('places/LYON.A2', { name: 'Aisle 2', kind: 'bin', parent: 'LYON' });
  await put('places/LYON.OUT', { name: 'Goods out', kind: 'zone', parent: 'LYON' });
  await put('partners/ACME', { name: 'Acme Chemicals', kind: 'supplier' });
  await put('partners/VOLT', { name: 'Volt Works', kind: 'supplier' });
  await put('partners/VELO', { name: 'Velo Nord', kind: 'customer', address: 'Kai 1, Hamburg', country: 'DE' });
  await put('partners/RAD', { name: 'Rad und Tat', kind: 'customer' });
}

export const kg = (value: string) => ({ value, uom: 'kg' });
export const pcs = (value: string) => ({ value, uom: 'pcs' });

export function trade(app: () => TestApp) {
  const post = (path: string, body: object) => http(app()).post(`/api/v1/${path}`).send(body);
  const get = (path: string) => http(app()).get(`/api/v1/${path}`);
  return {
    post,
    get,
    events: (events: object[]) => post('events', events as unknown as object).expect(200),
    order: (kind: 'purchase' | 'sales', order: string, partner: string, lines: object[]) =>
      post(`${kind}-orders`, { id: fresh(), order, partner, lines }).expect(201),
    receive: (body: object) => post('receipts', { id: fresh(), place: 'LYON.IN', ...body }),
    /** Opening stock of a serial or a lot. */
    stock: (item: string, kind: 'serial' | 'lot', code: string, more: object = {}) =>
      post('events', [
        {
          type: 'create',
          id: fresh(),
          at: AT,
          place: 'LYON.A1',
          unit: { item, [kind]: code },
          ...(kind === 'lot' ? { quantity: kg('100') } : {}),
          ...more,
        },
      ]).expect(200),
    unit: async (key: string) =>
      (await get(`units/${encodeURIComponent(key)}`).expect(200)).body as Record<string, unknown>,
  };
}
