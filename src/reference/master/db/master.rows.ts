import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

@Entity('master_version')
@Index('master_version_key', ['kind', 'key', 'versionId'])
// An index with an operator class of its own, which entities cannot declare.
@Index('master_version_bom', { synchronize: false })
@Index('master_version_batch', ['batchId'])
export class MasterVersionRow {
  @PrimaryGeneratedColumn('identity', { name: 'version_id', type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  versionId: number;

  @Column('bigint', { name: 'batch_id' })
  batchId: number;

  @Column('text')
  kind: string;

  @Column('text')
  key: string;

  @Column('jsonb')
  body: unknown;
}
