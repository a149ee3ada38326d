import { Injectable, Logger } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export interface Metric {
  /** without the prefix `unitrail_` */
  name: string;
  help: string;
  samples: { labels?: Record<string, string>; value: number }[];
}

/** Reads what it has to say at the moment it is asked. */
type MetricSource = () => Promise<Metric[]>;

const PREFIX = 'unitrail_';

/** The numbers of the installation: each module registers where its own come from, and nothing is kept between two questions. */
@Injectable()
export class Metrics {
  private readonly logger = new Logger('Metrics');
  private readonly sources = new Map<string, MetricSource>();
  private readonly own = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.own, prefix: PREFIX });
  }

  register(name: string, source: MetricSource): void {
    if (this.sources.has(name)) throw new Error(`Two sources of metrics are named ${name}`);
    this.sources.set(name, source);
  }

  /** All of them in the text format of Prometheus. A source that fails says so in its own line; the others are told all the same. */
  async text(): Promise<string> {
    const registry = new Registry();
    const up = new Gauge({
      name: `${PREFIX}metrics_source_up`,
      help: '1 where a source of metrics could be read',
      labelNames: ['source'],
      registers: [registry],
    });
    const read = [...this.sources].map(async ([source, from]) => {
      const metrics = await from().catch((error: Error) => {
        this.logger.warn(`${source} could not be read: ${error.message}`);
        return null;
      });
      up.set({ source }, metrics ? 1 : 0);
      for (const metric of metrics ?? []) if (metric.samples.length > 0) show(registry, metric);
    });
    await Promise.all(read);
    return Registry.merge([registry, this.own]).metrics();
  }
}

function show(registry: Registry, { name, help, samples }: Metric): void {
  const labelNames = [...new Set(samples.flatMap((s) => Object.keys(s.labels ?? {})))];
  const gauge = new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
  for (const { labels, value } of samples) gauge.set(labels ?? {}, value);
}
