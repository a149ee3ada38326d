import { MigrationInterface, QueryRunner } from 'typeorm';

/** What the resident index feeds on is found by its batch, and a trace says what answered it and whether its amounts are there. */
export class ResidentIndex1763900000007 implements MigrationInterface {
  name = 'ResidentIndex1763900000007';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE INDEX link_end_batch ON link_end (batch_id)`);
    await q.query(`CREATE INDEX event_void_batch ON event_void (batch_id)`);
    await q.query(`CREATE INDEX hold_release_batch ON hold_release (batch_id)`);
    // A tank has one making and a hundred thousand draws: its first making must not be looked for among them.
    await q.query(`CREATE INDEX movement_made ON movement (unit_id) WHERE role = 'made'`);
    // source: what the question asks for (auto, index or sql); answered_by: what answered it.
    await q.query(`ALTER TABLE trace ADD COLUMN answered_by text, ADD COLUMN amounts text NOT NULL DEFAULT 'none',
      ADD CONSTRAINT trace_answered_by CHECK (answered_by IN ('index', 'sql')),
      ADD CONSTRAINT trace_amounts CHECK (amounts IN ('none', 'pending', 'done'))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE trace DROP COLUMN answered_by, DROP COLUMN amounts`);
    await q.query(`DROP INDEX movement_made, hold_release_batch, event_void_batch, link_end_batch`);
  }
}
