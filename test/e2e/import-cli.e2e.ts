import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { http, useApp } from '../support';
import { builtFile } from '../support/services';

const app = useApp({ worker: false });
const folder = mkdtempSync(join(tmpdir(), 'unitrail import '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  code: number;
  out: string;
  err: string;
}
const cli = (argv: string[], env: Record<string, string> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [builtFile('cli.js'), ...argv],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, DATABASE_URL: app().database.url, REDIS_URL: app().redis.url, ...env },
      },
      (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
const write = (name: string, lines: string[]) => writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
const events = async () =>
  Number((await app().database.asOwner<{ n: string }>(`SELECT count(*) AS n FROM event`))[0]!.n);

describe('import FOLDER', () => {
  it('imports what it knows, writes refused.csv, and ends with 1 where rows were refused', async () => {
    write('items.csv', ['item,name,tracking,uom', 'RM,Resin,lot,kg']);
    write('receipts.csv', ['at,item,code,quantity', '2026-03-02,RM,L-1,5', '2026-03-02,NOPE,L-2,5']);
    write('notes.txt', ['nothing to import']);
    const ran = await cli(['import', folder]);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('2 accepted, 0 there already, 1 refused');
    expect(ran.out).toContain(join(folder, 'refused.csv'));
    expect(ran.out).toContain('notes.txt');
    expect(ran.err).toMatch(/100 % {2}3 of 3 rows/);
    const refused = readFileSync(join(folder, 'refused.csv'), 'utf8');
    expect(refused).toMatch(/receipts\.csv,3,item,UNKNOWN_ITEM,/);
    const list = await http(app()).get('/api/v1/imports').expect(200);
    expect((list.body as { data: unknown[] }).data).toMatchObject([
      { status: 'done', counts: { accepted: 2, refused: 1 } },
    ]);
  });

  it('changes nothing the second time, and ends with 0 when all is right', async () => {
    write('receipts.csv', ['at,item,code,quantity', '2026-03-02,RM,L-1,5']);
    const before = await events();
    const ran = await cli(['import', folder]);
    expect(ran).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 accepted, 2 there already, 0 refused') as string,
    });
    expect(await events()).toBe(before);
  });

  it('says what is wrong with the call, the folder and the files', async () => {
    expect(await cli(['import'])).toMatchObject({ code: 2, err: expect.stringContaining('import FOLDER') as string });
    expect(await cli(['import', join(folder, 'nowhere')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no folder') as string,
    });
    write('scrap.csv', ['<html>']);
    expect(await cli(['import', join(folder, 'scrap.csv')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('CSV_NOT_CSV') as string,
    });
  });
});

describe('seed-demo', () => {
  it('leaves the plant empty where DEMO=0 says so', async () => {
    const before = await events();
    expect(await cli(['seed-demo'], { DEMO: '0' })).toMatchObject({ code: 0 });
    expect(await events()).toBe(before);
  });

  it('brings in both plants and the work in them within a minute, once', async () => {
    const startedAt = Date.now();
    expect(await cli(['seed-demo'])).toMatchObject({ code: 0, err: '' });
    // Other tests run beside it: by itself it takes a fraction of this.
    expect(Date.now() - startedAt).toBeLessThan(60_000);
    const after = await events();
    expect(after).toBeGreaterThan(2_000);
    const again = await cli(['seed-demo']);
    expect(again.out.match(/is there already/g)).toHaveLength(2);
    expect(await events()).toBe(after);
    await http(app()).get('/api/v1/units/CELL-21700~lot~CL-0417').expect(200);
    await http(app()).get('/api/v1/units/K-PAPRIKA~lot~SP-0388').expect(200);
  });
});
