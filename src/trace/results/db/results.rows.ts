import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Rows of a listing of a trace, packed: up to 65,536 of them in one. */
@Entity('trace_segment')
@Check('trace_segment_listing', "listing IN ('affected', 'excluded')")
export class TraceSegmentRow {
  @PrimaryColumn('integer', { name: 'trace_no' })
  traceNo: number;

  @PrimaryColumn('text')
  listing: string;

  @PrimaryColumn('integer')
  segment: number;

  @Column('integer')
  rows: number;

  @Column('bytea', { name: 'unit_id' })
  unitId: Buffer;

  @Column('bytea', { name: 'item_id' })
  itemId: Buffer;

  @Column('bytea')
  kind: Buffer;

  @Column('bytea')
  code: Buffer;

  @Column('bytea')
  verdict: Buffer;

  @Column('bytea')
  depth: Buffer;

  @Column('bytea')
  certain: Buffer;

  @Column('bytea', { name: 'exposed_from' })
  exposedFrom: Buffer;

  @Column('bytea', { name: 'exposed_until' })
  exposedUntil: Buffer;

  @Column('bytea')
  exposures: Buffer;

  @Column('bytea')
  made: Buffer;

  @Column('bytea')
  state: Buffer;

  @Column('bytea', { name: 'place_id' })
  placeId: Buffer;

  @Column('bytea', { name: 'customer_id' })
  customerId: Buffer;

  @Column('bytea')
  quantity: Buffer;

  @Column('bytea')
  holdings: Buffer;
}

/** The amounts of a segment of units: they can come later than the units. */
@Entity('trace_amount_segment')
@Check('trace_amount_segment_listing', "listing IN ('affected', 'excluded')")
export class TraceAmountSegmentRow {
  @PrimaryColumn('integer', { name: 'trace_no' })
  traceNo: number;

  @PrimaryColumn('text')
  listing: string;

  @PrimaryColumn('integer')
  segment: number;

  @Column('bytea')
  amount: Buffer;

  @Column('bytea')
  share: Buffer;
}

/** Deliveries of a trace's affected units, packed. */
@Entity('trace_delivery_segment')
export class TraceDeliverySegmentRow {
  @PrimaryColumn('integer', { name: 'trace_no' })
  traceNo: number;

  @PrimaryColumn('integer')
  segment: number;

  @Column('integer')
  rows: number;

  @Column('bytea', { name: 'answer_row' })
  answerRow: Buffer;

  @Column('bytea', { name: 'unit_id' })
  unitId: Buffer;

  @Column('bytea', { name: 'parent_unit_id' })
  parentUnitId: Buffer;

  @Column('bytea', { name: 'customer_id' })
  customerId: Buffer;

  @Column('bytea')
  document: Buffer;

  @Column('bytea')
  documents: Buffer;

  @Column('bytea', { name: 'from_ms' })
  fromMs: Buffer;

  @Column('bytea', { name: 'event_id' })
  eventId: Buffer;

  @Column('bytea')
  quantity: Buffer;

  @Column('bytea')
  hit: Buffer;

  @Column('bytea')
  certain: Buffer;
}
