import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import type { Metric } from './metrics';

/** A worker that was not seen for so long is taken for gone. */
export const WORKER_SEEN_S_MAX = 15;

export interface WorkerView {
  worker: string;
  startedAt: string;
  seenAt: string;
  alive: boolean;
  /** what its parts say of themselves: process, jobs, index … */
  metrics: Record<string, Record<string, unknown>>;
}

@Injectable()
export class Workers {
  constructor(private readonly database: Database) {}

  /** Those of the last day, the living first. */
  async list(): Promise<WorkerView[]> {
    const rows = await this.database.query<{
      worker_id: string;
      started_at: Date;
      seen_at: Date;
      alive: boolean;
      metrics: WorkerView['metrics'];
    }>(
      `SELECT worker_id, started_at, seen_at, seen_at > now() - make_interval(secs => $1) AS alive, metrics
         FROM worker_heartbeat ORDER BY alive DESC, worker_id`,
      [WORKER_SEEN_S_MAX],
    );
    return rows.map((r) => ({
      worker: r.worker_id,
      startedAt: r.started_at.toISOString(),
      seenAt: r.seen_at.toISOString(),
      alive: r.alive,
      metrics: r.metrics,
    }));
  }
}

/** What living workers report, one metric for each number that a part of theirs gives: worker_index_links{worker="…"}. */
export function metricsOfWorkers(workers: readonly WorkerView[]): Metric[] {
  const living = workers.filter((w) => w.alive);
  const metrics = new Map<string, Metric>();
  const add = (name: string, help: string, value: number, labels: Record<string, string>) => {
    let metric = metrics.get(name);
    if (!metric) metrics.set(name, (metric = { name, help, samples: [] }));
    metric.samples.push({ labels, value });
  };
  for (const { worker, startedAt, metrics: parts } of living) {
    add('worker_started_seconds', 'When the worker started, in seconds since 1970', Date.parse(startedAt) / 1_000, {
      worker,
    });
    for (const [part, reading] of Object.entries(parts)) {
      for (const [key, value] of Object.entries(reading)) {
        const name = `worker_${snake(part)}_${snake(key)}`;
        const help = `${key} as the part "${part}" of a worker reports it`;
        if (typeof value === 'number') add(name, help, value, { worker });
        else if (typeof value === 'object' && value !== null)
          for (const [of, number] of Object.entries(value))
            if (typeof number === 'number') add(name, help, number, { worker, of });
      }
    }
  }
  return [
    { name: 'workers', help: 'Workers seen in the last seconds', samples: [{ value: living.length }] },
    ...metrics.values(),
  ];
}

/** What a metric may be named: rebuildSeconds → rebuild_seconds. */
function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9_]/g, '_')
    .toLowerCase();
}
