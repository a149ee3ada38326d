import { Logger } from '@nestjs/common';
import { Metrics } from './metrics';
import { metricsOfWorkers, WorkerView } from './workers';

describe('metrics', () => {
  const metrics = new Metrics();
  beforeAll(() => Logger.overrideLogger(false));

  it('tell what can be read, and which source cannot', async () => {
    metrics.register('good', () =>
      Promise.resolve([
        { name: 'good_things', help: 'Good things', samples: [{ labels: { kind: 'a "b"\\\n' }, value: 2 }] },
        { name: 'nothing', help: 'Nothing', samples: [] },
      ]),
    );
    metrics.register('bad', () => Promise.reject(new Error('away')));
    const lines = (await metrics.text()).split('\n');
    expect(lines).toContain('unitrail_good_things{kind="a \\"b\\"\\\\\\n"} 2');
    expect(lines).toContain('unitrail_metrics_source_up{source="good"} 1');
    expect(lines).toContain('unitrail_metrics_source_up{source="bad"} 0');
    expect(lines.filter((line) => line.includes('unitrail_nothing'))).toEqual([]);
    expect(() => metrics.register('good', () => Promise.resolve([]))).toThrow('good');
  });

  it('take every number that a living worker reports, under a name that Prometheus takes', () => {
    const worker = (name: string, alive: boolean): WorkerView => ({
      worker: name,
      startedAt: '2026-03-01T00:00:00.000Z',
      seenAt: '2026-03-01T00:00:01.000Z',
      alive,
      metrics: { index: { rebuildSeconds: 1.5, state: 'ready', answered: { index: 3, sql: 1 }, lag: null } },
    });
    const found = metricsOfWorkers([worker('a:1', true), worker('b:2', false)]);
    expect(found.map(({ name, samples }) => [name, samples])).toEqual([
      ['workers', [{ value: 1 }]],
      ['worker_started_seconds', [{ labels: { worker: 'a:1' }, value: 1_772_323_200 }]],
      ['worker_index_rebuild_seconds', [{ labels: { worker: 'a:1' }, value: 1.5 }]],
      [
        'worker_index_answered',
        [
          { labels: { worker: 'a:1', of: 'index' }, value: 3 },
          { labels: { worker: 'a:1', of: 'sql' }, value: 1 },
        ],
      ],
    ]);
  });
});
