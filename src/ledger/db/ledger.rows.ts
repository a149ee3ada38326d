/** The rows of the ledger, as the migration made them. They are written by set-based SQL; these classes hold the schema to account. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'bigint', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('ledger_batch')
export class LedgerBatchRow {
  @PrimaryGeneratedColumn('identity', identity) batch_id: number;
  @Column('text') source: string;
  @Column('text') actor: string;
  @Column('text', { nullable: true }) request_id: string | null;
  @Column('timestamptz', { default: () => 'now()' }) recorded_at: Date;
}

@Entity('ledger_pending')
export class LedgerPendingRow {
  @PrimaryColumn('bigint') batch_id: number;
}

@Entity('ledger_position')
@Index('ledger_position_position', ['position'])
export class LedgerPositionRow {
  @PrimaryColumn('bigint') batch_id: number;
  @Column('bigint') position: number;
}

@Entity('ledger_seal')
export class LedgerSealRow {
  @PrimaryColumn('bigint') position: number;
  @Column('bytea') previous_hash: Buffer;
  @Column('bytea') hash: Buffer;
  @Column('timestamptz', { default: () => 'now()' }) sealed_at: Date;
  @Column('smallint', { default: 1 }) version: number;
  @Column('bigint', { nullable: true }) adopts_until: number | null;
}

@Entity('event')
@Unique('event_client_id', ['source', 'client_id'])
@Index('event_batch', ['batch_id'])
export class EventRow {
  @PrimaryGeneratedColumn('identity', identity) event_id: number;
  @Column('bigint') batch_id: number;
  @Column('text') source: string;
  @Column('text') client_id: string;
  @Column('text') type: string;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
  @Column('jsonb') body: unknown;
  @Column('bytea') sha256: Buffer;
}

@Entity('event_void')
@Index('event_void_batch', ['batch_id'])
export class EventVoidRow {
  @PrimaryColumn('bigint') event_id: number;
  @Column('bigint') by_event_id: number;
  @Column('bigint') batch_id: number;
  @Column('text') reason: string;
}

@Entity('unit')
@Index('unit_batch', ['batch_id'])
@Unique('unit_item_code', ['item_id', 'code'])
@Check('unit_kind', `kind IN ('serial', 'lot', 'run')`)
// unit_code is an index over an expression, which entities cannot declare.
@Index('unit_code', { synchronize: false })
export class UnitRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) unit_id: number;
  @Column('bigint') batch_id: number;
  @Column('integer') item_id: number;
  @Column('text') kind: string;
  @Column('text') code: string;
}

@Entity('unit_alias')
@Index('unit_alias_batch', ['batch_id'])
@Index('unit_alias_unit', ['unit_id'])
@Index('unit_alias_alias', { synchronize: false })
export class UnitAliasRow {
  @PrimaryGeneratedColumn('identity', identity) unit_alias_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') unit_id: number;
  @Column('text') alias: string;
  @Column('text') kind: string;
  @Column('integer', { nullable: true }) partner_id: number | null;
}

@Entity('link')
@Index('link_batch', ['batch_id'])
@Index('link_input', ['input'])
@Index('link_output', ['output'])
@Index('link_event', ['event_id'])
@Check('link_mode', `mode IN (0, 1)`)
export class LinkRow {
  @PrimaryGeneratedColumn('identity', identity) link_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') input: number;
  @Column('integer') output: number;
  @Column('smallint') mode: number;
  @Column('boolean') certain: boolean;
  @Column('bigint', { nullable: true }) from_ms: number | null;
  @Column('bigint', { nullable: true }) stated_until_ms: number | null;
  @Column('bigint', { nullable: true }) sure_from_ms: number | null;
  @Column('bigint', { nullable: true }) sure_until_ms: number | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('text', { nullable: true }) typed_quantity: string | null;
  @Column('text', { nullable: true }) typed_uom: string | null;
  @Column('text', { nullable: true }) slot: string | null;
}

@Entity('link_end')
@Index('link_end_link', ['link_id', 'link_end_id'])
@Index('link_end_batch', ['batch_id'])
@Check('link_end_cause', `cause IN ('removed', 'implied', 'reopened', 'voided', 'orphan', 'matched')`)
export class LinkEndRow {
  @PrimaryGeneratedColumn('identity', identity) link_end_id: number;
  @Column('bigint') link_id: number;
  @Column('bigint') batch_id: number;
  @Column('text') cause: string;
  @Column('bigint', { nullable: true }) from_ms: number | null;
  @Column('bigint', { nullable: true }) until_ms: number | null;
  @Column('bigint', { nullable: true }) sure_until_ms: number | null;
  @Column('bigint', { nullable: true }) maybe_until_ms: number | null;
}

@Entity('movement')
@Index('movement_batch', ['batch_id'])
@Index('movement_unit', ['unit_id', 'at_from'])
@Index('movement_event', ['event_id'])
@Index('movement_partner', ['partner_id'], { where: 'partner_id IS NOT NULL' })
@Index('movement_document', { synchronize: false })
@Index('movement_made', ['unit_id'], { where: `role = 'made'` })
@Index('movement_made_at', ['at_from'], { where: `role = 'made'` })
@Index('movement_packed_unit', ['unit_id'], { where: `role = 'packed'` })
@Index('movement_packed_container', ['container_id'], { where: `role = 'packed'` })
@Index('movement_expires', ['unit_id'], { where: 'expires_ms IS NOT NULL' })
@Index('movement_carried', ['batch_id'], { where: 'carried' })
@Index('movement_cleaned_out', ['unit_id'], { where: `role = 'cleaned-out'` })
export class MovementRow {
  @PrimaryGeneratedColumn('identity', identity) movement_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') unit_id: number;
  @Column('text') role: string;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) partner_id: number | null;
  @Column('text', { nullable: true }) document: string | null;
  @Column('bigint', { nullable: true }) expires_ms: number | null;
  @Column('integer', { nullable: true }) container_id: number | null;
  @Column('boolean', { default: false }) carried: boolean;
  @Column('integer', { array: true, nullable: true }) parents: number[] | null;
  @Column('text', { nullable: true }) slot: string | null;
}

@Entity('movement_end')
@Index('movement_end_batch', ['batch_id'])
export class MovementEndRow {
  @PrimaryColumn('bigint') movement_id: number;
  @Column('bigint') batch_id: number;
}

@Entity('container')
@Index('container_batch', ['batch_id'])
@Unique('container_code', ['code'])
@Index('container_code_lower', { synchronize: false })
export class ContainerRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'BY DEFAULT' }) container_id: number;
  @Column('bigint') batch_id: number;
  @Column('text') code: string;
}

@Entity('container_fact')
@Index('container_fact_batch', ['batch_id'])
@Index('container_fact_container', ['container_id'])
@Index('container_fact_event', ['event_id'])
@Check(
  'container_fact_role',
  `role IN ('packed', 'unpacked', 'emptied', 'moved', 'shipped', 'returned', 'held', 'released')`,
)
export class ContainerFactRow {
  @PrimaryGeneratedColumn('identity', identity) container_fact_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') container_id: number;
  @Column('text') role: string;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('integer', { nullable: true }) partner_id: number | null;
  @Column('text', { nullable: true }) document: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) ref: string | null;
  @Column('bigint', { nullable: true }) hold_event_id: number | null;
}

/** Projection: the row that a writer of a container locks. */
@Entity('container_lock')
export class ContainerLockRow {
  @PrimaryColumn('integer') container_id: number;
}

@Entity('inspection')
@Index('inspection_batch', ['batch_id'])
@Index('inspection_unit', ['unit_id'])
export class InspectionRow {
  @PrimaryGeneratedColumn('identity', identity) inspection_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') unit_id: number;
  @Column('text') characteristic: string;
  @Column('boolean') passed: boolean;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
  @Column('numeric', { nullable: true }) measured: string | null;
  @Column('numeric', { nullable: true }) limit_low: string | null;
  @Column('numeric', { nullable: true }) limit_high: string | null;
}

@Entity('hold')
@Index('hold_batch', ['batch_id'])
@Index('hold_unit', ['unit_id'])
@Index('hold_event', ['event_id'])
export class HoldRow {
  @PrimaryGeneratedColumn('identity', identity) hold_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('integer') unit_id: number;
  @Column('bigint') at_ms: number;
  @Column('text') reason: string;
  @Column('text', { nullable: true }) ref: string | null;
  @Column('bigint', { nullable: true }) copy_of: number | null;
}

@Entity('hold_release')
@Index('hold_release_hold', ['hold_id'])
@Index('hold_release_batch', ['batch_id'])
export class HoldReleaseRow {
  @PrimaryGeneratedColumn('identity', identity) hold_release_id: number;
  @Column('bigint') batch_id: number;
  @Column('bigint') event_id: number;
  @Column('bigint') hold_id: number;
  @Column('bigint') at_ms: number;
}

/** Projection: which lot a split or merge divided into which. */
@Entity('heir')
@Index('heir_target', ['target_id'])
export class HeirRow {
  @PrimaryColumn('integer') source_id: number;
  @PrimaryColumn('bigint') event_id: number;
  @PrimaryColumn('integer') target_id: number;
}

/** Projection: the row that a writer of a unit locks. */
@Entity('unit_lock')
export class UnitLockRow {
  @PrimaryColumn('integer') unit_id: number;
}

/** Projection: the marks that count now, with the ends derived from them. */
@Entity('mark')
@Index('mark_unit', ['unit_id'])
@Index('mark_event', ['event_id'])
@Index('mark_parents', { synchronize: false })
@Index('mark_consumed_once', ['unit_id'], { unique: true, where: `serial AND kind = 'consume'` })
@Index('mark_one_open', ['unit_id'], { unique: true, where: `serial AND kind = 'install' AND until_ms IS NULL` })
@Check('mark_kind', `kind IN ('install', 'remove', 'consume', 'clean')`)
export class MarkRow {
  @PrimaryGeneratedColumn('identity', identity) mark_id: number;
  @Column('integer') unit_id: number;
  @Column('bigint') event_id: number;
  @Column('text') event_key: string;
  @Column('boolean') serial: boolean;
  @Column('text') kind: string;
  @Column('bigint') at_from: number;
  @Column('bigint') at_until: number;
  @Column('bigint', { nullable: true }) stated_until_ms: number | null;
  @Column('bigint', { nullable: true }) stated_sure_until_ms: number | null;
  @Column('integer', { array: true }) parents: number[];
  @Column('text', { nullable: true }) slot: string | null;
  @Column('numeric', { nullable: true }) quantity: string | null;
  @Column('bigint', { array: true }) link_ids: number[];
  @Column('text') cause: string;
  @Column('bigint', { nullable: true }) from_ms: number | null;
  @Column('bigint', { nullable: true }) until_ms: number | null;
  @Column('bigint', { nullable: true }) sure_until_ms: number | null;
  @Column('bigint', { nullable: true }) maybe_until_ms: number | null;
}
