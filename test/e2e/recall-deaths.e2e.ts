import { http, useApp, waitFor } from '../support';
import { caseOver, type Person, person, signed } from './recall-people';

const app = useApp({ env: { RECALL_WATCH_SECONDS: '1' } });
const UNITS = 1_000;
const at = (day: number) => `2026-03-0${day}T08:00:00Z`;

let anna: Person;
let ben: Person;

beforeAll(async () => {
  const put = (path: string, body: object) => http(app()).put(`/api/v1/${path}`).send(body).expect(200);
  await put('items/RM', { name: 'Resin', tracking: 'lot', uom: 'kg' });
  await put('items/FG', { name: 'Part', tracking: 'serial', uom: 'pcs' });
  await put('places/P', { name: 'Plant', kind: 'site' });
  anna = await person(app(), 'anna', 'coordinator');
  ben = await person(app(), 'ben', 'coordinator');
});

const lot = (code: string) => ({ item: 'RM', lot: code });
const made = (id: string, seed: string, serials: string[]) => ({
  id,
  type: 'produce',
  at: at(2),
  place: 'P',
  outputs: serials.map((serial) => ({ unit: { item: 'FG', serial } })),
  inputs: [{ unit: lot(seed), quantity: { value: '1', uom: 'kg' } }],
});
const events = (list: object[]) => http(app()).post('/api/v1/events').send(list).expect(200);

async function approved(seed: string): Promise<string> {
  const serials = Array.from({ length: UNITS }, (_, i) => `${seed}-${i}`);
  await events([
    { id: `r-${seed}`, type: 'receive', at: at(1), place: 'P', unit: lot(seed), quantity: { value: '9', uom: 'kg' } },
    made(`p-${seed}`, seed, serials),
  ]);
  const { key, digest } = await caseOver([{ unit: lot(seed) }], { by: anna });
  await ben.post(`/recalls/${key}/approve`, { digest, ...signed() }).expect(200);
  return key;
}

/** Somebody is writing holds at this moment, and has not committed. */
const isHolding = async (): Promise<boolean> =>
  (
    await app().database.asOwner(
      `SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND c.relname = 'hold' AND l.mode = 'RowExclusiveLock' LIMIT 1`,
    )
  ).length > 0;
const stateOf = async (key: string): Promise<string> =>
  (await app().database.asOwner<{ state: string }>(`SELECT state FROM recall WHERE key = $1`, [key]))[0]!.state;

const DEATHS: Record<string, () => Promise<void>> = {
  async worker() {
    await app().killWorker();
    await app().startWorker();
  },
  /** as when PostgreSQL starts anew: whatever is open is taken back */
  async database() {
    await app().database.asOwner(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  },
  /** with all jobs in it */
  async redis() {
    await app().redis.kill();
    await app().redis.start();
  },
  async api() {
    await app().killApi();
    await app().startApi();
  },
};

it('whatever dies in the middle of it: every unit is held, once, and what comes later too', async () => {
  const deaths = ['worker', 'database', 'redis', 'api', 'worker', 'database'];
  const cases: string[] = [];
  for (const n of deaths.keys()) cases.push(await approved(`L${n}`));
  for (const [n, who] of deaths.entries()) {
    const key = cases[n]!;
    // Where the database has just died it is asked again: twice is once.
    await waitFor(async () => (await anna.post(`/recalls/${key}/initiate`, signed())).status < 500, {
      what: 'to be asked',
    });
    // The later ones wait for those before them: then it dies while they wait.
    if (n < 4)
      await waitFor(async () => (await isHolding()) || (await stateOf(key)) === 'initiated', {
        what: `${key} to be stopped`,
        withinMs: 60_000,
        everyMs: 2,
      });
    await DEATHS[who]!();
  }
  for (const key of cases)
    await waitFor(async () => (await stateOf(key)) === 'initiated', {
      what: `${key} to be initiated`,
      withinMs: 90_000,
    });
  await events(cases.map((_, n) => made(`late-${n}`, `L${n}`, [`late-${n}`])));
  await DEATHS.worker!();
  for (const key of cases) {
    const held = () =>
      app().database.asOwner<{ holds: number; units: number }>(
        `SELECT count(*)::int AS holds, count(DISTINCT unit_id)::int AS units FROM hold WHERE ref = $1`,
        [key],
      );
    // The lot, what was made of it, and what was made of it later.
    await waitFor(async () => (await held())[0]!.units === UNITS + 2, { what: `all of ${key}`, withinMs: 60_000 });
    expect(await held()).toEqual([{ holds: UNITS + 2, units: UNITS + 2 }]);
    const steps = (await anna.get(`/recalls/${key}/steps`).expect(200)).body.data as { verb: string }[];
    expect(steps.map((step) => step.verb)).toEqual(['scope', 'approve', 'initiate', 'widen']);
    const signatures = (await anna.get(`/recalls/${key}/signatures`).expect(200)).body.data as { subject: string }[];
    expect(signatures.map((one) => one.subject)).toEqual(['approval', 'initiation']);
  }
}, 400_000);
