/** A small plant made by hand over the API, and short ways to ask it. */
import { http, TestApp } from '../support';

export type Ref = Record<string, string>;
export const lot = (item: string, code: string): Ref => ({ item, lot: code });
export const serial = (item: string, code: string): Ref => ({ item, serial: code });
export const run = (item: string, code: string): Ref => ({ item, run: code });
export const kg = (value: string) => ({ value, uom: 'kg' });

/** An answer of the API: tests say what they expect of it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export interface Answer {
  id: string;
  summary: Json;
}

export class TracePlant {
  constructor(private readonly app: () => TestApp) {}

  private get api() {
    return http(this.app());
  }

  async masterData(): Promise<void> {
    const items: [string, string, string, string?][] = [
      ['RM', 'lot', 'kg'],
      ['SPICE', 'lot', 'kg'],
      ['TANK', 'lot', 'kg'],
      ['FG', 'lot', 'kg'],
      ['BAT', 'serial', 'pcs', '09506000134352'],
      ['BIKE', 'serial', 'pcs'],
      ['LINE', 'lot', 'pcs'],
    ];
    for (const [item, tracking, uom, gtin] of items)
      await this.api
        .put(`/api/v1/items/${item}`)
        .send({ name: `Item ${item}`, tracking, uom, gtin })
        .expect(200);
    await this.api.put('/api/v1/places/LYON').send({ name: 'Lyon', kind: 'site' }).expect(200);
    for (const partner of ['SHOP-A', 'SHOP-B'])
      await this.api
        .put(`/api/v1/partners/${partner}`)
        .send({
          name: `Shop ${partner}`,
          kind: 'customer',
          email: `${partner.toLowerCase()}@example.org`,
          phone: '+33 1',
        })
        .expect(200);
    await this.api.put('/api/v1/partners/ACME').send({ name: 'Acme', kind: 'supplier' }).expect(200);
  }

  async record(events: object[]): Promise<void> {
    await this.api
      .post('/api/v1/events')
      .send(events.map((e) => ({ place: 'LYON', ...e })))
      .expect(200);
  }

  async ask(question: object): Promise<Answer> {
    const answer = await this.api.post('/api/v1/traces?wait=30').send(question).expect(200);
    if (answer.body.status !== 'done')
      throw new Error(`The trace is ${answer.body.status}: ${JSON.stringify(answer.body.error)}`);
    return { id: answer.body.id, summary: answer.body };
  }

  forward(unit: Ref, more: object = {}, seed: object = {}): Promise<Answer> {
    return this.ask({ direction: 'forward', seeds: [{ unit, ...seed }], ...more });
  }

  backward(unit: Ref, more: object = {}, seed: object = {}): Promise<Answer> {
    return this.ask({ direction: 'backward', seeds: [{ unit, ...seed }], ...more });
  }

  async get(path: string): Promise<Json> {
    return (await this.api.get(path).expect(200)).body;
  }

  async rows(answer: Answer, list: string, query = ''): Promise<Json[]> {
    return (await this.get(`/api/v1/traces/${answer.id}/${list}?limit=1000${query}`)).data;
  }

  /** "FG F1 certain" of each affected unit */
  async affected(answer: Answer, query = ''): Promise<string[]> {
    return (await this.rows(answer, 'units', query)).map((r) => `${nameOf(r.unit)} ${r.certainty}`);
  }

  /** "FG F1 before-exposure" of each excluded unit */
  async excluded(answer: Answer): Promise<string[]> {
    return (await this.rows(answer, 'excluded')).map((r) => `${nameOf(r.unit)} ${r.reason}`);
  }
}

export function nameOf(unit: Ref): string {
  return `${unit.item} ${unit.lot ?? unit.serial ?? unit.run}`;
}
