import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Checkout, http, waitFor } from '../../support';

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65534, gid: 65534 };
const FALLBACK = '/var/lib/unitrail';
const fallbacks = (): string[] => (existsSync(FALLBACK) ? readdirSync(FALLBACK) : []);

/** Starts, is ready, seeds the demo when asked to, and ends without a trace of a process. */
async function livesAndEnds(checkout: Checkout, env: Record<string, string> = {}): Promise<void> {
  const { start, url } = await checkout.start(env);
  await waitFor(async () => (await http({ url, apiKey: '' }, null).get('/health/ready')).status === 200, {
    what: '/health/ready',
  });
  const items = await http({ url, apiKey: checkout.apiKey }).get('/api/v1/items').expect(200);
  expect(items.body.data.length > 0).toBe(env.DEMO === '1');
  await start.kill('SIGTERM', 60_000);
  expect(start.child.exitCode).toBe(0);
  expect(checkout.processes()).toEqual([]);
}

describe('npm start as an account', () => {
  let checkout: Checkout | undefined;
  afterEach(async () => {
    await checkout?.remove();
    checkout = undefined;
  });

  it('that is not root: with the demo plants, twice in a row', async () => {
    checkout = new Checkout(isRoot ? NOBODY : undefined);
    await livesAndEnds(checkout, { DEMO: '1' });
    await livesAndEnds(checkout, { DEMO: '1' });
  }, 300_000);

  it('that keeps its checkout where no other can enter', async () => {
    checkout = new Checkout(undefined, { closed: true });
    const before = fallbacks();
    await livesAndEnds(checkout);
    const made = fallbacks().filter((name) => !before.includes(name));
    // Root cannot run PostgreSQL itself; the account that does gets a folder that it can enter.
    expect(made).toHaveLength(isRoot ? 1 : 0);
    expect(existsSync(join(checkout.dataDir, 'postgres'))).toBe(!isRoot);
    for (const name of made) rmSync(join(FALLBACK, name), { recursive: true, force: true });
  }, 300_000);
});
