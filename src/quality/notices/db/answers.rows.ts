/** The rows of answers, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('recall_answer')
@Index('recall_answer_now', ['recall_id', 'partner_id', 'unit_id'], { unique: true, where: 'NOT superseded' })
@Index('recall_answer_line', ['recall_id', 'partner_id', 'unit_id', 'answer_id'])
@Check('recall_answer_via', `via IN ('link', 'phone')`)
@Check('recall_answer_amounts', 'found >= 0 AND sold >= 0 AND destroyed >= 0 AND returned >= 0')
export class RecallAnswerRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) answer_id: number;
  @Column('integer') recall_id: number;
  @Column('integer') partner_id: number;
  @Column('integer') unit_id: number;
  @Column('numeric') found: string;
  @Column('numeric') sold: string;
  @Column('numeric') destroyed: string;
  @Column('numeric') returned: string;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') via: string;
  /** whoever answered for the consignee, or the person of ours who wrote it down */
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
  /** a later answer stands in its stead */
  @Column('boolean', { default: false }) superseded: boolean;
}

@Entity('recall_answer_file')
@Index('recall_answer_file_partner', ['recall_id', 'partner_id'])
export class RecallAnswerFileRow {
  @PrimaryColumn('uuid') file_id: string;
  @Column('integer') recall_id: number;
  @Column('integer') partner_id: number;
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}

@Entity('answer_link')
@Unique('answer_link_token', ['token_hash'])
@Index('answer_link_partner', ['recall_id', 'partner_id'], { unique: true, where: 'revoked_at IS NULL' })
export class AnswerLinkRow {
  @PrimaryColumn('uuid') link_id: string;
  @Column('integer') recall_id: number;
  @Column('integer') partner_id: number;
  @Column('bytea') token_hash: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz') expires_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}

/** The one key that tokens are made with: made at the first need, never shown. */
@Entity('answer_key')
@Check('answer_key_one', 'answer_key_id = 1')
export class AnswerKeyRow {
  @PrimaryColumn('integer') answer_key_id: number;
  @Column('bytea') key: Buffer;
}

@Entity('answer_attempt')
export class AnswerAttemptRow {
  @PrimaryColumn('text') key: string;
  @Column('integer') count: number;
  @Column('timestamptz', { default: () => 'now()' }) window_started_at: Date;
}
