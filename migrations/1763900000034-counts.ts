import { MigrationInterface, QueryRunner } from 'typeorm';

/** What the record said when something was counted, and when a round was closed: what is drawn meanwhile is no difference. */
export class Counts1763900000034 implements MigrationInterface {
  name = 'Counts1763900000034';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE task ADD COLUMN closed_at timestamptz`);
    await q.query(`ALTER TABLE count_entry ADD COLUMN expected numeric`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE count_entry DROP COLUMN expected`);
    await q.query(`ALTER TABLE task DROP COLUMN closed_at`);
  }
}
