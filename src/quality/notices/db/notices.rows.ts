/** The rows of notices, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('recall_notice')
@Unique('recall_notice_once', ['recall_id', 'partner_id', 'kind', 'channel', 'round'])
@Index('recall_notice_due', ['next_at'], { where: `state = 'queued' AND channel = 'email'` })
@Index('recall_notice_sending', ['claimed_at'], { where: `state = 'sending'` })
@Check('recall_notice_kind', `kind IN ('notice', 'reminder', 'escalation')`)
@Check('recall_notice_channel', `channel IN ('email', 'letter', 'phone')`)
@Check('recall_notice_state', `state IN ('draft', 'queued', 'sending', 'sent', 'unsure', 'bounced', 'failed', 'done')`)
@Check('recall_notice_drill', `NOT drill OR state = 'draft'`)
export class RecallNoticeRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') notice_no: number;
  @Column('integer') partner_id: number;
  @Column('text') kind: string;
  /** of its kind, for its consignee: the first, the second … */
  @Column('integer') round: number;
  /** the scope version whose lines it tells */
  @Column('integer') version: number;
  /** up to which delivery of the case */
  @Column('integer') delivery_no: number;
  @Column('text') channel: string;
  @Column('text', { default: 'draft' }) state: string;
  @Column('boolean') drill: boolean;
  @Column('text') language: string;
  @Column('text', { nullable: true }) address: string | null;
  /** the text as it was signed */
  @Column('integer', { nullable: true }) text_id: number | null;
  @Column('text', { nullable: true }) message_id: string | null;
  @Column('integer', { default: 0 }) attempts: number;
  @Column('timestamptz', { nullable: true }) next_at: Date | null;
  @Column('timestamptz', { nullable: true }) claimed_at: Date | null;
  /** when the whole message had gone out but its end */
  @Column('timestamptz', { nullable: true }) handed_at: Date | null;
  /** what the mail server said last */
  @Column('text', { nullable: true }) reply: string | null;
  @Column('integer', { nullable: true }) signature_id: number | null;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) queued_at: Date | null;
  @Column('timestamptz', { nullable: true }) sent_at: Date | null;
  @Column('text', { nullable: true }) done_by: string | null;
  @Column('timestamptz', { nullable: true }) done_at: Date | null;
}

/** Up to which delivery of a case notices were drafted. */
@Entity('notice_drafting')
export class NoticeDraftingRow {
  @PrimaryColumn('integer') recall_id: number;
  @Column('integer') delivery_no: number;
}

@Entity('recall_notice_text')
@Index('recall_notice_text_recall', ['recall_id', 'language', 'text_id'])
export class RecallNoticeTextRow {
  @PrimaryGeneratedColumn('identity', identity) text_id: number;
  @Column('integer') recall_id: number;
  @Column('text') language: string;
  @Column('text') subject: string;
  @Column('text') body: string;
  /** what the case said when it was sent; null: the text is being worked on */
  @Column('jsonb', { nullable: true }) fields: unknown;
  @Column('text') written_by: string;
  @Column('timestamptz', { default: () => 'now()' }) written_at: Date;
}

@Entity('notice_template')
export class NoticeTemplateRow {
  @PrimaryColumn('text') jurisdiction: string;
  @PrimaryColumn('text') language: string;
  @Column('text') subject: string;
  @Column('text') body: string;
  @Column('text') changed_by: string;
  @Column('timestamptz', { default: () => 'now()' }) changed_at: Date;
}

@Entity('recall_contact')
export class RecallContactRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') partner_id: number;
  @Column('text') name: string;
  @Column('text') email: string;
  @Column('text') named_by: string;
  @Column('timestamptz', { default: () => 'now()' }) named_at: Date;
}
