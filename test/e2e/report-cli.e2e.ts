import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtFile, http, useApp } from '../support';
import { at, kg, plant } from './report-plant';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'unitrail report-'));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function cli(...argv: string[]): Promise<Ended> {
  const { database, redis } = app();
  const env = { PATH: process.env.PATH, TZ: 'UTC', DATABASE_URL: database.url, REDIS_URL: redis.url };
  return new Promise((resolve) => {
    execFile(process.execPath, [builtFile('cli.js'), ...argv], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const files = (out: string) => readdirSync(join(folder, out)).sort();

beforeAll(async () => {
  await plant(app());
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('report on the command line', () => {
  it('traces a lot, prints the report and writes the three files', async () => {
    const { code, stdout, stderr } = await cli('report', '--item', 'SPICE', '--lot', 'S-77', '--out', 'all files');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Recall impact report: SPICE lot S-77');
    expect(stdout).toContain('COMPLETE');
    expect(stdout).toContain('9 units are affected: 9 certain, 0 possible.');
    expect(stdout).toContain('Pfeffer & Söhne (SUP-3)');
    expect(stdout).toMatch(/Épicerie Lafarge \(SHOP-1\)\s+1\s+2\s+DN-0042\s+achats@lafarge\.example/);
    expect(files('all files').map((name) => name.replace(/_[0-9a-f]{8}\./, '.'))).toEqual([
      'recall-impact_SPICE_S-77.csv',
      'recall-impact_SPICE_S-77.pdf',
      'recall-impact_SPICE_S-77.xlsx',
    ]);
    const pdf = files('all files').find((name) => name.endsWith('.pdf')) ?? '';
    expect(
      readFileSync(join(folder, 'all files', pdf))
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('needs no worker and no redis answer of its own: the trace runs in the command', async () => {
    await app().killWorker('SIGTERM');
    const { code, stdout } = await cli(
      ...[
        'report',
        '--item',
        'PACK',
        '--serial',
        '0503E000',
        '--direction',
        'backward',
        '--format',
        'csv',
        '--out',
        'b',
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Origin report: PACK serial 0503E000');
    expect(files('b')).toEqual([expect.stringMatching(/^origin_PACK_0503E000_[0-9a-f]{8}\.csv$/)]);
    await app().startWorker();
  });

  it('ends with 3 where the answer has gaps, and writes the files all the same', async () => {
    await http(app())
      .post('/api/v1/events')
      .send([
        {
          type: 'produce',
          id: 'gap',
          at: at(6),
          place: 'LYON.FG',
          outputs: [{ unit: { item: 'PACK', serial: 'GAP-1' } }],
          inputs: [{ unit: { item: 'BATTER', lot: 'UNSEEN' }, quantity: kg('0.5') }],
        },
      ])
      .expect(200);
    const { code, stdout } = await cli(
      ...['report', '--item', 'BATTER', '--lot', 'UNSEEN', '--format', 'pdf', '--out', 'c'],
    );
    expect(code).toBe(3);
    expect(stdout).toMatch(/^INCOMPLETE: \d+ gaps?$/m);
    expect(files('c')).toHaveLength(1);
  });

  it('ends with 1 and one sentence where there is no such lot, and writes nothing', async () => {
    const { code, stdout, stderr } = await cli('report', '--item', 'SPICE', '--lot', 'NONE', '--out', 'd');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^There is no unit .*NONE.* at ledger position \d+\.\n$/);
    expect(readdirSync(folder)).not.toContain('d');
  });

  it('ends with 2 and the usage where the command is wrong', async () => {
    const { code, stderr } = await cli('report', '--item', 'SPICE');
    expect(code).toBe(2);
    expect(stderr).toContain('Give one of --lot, --serial and --run.');
    expect(stderr).toContain('report --item ITEM');
  });
});
