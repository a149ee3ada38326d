import { MigrationInterface, QueryRunner } from 'typeorm';

/** Which area's table a verb was kept in; what is neither of holds nor of the warehouse nor of trade is of production. */
const HOLDS = `verb IN ('hold', 'release', 'propose', 'decide', 'carry-out')`;
const WAREHOUSE = `verb IN ('create-task', 'change-task', 'skip-line', 'scan-task', 'adjust', 'scan-count', 'close-count', 'confirm-count', 'move')`;
const TRADE = `(verb IN ('receive', 'void-receipt', 'keep-document', 'start-pick', 'pick', 'pick-short', 'cancel-pick', 'pack', 'ship',
  'void-shipment', 'return', 'announce') OR verb ~ '-(purchase|sales)-order$')`;

/**
 * Commands of clients were kept in four tables, one an area; they are one idea, and stand in one. The verb is part of the key: a
 * client could use one id in two areas, and still can. Hashes are carried over as they are: they can't be made anew from what is
 * kept, and `once` knows the old forms.
 */
export class Commands1763900000036 implements MigrationInterface {
  name = 'Commands1763900000036';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE TABLE command (
      source text NOT NULL, verb text NOT NULL, client_id text NOT NULL, sha256 bytea NOT NULL, answer jsonb,
      at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (source, verb, client_id))`);
    await q.query(`INSERT INTO command (source, verb, client_id, sha256, answer, at)
      SELECT source, verb, client_id, sha256, answer, at FROM production_command
      UNION ALL SELECT source, verb, command_id, sha256, answer, at FROM trade_command
      UNION ALL SELECT source, kind, client_id, sha256, answer, at FROM warehouse_command
      -- Holds did not keep the verb; each of the five answers in a form of its own.
      UNION ALL SELECT source,
        CASE WHEN answer ? 'group' THEN 'hold' WHEN answer ? 'holds' THEN 'release' WHEN answer ? 'heirs' THEN 'carry-out'
             WHEN answer ? 'state' THEN 'decide' ELSE 'propose' END,
        client_id, sha256, answer, at FROM hold_command`);
    await q.query(`GRANT SELECT, INSERT, UPDATE (answer) ON command TO unitrail_app`);
    await q.query(`DROP TABLE production_command, trade_command, warehouse_command, hold_command`);
  }

  async down(q: QueryRunner): Promise<void> {
    const at = 'at timestamptz NOT NULL DEFAULT now()';
    await q.query(`CREATE TABLE production_command (source text NOT NULL, client_id text NOT NULL, verb text NOT NULL,
      sha256 bytea NOT NULL, answer jsonb, ${at}, PRIMARY KEY (source, client_id))`);
    await q.query(`CREATE TABLE trade_command (source text NOT NULL, command_id text NOT NULL, verb text NOT NULL,
      sha256 bytea NOT NULL, answer jsonb, ${at}, CONSTRAINT trade_command_pkey PRIMARY KEY (source, command_id))`);
    await q.query(`CREATE TABLE warehouse_command (source text NOT NULL, client_id text NOT NULL, kind text NOT NULL,
      sha256 bytea NOT NULL, answer jsonb, ${at}, PRIMARY KEY (source, client_id))`);
    await q.query(`CREATE TABLE hold_command (source text NOT NULL, client_id text NOT NULL, sha256 bytea NOT NULL,
      answer jsonb NOT NULL, ${at}, PRIMARY KEY (source, client_id))`);
    // One id for two verbs of an area has no place there: the first one stays.
    const back = (table: string, columns: string, which: string): Promise<unknown> =>
      q.query(`INSERT INTO ${table} (source, sha256, answer, at, ${columns})
        SELECT source, sha256, answer, at, client_id${columns.includes(',') ? ', verb' : ''} FROM command WHERE ${which}
        ORDER BY at ON CONFLICT DO NOTHING`);
    await back('hold_command', 'client_id', HOLDS);
    await back('warehouse_command', 'client_id, kind', WAREHOUSE);
    await back('trade_command', 'command_id, verb', TRADE);
    await back('production_command', 'client_id, verb', `NOT (${HOLDS} OR ${WAREHOUSE} OR ${TRADE})`);
    await q.query(
      `GRANT SELECT, INSERT, UPDATE ON production_command, trade_command, warehouse_command TO unitrail_app`,
    );
    await q.query(`GRANT SELECT, INSERT ON hold_command TO unitrail_app`);
    await q.query(`DROP TABLE command`);
  }
}
