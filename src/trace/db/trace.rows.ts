import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('trace')
@Unique('trace_trace_id', ['traceId'])
@Check('trace_status', "status IN ('queued', 'running', 'done', 'failed', 'cancelled')")
@Check('trace_priority', 'priority IN (0, 1, 2)')
@Check('trace_answered_by', "answered_by IN ('index', 'sql')")
@Check('trace_amounts', "amounts IN ('none', 'pending', 'done')")
@Index('trace_served', ['createdBy', 'priority', 'startedAt'])
@Index('trace_open', ['traceNo'], { where: "status IN ('queued', 'running')" })
@Index('trace_kept', ['finishedAt'], { where: "status = 'done' AND expired_at IS NULL AND pinned_at IS NULL" })
export class TraceRow {
  @PrimaryGeneratedColumn('identity', { name: 'trace_no', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  traceNo: number;

  @Column('uuid', { name: 'trace_id' })
  traceId: string;

  @Column('text')
  status: string;

  @Column('jsonb')
  question: unknown;

  @Column('bigint')
  position: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  seenAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('integer', { default: 0 })
  attempt: number;

  @Column('text', { nullable: true })
  stage: string | null;

  @Column('bigint', { default: 0 })
  done: number;

  @Column('bigint', { nullable: true })
  total: number | null;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage: string | null;

  @Column('jsonb', { nullable: true })
  counts: unknown;

  @Column('jsonb', { nullable: true })
  graphs: unknown;

  @Column('boolean', { nullable: true })
  complete: boolean | null;

  @Column('text', { nullable: true })
  digest: string | null;

  @Column('text', { name: 'answered_by', nullable: true })
  answeredBy: string | null;

  @Column('text', { default: 'none' })
  amounts: string;

  @Column('timestamptz', { name: 'pinned_at', nullable: true })
  pinnedAt: Date | null;

  @Column('timestamptz', { name: 'expired_at', nullable: true })
  expiredAt: Date | null;

  @Column('smallint', { default: 1 })
  priority: number;

  @Column('integer', { default: 0 })
  lost: number;
}

@Entity('trace_gap')
export class TraceGapRow {
  @PrimaryColumn('integer', { name: 'trace_no' })
  traceNo: number;

  @PrimaryColumn('integer')
  ord: number;

  @Column('text')
  kind: string;

  @Column('integer', { name: 'unit_id' })
  unitId: number;

  @Column('text')
  message: string;

  @Column('bigint', { name: 'event_id', nullable: true })
  eventId: number | null;
}
