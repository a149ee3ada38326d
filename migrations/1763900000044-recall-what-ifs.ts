import { MigrationInterface, QueryRunner } from 'typeorm';

/** What a scope would be, before it is saved; what of its rules found nothing stays with the version; what was made when is found by time. */
export class RecallWhatIfs1763900000044 implements MigrationInterface {
  name = 'RecallWhatIfs1763900000044';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE recall_what_if (
      what_if_id uuid PRIMARY KEY, recall_id integer NOT NULL, rules jsonb NOT NULL, resolved jsonb NOT NULL, trace_id uuid NOT NULL,
      created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())`);
    await q.query(`GRANT SELECT, INSERT ON recall_what_if TO unitrail_app`);
    await q.query(`ALTER TABLE recall_scope ADD COLUMN resolved jsonb NOT NULL DEFAULT '{}'`);
    await q.query(`CREATE INDEX movement_made_at ON movement (at_from) WHERE role = 'made'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP INDEX movement_made_at`);
    await q.query(`ALTER TABLE recall_scope DROP COLUMN resolved`);
    await q.query(`DROP TABLE recall_what_if`);
  }
}
