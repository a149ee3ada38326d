import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

const ROLE_CHECK = `role IN ('viewer', 'operator', 'engineer', 'coordinator', 'admin')`;

@Entity('app_user')
@Unique('app_user_username', ['username'])
@Check('app_user_role', ROLE_CHECK)
export class AppUserRow {
  @PrimaryGeneratedColumn('identity', { name: 'user_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  userId: number;

  @Column('text')
  username: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  @Column('text')
  role: string;

  @Column('text', { name: 'password_hash' })
  passwordHash: string;

  @Column('boolean', { default: true })
  active: boolean;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}

@Entity('session')
@Index('session_owner', ['userId'])
export class SessionRow {
  @PrimaryColumn('bytea', { name: 'token_hash' })
  tokenHash: Buffer;

  @Column('integer', { name: 'user_id' })
  userId: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;
}

@Entity('api_key')
@Check('api_key_role', ROLE_CHECK)
@Index('api_key_name', ['name'], { unique: true, where: 'revoked_at IS NULL' })
@Index('api_key_hash', ['keyHash'], { unique: true, where: 'revoked_at IS NULL' })
export class ApiKeyRow {
  @PrimaryGeneratedColumn('identity', { name: 'api_key_id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  apiKeyId: number;

  @Column('text')
  name: string;

  @Column('text')
  role: string;

  @Column('bytea', { name: 'key_hash' })
  keyHash: Buffer;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;

  @Column('text', { name: 'created_by' })
  createdBy: string;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt: Date | null;
}

@Entity('login_attempt')
export class LoginAttemptRow {
  @PrimaryColumn('text')
  key: string;

  @Column('integer')
  count: number;

  @Column('timestamptz', { name: 'window_started_at', default: () => 'now()' })
  windowStartedAt: Date;
}
