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

  /** Running cases that had deliveries come to them since notices were drafted last: the newest one stands at the end of its key. */
  private async undrafted(): Promise<string[]> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT r.key FROM recall r LEFT JOIN notice_drafting x USING (recall_id)
        WHERE r.state IN ('initiated', 'monitoring')
          AND (SELECT max(d.delivery_no) FROM recall_delivery d WHERE d.recall_id = r.recall_id) > coalesce(x.delivery_no, 0)`,
    );
    return rows.map((row) => row.key);
  }
}
