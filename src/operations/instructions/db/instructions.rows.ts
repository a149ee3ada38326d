import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

const counts = (column: string) => ({ where: `retired_at IS NULL AND ${column} IS NOT NULL` });

@Entity('instruction')
@Unique('instruction_code', ['code'])
@Check('instruction_severity', `severity IN ('info', 'warn', 'must')`)
@Check('instruction_one_subject', 'num_nonnulls(item_id, unit_id, place_id, partner_id, category) = 1')
@Index('instruction_item', ['itemId'], counts('item_id'))
@Index('instruction_unit', ['unitId'], counts('unit_id'))
@Index('instruction_place', ['placeId'], counts('place_id'))
@Index('instruction_partner', ['partnerId'], counts('partner_id'))
@Index('instruction_category', ['category'], counts('category'))
export class InstructionRow {
  @PrimaryGeneratedColumn('identity', { name: 'instruction_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  instructionId: number;

  @Column('text')
  code: string;

  @Column('integer', { default: 1 })
  version: number;

  @Column('text')
  title: string;

  @Column('text')
  body: string;

  @Column('text')
  severity: string;

  @Column('boolean')
  acknowledge: boolean;

  @Column('integer', { name: 'item_id', nullable: true })
  itemId: number | null;

  @Column('integer', { name: 'unit_id', nullable: true })
  unitId: number | null;

  @Column('integer', { name: 'place_id', nullable: true })
  placeId: number | null;

  @Column('integer', { name: 'partner_id', nullable: true })
  partnerId: number | null;

  @Column('text', { nullable: true })
  category: string | null;

  @Column('bigint', { name: 'from_ms', nullable: true })
  fromMs: number | null;

  @Column('bigint', { name: 'until_ms', nullable: true })
  untilMs: number | null;

  @Column('text', { name: 'until_ref', nullable: true })
  untilRef: string | null;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt: Date;

  @Column('text', { name: 'changed_by' })
  changedBy: string;

  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt: Date | null;

  @Column('text', { name: 'retired_by', nullable: true })
  retiredBy: string | null;

  @Column('text', { name: 'retired_reason', nullable: true })
  retiredReason: string | null;
}

@Entity('instruction_acknowledgement')
@Unique('instruction_acknowledgement_once', ['actor', 'command', 'instructionId', 'version', 'unitId'])
@Index('instruction_acknowledgement_instruction', ['instructionId', 'instructionAcknowledgementId'])
export class InstructionAcknowledgementRow {
  @PrimaryGeneratedColumn('identity', {
    name: 'instruction_acknowledgement_id',
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
  })
  instructionAcknowledgementId: number;

  @Column('integer', { name: 'instruction_id' })
  instructionId: number;

  @Column('integer')
  version: number;

  @Column('integer', { name: 'unit_id', default: 0 })
  unitId: number;

  @Column('text')
  command: string;

  @Column('text')
  actor: string;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;
}
