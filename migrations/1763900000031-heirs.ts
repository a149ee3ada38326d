import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What splits and merges hand on. A hold that a lot inherited names the hold that it is a copy of, so that it comes and goes
 * with it; `heir` says which lot was divided into which, for whoever changes what a lot hands on.
 */
export class Heirs1763900000031 implements MigrationInterface {
  name = 'Heirs1763900000031';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE hold ADD COLUMN copy_of bigint`);
    // Projection. Found from its sources whenever one of these is held or freed, and from its targets up to where all began.
    await q.query(`CREATE TABLE heir (
      source_id integer NOT NULL, event_id bigint NOT NULL, target_id integer NOT NULL,
      PRIMARY KEY (source_id, event_id, target_id))`);
    await q.query(`CREATE INDEX heir_target ON heir (target_id)`);
    // A draw from a tank states no expiry: of its hundred thousand movements those that do are found without reading the rest.
    await q.query(`CREATE INDEX movement_expires ON movement (unit_id) WHERE expires_ms IS NOT NULL`);
    await q.query(`INSERT INTO heir (source_id, event_id, target_id)
      SELECT DISTINCT s.unit_id, e.event_id, t.unit_id FROM event e
        JOIN movement s ON s.event_id = e.event_id AND s.role = 'used' JOIN movement t ON t.event_id = e.event_id AND t.role = 'made'
       WHERE CASE e.type WHEN 'correct' THEN e.body->'with'->>'type' ELSE e.type END IN ('split', 'merge') AND s.unit_id <> t.unit_id`);
    await q.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON heir TO unitrail_app`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP INDEX movement_expires`);
    await q.query(`DROP TABLE heir`);
    await q.query(`ALTER TABLE hold DROP COLUMN copy_of`);
  }
}
