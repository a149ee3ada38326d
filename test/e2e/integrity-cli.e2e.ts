import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { http, useApp, useDatabase } from '../support';
import { builtFile } from '../support/services';

const app = useApp({ worker: false });
const folder = mkdtempSync(join(tmpdir(), 'unitrail-root-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const empty = useDatabase();
const cli = (...argv: string[]) => cliOn(app().database.url, ...argv);
const cliOn = (database: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, DATABASE_URL: database, REDIS_URL: app().redis.url, DATA_DIR: folder };
    const child = execFile(process.execPath, [builtFile('cli.js'), ...argv], { cwd: folder, env }, (_, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  const api = http(app());
  await api.put('/api/v1/items/RM').send({ name: 'Resin', tracking: 'lot', uom: 'kg' }).expect(200);
  await api
    .post('/api/v1/events')
    .send({
      id: 'r1',
      type: 'receive',
      at: '2026-03-01',
      unit: { item: 'RM', lot: 'L1' },
      quantity: { value: '5', uom: 'kg' },
    })
    .expect(200);
});

describe('verify, root', () => {
  it('a signed root is exported, and proves later that the chain still holds it', async () => {
    const exported = await cli('root', '--sign', '--out', 'root.json');
    expect(exported.code).toBe(0);
    expect(exported.err).toContain('integrity-key.pem.pub');
    expect(statSync(file('integrity-key.pem')).mode & 0o077).toBe(0);
    const again = await cli('root', '--sign');
    expect(again.err).toBe('');
    const { root } = JSON.parse(readFileSync(file('root.json'), 'utf8')) as { root: { position: number } };
    expect(JSON.parse(again.out)).toMatchObject({ root: { position: root.position }, algorithm: 'Ed25519' });

    const verified = await cli('verify', '--root', 'root.json', '--public-key', 'integrity-key.pem.pub');
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('All is as it was sealed.') as string });
  });

  it('a root that was changed, or that another key signed, is refused', async () => {
    const signed = JSON.parse(readFileSync(file('root.json'), 'utf8')) as { root: { position: number } };
    signed.root.position += 1;
    writeFileSync(file('forged.json'), JSON.stringify(signed));
    const forged = await cli('verify', '--root', 'forged.json', '--public-key', 'integrity-key.pem.pub');
    expect(forged).toMatchObject({ code: 1, err: expect.stringContaining('was not signed by the holder') as string });
    const none = await cli('verify', '--root', 'integrity-key.pem');
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no root of this product') as string });
    expect((await cli('verify', '--nonsense')).code).toBe(2);
  });

  it('an empty database proves nothing: somebody may have named the wrong one', async () => {
    const told = await cliOn(empty().url, 'verify');
    expect(told.code).toBe(1);
    expect(told.out).toContain('Nothing was ever sealed here');
  });

  it('what somebody changed is named, for people and for machines', async () => {
    await app().database.asOwner(`UPDATE movement SET quantity = 6`);
    const told = await cli('verify');
    expect(told.code).toBe(1);
    expect(told.out).toMatch(
      /row-changed: movement \d+ \(made lot RM L1 by receive .*r1\) at position \d+ .*Recorded 20.* by /,
    );
    const json = await cli('verify', '--json', '--limit', '0');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, findingCount: 1, findings: [] });
  });
});
