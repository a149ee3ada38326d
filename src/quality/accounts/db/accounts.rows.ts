/** The rows of accounts, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('recall_draw')
@Unique('recall_draw_no', ['recall_id', 'draw_no'])
@Check('recall_draw_level', `level IN ('A', 'B', 'C', 'D', 'E')`)
export class RecallDrawRow {
  @PrimaryGeneratedColumn('identity', identity) draw_id: number;
  @Column('integer') recall_id: number;
  @Column('integer') draw_no: number;
  @Column('text') level: string;
  @Column('integer') percent: number;
  /** with the same consignees it draws the same ones */
  @Column('text') seed: string;
  @Column('integer') version: number;
  @Column('integer') consignees: number;
  @Column('integer') drawn: number;
  /** why it was drawn again */
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text') drawn_by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) drawn_at: Date;
}

@Entity('recall_check')
@Unique('recall_check_once', ['draw_id', 'partner_id'])
@Index('recall_check_recall', ['recall_id', 'check_id'])
export class RecallCheckRow {
  @PrimaryGeneratedColumn('identity', identity) check_id: number;
  @Column('integer') recall_id: number;
  @Column('integer') draw_id: number;
  @Column('integer') partner_id: number;
}

@Entity('recall_check_attempt')
@Index('recall_check_attempt_check', ['check_id', 'attempt_id'])
@Check('recall_check_attempt_way', `way IN ('visit', 'phone', 'letter', 'email')`)
@Check('recall_check_attempt_outcome', `outcome IN ('acted', 'informed', 'not-informed', 'not-reached')`)
export class RecallCheckAttemptRow {
  @PrimaryGeneratedColumn('identity', identity) attempt_id: number;
  @Column('integer') check_id: number;
  @Column('text') way: string;
  @Column('text') outcome: string;
  @Column('text', { nullable: true }) person: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz') made_at: Date;
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
}

@Entity('recall_told')
@Index('recall_told_recall', ['recall_id'])
export class RecallToldRow {
  @PrimaryGeneratedColumn('identity', identity) told_id: number;
  @Column('integer') recall_id: number;
  @Column('text') authority: string;
  @Column('text', { nullable: true }) ref: string | null;
  @Column('timestamptz') told_at: Date;
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
}

@Entity('recall_settlement')
@Index('recall_settlement_line', ['recall_id', 'unit_id', 'partner_id'])
@Check('recall_settlement_bucket', `bucket IN ('destroyed', 'remedied', 'passed-on', 'not-found')`)
@Check('recall_settlement_quantity', 'quantity > 0')
export class RecallSettlementRow {
  @PrimaryGeneratedColumn('identity', identity) settlement_id: number;
  @Column('integer') recall_id: number;
  @Column('integer') unit_id: number;
  /** 0: what is pending in the plant itself */
  @Column('integer') partner_id: number;
  @Column('text') bucket: string;
  @Column('numeric') quantity: string;
  @Column('text') reason: string;
  @Column('text', { nullable: true }) document: string | null;
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
}

@Entity('recall_closing')
export class RecallClosingRow {
  @PrimaryColumn('integer') recall_id: number;
  /** of the units, accounted for in full */
  @Column('numeric') percent: string;
  @Column('jsonb') missing: unknown;
  @Column('jsonb') account: unknown;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
}
