import { SCENARIO_NAMES, scenarioStory } from '../scenarios';
import type { StoryQuestion } from '../scenarios';
import { http, useApp } from '../support';
import { importFile, plantZip } from './import-client';

const app = useApp();
const SIZE = 40;

interface TraceUnit {
  unit: { item: string } & Record<string, string>;
  depth: number;
  certainty: string;
  exposure: [string | null, string | null][];
  reason?: string;
  holdings: {
    state: string;
    place: string | null;
    customer: string | null;
    quantity: { value: string; uom: string } | null;
  }[];
}
interface Consignee {
  customer: { partner: string } | null;
  shipment: string;
  at: string;
  unit: { item: string } & Record<string, string>;
  quantity: { value: string; uom: string } | null;
  hit: boolean;
  certainty: string;
  /** the shipped parent that it left in */
  inside: { unit: Record<string, string> } | null;
}
interface Summary {
  id: string;
  status: string;
  complete: boolean;
  digest: string;
  counts: { affected: number; certain: number; possible: number; excluded: Record<string, number>; gaps: object };
}

async function pages<T>(path: string): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: T[]; nextCursor: string | null } = (
      await http(app())
        .get(`${path}${path.includes('?') ? '&' : '?'}limit=20${cursor && `&cursor=${cursor}`}`)
        .expect(200)
    ).body as never;
    all.push(...page.data);
    cursor = page.nextCursor;
  }
  return all;
}

const kindOf = (unit: Record<string, string>) => (unit.serial ? 'serial' : unit.lot ? 'lot' : 'run');
const key = (unit: { item: string } & Record<string, string>) =>
  `${unit.item} ${kindOf(unit)} ${unit.serial ?? unit.lot ?? unit.run}`;
const named = (u: { item: string; kind: string; code: string }) => `${u.item} ${u.kind} ${u.code}`;

async function ask(question: StoryQuestion['ask']): Promise<Summary> {
  const answer = await http(app()).post('/api/v1/traces?wait=30').send(question).expect(200);
  expect(answer.body).toMatchObject({ status: 'done', error: null });
  return answer.body as Summary;
}

describe.each(SCENARIO_NAMES)('the story of the %s', (name) => {
  const story = scenarioStory(name);

  beforeAll(async () => {
    expect(await importFile(app(), `${name}.zip`, plantZip(name, SIZE))).toMatchObject({
      status: 'done',
      counts: { refused: 0 },
    });
  });

  describe.each(story.questions)('$name', (question) => {
    let summary: Summary;
    beforeAll(async () => {
      summary = await ask(question.ask);
    });

    it('finds exactly the units of the answer, each with its certainty, depth and dates', async () => {
      const units = await pages<TraceUnit>(`/api/v1/traces/${summary.id}/units`);
      const found = units.filter((u) => kindOf(u.unit) !== 'run');
      expect(found.map((u) => key(u.unit)).sort()).toEqual(question.affected.map(named).sort());
      for (const expected of question.affected) {
        const { certainty, depth, exposure } = found.find((u) => key(u.unit) === named(expected))!;
        expect({
          unit: named(expected),
          certainty,
          depth: expected.depth === undefined ? undefined : depth,
          exposure,
        }).toEqual({
          unit: named(expected),
          certainty: expected.certainty,
          depth: expected.depth,
          exposure: expected.exposure ?? exposure,
        });
      }
    });

    it('excludes what has a path and no exposure, with the reason', async () => {
      const list = await pages<TraceUnit>(`/api/v1/traces/${summary.id}/excluded`);
      const found = list.filter((u) => kindOf(u.unit) !== 'run').map((u) => `${key(u.unit)}: ${u.reason}`);
      expect(found.sort()).toEqual(question.excluded.map((u) => `${named(u)}: ${u.reason}`).sort());
    });

    it('knows all that the question needs', async () => {
      expect({ gaps: await pages(`/api/v1/traces/${summary.id}/gaps`), complete: summary.complete }).toEqual({
        gaps: [],
        complete: true,
      });
    });

    if (question.holdings)
      it('says where they are now', async () => {
        const units = await pages<TraceUnit>(`/api/v1/traces/${summary.id}/units`);
        const found = Object.keys(question.holdings!).map((code) => {
          const { holdings } = units.find((u) => key(u.unit).endsWith(` ${code}`))!;
          const parts = holdings.map(({ state, place, customer, quantity }) =>
            [state, place ?? customer, quantity?.value, quantity?.uom].filter(Boolean).join(' '),
          );
          return [code, parts.sort()];
        });
        expect(Object.fromEntries(found)).toEqual(question.holdings);
      });

    if (question.consignees)
      it('says who got what on which document, and whether it was in there then', async () => {
        const list = await pages<Consignee>(`/api/v1/traces/${summary.id}/consignees`);
        const found = list.map((c) =>
          [
            c.customer?.partner,
            c.shipment,
            c.at,
            key(c.unit),
            c.inside?.unit.serial,
            c.hit,
            c.certainty,
            c.quantity?.value,
            c.quantity?.uom,
          ].join(' | '),
        );
        const expected = question.consignees!.map((c) =>
          [c.customer, c.shipment, c.at, named(c), c.inside, c.hit, c.certainty, c.quantity.value, c.quantity.uom].join(
            ' | ',
          ),
        );
        expect(found.sort()).toEqual(expected.sort());
      });
  });
});

describe('the answers', () => {
  it('have the same digest whatever else is in the plant, and in whatever order it came in', async () => {
    const [bikes] = scenarioStory('bikes').questions;
    const before = await ask(bikes!.ask);
    await importFile(app(), 'bikes.zip', plantZip('bikes', SIZE + 20, 99));
    const after = await ask(bikes!.ask);
    expect(after.digest).toBe(before.digest);
  });
});
