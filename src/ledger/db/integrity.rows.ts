/** The rows of seals: leaves with the hash of every row, and the chain of audit lines. Written by sealing alone, as the owner. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('ledger_fact')
export class LedgerFactRow {
  @PrimaryColumn('text') table_name: string;
  @PrimaryColumn('integer') revision: number;
  @Column('text', { nullable: true }) key: string | null;
  @Column('text', { array: true }) columns: string[];
}

class LeafColumns {
  @PrimaryColumn('bigint') position: number;
  @PrimaryColumn('text') table_name: string;
  @PrimaryColumn('integer') part: number;
  @Column('integer') revision: number;
  @Column('integer') rows: number;
  @Column('bytea') root: Buffer;
  @Column('bigint', { array: true }) ids: number[];
  @Column('bytea') hashes: Buffer;
}

@Entity('ledger_leaf')
@Index('ledger_leaf_table', ['table_name', 'position', 'part'])
export class LedgerLeafRow extends LeafColumns {}

@Entity('audit_leaf')
export class AuditLeafRow extends LeafColumns {}

@Entity('audit_pending')
export class AuditPendingRow {
  @PrimaryColumn('bigint') audit_id: number;
}

@Entity('audit_position')
@Index('audit_position_position', ['position'])
export class AuditPositionRow {
  @PrimaryColumn('bigint') audit_id: number;
  @Column('bigint') position: number;
}

@Entity('audit_seal')
export class AuditSealRow {
  @PrimaryColumn('bigint') position: number;
  @Column('bytea') previous_hash: Buffer;
  @Column('bytea') hash: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) sealed_at: Date;
}

@Entity('integrity_run')
@Unique('integrity_run_run_id', ['run_id'])
@Index('integrity_run_open', ['scope'], { unique: true, where: `status IN ('queued', 'running')` })
@Check('integrity_run_status', `status IN ('queued', 'running', 'done', 'failed', 'cancelled')`)
export class IntegrityRunRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) run_no: number;
  @Column('uuid') run_id: string;
  @Column('text') status: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('text') created_by: string;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) seen_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('integer', { default: 0 }) attempt: number;
  @Column('text', { nullable: true }) stage: string | null;
  @Column('bigint', { default: 0 }) done: number;
  @Column('bigint', { nullable: true }) total: number | null;
  @Column('bigint', { nullable: true }) rows: number | null;
  @Column('bigint', { nullable: true }) position: number | null;
  @Column('bigint', { nullable: true }) finding_count: number | null;
  @Column('jsonb', { nullable: true }) findings: unknown;
  @Column('text', { nullable: true }) error_code: string | null;
  @Column('text', { nullable: true }) error_message: string | null;
  @Column('text', { default: 'plant' }) scope: string;
}
