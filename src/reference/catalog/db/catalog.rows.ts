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
}
