import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('blast_run')
@Unique('blast_run_run_id', ['runId'])
@Check('blast_run_status', "status IN ('queued', 'running', 'done', 'failed', 'cancelled')")
@Index('blast_run_open', ['scope'], { unique: true, where: "status IN ('queued', 'running')" })
export class BlastRunRow {
  @PrimaryGeneratedColumn('identity', { name: 'run_no', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  runNo: number;

  @Column('uuid', { name: 'run_id' })
  runId: string;

  @Column('text', { default: 'plant' })
  scope: string;

  @Column('text')
  status: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  seenAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('integer', { default: 0 })
  attempt: number;

  @Column('bigint', { nullable: true })
  position: number | null;

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

  @Column('integer', { nullable: true })
  lots: number | null;

  @Column('integer', { nullable: true })
  worst: number | null;

  @Column('double precision', { nullable: true })
  mean: number | null;

  @Column('double precision', { nullable: true })
  median: number | null;

  @Column('integer', { name: 'worst_unit_id', nullable: true })
  worstUnitId: number | null;
}

@Entity('blast_lot')
@Index('blast_lot_finished', ['runNo', 'finished', 'unitId'])
@Index('blast_lot_units', ['runNo', 'units', 'unitId'])
@Index('blast_lot_customers', ['runNo', 'customers', 'unitId'])
export class BlastLotRow {
  @PrimaryColumn('integer', { name: 'run_no' })
  runNo: number;

  @PrimaryColumn('integer', { name: 'unit_id' })
  unitId: number;

  @Column('integer', { name: 'item_id' })
  itemId: number;

  @Column('integer')
  units: number;

  @Column('integer')
  finished: number;

  @Column('integer')
  customers: number;

  @Column('integer')
  downward: number;

  @Column('integer')
  upward: number;
}
