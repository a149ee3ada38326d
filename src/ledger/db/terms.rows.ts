/** The rows of orders and own attributes, as the migration made them: facts, and one projection of them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const identity = { type: 'bigint', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('order_line')
@Index('order_line_batch', ['batch_id'])
@Index('order_line_document', ['direction', 'document'])
@Index('order_line_partner', ['partner_id', 'direction'])
@Index('order_line_item', ['item_id', 'direction'])
@Index('order_line_event', ['event_id'])
@Check('order_line_promise', `promise IN ('ordered', 'expected')`)
@Check('order_line_direction', `direction IN ('purchase', 'sales')`)
export class OrderLineRow {
  @PrimaryGeneratedColumn('identity', identity) order_line_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('text') promise: string;
  @Column('text') direction: string;
  @Column('text', { nullable: true }) document: string | null;
  @Column('text', { nullable: true }) shipment: string | null;
  @Column('integer') partner_id: number;
  @Column('text') line: string;
  @Column('integer') item_id: number;
  @Column('numeric') quantity: string;
  @Column('text') typed_quantity: string;
  @Column('text') typed_uom: string;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('text', { nullable: true }) container: string | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('bigint', { nullable: true }) due_from: number | null;
  @Column('bigint', { nullable: true }) due_until: number | null;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
}

@Entity('order_part')
@Index('order_part_batch', ['batch_id'])
@Index('order_part_document', ['direction', 'document'])
@Index('order_part_event', ['event_id'])
@Check('order_part_direction', `direction IN ('purchase', 'sales')`)
@Check('order_part_part', `part IN ('received', 'shipped', 'returned')`)
export class OrderPartRow {
  @PrimaryGeneratedColumn('identity', identity) order_part_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('text') direction: string;
  @Column('text') document: string;
  @Column('text', { nullable: true }) line: string | null;
  @Column('text') part: string;
  /** null: of whatever the event's container carries */
  @Column('integer', { nullable: true }) item_id: number | null;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('bigint') at_from: number;
}

@Entity('attribute_value')
@Index('attribute_value_batch', ['batch_id'])
@Index('attribute_value_unit', ['unit_id', 'name'], { where: 'unit_id IS NOT NULL' })
@Index('attribute_value_event', ['event_id'])
// attribute_value_name and unit_attribute_value are indexes over expressions, which entities cannot declare.
@Index('attribute_value_name', { synchronize: false })
@Check('attribute_value_type', `type IN ('text', 'number', 'boolean', 'date')`)
export class AttributeValueRow {
  @PrimaryGeneratedColumn('identity', identity) attribute_value_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('text') name: string;
  @Column('text') type: string;
  @Column('text', { nullable: true }) value: string | null;
  @Column('numeric', { nullable: true }) number_value: string | null;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
}

/** Projection: of what was said of a unit, what holds now. */
@Entity('unit_attribute')
@Index('unit_attribute_value', { synchronize: false })
@Index('unit_attribute_number', ['name', 'number_value'], { where: 'number_value IS NOT NULL' })
export class UnitAttributeRow {
  @PrimaryColumn('integer') unit_id: number;
  @PrimaryColumn('text') name: string;
  @Column('text') type: string;
  @Column('text') value: string;
  @Column('numeric', { nullable: true }) number_value: string | null;
}
