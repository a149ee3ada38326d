import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Packed results: one row for at most 65,536 rows of a listing, one column of bytes for each of their facts. docs/RESULTS.md
 * describes the bytes. They take the place of a row a unit; traces of before keep question, position, digest and counts, and
 * are asked again for their lists, as those are whose time is over: the same question at the same position has the same answer.
 */
export class Results1763900000008 implements MigrationInterface {
  name = 'Results1763900000008';

  async up(q: QueryRunner): Promise<void> {
    const columns = (names: readonly string[]) => names.map((name) => `${name} bytea NOT NULL`).join(', ');
    await q.query(`CREATE TABLE trace_segment (
      trace_no integer NOT NULL, listing text NOT NULL, segment integer NOT NULL, rows integer NOT NULL,
      ${columns(UNIT)},
      PRIMARY KEY (trace_no, listing, segment),
      CONSTRAINT trace_segment_listing CHECK (listing IN ('affected', 'excluded')))`);
    await q.query(`CREATE TABLE trace_amount_segment (
      trace_no integer NOT NULL, listing text NOT NULL, segment integer NOT NULL,
      ${columns(AMOUNT)},
      PRIMARY KEY (trace_no, listing, segment),
      CONSTRAINT trace_amount_segment_listing CHECK (listing IN ('affected', 'excluded')))`);
    await q.query(`CREATE TABLE trace_delivery_segment (
      trace_no integer NOT NULL, segment integer NOT NULL, rows integer NOT NULL,
      ${columns(DELIVERY)},
      PRIMARY KEY (trace_no, segment))`);
    // The bytes are packed already: trying to compress them would cost more than all else.
    for (const [table, names] of [
      ['trace_segment', UNIT],
      ['trace_amount_segment', AMOUNT],
      ['trace_delivery_segment', DELIVERY],
    ] as const)
      await q.query(
        `ALTER TABLE ${table} ${names.map((name) => `ALTER COLUMN ${name} SET STORAGE EXTERNAL`).join(', ')}`,
      );
    await q.query(
      `GRANT SELECT, INSERT, DELETE ON trace_segment, trace_amount_segment, trace_delivery_segment TO unitrail_app`,
    );

    // expired_at: when the rows of the answer were removed; question, position, digest and counts stay. pinned_at: kept for ever.
    await q.query(`ALTER TABLE trace ADD COLUMN pinned_at timestamptz, ADD COLUMN expired_at timestamptz`);
    await q.query(
      `CREATE INDEX trace_kept ON trace (finished_at) WHERE status = 'done' AND expired_at IS NULL AND pinned_at IS NULL`,
    );
    await q.query(`DROP TABLE trace_consignee, trace_unit`);
    await q.query(`DELETE FROM trace_gap`);
    await q.query(`UPDATE trace SET expired_at = now(), graphs = NULL WHERE status = 'done'`);
  }

  async down(q: QueryRunner): Promise<void> {
    // Their lists cannot be had in the old form: nobody shall read them as empty.
    await q.query(
      `UPDATE trace SET status = 'failed', error_code = 'TRACE_EXPIRED', error_message = 'The lists of this trace were removed; ask it again.'
        WHERE status = 'done'`,
    );
    await q.query(`DELETE FROM trace_gap`);
    await q.query(`DROP INDEX trace_kept`);
    await q.query(`ALTER TABLE trace DROP COLUMN expired_at, DROP COLUMN pinned_at`);
    await q.query(`DROP TABLE trace_delivery_segment, trace_amount_segment, trace_segment`);
    await q.query(`CREATE TABLE trace_unit (
      trace_no integer NOT NULL, ord integer NOT NULL, unit_id integer NOT NULL,
      reason text, item_id integer NOT NULL, kind text NOT NULL, code text NOT NULL,
      depth integer, certain boolean, exposure bigint[] NOT NULL, quantity numeric,
      states text[] NOT NULL, places integer[] NOT NULL, customers integer[] NOT NULL, holdings jsonb NOT NULL,
      PRIMARY KEY (trace_no, ord))`);
    await q.query(`CREATE TABLE trace_consignee (
      trace_no integer NOT NULL, ord integer NOT NULL, customer_id integer, shipment text, at_ms bigint NOT NULL,
      event_id bigint NOT NULL, unit_id integer NOT NULL, parent_unit_id integer,
      quantity numeric, hit boolean NOT NULL, certain boolean NOT NULL,
      PRIMARY KEY (trace_no, ord))`);
    await q.query(`GRANT SELECT, INSERT, DELETE ON trace_unit, trace_consignee TO unitrail_app`);
  }
}

const UNIT = [
  ...[
    'unit_id',
    'item_id',
    'kind',
    'code',
    'verdict',
    'depth',
    'certain',
    'exposed_from',
    'exposed_until',
    'exposures',
  ],
  ...['made', 'state', 'place_id', 'customer_id', 'quantity', 'holdings'],
] as const;
const AMOUNT = ['amount', 'share'] as const;
const DELIVERY = [
  ...['answer_row', 'unit_id', 'parent_unit_id', 'customer_id', 'document', 'documents', 'from_ms', 'event_id'],
  ...['quantity', 'hit', 'certain'],
] as const;
