import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('command')
export class CommandRow {
  @PrimaryColumn('text') source: string;
  @PrimaryColumn('text') verb: string;
  @PrimaryColumn('text') client_id: string;
  @Column('bytea') sha256: Buffer;
  @Column('jsonb', { nullable: true }) answer: unknown;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
}
