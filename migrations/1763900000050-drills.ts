import { MigrationInterface, QueryRunner } from 'typeorm';

/** Drills: by which lot they began and how it was picked, and how much was accounted for at their end. */
export class Drills1763900000050 implements MigrationInterface {
  name = 'Drills1763900000050';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE recall_drill (
      recall_id integer NOT NULL, picked_by text NOT NULL, asked jsonb NOT NULL, seed text NOT NULL, candidates integer NOT NULL,
      unit_id integer NOT NULL, standard text NOT NULL, rules jsonb NOT NULL, planned_by text NOT NULL,
      planned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT "PK_recall_drill" PRIMARY KEY (recall_id),
      CONSTRAINT recall_drill_by CHECK (picked_by IN ('blast-radius', 'supplier', 'date', 'lot')),
      CONSTRAINT recall_drill_standard CHECK (standard IN ('brcgs', 'sqf', 'retailer')))`);
    // What was accounted for when a case was closed, whatever was missing of a drill.
    await q.query(`CREATE TABLE recall_closing (
      recall_id integer NOT NULL, percent numeric NOT NULL, missing jsonb NOT NULL, account jsonb NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT "PK_recall_closing" PRIMARY KEY (recall_id))`);
    await q.query(`GRANT SELECT, INSERT ON recall_drill, recall_closing TO unitrail_app`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['recall_closing', 'recall_drill']) await q.query(`DROP TABLE ${table}`);
  }
}
