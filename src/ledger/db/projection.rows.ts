/** The rows of what follows the ledger by position. All of it can be made anew from the facts: `npm run cli -- rebuild`. */
import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'bigint', generatedIdentity: 'BY DEFAULT' } as const;

@Entity('projection_cursor')
export class ProjectionCursorRow {
  @PrimaryColumn('text') name: string;
  @Column('bigint', { default: 0 }) position: number;
  @Column('timestamptz', { default: () => 'now()' }) updated_at: Date;
}

@Entity('gap')
@Index('gap_unit', ['unit_id'])
@Index('gap_kind', ['kind', 'gap_id'])
@Index('gap_place', ['place_id', 'gap_id'])
@Index('gap_item', ['item_id', 'gap_id'])
export class GapRow {
  @PrimaryGeneratedColumn('identity', identity) gap_id: number;
  @Column('integer') unit_id: number;
  @Column('integer') item_id: number;
  @Column('text') kind: string;
  @Column('bigint', { nullable: true }) event_id: number | null;
  @Column('bigint', { nullable: true }) at_ms: number | null;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('text') message: string;
  @Column('jsonb', { default: {} }) about: object;
}

@Entity('gap_base')
export class GapBaseRow {
  @PrimaryColumn('integer') unit_id: number;
  @Column('bigint') until_ms: number;
  @Column('jsonb') state: object;
}

// The indexes over trigrams and lower case are none that entities can declare.
@Entity('search_unit')
@Index('search_unit_text', { synchronize: false })
@Index('search_unit_item', ['item_id', 'unit_id'])
export class SearchUnitRow {
  @PrimaryColumn('integer') unit_id: number;
  @Column('integer') item_id: number;
  @Column('text') text: string;
  @Column('bigint', { nullable: true }) from_ms: number | null;
  @Column('bigint', { nullable: true }) until_ms: number | null;
}

@Entity('search_event')
@Index('search_event_text', { synchronize: false })
@Index('search_event_from', ['from_ms'])
export class SearchEventRow {
  @PrimaryColumn('bigint') event_id: number;
  @Column('text') type: string;
  @Column('text') text: string;
  @Column('bigint') from_ms: number;
  @Column('bigint') until_ms: number;
}

@Entity('search_label')
@Unique('search_label_key', ['type', 'key'])
@Index('search_label_text', { synchronize: false })
@Index('search_label_from', ['from_ms'])
@Index('search_label_prefix', { synchronize: false })
export class SearchLabelRow {
  @PrimaryGeneratedColumn('identity', identity) search_label_id: number;
  @Column('text') type: string;
  @Column('text') key: string;
  @Column('text') text: string;
  @Column('bigint', { nullable: true }) from_ms: number | null;
  @Column('bigint', { nullable: true }) until_ms: number | null;
}
