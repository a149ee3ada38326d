import type { Tx } from '@/platform/db';
import { insertRows } from '../db/rows-in';
import { touchedUnits, unitIdsAfter, unitsAround, unitsOfChangedBoms } from '../db/touched';
import { GapBase, basesThatGoOn, keepBases } from './gap-bases';
import { Difference, Projection } from './projection';
import { FoundGap, gapKey, readGaps } from './read-gaps';

/** Units whose record is read in one go. */
const BATCH = 2_000;

/** The open gaps of all units, as facts stand at the position. */
export class GapProjection implements Projection {
  readonly name = 'gap';

  async advance(tx: Tx, from: number, until: number): Promise<void> {
    const units = new Set(await touchedUnits(tx, from, until));
    const bases = await basesThatGoOn(tx, from, until);
    const whole = [...(await unitsOfChangedBoms(tx, from, until)), ...(await unitsAround(tx, from, until))];
    for (const unit of whole) {
      units.add(unit);
      bases.delete(unit);
    }
    const ids = [...units];
    for (let at = 0; at < ids.length; at += BATCH) await bringUpToDate(tx, until, ids.slice(at, at + BATCH), { bases });
  }

  async renew(tx: Tx, position: number, after: number, say: (d: Difference) => void) {
    const ids = await unitIdsAfter(tx, position, after, BATCH);
    if (ids.length === 0) return null;
    for (const d of await bringUpToDate(tx, position, ids, { after })) say(d);
    return ids.at(-1)!;
  }
}

interface StoredGap extends FoundGap {
  gapId: number;
}

/** Rows that still hold stay as they are, with their ids: whoever pages through the list keeps the place. */
async function bringUpToDate(
  tx: Tx,
  position: number,
  ids: readonly number[],
  { bases = new Map(), after }: { bases?: ReadonlyMap<number, GapBase>; after?: number },
): Promise<Difference[]> {
  const used = new Map(ids.flatMap((id) => (bases.has(id) ? [[id, bases.get(id)!]] : [])));
  const read = await readGaps(tx, position, ids, used);
  const found = [...read.gaps];
  await keepBases(tx, read.bases);
  if (read.anew.length > 0) {
    const anew = await readGaps(tx, position, read.anew);
    for (const id of read.anew) used.delete(id);
    await keepBases(tx, anew.bases);
    found.push(...anew.gaps);
  }
  const stored = await tx.query<{
    gap_id: number;
    unit_id: number;
    item_id: number;
    kind: string;
    event_id: number | null;
    at_ms: number | null;
    place_id: number | null;
    message: string;
    about: object;
  }>(
    `SELECT g.* FROM unnest($1::int[], $2::bigint[]) AS own (unit_id, since) JOIN gap g USING (unit_id) WHERE own.since IS NULL OR g.at_ms >= own.since
     UNION SELECT * FROM gap WHERE unit_id > $3 AND unit_id <= $4`,
    [
      ids,
      // What is in a base has its gaps already.
      ids.map((id) => used.get(id)?.untilMs ?? null),
      // Between the units of a stretch there may be rows of units that are not there.
      after ?? null,
      after === undefined ? null : (ids.at(-1) ?? null),
    ],
  );
  const extra = new Map<string, StoredGap>();
  const doubled: StoredGap[] = [];
  for (const r of stored) {
    const gap = {
      gapId: r.gap_id,
      unitId: r.unit_id,
      itemId: r.item_id,
      kind: r.kind,
      eventId: r.event_id,
      atMs: r.at_ms,
      placeId: r.place_id,
      message: r.message,
      about: r.about,
    };
    if (extra.has(whole(gap))) doubled.push(gap);
    else extra.set(whole(gap), gap);
  }
  const missing = found.filter((g) => !extra.delete(whole(g)));
  const gone = [...extra.values(), ...doubled];
  await tx.query('DELETE FROM gap WHERE gap_id = ANY ($1::bigint[])', [gone.map((g) => g.gapId)]);
  await insertRows(
    tx,
    'gap',
    [
      ['unit_id', 'int'],
      ['item_id', 'int'],
      ['kind', 'text'],
      ['event_id', 'bigint'],
      ['at_ms', 'bigint'],
      ['place_id', 'int'],
      ['message', 'text'],
      ['about', 'jsonb'],
    ],
    missing.map((g) => [g.unitId, g.itemId, g.kind, g.eventId, g.atMs, g.placeId, g.message, JSON.stringify(g.about)]),
  );
  return [
    ...missing.map((g) => ({ kind: 'missing' as const, ...said(g), is: null, should: g.message })),
    ...gone.map((g) => ({ kind: 'extra' as const, ...said(g), is: g.message, should: null })),
  ];
}

/** Two gaps with the same text are the same row. */
function whole(g: FoundGap): string {
  return `${gapKey(g)} ${g.itemId} ${g.atMs} ${g.placeId} ${JSON.stringify(Object.entries(g.about).sort())}`;
}

function said(g: FoundGap): Pick<Difference, 'key' | 'unitId' | 'eventId'> {
  return { key: g.kind, unitId: g.unitId, ...(g.eventId === null ? {} : { eventId: g.eventId }) };
}
