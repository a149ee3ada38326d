import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('audit_line')
@Index('audit_line_subject', ['subject'])
export class AuditLineRow {
  @PrimaryGeneratedColumn('identity', { name: 'audit_id', type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  auditId: number;

  @Column('timestamptz', { default: () => 'now()' })
  at: Date;

  @Column('text')
  actor: string;

  @Column('text')
  action: string;

  @Column('text')
  subject: string;

  @Column('jsonb', { nullable: true })
  before: unknown;

  @Column('jsonb', { nullable: true })
  after: unknown;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;
}
