/** The workers: who is there, and what each says of itself, the index in its memory first. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { workersQuery } from '~/api/queries';
import type { WorkerHealth } from '~/api/types';
import { count } from '~/kit/amount';
import { GapMark, Glyph } from '~/kit/marks';
import { Empty, ErrorBox, Facts, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';

const words = text.health;
const MIB = 1024 * 1024;
const FIRST = ['index', 'jobs', 'process'];

/** A reading as a person takes it in; the unit of measure is the end of its name. */
function reading(name: string, value: unknown): ReactNode {
  if (typeof value === 'number') {
    if (/bytes$/i.test(name)) return `${count(Math.round(value / MIB))} MiB`;
    if (/share$/i.test(name)) return `${(value * 100).toFixed(1)} %`;
    if (/seconds$/i.test(name)) return `${count(Math.round(value * 100) / 100)} s`;
    if (/ms$/i.test(name)) return `${count(Math.round(value))} ms`;
    return count(value);
  }
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? <Time at={value} /> : value;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  const parts = Object.entries(value as Record<string, unknown>);
  if (parts.length === 0) return text.none;
  return parts.map(([of, one]) => `${of} ${String(one)}`).join(', ');
}

/** What is known by name comes in the order of the catalogue, the rest after it. */
const known = Object.keys(words.reading);
const place = (name: string): number => (known.includes(name) ? known.indexOf(name) : known.length);
const inOrder = (readings: Record<string, unknown> | undefined): [string, unknown][] =>
  Object.entries(readings ?? {}).sort(([a], [b]) => place(a) - place(b));

function Worker({ worker }: { worker: WorkerHealth }) {
  const parts = [...new Set([...FIRST, ...Object.keys(worker.metrics).sort()])].filter((part) => worker.metrics[part]);
  return (
    <Section
      title={worker.worker}
      aside={
        worker.alive ? (
          <span className="mark">
            <Glyph shape="check" tone="ok" /> {words.alive}
          </span>
        ) : (
          <GapMark word={words.gone} />
        )
      }
    >
      <p className="head-facts dim">
        <span>
          {words.started} <Time at={worker.startedAt} short />
        </span>
        <span>
          {words.seen} <Time at={worker.seenAt} short />
        </span>
      </p>
      {worker.metrics['index'] ? null : <p className="dim">{words.noIndex}</p>}
      <div className="question-grid">
        {parts.map((part) => (
          <div key={part}>
            <h3>{words.part[part] ?? part}</h3>
            <Facts
              rows={inOrder(worker.metrics[part]).flatMap(([name, value]) =>
                value === null || value === undefined || value === ''
                  ? []
                  : [[words.reading[name] ?? name, reading(name, value)] as [string, ReactNode]],
              )}
            />
          </div>
        ))}
      </div>
    </Section>
  );
}

export function HealthPage() {
  useTitle(text.nav.health);
  const query = useQuery(workersQuery);
  return (
    <>
      <PageHead title={text.nav.health} />
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.some((worker) => worker.alive) === false ? <Empty title={words.none}>{words.noneWhy}</Empty> : null}
      {query.data?.map((worker) => (
        <Worker key={worker.worker} worker={worker} />
      ))}
      <p className="dim small lead">{words.what}</p>
    </>
  );
}
