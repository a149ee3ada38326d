import { Context, Queryable, UnitOfWork } from '@/platform/db';
import { identities } from '../queries';
import { lockProjection } from './cursor';
import { attributes, heirs, holdings, LiveProjection, locks, marks } from './live-projections';
import { Difference, Projection } from './projection';
import { PROJECTIONS } from './projector';

/** In this order: what is locked first, then what follows from marks and movements, then what follows by position. */
const LIVE: readonly LiveProjection[] = [locks, marks, attributes, heirs, holdings];

export const PROJECTION_NAMES = [...LIVE, ...PROJECTIONS].map((p) => p.name);

/** A difference in natural keys. */
export interface NamedDifference {
  projection: string;
  kind: Difference['kind'];
  row: string;
  is: string | null;
  should: string | null;
}

export interface Rebuilt {
  projection: string;
  counts: Record<Difference['kind'], number>;
  /** the first ones */
  differences: NamedDifference[];
}

export interface RebuildOptions {
  /** only say what differs */
  check: boolean;
  /** of these projections; default all */
  names?: readonly string[] | undefined;
  differencesMax: number;
  signal?: AbortSignal | undefined;
  progress?: ((projection: string, after: number) => void) | undefined;
}

const REBUILDER: Context = { actor: 'system:rebuild', source: 'system:rebuild' };

class OnlyChecked extends Error {}

/**
 * Makes the projections anew from the facts, some thousand units a transaction, while the plant runs: under the units' locks, or
 * the projection's own, so that nobody writes what is being compared. Writes only what differs.
 */
export async function rebuild(uow: UnitOfWork, q: Queryable, options: RebuildOptions): Promise<Rebuilt[]> {
  const results: Rebuilt[] = [];
  const asked = (name: string) => options.names === undefined || options.names.includes(name);
  for (const projection of [...LIVE, ...PROJECTIONS].filter((p) => asked(p.name)))
    results.push(await renewAll(uow, q, projection, options));
  return results;
}

async function renewAll(
  uow: UnitOfWork,
  q: Queryable,
  projection: LiveProjection | Projection,
  options: RebuildOptions,
): Promise<Rebuilt> {
  const result: Rebuilt = {
    projection: projection.name,
    counts: { missing: 0, extra: 0, changed: 0 },
    differences: [],
  };
  for (let after: number | null = 0; after !== null;) {
    options.signal?.throwIfAborted();
    options.progress?.(projection.name, after);
    const found: Difference[] = [];
    const from: number = after;
    after = await part(uow, projection, from, options.check, found);
    for (const d of found) result.counts[d.kind]++;
    const room = options.differencesMax - result.differences.length;
    if (room > 0) result.differences.push(...(await named(q, projection.name, found.slice(0, room))));
  }
  return result;
}

/** One transaction; a check is taken back as a whole. */
async function part(
  uow: UnitOfWork,
  projection: LiveProjection | Projection,
  after: number,
  check: boolean,
  found: Difference[],
): Promise<number | null> {
  let next: number | null = null;
  const work = uow.run(REBUILDER, async (tx) => {
    found.length = 0;
    const position = 'advance' in projection ? (await lockProjection(tx, projection.name, 'wait'))! : 0;
    next = await projection.renew(tx, position, after, (d) => found.push(d));
    if (check) throw new OnlyChecked();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof OnlyChecked)) throw error;
  });
  return next;
}

async function named(q: Queryable, projection: string, found: readonly Difference[]): Promise<NamedDifference[]> {
  const units = await identities(
    q,
    found.flatMap((d) => (d.unitId === undefined ? [] : [d.unitId])),
  );
  const events = await q.query<{ event_id: number; source: string; client_id: string }>(
    'SELECT event_id, source, client_id FROM event WHERE event_id = ANY ($1::bigint[])',
    [found.flatMap((d) => (d.eventId === undefined ? [] : [d.eventId]))],
  );
  const eventOf = new Map(events.map((e) => [e.event_id, `event ${e.source}/${e.client_id}`]));
  return found.map((d) => {
    const unit = d.unitId === undefined ? undefined : units.get(d.unitId);
    const parts = [
      d.unitId === undefined
        ? ''
        : unit
          ? `${unit.kind} ${unit.item} ${unit.code}`
          : `unit ${d.unitId} (there is none)`,
      d.eventId === undefined ? '' : (eventOf.get(d.eventId) ?? `event ${d.eventId} (there is none)`),
      d.key,
    ];
    return { projection, kind: d.kind, row: parts.filter(Boolean).join(' '), is: d.is, should: d.should };
  });
}
