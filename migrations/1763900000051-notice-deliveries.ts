import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A shipment that is recorded late changes no version of the scope, and its customer has to be told all the same: a notice knows up to
 * which delivery of its case it tells, and a case up to which one its notices were drafted.
 */
export class NoticeDeliveries1763900000051 implements MigrationInterface {
  name = 'NoticeDeliveries1763900000051';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE recall_notice ADD COLUMN delivery_no integer NOT NULL DEFAULT 0`);
    await q.query(`UPDATE recall_notice n SET delivery_no =
      (SELECT coalesce(max(d.delivery_no), 0) FROM recall_delivery d WHERE d.recall_id = n.recall_id AND d.version_in <= n.version)`);
    await q.query(`ALTER TABLE recall_notice ALTER COLUMN delivery_no DROP DEFAULT`);
    await q.query(`CREATE TABLE notice_drafting (
      recall_id integer NOT NULL, delivery_no integer NOT NULL, CONSTRAINT "PK_notice_drafting" PRIMARY KEY (recall_id))`);
    await q.query(`GRANT SELECT, INSERT, UPDATE ON notice_drafting TO unitrail_app`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP TABLE notice_drafting`);
    await q.query(`ALTER TABLE recall_notice DROP COLUMN delivery_no`);
  }
}
