import { Injectable, OnModuleInit } from '@nestjs/common';
import { Database } from '@/platform/db';
import { JobHandler, JobRegistry } from '@/platform/jobs';
import { DeliverNotices } from './app/deliver-notices';
import { DraftNotices } from './app/draft-notices';

const WORKER = { actor: 'system:notices', source: 'system:notices' };

/** A job is a case: what it has to tell is drafted, and what is due of it is sent. */
@Injectable()
export class NoticeJobs implements JobHandler, OnModuleInit {
  readonly queue = 'notices';
  readonly concurrency = 2;

  constructor(
    private readonly registry: JobRegistry,
    private readonly database: Database,
    private readonly drafts: DraftNotices,
    private readonly deliver: DeliverNotices,
  ) {}

  onModuleInit(): void {
    this.registry.register(this);
  }

  async handle(recall: string, signal: AbortSignal): Promise<void> {
    await this.drafts.execute(WORKER, recall);
    await this.deliver.execute(recall, signal);
  }

  async findLost(): Promise<string[]> {
    return [...new Set([...(await this.undrafted()), ...(await this.deliver.due())])];
  }

  /** Running cases whose scope is newer than their newest notice, and brought deliveries with it. */
  private async undrafted(): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT r.key FROM recall r
         CROSS JOIN LATERAL (SELECT coalesce(max(n.version), 0) AS version FROM recall_notice n
                              WHERE n.recall_id = r.recall_id AND n.kind = 'notice') told
        WHERE r.state IN ('initiated', 'monitoring')
          AND told.version < (SELECT max(s.version) FROM recall_scope s WHERE s.recall_id = r.recall_id)
          AND EXISTS (SELECT 1 FROM recall_delivery d JOIN partner p USING (partner_id)
                       WHERE d.recall_id = r.recall_id AND d.version_in > told.version AND d.version_out IS NULL)`,
    );
    return rows.map((row) => row.key);
  }
}
