/** The rows of the warehouse, as the migration made them; they are written by SQL in `db/`. */
import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('warehouse_rule')
@Unique('warehouse_rule_code', ['code'])
@Check('warehouse_rule_kind', `kind IN ('putaway', 'replenish', 'sweep')`)
export class WarehouseRuleRow {
  @PrimaryGeneratedColumn('identity', identity) warehouse_rule_id: number;
  @Column('text') code: string;
  @Column('text') kind: string;
  @Column('boolean', { default: true }) active: boolean;
  @Column('integer', { nullable: true }) item_id: number | null;
  @Column('text', { nullable: true }) category: string | null;
  @Column('integer', { nullable: true }) from_place_id: number | null;
  @Column('integer') to_place_id: number;
  @Column('numeric', { nullable: true }) min: string | null;
  @Column('numeric', { nullable: true }) max: string | null;
  @Column('smallint', { default: 2 }) priority: number;
  @Column('text', { nullable: true }) role: string | null;
  @Column('text', { nullable: true }) instruction: string | null;
  @Column('timestamptz', { default: () => 'now()' }) changed_at: Date;
  @Column('text') changed_by: string;
}

@Entity('task')
@Check('task_kind', `kind IN ('move', 'putaway', 'replenish', 'sweep', 'count', 'inspect', 'pick')`)
@Check('task_status', `status IN ('open', 'assigned', 'in-progress', 'done', 'cancelled')`)
@Index('task_open', ['priority', 'due_ms', 'task_id'], { where: `status IN ('open', 'assigned', 'in-progress')` })
@Index('task_assignee', ['assignee'], { where: 'assignee IS NOT NULL' })
@Index('task_ref', ['ref'], { where: 'ref IS NOT NULL' })
export class TaskRow {
  @PrimaryGeneratedColumn('identity', identity) task_id: number;
  @Column('text') kind: string;
  @Column('text', { default: 'open' }) status: string;
  @Column('smallint', { default: 2 }) priority: number;
  @Column('text') title: string;
  @Column('text', { nullable: true }) instruction: string | null;
  @Column('text', { nullable: true }) assignee: string | null;
  @Column('text', { nullable: true }) role: string | null;
  @Column('bigint', { nullable: true }) due_ms: number | null;
  @Column('text', { nullable: true }) ref: string | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) item_id: number | null;
  @Column('integer', { nullable: true }) to_place_id: number | null;
  @Column('integer', { nullable: true }) warehouse_rule_id: number | null;
  @Column('smallint', { default: 1 }) round: number;
  @Column('timestamptz', { nullable: true }) closed_at: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('text') created_by: string;
  @Column('timestamptz', { nullable: true }) started_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('text', { nullable: true }) finished_by: string | null;
  @Column('text', { nullable: true }) reason: string | null;
}

@Entity('task_line')
@Unique('task_line_rule_key', ['rule_key'])
@Check('task_line_status', `status IN ('open', 'done', 'missing', 'skipped', 'unexpected')`)
@Index('task_line_task', ['task_id', 'position'])
@Index('task_line_unit', ['unit_id'], { where: `status = 'open'` })
export class TaskLineRow {
  @PrimaryGeneratedColumn('identity', identity) task_line_id: number;
  @Column('integer') task_id: number;
  @Column('integer') position: number;
  @Column('text', { default: 'open' }) status: string;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('integer', { nullable: true }) item_id: number | null;
  @Column('integer', { nullable: true }) from_place_id: number | null;
  @Column('integer', { nullable: true }) to_place_id: number | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('numeric', { default: 0 }) done_quantity: string;
  @Column('integer', { nullable: true }) actual_place_id: number | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) rule_key: string | null;
  @Column('timestamptz', { nullable: true }) done_at: Date | null;
  @Column('text', { nullable: true }) done_by: string | null;
}

@Entity('count_entry')
@Unique('count_entry_once', ['task_id', 'round', 'unit_id', 'place_id'])
export class CountEntryRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' }) count_entry_id: number;
  @Column('integer') task_id: number;
  @Column('smallint') round: number;
  @Column('integer') unit_id: number;
  @Column('integer') place_id: number;
  @Column('numeric') quantity: string;
  @Column('text') counted_by: string;
  @Column('timestamptz', { default: () => 'now()' }) counted_at: Date;
  @Column('numeric', { nullable: true }) expected: string | null;
}
