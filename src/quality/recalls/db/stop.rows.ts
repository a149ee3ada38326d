/** The rows of what stops a recall's units, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('recall_initiation')
@Index('recall_initiation_open', ['recall_id'], { unique: true, where: `status IN ('queued', 'running')` })
@Index('recall_initiation_recall', ['recall_id', 'initiation_id'])
@Check('recall_initiation_status', `status IN ('queued', 'running', 'changed', 'done', 'failed', 'superseded')`)
export class RecallInitiationRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) initiation_id: number;
  @Column('integer') recall_id: number;
  /** the version that was there when it was asked for */
  @Column('integer') version: number;
  /** what was signed: that version's, or the changed scope that was acknowledged */
  @Column('bytea') digest: Buffer;
  @Column('integer') signature_id: number;
  @Column('text', { default: 'queued' }) status: string;
  @Column('integer', { default: 0 }) attempt: number;
  @Column('uuid', { nullable: true }) trace_id: string | null;
  @Column('jsonb', { nullable: true }) changed: unknown;
  @Column('jsonb', { nullable: true }) result: unknown;
  @Column('text', { nullable: true }) error_code: string | null;
  @Column('text', { nullable: true }) error_message: string | null;
  @Column('text') requested_by: string;
  @Column('timestamptz', { default: () => 'now()' }) requested_at: Date;
  @Column('timestamptz', { nullable: true }) seen_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
}

@Entity('recall_watch')
export class RecallWatchRow {
  @PrimaryColumn('integer') recall_id: number;
  /** of the ledger, up to which nothing new came under the scope, or was taken in */
  @Column('bigint') position: number;
  /** the trace that says so */
  @Column('uuid') trace_id: string;
  @Column('timestamptz', { default: () => 'now()' }) checked_at: Date;
  @Column('text', { nullable: true }) error: string | null;
}

@Entity('recall_leaving')
export class RecallLeavingRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') unit_id: number;
  @Column('timestamptz', { default: () => 'now()' }) since: Date;
}

@Entity('recall_sweep')
export class RecallSweepRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') task_id: number;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}
