import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What of a receipt line was not looked at when it came in, until it is. Lines of before get it from their hold, by its words
 * (`inspection pending: a, b`), which is how both are told to belong together.
 */
export class PendingInspections1763900000037 implements MigrationInterface {
  name = 'PendingInspections1763900000037';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE receipt_line ADD COLUMN pending text[]`);
    await q.query(`UPDATE receipt_line l SET pending = string_to_array(substr(h.reason, length('inspection pending: ') + 1), ', ')
      FROM receipt r JOIN hold h ON h.ref = r.number AND h.reason LIKE 'inspection pending: %'
     WHERE r.receipt_id = l.receipt_id AND h.unit_id = l.unit_id AND l.decision = 'hold'`);
    await q.query(`CREATE INDEX receipt_line_pending ON receipt_line (receipt_line_id) WHERE pending IS NOT NULL`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE receipt_line DROP COLUMN pending`);
  }
}
