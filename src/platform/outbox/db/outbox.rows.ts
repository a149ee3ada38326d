import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('outbox')
@Index('outbox_unsent', ['outboxId'], { where: 'sent_at IS NULL' })
export class OutboxRow {
  @PrimaryGeneratedColumn('identity', { name: 'outbox_id', type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  outboxId: number;

  @Column('text')
  queue: string;

  @Column('text', { name: 'job_id' })
  jobId: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'sent_at', nullable: true })
  sentAt: Date | null;
}
