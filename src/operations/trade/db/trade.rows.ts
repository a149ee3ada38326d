/** The rows of buying and selling, as the migration made them; they hold the schema to account. */
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const identity = { type: 'integer', generatedIdentity: 'BY DEFAULT' } as const;
const KEPT_BACK = "state IN ('proposed', 'picked')";

@Entity('partner_terms')
export class PartnerTermsRow {
  @PrimaryColumn('integer') partner_id: number;
  @Column('numeric', { nullable: true }) over_percent: string | null;
  @Column('numeric', { nullable: true }) short_percent: string | null;
  @Column('integer', { nullable: true }) life_days_min: number | null;
  @Column('text', { nullable: true }) strategy: string | null;
}

@Entity('order_line_terms')
export class OrderLineTermsRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'order_line_terms_pkey' }) kind: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'order_line_terms_pkey' }) number: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'order_line_terms_pkey' }) line: string;
  @Column('numeric', { nullable: true }) over_percent: string | null;
  @Column('numeric', { nullable: true }) short_percent: string | null;
  @Column('integer', { nullable: true }) life_days_min: number | null;
  @Column('text', { nullable: true }) strategy: string | null;
}

@Entity('order_closure')
@Index('order_closure_line', ['kind', 'number', 'line'], { unique: true, where: 'reopened_at IS NULL' })
export class OrderClosureRow {
  @PrimaryGeneratedColumn('identity', identity) order_closure_id: number;
  @Column('text') kind: string;
  @Column('text') number: string;
  @Column('text') line: string;
  @Column('text') reason: string;
  @Column('text') closed_by: string;
  @Column('timestamptz', { default: () => 'now()' }) closed_at: Date;
  @Column('timestamptz', { nullable: true }) reopened_at: Date | null;
}

@Entity('inspection_plan')
export class InspectionPlanRow {
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'inspection_plan_pkey' }) item_id: number;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'inspection_plan_pkey', default: 0 }) supplier_id: number;
  @Column('jsonb') body: unknown;
}

@Entity('receipt')
@Unique('receipt_number', ['number'])
@Index('receipt_purchase_order', ['purchase_order'])
@Index('receipt_supplier', ['supplier_id', 'receipt_id'])
export class ReceiptRow {
  @PrimaryGeneratedColumn('identity', identity) receipt_id: number;
  @Column('text') number: string;
  @Column('text', { nullable: true }) purchase_order: string | null;
  @Column('integer', { nullable: true }) supplier_id: number | null;
  @Column('integer') place_id: number;
  @Column('bigint') at_ms: number;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') received_by: string;
  @Column('timestamptz', { default: () => 'now()' }) received_at: Date;
  @Column('timestamptz', { nullable: true }) voided_at: Date | null;
  @Column('text', { nullable: true }) void_reason: string | null;
}

@Entity('receipt_line')
@Check('receipt_line_decision', "decision IN ('accept', 'hold', 'reject')")
@Index('receipt_line_receipt', ['receipt_id'])
@Index('receipt_line_unit', ['unit_id'])
@Index('receipt_line_pending', ['receipt_line_id'], { where: 'pending IS NOT NULL' })
export class ReceiptLineRow {
  @PrimaryGeneratedColumn('identity', identity) receipt_line_id: number;
  @Column('integer') receipt_id: number;
  @Column('text', { nullable: true }) order_line: string | null;
  @Column('integer') item_id: number;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('numeric') quantity: string;
  @Column('text', { nullable: true }) supplier_lot: string | null;
  @Column('text', { nullable: true }) revision: string | null;
  @Column('text') decision: string;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) client_event_id: string | null;
  @Column('text', { array: true, nullable: true }) pending: string[] | null;
}

@Entity('document_link')
@Index('document_link_file', ['file_id'])
@Index('document_link_unit', ['unit_id'], { where: 'unit_id IS NOT NULL' })
@Index('document_link_receipt', ['receipt_id'], { where: 'receipt_id IS NOT NULL' })
@Index('document_link_shipment', ['shipment_id'], { where: 'shipment_id IS NOT NULL' })
export class DocumentLinkRow {
  @PrimaryGeneratedColumn('identity', identity) document_link_id: number;
  @Column('uuid') file_id: string;
  @Column('text') kind: string;
  @Column('integer', { nullable: true }) unit_id: number | null;
  @Column('integer', { nullable: true }) receipt_id: number | null;
  @Column('integer', { nullable: true }) shipment_id: number | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') linked_by: string;
  @Column('timestamptz', { default: () => 'now()' }) linked_at: Date;
}

@Entity('label_request')
@Check('label_request_state', "state IN ('asked', 'printed', 'cancelled')")
@Index('label_request_open', ['label_request_id'], { where: "state = 'asked'" })
@Index('label_request_receipt', ['receipt_id'])
export class LabelRequestRow {
  @PrimaryGeneratedColumn('identity', identity) label_request_id: number;
  @Column('integer') unit_id: number;
  @Column('text', { nullable: true }) template: string | null;
  @Column('integer') copies: number;
  @Column('text', { default: 'asked' }) state: string;
  @Column('integer', { nullable: true }) receipt_id: number | null;
  @Column('text') asked_by: string;
  @Column('timestamptz', { default: () => 'now()' }) asked_at: Date;
}

@Entity('pick')
@Check('pick_state', "state IN ('open', 'done', 'cancelled')")
@Index('pick_sales_order', ['sales_order'])
export class PickRow {
  @PrimaryGeneratedColumn('identity', identity) pick_id: number;
  @Column('text') sales_order: string;
  @Column('integer') customer_id: number;
  @Column('text') strategy: string;
  @Column('integer', { default: 0 }) life_days_min: number;
  @Column('integer', { nullable: true }) from_place_id: number | null;
  @Column('integer', { nullable: true }) to_place_id: number | null;
  @Column('text', { default: 'open' }) state: string;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text') created_by: string;
  @Column('timestamptz', { default: () => 'now()' }) created_at: Date;
  @Column('timestamptz', { nullable: true }) ended_at: Date | null;
}

@Entity('pick_line')
@Check('pick_line_state', "state IN ('proposed', 'picked', 'short', 'released', 'shipped')")
@Check('pick_line_quantity', 'quantity > 0')
@Index('pick_line_pick', ['pick_id'])
@Index('pick_line_unit', ['unit_id'], { where: KEPT_BACK })
@Index('pick_line_serial', ['unit_id'], { unique: true, where: `serial AND ${KEPT_BACK}` })
export class PickLineRow {
  @PrimaryGeneratedColumn('identity', identity) pick_line_id: number;
  @Column('integer') pick_id: number;
  @Column('text') order_line: string;
  @Column('integer') item_id: number;
  @Column('integer') unit_id: number;
  @Column('boolean') serial: boolean;
  @Column('integer', { nullable: true }) place_id: number | null;
  @Column('numeric') quantity: string;
  @Column('numeric', { nullable: true }) picked: string | null;
  @Column('text', { default: 'proposed' }) state: string;
  @Column('integer') walk: number;
  @Column('integer') proposed_unit_id: number;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text', { nullable: true }) picked_by: string | null;
  @Column('timestamptz', { nullable: true }) picked_at: Date | null;
}

@Entity('shipment')
@Unique('shipment_number', ['number'])
@Index('shipment_sales_order', ['sales_order'])
@Index('shipment_customer', ['customer_id', 'shipment_id'])
export class ShipmentRow {
  @PrimaryGeneratedColumn('identity', identity) shipment_id: number;
  @Column('text') number: string;
  @Column('integer') customer_id: number;
  @Column('text', { nullable: true }) sales_order: string | null;
  @Column('integer', { nullable: true }) carrier_id: number | null;
  @Column('text', { nullable: true }) tracking: string | null;
  @Column('bigint') at_ms: number;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text', { array: true }) client_event_ids: string[];
  @Column('text') shipped_by: string;
  @Column('timestamptz', { default: () => 'now()' }) shipped_at: Date;
  @Column('timestamptz', { nullable: true }) voided_at: Date | null;
  @Column('text', { nullable: true }) void_reason: string | null;
}

@Entity('shipment_line')
@Index('shipment_line_shipment', ['shipment_id'])
export class ShipmentLineRow {
  @PrimaryGeneratedColumn('identity', identity) shipment_line_id: number;
  @Column('integer') shipment_id: number;
  @Column('text', { nullable: true }) order_line: string | null;
  @Column('integer') unit_id: number;
  @Column('numeric') quantity: string;
  @Column('text', { nullable: true }) container: string | null;
  @Column('integer', { nullable: true }) pick_line_id: number | null;
}

@Entity('customer_return')
@Unique('customer_return_number', ['number'])
export class CustomerReturnRow {
  @PrimaryGeneratedColumn('identity', identity) customer_return_id: number;
  @Column('text') number: string;
  @Column('integer', { nullable: true }) customer_id: number | null;
  @Column('text', { nullable: true }) shipment: string | null;
  @Column('integer') place_id: number;
  @Column('bigint') at_ms: number;
  @Column('text', { nullable: true }) condition: string | null;
  @Column('text', { nullable: true }) note: string | null;
  @Column('text', { array: true }) client_event_ids: string[];
  @Column('integer', { array: true }) unit_ids: number[];
  @Column('text') returned_by: string;
  @Column('timestamptz', { default: () => 'now()' }) returned_at: Date;
}
