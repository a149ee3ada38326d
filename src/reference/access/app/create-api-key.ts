import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import type { Role } from '@/platform/auth';
import { Context, UnitOfWork } from '@/platform/db';
import { readName } from '../domain/names';
import { hashSecret, newSecret } from '../domain/secrets';
import type { NewApiKeyView } from '../http/dto';
import { type ApiKeyRow, viewApiKey } from '../queries';

@Injectable()
export class CreateApiKey {
  constructor(private readonly uow: UnitOfWork) {}

  /** The key is in this answer and nowhere else: only its hash is kept. Throws FIELD_INVALID, API_KEY_EXISTS. */
  async execute(ctx: Context, input: { name: string; role: Role }): Promise<NewApiKeyView> {
    const name = readName('name', input.name);
    const key = newSecret('ut_');
    return this.uow.run(ctx, async (tx) => {
      const [row] = await tx.query<ApiKeyRow>(
        `INSERT INTO api_key (name, role, key_hash, created_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING *`,
        [name, input.role, hashSecret(key), ctx.actor],
      );
      if (!row) throw new DomainError('API_KEY_EXISTS', { name });
      await tx.audit({
        action: 'create-api-key',
        subject: `key:${name}`,
        after: { id: row.api_key_id, role: row.role },
      });
      return { ...viewApiKey(row), key };
    });
  }
}
