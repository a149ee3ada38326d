import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('stored_file')
export class StoredFileRow {
  @PrimaryColumn('uuid', { name: 'file_id' })
  fileId: string;

  @Column('text')
  name: string;

  @Column('text', { name: 'media_type' })
  mediaType: string;

  @Column('bigint', { name: 'size_bytes' })
  sizeBytes: number;

  @Column('bytea')
  sha256: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}

@Entity('stored_file_chunk')
export class StoredFileChunkRow {
  @PrimaryColumn('uuid', { name: 'file_id' })
  fileId: string;

  @PrimaryColumn('integer')
  seq: number;

  @Column('bytea')
  data: Buffer;
}
