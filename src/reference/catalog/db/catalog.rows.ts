import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('item')
@Unique('item_code', ['code'])
@Check('item_tracking', `tracking IN ('serial', 'lot', 'none')`)
@Index('item_gtin', ['gtin'])
export class ItemRow {
  @PrimaryGeneratedColumn('identity', { name: 'item_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  itemId: number;

  @Column('text')
  code: string;

  @Column('text')
  name: string;

  @Column('text')
  tracking: string;

  @Column('text')
  uom: string;

  @Column('text', { nullable: true })
  gtin: string | null;

  @Column('text', { nullable: true })
  category: string | null;

  @Column('jsonb', { nullable: true })
  factors: Record<string, string> | null;

  @Column('jsonb', { nullable: true })
  attributes: Record<string, string | number | boolean> | null;
}

@Entity('attribute')
@Unique('attribute_name', ['name'])
@Check('attribute_type', `type IN ('text', 'number', 'boolean', 'date', 'choice')`)
@Check('attribute_applies_to', `applies_to IN ('item', 'unit', 'both')`)
export class AttributeRow {
  @PrimaryGeneratedColumn('identity', { name: 'attribute_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  attributeId: number;

  @Column('text')
  name: string;

  @Column('text')
  label: string;

  @Column('text')
  type: string;

  @Column('jsonb', { nullable: true })
  choices: string[] | null;

  @Column('text', { nullable: true })
  uom: string | null;

  @Column('text', { name: 'applies_to' })
  appliesTo: string;

  @Column('jsonb', { nullable: true })
  items: string[] | null;

  @Column('text', { nullable: true })
  category: string | null;
}
