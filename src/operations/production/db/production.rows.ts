/** The rows of work centres, work orders and builds, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('work_center')
@Unique('work_center_code', ['code'])
export class WorkCenterRow {
  @PrimaryGeneratedColumn('identity', identity) work_center_id: number;
  @Column('text') code: string;
  @Column('text') name: string;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('boolean', { default: false }) takes_runs: boolean;
}

@Entity('work_center_run')
@Index('work_center_run_unit', ['item_id', 'code'])
export class WorkCenterRunRow {
  @PrimaryColumn('integer') work_center_id: number;
  @PrimaryColumn('integer') item_id: number;
  @PrimaryColumn('text') code: string;
  @Column('text', { nullable: true }) position: string | null;
}

@Entity('work_order')
@Unique('work_order_number', ['number'])
@Check('work_order_kind', `kind IN ('build', 'rework')`)
@Check('work_order_open_lines', `open_lines IN ('refuse', 'reason')`)
@Check('work_order_state', `state IN ('planned', 'released', 'in-progress', 'closed', 'cancelled')`)
@Index('work_order_state_no', ['state', 'work_order_id'])
@Index('work_order_item', ['item_id'])
export class WorkOrderRow {
  @PrimaryGeneratedColumn('identity', identity) work_order_id: number;
  @Column('text') number: string;
  @Column('text') kind: string;
  @Column('integer') item_id: number;
  @Column('numeric') quantity: string;
  @Column('text', { nullable: true }) revision: string | null;
  @Column('bigint', { nullable: true }) planned_ms: number | null;
  @Column('bigint', { nullable: true }) due_ms: number | null;
  @Column('integer', { nullable: true }) work_center_id: number | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) partner_id: number | null;
  @Column('text', { nullable: true }) sales_order: string | null;
  @Column('text') serial_pattern: string;
  @Column('integer', { default: 1 }) next_serial: number;
  @Column('text') open_lines: string;
  @Column('text') state: string;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('text') created_by: string;
  @Column('timestamptz', { nullable: true }) closed_at: Date | null;
}

@Entity('build')
@Check('build_kind', `kind IN ('serial', 'lot')`)
@Check('build_state', `state IN ('open', 'parked', 'finished', 'abandoned')`)
@Index('build_one_open', ['item_id', 'code'], {
  unique: true,
  where: `kind = 'serial' AND state IN ('open', 'parked')`,
})
@Index('build_work_order', ['work_order_id', 'build_id'])
@Index('build_open', ['build_id'], { where: `state IN ('open', 'parked')` })
export class BuildRow {
  @PrimaryGeneratedColumn('identity', identity) build_id: number;
  @Column('integer') work_order_id: number;
  @Column('integer') item_id: number;
  @Column('text') kind: string;
  @Column('text') code: string;
  @Column('numeric') quantity: string;
  @Column('text', { nullable: true }) revision: string | null;
  @Column('jsonb') lines: unknown;
  @Column('text') state: string;
  @Column('integer', { nullable: true }) work_center_id: number | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('text', { nullable: true }) station: string | null;
  @Column('text', { nullable: true }) operator: string | null;
  @Column('timestamptz', { default: () => 'now()' }) started_at: Date;
  @Column('text') started_by: string;
  @Column('timestamptz', { nullable: true }) ended_at: Date | null;
  @Column('text', { nullable: true }) ended_by: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) event_client_id: string | null;
}

@Entity('build_part')
@Check('build_part_certainty', `certainty IN ('certain', 'possible')`)
@Check('build_part_via', `via IN ('scan', 'backflush', 'run')`)
@Index('build_part_one_open', ['unit_id'], { unique: true, where: `serial AND open` })
@Index('build_part_build', ['build_id'])
@Index('build_part_unit', ['unit_id'], { where: 'open' })
export class BuildPartRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' }) build_part_id: number;
  @Column('integer') build_id: number;
  @Column('integer', { nullable: true }) line_no: number | null;
  @Column('text', { nullable: true }) position: string | null;
  @Column('integer') unit_id: number;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('text') certainty: string;
  @Column('text') via: string;
  @Column('boolean') serial: boolean;
  @Column('boolean', { default: true }) open: boolean;
  @Column('timestamptz', { default: () => 'now()' }) taken_at: Date;
  @Column('text') taken_by: string;
}
