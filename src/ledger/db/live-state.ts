/** All that live work is judged on, read once an event: where everything is that it takes, holds or carries along. */
import type { Tx } from '@/platform/db';
import type { Draft, Role } from '../domain/draft';
import { type Inside, insideOf } from './inside';
import { type Present, presentOf } from './present';

/** What must be free: it goes into something or leaves. */
export const FREE_ONLY: Role[] = ['used', 'installed', 'shipped', 'packed'];
/** What takes a unit away from where it is. Scrapping and moving are allowed on hold: that is how held stock is dealt with. */
export const TAKES: Role[] = [...FREE_ONLY, 'scrapped', 'moved-out'];
/** What changes where a serial is. */
export const GOES: Role[] = [...TAKES, 'moved-in', 'removed', 'unpacked', 'returned'];
const JUDGED: ReadonlySet<Role> = new Set<Role>([...GOES, 'counted', 'adjusted', 'parent']);

export interface LiveState {
  /** of the units that the event takes from or puts somewhere, or changes the parts of, of what is in them, and in the containers that it is about */
  present: ReadonlyMap<number, Present>;
  /** what goes along in what must be free, locked like what is named */
  inside: readonly Inside[];
}

/** To be read with the event's containers and units locked: nothing of it changes until the transaction ends. */
export async function readLiveState(tx: Tx, draft: Draft): Promise<LiveState> {
  const moved = draft.movements.filter((m) => JUDGED.has(m.role));
  const packed = await packedIn(
    tx,
    draft.containerFacts.map((f) => f.container.id),
  );
  const shipped = new Set(draft.containerFacts.flatMap((f) => (f.role === 'shipped' ? [f.container.id] : [])));
  const going = [
    ...moved.filter((m) => FREE_ONLY.includes(m.role)).map((m) => m.unit.id),
    ...packed.filter((p) => shipped.has(p.containerId)).map((p) => p.unitId),
  ];
  const inside = going.length === 0 ? [] : await insideOf(tx, going);
  const within = [...new Set(inside.map((one) => one.unitId))];
  // Nobody puts a hold on what goes along either; builds that take from one reel do not wait for each other. What only may still be
  // in there is at work elsewhere: that is not waited for.
  const along = [...new Set(inside.filter((one) => one.sure).map((one) => one.unitId))];
  if (along.length > 0)
    await tx.query(`SELECT unit_id FROM unit_lock WHERE unit_id = ANY ($1::int[]) ORDER BY unit_id FOR SHARE`, [along]);
  const ids = [...moved.map((m) => m.unit.id), ...packed.map((p) => p.unitId), ...within];
  return { present: await presentOf(tx, ids), inside };
}

/** What is in these containers now: all that ever was is locked with them. */
async function packedIn(tx: Tx, containerIds: readonly number[]): Promise<{ unitId: number; containerId: number }[]> {
  if (containerIds.length === 0) return [];
  return tx.query(
    `SELECT DISTINCT unit_id AS "unitId", container_id AS "containerId" FROM holding WHERE container_id = ANY ($1::int[])`,
    [containerIds],
  );
}
