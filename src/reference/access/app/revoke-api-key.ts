import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { Context, UnitOfWork } from '@/platform/db';
import type { ApiKeyRow } from '../queries';

@Injectable()
export class RevokeApiKey {
  constructor(private readonly uow: UnitOfWork) {}

  /** Works from the next request on. Throws NOT_FOUND. */
  async execute(ctx: Context, id: number): Promise<void> {
    await this.uow.run(ctx, async (tx) => {
      const [row] = await tx.query<ApiKeyRow>(
        'UPDATE api_key SET revoked_at = now() WHERE api_key_id = $1 AND revoked_at IS NULL RETURNING *',
        [id],
      );
      if (!row) throw new DomainError('NOT_FOUND', { what: 'API key', key: String(id) });
      await tx.audit({ action: 'revoke-api-key', subject: `key:${row.name}`, before: { id, role: row.role } });
    });
  }
}
