/** A fact `f` is seen at position $1 when its batch is at or below it and its event was not voided there. */
export const FACT_SEEN = `
  JOIN ledger_position p ON p.batch_id = f.batch_id AND p.position <= $1
  WHERE NOT EXISTS (
    SELECT FROM event_void v JOIN ledger_position vp ON vp.batch_id = v.batch_id AND vp.position <= $1
     WHERE v.event_id = f.event_id)`;

/** A movement `f` is seen at position $1: as a fact is, and, where its container carried it along, not taken back there. */
export const MOVEMENT_SEEN = `${FACT_SEEN}
    AND (NOT f.carried OR NOT EXISTS (
      SELECT FROM movement_end me JOIN ledger_position mep ON mep.batch_id = me.batch_id AND mep.position <= $1
       WHERE me.movement_id = f.movement_id))`;

/** Ids go to the database in arrays of this size: measured 3.6 times a temp table's speed. */
const BATCH_IDS_MAX = 50_000;

/** Calls `read` with at most 50,000 ids at a time, one call after the other. */
export async function inBatches<T>(ids: readonly T[], read: (batch: readonly T[]) => Promise<void>): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH_IDS_MAX) {
    await read(ids.length <= BATCH_IDS_MAX ? ids : ids.slice(at, at + BATCH_IDS_MAX));
  }
}
