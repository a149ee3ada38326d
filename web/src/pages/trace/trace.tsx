/** A trace: what was asked, how complete the record is, the counts (each a filter), and the lists behind them. */
import { Button, CopyButton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useSession } from '~/app/session';
import type { TraceTab } from '~/app/router';
import { api } from '~/api/client';
import { useTrace } from '~/api/live';
import { finished, passingQuery, queryClient, traceQuery } from '~/api/queries';
import type { Question, Trace } from '~/api/types';
import { count } from '~/kit/amount';
import { useHotkey } from '~/kit/keyboard';
import { StatusMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, useTitle } from '~/kit/page';
import { ProgressLine } from '~/kit/progress';
import { questionTitle, questionWords, seedWindow } from '~/kit/question';
import { duration, Time, useZone } from '~/kit/time';
import { unitKey, UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { CompareTab } from './compare';
import { Completeness, Facets, Tiles } from './counts';
import { CustomersTab } from './customers';
import { ExcludedTab } from './excluded';
import { GapsTab } from './gaps';
import { useFilters } from './filters';
import { usePanel } from './panel-way';
import { WITH_RUNS } from './unit-list';
import { filterKeys, UnitsTab } from './units';
import { WhyPanel } from './why';

const GraphTab = lazy(async () => ({ default: (await import('./graph')).GraphTab }));
const route = getRouteApi('/app/traces/$trace');
const SEEDS_SHOWN = 5;

const sum = (record: Record<string, number> | undefined): number =>
  Object.values(record ?? {}).reduce((a, b) => a + b, 0);

/** The same question in the form's address, to be changed and asked again. */
function asForm(question: Question) {
  return {
    direction: question.direction,
    seeds: question.seeds.map((seed) => ({
      u: seed.id ?? unitKey(seed.unit),
      ...(seed.from ? { from: seed.from } : {}),
      ...(seed.until ? { until: seed.until } : {}),
    })),
    ...(question.at && question.at !== 'ever' ? { at: question.at } : {}),
    ...(question.certainty === 'certain' ? { certainty: 'certain' as const } : {}),
    items: question.barriers?.flatMap((barrier) => ('item' in barrier ? [barrier.item] : [])),
    inspections: question.barriers?.flatMap((barrier) => ('inspection' in barrier ? [barrier.inspection] : [])),
    ...(question.thresholdShare ? { threshold: question.thresholdShare } : {}),
    ...(question.justification ? { justification: question.justification } : {}),
  };
}

/** The question as it was sent, without the position that it was answered at. */
function sameQuestion(question: Question): Question {
  const { direction, seeds, at, certainty, barriers, thresholdShare, justification } = question;
  return {
    direction,
    seeds: seeds.map(({ unit, from, until }) => ({ unit, ...(from ? { from } : {}), ...(until ? { until } : {}) })),
    ...(at && direction === 'forward' ? { at } : {}),
    ...(certainty ? { certainty } : {}),
    ...(barriers && barriers.length > 0 ? { barriers } : {}),
    ...(thresholdShare ? { thresholdShare } : {}),
    ...(justification ? { justification } : {}),
  };
}

function Asked({ trace }: { trace: Trace }) {
  const { zone } = useZone();
  const { question } = trace;
  const shown = question.seeds.slice(0, SEEDS_SHOWN);
  return (
    <div className="asked">
      <ul className="asked-seeds">
        {shown.map((seed, index) => (
          <li key={index}>
            <UnitLink id={seed.id} unit={seed.unit} /> <span className="dim">{seedWindow(seed, zone)}</span>
          </li>
        ))}
        {question.seeds.length > shown.length ? (
          <li className="dim">{text.andMore(question.seeds.length - shown.length)}</li>
        ) : null}
      </ul>
      <p className="asked-words">
        {questionWords(question, zone).map((phrase) => (
          <span key={phrase} className="tag">
            {phrase}
          </span>
        ))}
        {trace.ledgerPosition === null ? null : (
          <span className="tag">
            {question.ledgerPosition
              ? text.question.asKnownAt(count(trace.ledgerPosition))
              : text.question.position(count(trace.ledgerPosition))}
          </span>
        )}
      </p>
      {question.justification ? (
        <p>
          {text.question.justification} “{question.justification}”
        </p>
      ) : null}
      <p className="asked-meta dim">
        {text.trace.askedBy} {trace.createdBy} · <Time at={trace.createdAt} short />
        {trace.took_ms === null ? null : <> · {text.trace.took(duration(trace.took_ms))}</>}
        {trace.source ? <> · {text.trace.source[trace.source]}</> : null}
        {trace.expiresAt ? (
          <>
            {' '}
            · {text.trace.keptUntil} <Time at={trace.expiresAt} short />
          </>
        ) : null}
        {trace.digest ? (
          <>
            {' '}
            · {text.trace.digest}{' '}
            <CopyButton value={trace.digest}>
              {({ copied, copy }) => (
                <button type="button" className="digest code" onClick={copy} title={trace.digest ?? ''}>
                  {trace.digest?.slice(0, 12)}… <span className="sr-only">{text.copy}</span>
                  {copied ? ` ${text.copied}` : ''}
                </button>
              )}
            </CopyButton>
          </>
        ) : null}
      </p>
    </div>
  );
}

/** The same question of all that is recorded now; the answer opens beside this one. */
function AskAgain({ trace }: { trace: Trace }) {
  const navigate = useNavigate();
  const { can } = useSession();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!can('traces:run')) return null;
  const ask = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { id } = await api.startTrace(sameQuestion(trace.question));
      void queryClient.invalidateQueries({ queryKey: ['traces'] });
      await navigate({ to: '/traces/$trace', params: { trace: id }, search: { tab: 'compare', other: trace.id } });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="sm" variant="default" loading={busy} onClick={() => void ask()}>
        {text.trace.askNow}
      </Button>
      {error ? <ErrorBox error={error} /> : null}
    </>
  );
}

function Running({ trace }: { trace: Trace }) {
  const { can } = useSession();
  const [error, setError] = useState<unknown>(null);
  const cancel = async (): Promise<void> => {
    try {
      await api.cancelTrace(trace.id);
      await queryClient.invalidateQueries({ queryKey: traceQuery(trace.id).queryKey, exact: true });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <div className="running panel" data-testid="progress">
      <ProgressLine label={text.trace.progress} progress={trace.progress} queue={trace.queue} />
      {can('traces:run') ? (
        <Button variant="default" onClick={() => void cancel()}>
          {text.trace.cancel}
        </Button>
      ) : null}
      {error ? <ErrorBox error={error} /> : null}
    </div>
  );
}

/** How many of the affected units pass the filters that are set; null where none is, or where runs are listed too. */
function usePassing(id: string): number | null {
  const filters = useFilters(filterKeys);
  const filtered = Object.keys(filters).length > 0 && filters.kinds !== WITH_RUNS;
  const query = useQuery({ ...passingQuery(id, filters), enabled: filtered });
  return filtered ? (query.data ?? null) : null;
}

function Result({ trace, id }: { trace: Trace; id: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const panel = usePanel();
  const tab: TraceTab = search.tab ?? 'units';
  const { counts } = trace;
  const passing = usePassing(id);
  useHotkey('Escape', panel.close, search.why !== undefined);
  if (!counts) return <Empty title={text.trace.noCounts} />;
  const tabs: [TraceTab, string, number | null][] = [
    ['units', text.trace.tabs.units, counts.affected],
    ['graph', text.trace.tabs.graph, null],
    ['customers', text.trace.tabs.customers, counts.byCustomer.length],
    ['excluded', text.trace.tabs.excluded, sum(counts.excluded)],
    ['gaps', text.trace.tabs.gaps, sum(counts.gaps)],
    ['compare', text.trace.tabs.compare, null],
  ];
  return (
    <>
      <Completeness trace={trace} />
      <Tiles counts={counts} />
      <div className={`trace-grid${search.why ? ' with-why' : ''}`}>
        <Facets counts={counts} />
        <Tabs
          value={tab}
          onChange={(next) =>
            void navigate({ search: (was) => ({ ...was, tab: next === 'units' ? undefined : (next as TraceTab) }) })
          }
          className="panel trace-main"
          keepMounted={false}
        >
          <Tabs.List aria-label={text.trace.lists}>
            {tabs.map(([key, label, n]) => (
              <Tabs.Tab key={key} value={key}>
                {label}{' '}
                {n === null ? null : (
                  <span className="tab-count">
                    {key === 'units' && passing !== null ? text.ofTotal(count(passing), count(n)) : count(n)}
                  </span>
                )}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="units">
            <UnitsTab trace={trace} />
          </Tabs.Panel>
          <Tabs.Panel value="graph">
            <Suspense fallback={<Loading />}>
              <GraphTab id={id} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="customers">
            <CustomersTab id={id} />
          </Tabs.Panel>
          <Tabs.Panel value="excluded">
            <ExcludedTab trace={trace} />
          </Tabs.Panel>
          <Tabs.Panel value="gaps">
            <GapsTab trace={trace} />
          </Tabs.Panel>
          <Tabs.Panel value="compare">
            <CompareTab trace={trace} />
          </Tabs.Panel>
        </Tabs>
        {search.why ? <WhyPanel trace={trace} unit={search.why} /> : null}
      </div>
    </>
  );
}

export function TracePage() {
  const { trace: id } = route.useParams();
  const { can } = useSession();
  const query = useTrace(id);
  const trace = query.data;
  useTitle(trace ? questionTitle(trace.question) : text.trace.title);
  if (query.isPending) return <Loading />;
  if (!trace) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/traces">{text.traces.title}</Link> <StatusMark status={trace.status} />
          </>
        }
        title={questionTitle(trace.question)}
        below={<Asked trace={trace} />}
      >
        {trace.status === 'done' && can('reports:read') ? (
          <Button component={Link} to="/traces/$trace/report" params={{ trace: id } as never} size="sm">
            {text.trace.report}
          </Button>
        ) : null}
        {trace.status === 'done' ? <AskAgain trace={trace} /> : null}
        {can('traces:run') && finished(trace.status) ? (
          <Button
            component={Link}
            to="/traces/new"
            search={asForm(trace.question) as never}
            size="sm"
            variant="default"
          >
            {text.trace.again}
          </Button>
        ) : null}
      </PageHead>
      {finished(trace.status) ? null : <Running trace={trace} />}
      {trace.status === 'failed' ? (
        <ErrorBox error={new Error(trace.error?.message ?? text.trace.failedWhy)} title={text.trace.failed} />
      ) : null}
      {trace.status === 'cancelled' ? <Empty title={text.trace.cancelled}>{text.trace.cancelledWhy}</Empty> : null}
      {trace.status === 'done' ? <Result trace={trace} id={id} /> : null}
    </>
  );
}
