/** The rows of the stock projection, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const IN_HOUSE = `state IN ('in-stock', 'in-work', 'returned')`;

/** Projection: a part of a unit in one state, place and container; the unit's own fields stand on each of its rows. */
@Entity('holding')
@Index('holding_unit', ['unit_id'])
@Index('holding_item', ['item_id', 'state', 'unit_id'])
@Index('holding_place', ['place_id', 'item_id'], { where: 'place_id IS NOT NULL' })
@Index('holding_customer', ['customer_id', 'item_id'], { where: 'customer_id IS NOT NULL' })
@Index('holding_container', ['container_id'], { where: 'container_id IS NOT NULL' })
@Index('holding_supplier', ['supplier_id', 'item_id'], { where: 'supplier_id IS NOT NULL' })
@Index('holding_held', ['unit_id'], { where: 'holds > 0' })
@Index('holding_made', ['made_ms', 'holding_id'], { where: IN_HOUSE })
@Index('holding_expires', ['expires_ms', 'holding_id'], { where: `expires_ms IS NOT NULL AND ${IN_HOUSE}` })
@Check('holding_state', `state IN ('in-stock', 'in-work', 'shipped', 'returned', 'scrapped', 'used', 'unknown')`)
export class HoldingRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' }) holding_id: number;
  @Column('integer') unit_id: number;
  @Column('integer') item_id: number;
  @Column('text') kind: string;
  @Column('text') state: string;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) customer_id: number | null;
  @Column('integer', { nullable: true }) container_id: number | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('bigint', { nullable: true }) made_ms: number | null;
  @Column('bigint', { nullable: true }) moved_ms: number | null;
  @Column('bigint', { nullable: true }) expires_ms: number | null;
  @Column('integer', { nullable: true }) supplier_id: number | null;
  @Column('integer', { default: 0 }) holds: number;
}

/** Projection: the fold of a unit's older movements. */
@Entity('holding_base')
export class HoldingBaseRow {
  @PrimaryColumn('integer') unit_id: number;
  @Column('bigint') until_ms: number;
  @Column('jsonb') state: unknown;
}
