/** The rows of holds and dispositions, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('hold_placing')
@Index('hold_placing_ref', ['ref'])
export class HoldPlacingRow {
  @PrimaryGeneratedColumn('identity', identity) hold_placing_id: number;
  @Column('text', { nullable: true }) reason_code: string | null;
  @Column('text') reason: string;
  @Column('text') ref: string;
  @Column('text') owner: string;
  @Column('text', { nullable: true }) note: string | null;
  @Column('jsonb') scope: unknown;
  @Column('integer') units: number;
  @Column('text') placed_by: string;
  @Column('timestamptz', { default: () => 'now()' }) placed_at: Date;
}

@Entity('disposition')
@Index('disposition_queue', ['state', 'disposition_id'])
@Check('disposition_kind', `kind IN ('use-as-is', 'rework', 'sort', 'return-to-supplier', 'scrap')`)
@Check('disposition_state', `state IN ('proposed', 'approved', 'refused', 'withdrawn', 'done')`)
export class DispositionRow {
  @PrimaryGeneratedColumn('identity', identity) disposition_id: number;
  @Column('text') kind: string;
  @Column('text', { default: 'proposed' }) state: string;
  @Column('text') reason: string;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) partner_id: number | null;
  @Column('text') proposed_by: string;
  @Column('timestamptz', { default: () => 'now()' }) proposed_at: Date;
  @Column('text', { nullable: true }) decided_by: string | null;
  @Column('timestamptz', { nullable: true }) decided_at: Date | null;
  @Column('text', { nullable: true }) decided_note: string | null;
  @Column('text', { nullable: true }) done_by: string | null;
  @Column('timestamptz', { nullable: true }) done_at: Date | null;
}

@Entity('disposition_unit')
@Index('disposition_unit_unit', ['unit_id'])
export class DispositionUnitRow {
  @PrimaryColumn('integer') disposition_id: number;
  @PrimaryColumn('integer') unit_id: number;
  @Column('bigint', { array: true }) hold_ids: number[];
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('integer', { nullable: true }) heir_id: number | null;
}

@Entity('reason')
@Check('reason_kind', `kind IN ('hold', 'disposition')`)
export class ReasonRow {
  @PrimaryColumn('text') code: string;
  @Column('text') kind: string;
  @Column('text') text: string;
  @Column('boolean', { default: false }) retired: boolean;
}
