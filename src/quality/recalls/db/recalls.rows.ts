/** The rows of recalls, as the migration made them. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('recall')
@Unique('recall_key', ['key'])
@Index('recall_list', ['drill', 'state', 'recall_id'])
@Check('recall_state', `state IN ('draft', 'scoped', 'approved', 'initiated', 'monitoring', 'closed')`)
@Check('recall_outcome', `(outcome IS NOT NULL) = (state = 'closed') AND outcome IN ('completed', 'withdrawn')`)
@Check('recall_class', `class IN ('I', 'II', 'III')`)
@Check('recall_depth', `depth IN ('consumer', 'retail', 'wholesale')`)
@Check('recall_level', `level IN ('A', 'B', 'C', 'D', 'E')`)
export class RecallRow {
  @PrimaryGeneratedColumn('identity', identity) recall_id: number;
  /** R12, or D12 for a drill */
  @Column('text') key: string;
  @Column('boolean') drill: boolean;
  @Column('text') title: string;
  @Column('text', { default: 'draft' }) state: string;
  @Column('text', { nullable: true }) outcome: string | null;
  @Column('text', { nullable: true }) class: string | null;
  @Column('text', { nullable: true }) depth: string | null;
  @Column('text', { nullable: true }) level: string | null;
  @Column('text') jurisdiction: string;
  @Column('text') language: string;
  @Column('boolean') four_eyes: boolean;
  /** product, hazard evaluation, what consignees are to do, whom to ask */
  @Column('jsonb') details: unknown;
  @Column('jsonb') goals: unknown;
  /** the case that it was split off from */
  @Column('integer', { nullable: true }) parent_id: number | null;
  @Column('integer', { default: 1 }) revision: number;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}

@Entity('recall_scope')
@Unique('recall_scope_version', ['recall_id', 'version'])
@Check('recall_scope_cause', `cause IN ('saved', 'initiation', 'ledger')`)
export class RecallScopeRow {
  @PrimaryGeneratedColumn('identity', identity) scope_id: number;
  @Column('integer') recall_id: number;
  @Column('integer') version: number;
  @Column('text') cause: string;
  @Column('jsonb') rules: unknown;
  @Column('uuid') trace_id: string;
  /** units of the trace that are not in scope, each with its reason: [{ unitId, reason }] */
  @Column('jsonb') excluded: unknown;
  @Column('bigint') position: number;
  @Column('bytea') digest: Buffer;
  @Column('jsonb') counts: unknown;
  @Column('text') reason: string;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  /** what the rules came to: how many seeds, what of texts could not be read, what nobody bears */
  @Column('jsonb', { default: {} }) resolved: unknown;
}

@Entity('recall_what_if')
export class RecallWhatIfRow {
  @PrimaryColumn('uuid') what_if_id: string;
  @Column('integer') recall_id: number;
  @Column('jsonb') rules: unknown;
  @Column('jsonb') resolved: unknown;
  @Column('uuid') trace_id: string;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
}

@Entity('recall_signature')
@Index('recall_signature_recall', ['recall_id'])
export class RecallSignatureRow {
  @PrimaryGeneratedColumn('identity', identity) signature_id: number;
  @Column('integer') recall_id: number;
  @Column('text') subject: string;
  @Column('integer', { nullable: true }) version: number | null;
  @Column('bytea') digest: Buffer;
  @Column('text') meaning: string;
  @Column('text') reason: string;
  @Column('text') signed_by: string;
  @Column('text') name: string;
  @Column('timestamptz', { default: () => 'now()' }) signed_at: Date;
}

@Entity('recall_step')
@Index('recall_step_recall', ['recall_id', 'step_id'])
export class RecallStepRow {
  @PrimaryGeneratedColumn('identity', identity) step_id: number;
  @Column('integer') recall_id: number;
  @Column('text') verb: string;
  @Column('text') from_state: string;
  @Column('text') to_state: string;
  @Column('integer', { nullable: true }) signature_id: number | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;
}

@Entity('recall_unit')
@Index('recall_unit_unit', ['unit_id'])
export class RecallUnitRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') unit_id: number;
  @Column('boolean') certain: boolean;
  /** the scope version that brought it in, and the one that took it out again */
  @Column('integer') version_in: number;
  @Column('integer', { nullable: true }) version_out: number | null;
}

@Entity('recall_delivery')
@Index('recall_delivery_partner', ['recall_id', 'partner_id', 'unit_id'])
export class RecallDeliveryRow {
  @PrimaryColumn('integer') recall_id: number;
  @PrimaryColumn('integer') delivery_no: number;
  @Column('integer') unit_id: number;
  /** the unit that was shipped, where this one was inside it */
  @Column('integer', { nullable: true }) inside_id: number | null;
  @Column('integer', { nullable: true }) partner_id: number | null;
  @Column('bigint') event_id: number;
  @Column('text', { nullable: true }) document: string | null;
  @Column('timestamptz', { nullable: true }) at: Date | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('boolean') certain: boolean;
  @Column('integer') version_in: number;
  @Column('integer', { nullable: true }) version_out: number | null;
}
