import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

@Entity('import_run')
@Unique('import_run_import_id', ['importId'])
@Check('import_run_status', "status IN ('queued', 'running', 'done', 'failed', 'cancelled')")
@Index('import_run_mends', ['mends'], { where: 'mends IS NOT NULL' })
@Index('import_run_open', ['importNo'], { where: "status IN ('queued', 'running')" })
export class ImportRunRow {
  @PrimaryGeneratedColumn('identity', { name: 'import_no', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  importNo: number;

  @Column('uuid', { name: 'import_id' })
  importId: string;

  @Column('text')
  name: string;

  @Column('uuid', { name: 'file_id', nullable: true })
  fileId: string | null;

  @Column('text')
  status: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('text', { name: 'request_id', nullable: true })
  requestId: string | null;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  seenAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('integer', { default: 0 })
  attempt: number;

  @Column('boolean', { name: 'cancel_asked', default: false })
  cancelAsked: boolean;

  @Column('bigint', { default: 0 })
  done: number;

  @Column('bigint', { nullable: true })
  total: number | null;

  @Column('text', { name: 'current_file', nullable: true })
  currentFile: string | null;

  @Column('jsonb', { nullable: true })
  position: unknown;

  @Column('bigint', { default: 0 })
  accepted: number;

  @Column('bigint', { default: 0 })
  duplicates: number;

  @Column('bigint', { default: 0 })
  refused: number;

  @Column('bigint', { name: 'refused_rows', default: 0 })
  refusedRows: number;

  @Column('jsonb', { default: [] })
  notices: unknown;

  @Column('text', { name: 'error_code', nullable: true })
  errorCode: string | null;

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage: string | null;

  @Column('boolean', { name: 'dry_run', default: false })
  dryRun: boolean;

  @Column('jsonb', { default: [] })
  mappings: unknown;

  @Column('jsonb', { default: {} })
  headers: unknown;

  @Column('uuid', { nullable: true })
  mends: string | null;

  @Column('text', { nullable: true })
  stage: string | null;
}

@Entity('import_mapping')
@Unique('import_mapping_name', ['name'])
@Index('import_mapping_header', ['headerKey'], { where: 'header_key IS NOT NULL' })
export class ImportMappingRow {
  @PrimaryGeneratedColumn('identity', { name: 'import_mapping_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  importMappingId: number;

  @Column('text')
  name: string;

  @Column('text')
  kind: string;

  @Column('jsonb')
  body: unknown;

  @Column('text', { name: 'header_key', nullable: true })
  headerKey: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt: Date;

  @Column('text', { name: 'updated_by' })
  updatedBy: string;
}

@Entity('import_upload')
export class ImportUploadRow {
  @PrimaryColumn('uuid', { name: 'file_id' })
  fileId: string;

  @Column('text')
  name: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;
}

@Entity('import_refusal')
@Index('import_refusal_import', ['importNo', 'importRefusalId'])
export class ImportRefusalRow {
  @PrimaryGeneratedColumn('identity', { name: 'import_refusal_id', type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  importRefusalId: number;

  @Column('integer', { name: 'import_no' })
  importNo: number;

  @Column('text')
  file: string;

  @Column('integer', { name: 'row_no' })
  rowNo: number;

  @Column('text', { name: 'column_name', nullable: true })
  columnName: string | null;

  @Column('text')
  code: string;

  @Column('text')
  message: string;

  @Column('jsonb', { nullable: true })
  cells: unknown;
}
