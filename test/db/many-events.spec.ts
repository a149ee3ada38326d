import { RecordEvents } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { useDatabase } from '../support';

const db = useDatabase();
const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h', TIME_ZONE: 'UTC' });

it('names each refused event of many by where it stands', async () => {
  await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ('BIKE', 'Bike', 'serial', 'pcs')`);
  const many = Array.from({ length: 700 }, (_, i) => ({
    type: 'create',
    id: `many-${i}`,
    at: '2026-03-01T08:00:00Z',
    unit: { item: 'BIKE', serial: `MANY-${i}` },
  }));
  const wrong = { ...many[0], id: 'many-colour', colour: 'red' };
  const unknown = { ...many[0], id: 'many-unknown', unit: { item: 'UNICYCLE', serial: '1' } };
  const events = [...many.slice(0, 260), wrong, ...many.slice(260, 690), unknown, ...many.slice(690), many[5]];
  const result = await new RecordEvents(db().uow, settings).execute(ctx, events, { onError: 'proceed' });
  expect(result).toMatchObject({ accepted: 700, duplicates: 1 });
  expect(result.refused.map((r) => [r.index, r.id, r.code])).toEqual([
    [260, 'many-colour', 'UNKNOWN_FIELD'],
    [691, 'many-unknown', 'UNKNOWN_ITEM'],
  ]);
});
