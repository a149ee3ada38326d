import { Injectable } from '@nestjs/common';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { type Change, keeping, lockMaster, type PutResult, PutTally, readEach, recordVersions } from '../../master';
import { orderPlaces, type PlaceBody, readPlace } from '../domain/place';
import { allPlaces, bodyOfPlace } from '../queries';

export type PlaceInput = Readonly<Record<string, unknown>>;

@Injectable()
export class PutPlaces {
  constructor(private readonly uow: UnitOfWork) {}

  /**
   * Creates or replaces places by code, in one transaction: `{place, name, kind, parent?, timeZone?, capacity?}`. A parent may stand
   * anywhere among the rows. Rows that are wrong are refused one by one. `keep`: fields that these rows cannot name, and that
   * stay as they are.
   */
  execute(ctx: Context, rows: readonly PlaceInput[], keep: readonly (keyof PlaceBody)[] = []): Promise<PutResult> {
    return this.uow.run(ctx, async (tx) => {
      const tally = new PutTally();
      const wanted = readEach(tally, rows, 'place', readPlace);
      await lockMaster(tx, 'place');
      // A plant has thousands of places, not millions: the whole tree is read to find circles.
      const existing = new Map((await allPlaces(tx)).map((place) => [place.code, place]));
      const { taken, refused } = orderPlaces(
        wanted,
        new Map([...existing.values()].map((place) => [place.code, place.parent])),
      );
      for (const { row, error } of refused)
        tally.attempt(row.index, row.key, () => {
          throw error;
        });
      const changes: Change<PlaceBody>[] = taken
        .map((row) => {
          const place = existing.get(row.key);
          const before = place ? bodyOfPlace(place) : null;
          return { ...row, before, after: keeping(row.after, before, keep) };
        })
        .filter((change) => tally.differs(change));
      await this.write(tx, changes);
      await recordVersions(tx, 'place', changes);
      return tally.result;
    });
  }

  /** Parents are set after all rows are there. */
  private async write(tx: Tx, changes: Change<PlaceBody>[]): Promise<void> {
    if (changes.length === 0) return;
    const rows = JSON.stringify(changes.map(({ key, after }) => ({ code: key, ...after })));
    await tx.query(
      `INSERT INTO place (code, name, kind, time_zone, capacity)
       SELECT r.code, r.name, r.kind, r."timeZone", r.capacity
       FROM jsonb_to_recordset($1::jsonb) AS r(code text, name text, kind text, "timeZone" text, capacity jsonb)
       ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, time_zone = excluded.time_zone,
         capacity = excluded.capacity`,
      [rows],
    );
    await tx.query(
      `UPDATE place p SET parent_id = above.place_id
       FROM jsonb_to_recordset($1::jsonb) AS r(code text, parent text) LEFT JOIN place above ON above.code = r.parent
       WHERE p.code = r.code AND p.parent_id IS DISTINCT FROM above.place_id`,
      [rows],
    );
  }
}
