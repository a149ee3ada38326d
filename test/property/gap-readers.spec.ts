import fc from 'fast-check';
import { Client } from 'pg';
import { readGaps, RecordEvents, sealLedger } from '@/ledger';
import { Settings } from '@/platform/config';
import type { Context } from '@/platform/db';
import { readFacts } from '@/trace/app/read-facts';
import type { UnitColumns } from '@/trace/app/unit-columns';
import { loadBase } from '@/trace/resident/load-base';
import type { SentEvent } from '../reference';
import { useDatabase } from '../support';
import { check, timeoutMs } from './runs';
import { prefixed, STORE, stockHistory } from './stock-histories';

const ctx: Context = { actor: 'user:test', source: 'test' };
const settings = new Settings({ DATABASE_URL: 'postgres://u@h/d', REDIS_URL: 'redis://h' });
const db = useDatabase();
/** So many histories a case: the whole plant is read three times in each. */
const TOGETHER = 16;
let run = 0;
const seen = new Map<string, number>();

beforeAll(async () => {
  for (const row of STORE.items)
    await db().asOwner(`INSERT INTO item (code, name, tracking, uom) VALUES ($1, $1, $2, $3)`, [...row]);
  for (const code of STORE.places)
    await db().asOwner(`INSERT INTO place (code, name, kind) VALUES ($1, $1, 'bin')`, [code]);
  for (const [code, kind] of STORE.partners)
    await db().asOwner(`INSERT INTO partner (code, name, kind) VALUES ($1, $1, $2)`, [code, kind]);
});

/**
 * Not those that are looked for apart (what was held in it, what its bill of materials asks for), nor that of a unit of which all
 * was taken back: the list does not have it any more, and no trace comes to it.
 */
const OWN = (kind: string): boolean => !kind.endsWith('-while-held') && kind !== 'no-inputs' && kind !== 'no-origin';
const line = (unitId: number, kind: string, event: number | null | undefined) => `${unitId} ${kind} ${event ?? ''}`;

function linesOf(columns: UnitColumns, unitOf: (row: number) => number): string[] {
  const lines = [...columns.gaps].flatMap(([row, gaps]) =>
    gaps.filter((g) => OWN(g.kind)).map((g) => line(unitOf(row), g.kind, g.event)),
  );
  return [...new Set(lines)].sort();
}

it(
  'says the same in the list of gaps, in a trace from the database and in one from the index',
  async () => {
    await check(
      'gap readers',
      fc.asyncProperty(fc.array(stockHistory, { minLength: TOGETHER, maxLength: TOGETHER }), async (histories) => {
        const events: SentEvent[] = histories.flatMap((h, i) => prefixed(h.arrivals[0], `G${run}-${i}-`));
        run++;
        expect((await new RecordEvents(db().uow, settings).execute(ctx, events)).refused).toEqual([]);
        const position = await sealLedger(db().uow);
        const units = await db().asOwner<{ unit_id: number }>('SELECT unit_id FROM unit ORDER BY unit_id');
        const ids = units.map((u) => u.unit_id);
        const listed = (await readGaps(db().database, position, ids)).gaps.filter((g) => OWN(g.kind));
        const list = [...new Set(listed.map((g) => line(g.unitId, g.kind, g.eventId)))].sort();
        for (const g of listed) seen.set(g.kind, (seen.get(g.kind) ?? 0) + 1);
        expect(linesOf(await readFacts(db().database, position, ids), (row) => ids[row]!)).toEqual(list);
        const client = new Client({ connectionString: db().url, options: '-c role=unitrail_app' });
        await client.connect();
        try {
          const base = await loadBase(client, { position, bytesMax: 1e9, headroom: 0 });
          expect(linesOf(base.units, (row) => row)).toEqual(list);
        } finally {
          await client.end();
        }
      }),
      0.004,
      { endOnFailure: true },
    );
    process.stderr.write(`gap readers: ${JSON.stringify(Object.fromEntries([...seen].sort()))}\n`);
    expect(seen.size).toBeGreaterThan(4);
  },
  timeoutMs,
);
