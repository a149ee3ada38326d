import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('worker_heartbeat')
export class WorkerHeartbeatRow {
  @PrimaryColumn('text', { name: 'worker_id' })
  workerId: string;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt: Date;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt: Date;

  @Column('jsonb', { default: {} })
  metrics: unknown;
}
