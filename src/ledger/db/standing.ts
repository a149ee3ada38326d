/** What of the facts counts now, in SQL. */

/** SQL: hold `h` counts and was not released by an event that counts. */
export const HOLD_IS_OPEN = `NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = h.event_id)
  AND NOT EXISTS (SELECT 1 FROM hold_release r WHERE r.hold_id = h.hold_id AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = r.event_id))`;

/** SQL: movement `m` counts now: its event was not voided and, where its container carried it along, it was not taken back. */
export const MOVEMENT_STANDS = `NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)
  AND (NOT m.carried OR NOT EXISTS (SELECT 1 FROM movement_end me WHERE me.movement_id = m.movement_id))`;
