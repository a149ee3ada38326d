/** The row of a drill's plan, as the migration made it. */
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('recall_drill')
@Check('recall_drill_by', `picked_by IN ('blast-radius', 'supplier', 'date', 'lot')`)
@Check('recall_drill_standard', `standard IN ('brcgs', 'sqf', 'retailer')`)
export class RecallDrillRow {
  @PrimaryColumn('integer') recall_id: number;
  @Column('text') picked_by: string;
  @Column('jsonb') asked: unknown;
  /** with the same candidates it picks the same lot */
  @Column('text') seed: string;
  @Column('integer') candidates: number;
  @Column('integer') unit_id: number;
  @Column('text') standard: string;
  @Column('jsonb') rules: unknown;
  @Column('text') planned_by: string;
  @Column('timestamptz', { default: () => 'clock_timestamp()' }) planned_at: Date;
}
