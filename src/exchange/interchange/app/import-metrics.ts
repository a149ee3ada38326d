import { Injectable, OnModuleInit } from '@nestjs/common';
import { Database } from '@/platform/db';
import { Metrics } from '@/platform/health';

@Injectable()
export class ImportMetrics implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.metrics.register('imports', async () => {
      const rows = await this.db.query<{ status: string; n: number }>(
        'SELECT status, count(*) AS n FROM import_run GROUP BY 1',
      );
      const samples = rows.map(({ status, n }) => ({ labels: { status }, value: n }));
      return [{ name: 'imports', help: 'Imports by status', samples }];
    });
  }
}
