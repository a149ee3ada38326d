import { SCENARIO_NAMES, scenarioStory } from '../scenarios';
import { http, seedDemo, useApp } from '../support';

/** The demo plants as `npm start` leaves them: work on every list, and the stories' answers as they were worked out. */
const app = useApp();
let said: { stdout: string; stderr: string };

interface Named {
  item: string;
  serial?: string;
  lot?: string;
  run?: string;
}
const get = async <T = Record<string, unknown>>(path: string): Promise<T> =>
  (await http(app()).get(`/api/v1/${path}`).expect(200)).body as T;
const list = async <T = Record<string, unknown>>(path: string): Promise<T[]> => (await get<{ data: T[] }>(path)).data;

beforeAll(async () => {
  said = await seedDemo(app());
});

/** Whatever is done leaves a fact or an audit line. */
async function doings(): Promise<unknown> {
  const [counts] = await app().database.asOwner(
    `SELECT (SELECT count(*)::int FROM event) AS events, (SELECT count(*)::int FROM audit_line) AS audit_lines,
            (SELECT count(*)::int FROM import_run) AS imports`,
  );
  return counts;
}

describe('the work that waits in the demo plants', () => {
  it('is laid out whole, and once: a second start changes nothing', async () => {
    expect(said.stderr).toBe('');
    expect(said.stdout.match(/work is laid out/g)).toHaveLength(2);
    const before = await doings();
    const again = await seedDemo(app());
    expect(again.stdout).not.toContain('laid out');
    expect(await doings()).toEqual(before);
  });

  it('is laid out to its end where a start was cut off, nothing of it twice', async () => {
    const parts = async () => ({
      ...(
        await app().database.asOwner<object>(
          `SELECT (SELECT count(*)::int FROM event) AS events, (SELECT count(*)::int FROM work_order) AS orders,
                (SELECT count(*)::int FROM task) AS tasks, (SELECT count(*)::int FROM disposition) AS dispositions`,
        )
      )[0],
    });
    const before = await parts();
    await app().database.asOwner(`DELETE FROM audit_line WHERE action = 'end-demo-work'`);
    expect(await seedDemo(app())).toMatchObject({ stderr: '', stdout: expect.stringContaining('laid out') as string });
    expect(await parts()).toEqual(before);
  });

  it('is goods to receive, a bike to build, and an order to pick', async () => {
    expect(await get('purchase-orders/PO-D-1')).toMatchObject({ partner: 'S-VOLTA' });
    expect(await get('work-orders/WO-D-1')).toMatchObject({ state: 'released', item: 'EB-CITY' });
    expect(await get('sales-orders/SO-D-1')).toMatchObject({ partner: 'D-GENT' });
    const centers = await list<{ workCenter: string; runs: { loads: unknown[] }[] }>('work-centers');
    expect(centers.map((one) => one.workCenter)).toEqual(['ASM4', 'SMT2']);
    expect(centers[1]!.runs.map((run) => run.loads.length).sort()).toEqual([0, 1]);
  });

  it('is a part on hold with what may be used instead, instructions, tasks, a container, a decision to make', async () => {
    const substitutes = await get<{ data: { unit: Named }[] }>('items/BAT-52/substitutes?for=EB-CITY');
    expect(substitutes.data.map((one) => one.unit.serial)).toEqual(['B52L-D1', 'B52L-D2', 'B52L-D3']);
    expect((await list<{ reason: string }>('holds')).map((one) => one.reason).sort()).toEqual(
      expect.arrayContaining(['certificate is missing', 'swollen']),
    );
    expect((await list<{ instruction: string }>('instructions')).map((one) => one.instruction)).toEqual([
      'ADAPTER',
      'COLD',
      'DOCK',
    ]);
    const tasks = await list<{ kind: string; status: string }>('tasks');
    expect(tasks.map((one) => `${one.kind} ${one.status}`).sort()).toEqual(['count open', 'move open', 'putaway open']);
    expect(await list('dispositions')).toMatchObject([{ kind: 'return-to-supplier', state: 'proposed' }]);
    expect(await get('containers/PAL-D1')).toMatchObject({ place: expect.anything() as unknown });
  });

  it('has meat that expires within days of the start', async () => {
    const stock = await list<{ unit: Named; expires: string | null }>('stock?item=K-PORK&place=KIT.RM');
    const soon = stock.filter((row) => row.unit.lot?.startsWith('PK-D'));
    expect(soon.map((row) => row.unit.lot).sort()).toEqual(['PK-D1', 'PK-D2']);
    const days = (Date.parse(soon.find((row) => row.unit.lot === 'PK-D1')!.expires!) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(-1);
    expect(days).toBeLessThan(3);
  });

  it('leaves no gap of its own in the record', async () => {
    const gaps = JSON.stringify(await list('gaps?limit=1000'));
    for (const own of ['-D1', '-D2', '-D3', 'EB-D']) expect(gaps).not.toContain(`${own}"`);
  });
});

describe.each(SCENARIO_NAMES)('the story of the %s beside it', (name) => {
  it.each(scenarioStory(name).questions)('$name: has its answer', async (question) => {
    const trace = (await http(app()).post('/api/v1/traces?wait=30').send(question.ask).expect(200)).body as {
      id: string;
      complete: boolean;
    };
    const found = async (of: string): Promise<string[]> =>
      (await list<{ unit: Named; certainty: string }>(`traces/${trace.id}/${of}?limit=1000`))
        .filter((row) => row.unit.run === undefined)
        .map((row) => `${row.unit.item} ${row.unit.serial ?? row.unit.lot}`)
        .sort();
    const named = (units: { item: string; code: string }[]) => units.map((u) => `${u.item} ${u.code}`).sort();
    expect(await found('units')).toEqual(named(question.affected));
    expect(await found('excluded')).toEqual(named(question.excluded));
    expect(trace.complete).toBe(true);
  });
});
