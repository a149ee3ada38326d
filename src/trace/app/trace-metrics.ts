import { Injectable, OnModuleInit } from '@nestjs/common';
import { newestPosition } from '@/ledger';
import { Database } from '@/platform/db';
import { Metric, Metrics, Workers } from '@/platform/health';
import { TRACE_PRIORITIES } from './trace-queue';

/** How long the last traces took is told of so many. */
const LAST_TRACES = 200;
const QUANTILES = [0.5, 0.95, 1];

/** What can be said of traces in numbers: how many wait, how long they take, how far the indexes of the workers are behind. */
@Injectable()
export class TraceMetrics implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly metrics: Metrics,
    private readonly workers: Workers,
  ) {}

  onModuleInit(): void {
    this.metrics.register('traces', async () => [
      ...(await this.counts()),
      ...(await this.waiting()),
      await this.took(),
    ]);
    this.metrics.register('ledger', () => this.positions());
    this.metrics.register('blast radius', () => this.blast());
  }

  private async counts(): Promise<Metric[]> {
    const rows = await this.db.query<{ status: string; source: string; n: number }>(
      `SELECT status, coalesce(answered_by, '') AS source, count(*) AS n FROM trace GROUP BY 1, 2`,
    );
    const samples = rows.map(({ status, source, n }) => ({ labels: { status, source }, value: n }));
    return [{ name: 'traces', help: 'Traces by status and by what answered them', samples }];
  }

  private async waiting(): Promise<Metric[]> {
    const rows = await this.db.query<{ priority: number; status: string; n: number; oldest: number }>(
      `SELECT priority, status, count(*) AS n, extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS oldest
         FROM trace WHERE status IN ('queued', 'running') GROUP BY 1, 2`,
    );
    const by = (status: string, value: 'n' | 'oldest') =>
      TRACE_PRIORITIES.map((name, priority) => ({
        labels: { class: name },
        value: rows.find((r) => r.priority === priority && r.status === status)?.[value] ?? 0,
      }));
    return [
      { name: 'traces_waiting', help: 'Traces that wait for their turn, by class', samples: by('queued', 'n') },
      { name: 'traces_running', help: 'Traces that run, by class', samples: by('running', 'n') },
      {
        name: 'traces_waiting_oldest_seconds',
        help: 'How long the oldest waiting trace of a class has waited',
        samples: by('queued', 'oldest'),
      },
    ];
  }

  private async took(): Promise<Metric> {
    const [row] = await this.db.query<{ waited: number[] | null; ran: number[] | null }>(
      `SELECT percentile_disc($1::float8[]) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)::float8) AS waited,
              percentile_disc($1::float8[]) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)::float8) AS ran
         FROM (SELECT created_at, started_at, finished_at FROM trace
                WHERE status = 'done' AND started_at IS NOT NULL ORDER BY trace_no DESC LIMIT $2) last`,
      [QUANTILES, LAST_TRACES],
    );
    const of = (phase: string, values: number[] | null) =>
      (values ?? []).map((value, i) => ({ labels: { phase, quantile: String(QUANTILES[i]) }, value }));
    return {
      name: 'trace_seconds',
      help: `Seconds that the last ${LAST_TRACES} traces waited and ran`,
      samples: [...of('wait', row!.waited), ...of('run', row!.ran)],
    };
  }

  private async positions(): Promise<Metric[]> {
    const position = await newestPosition(this.db);
    const lag: Metric['samples'] = [];
    for (const { worker, alive, metrics } of await this.workers.list()) {
      const at = metrics.index?.position;
      if (alive && typeof at === 'number') lag.push({ labels: { worker }, value: Math.max(0, position - at) });
    }
    return [
      { name: 'ledger_position', help: 'The newest ledger position', samples: [{ value: position }] },
      { name: 'index_lag', help: 'Ledger positions that the resident index of a worker is behind', samples: lag },
    ];
  }

  private async blast(): Promise<Metric[]> {
    const [row] = await this.db.query<{ position: number | null; age: number | null; open: number }>(
      `SELECT max(position) FILTER (WHERE status = 'done') AS position,
              extract(epoch FROM clock_timestamp() - max(finished_at) FILTER (WHERE status = 'done'))::float8 AS age,
              count(*) FILTER (WHERE status IN ('queued', 'running')) AS open
         FROM blast_run`,
    );
    const known = (value: number | null) => (value === null ? [] : [{ value }]);
    return [
      { name: 'blast_radius_position', help: 'Ledger position of the last run', samples: known(row!.position) },
      { name: 'blast_radius_age_seconds', help: 'Seconds since the last run was finished', samples: known(row!.age) },
      { name: 'blast_radius_open', help: 'Runs that wait or run', samples: [{ value: row!.open }] },
    ];
  }
}
