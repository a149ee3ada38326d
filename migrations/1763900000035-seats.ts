import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a lot was put into or taken out of, and in which position, beside how much of it: what is in work is so in a parent. What a
 * cleaning took out of it is a movement of its own (`cleaned-out`), derived from the marks like those of containers.
 */
export class Seats1763900000035 implements MigrationInterface {
  name = 'Seats1763900000035';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE movement ADD COLUMN parents integer[], ADD COLUMN slot text`);
    await q.query(`CREATE INDEX movement_cleaned_out ON movement (unit_id) WHERE role = 'cleaned-out'`);
    await q.query(`UPDATE movement m SET parents = x.parents, slot = x.slot
      FROM (SELECT m.movement_id, array_agg(p.unit_id) AS parents, min(coalesce(e.body->'with'->>'position', e.body->>'position')) AS slot
              FROM movement m JOIN unit u ON u.unit_id = m.unit_id AND u.kind <> 'serial' JOIN event e USING (event_id)
              JOIN movement p ON p.event_id = m.event_id AND p.role = 'parent'
             WHERE m.role IN ('installed', 'removed') GROUP BY m.movement_id) x
      WHERE x.movement_id = m.movement_id`);
    // Of a production: where one lot was installed by it in several rows, in all that these name.
    await q.query(`UPDATE movement m SET parents = x.parents, slot = x.slot
      FROM (SELECT m.movement_id, array_agg(DISTINCT l.output) AS parents, CASE WHEN count(DISTINCT coalesce(l.slot, '')) = 1 THEN min(l.slot) END AS slot
              FROM movement m JOIN unit u ON u.unit_id = m.unit_id AND u.kind <> 'serial'
              JOIN link l ON l.event_id = m.event_id AND l.input = m.unit_id AND l.mode = 1
             WHERE m.role = 'installed' AND m.parents IS NULL GROUP BY m.movement_id) x
      WHERE x.movement_id = m.movement_id`);
    // What was closed at the time of a cleaning was closed by it, or was closed anyway: then there is nothing that it takes.
    await q.query(`INSERT INTO movement (batch_id, event_id, unit_id, role, at_from, at_until, place_id, parents, carried)
      SELECT min(greatest(e.batch_id, c.batch_id)), c.event_id, l.input, 'cleaned-out',
             CASE WHEN u.kind = 'serial' OR c.at_until = c.at_from + 1 THEN c.at_from ELSE c.at_until - 1 END, c.at_until, c.place_id, ARRAY[c.unit_id], true
        FROM movement c JOIN link l ON l.output = c.unit_id AND l.mode = 1 JOIN unit u ON u.unit_id = l.input
        JOIN LATERAL (SELECT * FROM link_end e WHERE e.link_id = l.link_id ORDER BY e.link_end_id DESC LIMIT 1) e ON true
       WHERE c.role = 'cleaned' AND e.cause = 'removed'
         AND e.until_ms = CASE WHEN c.at_until = c.at_from + 1 THEN c.at_from ELSE c.at_until END
         AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id IN (c.event_id, l.event_id))
       GROUP BY c.event_id, l.input, u.kind, c.at_from, c.at_until, c.place_id, c.unit_id`);
    // Folded otherwise now: made anew by the first api that finds none, and by the projector.
    await q.query(`DO $$ BEGIN IF to_regclass('gap_base') IS NOT NULL THEN DELETE FROM gap_base; END IF; END $$`);
    await q.query(`DELETE FROM holding_base`);
    await q.query(`DELETE FROM holding`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM movement WHERE role = 'cleaned-out'`);
    await q.query(`DROP INDEX movement_cleaned_out`);
    await q.query(`ALTER TABLE movement DROP COLUMN parents, DROP COLUMN slot`);
    await q.query(`DELETE FROM holding_base`);
    await q.query(`DELETE FROM holding`);
  }
}
