import { MigrationInterface, QueryRunner } from 'typeorm';

/** What the older movements of a unit with very many of them say for the gaps of the later ones, as of the gaps' own position. */
export class GapBases1763900000039 implements MigrationInterface {
  name = 'GapBases1763900000039';

  async up(q: QueryRunner): Promise<void> {
    // state counts for everything that ended by until_ms; a unit with few movements has no row.
    await q.query(
      `CREATE TABLE gap_base (unit_id integer PRIMARY KEY, until_ms bigint NOT NULL, state jsonb NOT NULL)`,
    );
    await q.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON gap_base TO unitrail_app`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DROP TABLE gap_base`);
  }
}
