import type { ImportView } from '@/exchange/interchange';
import { http, useApp } from '../support';
import { importEnd, upload } from './import-client';

const HEAP_MB = 160;
const MIB = 1024 * 1024;
// A worker that kept what it reads would end here: the file is larger than all that it may have.
const app = useApp({ env: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, EVENTS_MAX: '500' } });

describe('a file that is larger than the memory of the worker', () => {
  it('comes in whole', async () => {
    await http(app()).put('/api/v1/items/WIDE').send({ name: 'Wide', tracking: 'lot', uom: 'kg' }).expect(200);
    const note = 'n'.repeat(9_000);
    const line = (i: number) => `2026-03-02,WIDE,L-${i % 50},1,${note} ${i}\n`;
    const rows = 20_000;
    const file = Buffer.from(
      ['at,item,code,quantity,note\n', ...Array.from({ length: rows }, (_, i) => line(i))].join(''),
    );
    expect(file.length).toBeGreaterThan(HEAP_MB * MIB);
    const started = await upload(app(), 'receipts.csv', file).expect(202);
    const view = await importEnd(app(), (started.body as ImportView).id, 150_000);
    expect(view).toMatchObject({ status: 'done', counts: { accepted: rows, refused: 0 } });
  });
});
