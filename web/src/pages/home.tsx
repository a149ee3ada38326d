/** What needs attention first, then what was done last. What the product cannot do yet is not shown. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSession } from '~/app/session';
import { blastQuery, doneRun, finished, recentImportsQuery, recentTracesQuery, worstLotsQuery } from '~/api/queries';
import type { ImportJob, Trace } from '~/api/types';
import { count } from '~/kit/amount';
import { CompleteMark, GapMark, StatusMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, PageHead, Section, useTitle } from '~/kit/page';
import { questionTitle } from '~/kit/question';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const SHOWN = 8;
const LOTS_SHOWN = 5;

type Attention = { key: string; mark: string; node: React.ReactNode };

function attention(traces: Trace[], imports: ImportJob[]): Attention[] {
  const found: Attention[] = [];
  for (const job of imports) {
    if (job.status === 'failed' || job.counts.refused > 0) {
      const mark = job.status === 'failed' ? text.home.importFailed : text.home.importRefused(job.counts.refused);
      found.push({
        key: `import ${job.id}`,
        mark,
        node: (
          <Link to="/imports/$import" params={{ import: job.id }}>
            {job.name}
          </Link>
        ),
      });
    }
  }
  for (const trace of traces) {
    if (trace.status === 'failed' || (trace.status === 'done' && trace.complete === false)) {
      found.push({
        key: `trace ${trace.id}`,
        mark: trace.status === 'failed' ? text.home.traceFailed : text.trace.incomplete,
        node: (
          <Link
            to="/traces/$trace"
            params={{ trace: trace.id }}
            {...(trace.status === 'done' ? { search: { tab: 'gaps' as const } } : {})}
          >
            {questionTitle(trace.question)}
          </Link>
        ),
      });
    }
  }
  return found;
}

/** Where a recall would hurt most, before there is one. */
function WorstLots() {
  const run = useQuery(blastQuery);
  const lots = useQuery({ ...worstLotsQuery(doneRun(run.data), LOTS_SHOWN), enabled: run.data !== undefined });
  // A plant that cannot answer this yet is no news on the home page.
  if (!lots.data) return null;
  return (
    <Section title={text.home.blast} aside={<Link to="/blast-radius">{text.home.all}</Link>}>
      {lots.data.data.length === 0 ? (
        <Empty title={run.data?.status === 'done' ? text.blast.noLots : text.blast.never}>
          {run.data?.status === 'done' ? text.blast.noLotsWhy : text.blast.neverWhy}
        </Empty>
      ) : null}
      <ol className="rows">
        {lots.data.data.slice(0, LOTS_SHOWN).map((lot) => (
          <li key={lot.id}>
            <UnitLink id={lot.id} unit={lot.unit} />
            <span className="num">{text.blast.touches(lot.finished, lot.customers)}</span>
          </li>
        ))}
      </ol>
      {run.data?.at && lots.data.data.length > 0 ? (
        <p className="dim small">
          {text.blast.asOf} <Time at={run.data.at} short />
        </p>
      ) : null}
    </Section>
  );
}

export function HomePage() {
  useTitle(text.home.title);
  const { can } = useSession();
  const traces = useQuery({ ...recentTracesQuery, enabled: can('traces:read') });
  const imports = useQuery({ ...recentImportsQuery, enabled: can('imports:read') });
  const todo = attention(traces.data?.data.slice(0, SHOWN) ?? [], imports.data?.data.slice(0, SHOWN) ?? []);
  return (
    <>
      <PageHead title={text.home.title}>
        {can('traces:run') ? (
          <Button component={Link} to="/traces/new" size="sm">
            {text.trace.new}
          </Button>
        ) : null}
      </PageHead>
      <div className="home-grid">
        {todo.length > 0 ? (
          <Section title={text.home.attention}>
            <ul className="rows">
              {todo.map((one) => (
                <li key={one.key}>
                  <GapMark word={one.mark} />
                  {one.node}
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
        {can('traces:read') ? (
          <Section title={text.home.traces} aside={<Link to="/traces">{text.home.all}</Link>}>
            {traces.error ? <ErrorBox error={traces.error} retry={() => void traces.refetch()} /> : null}
            {traces.isPending ? <Loading /> : null}
            {traces.data?.data.length === 0 ? <Empty title={text.traces.none}>{text.traces.noneWhy}</Empty> : null}
            <ul className="rows">
              {traces.data?.data.slice(0, SHOWN).map((trace) => (
                <li key={trace.id}>
                  <StatusMark status={trace.status} />
                  <Link to="/traces/$trace" params={{ trace: trace.id }}>
                    {questionTitle(trace.question)}
                  </Link>
                  {trace.counts ? (
                    <span className="num">{text.trace.affectedCount(count(trace.counts.affected))}</span>
                  ) : null}
                  {finished(trace.status) && trace.complete !== null ? (
                    <CompleteMark complete={trace.complete} />
                  ) : null}
                  <span className="dim">
                    <Time at={trace.createdAt} short />
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
        {can('traces:read') ? <WorstLots /> : null}
        {can('imports:read') ? (
          <Section title={text.home.imports} aside={<Link to="/imports">{text.home.all}</Link>}>
            {imports.error ? <ErrorBox error={imports.error} retry={() => void imports.refetch()} /> : null}
            {imports.isPending ? <Loading /> : null}
            {imports.data?.data.length === 0 ? <Empty title={text.imports.none}>{text.imports.noneWhy}</Empty> : null}
            <ul className="rows">
              {imports.data?.data.slice(0, SHOWN).map((job) => (
                <li key={job.id}>
                  <StatusMark status={job.status} />
                  <Link to="/imports/$import" params={{ import: job.id }}>
                    {job.name}
                  </Link>
                  <span className="num">{text.imports.accepted(count(job.counts.accepted))}</span>
                  {job.createdAt ? (
                    <span className="dim">
                      <Time at={job.createdAt} short />
                    </span>
                  ) : null}
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
      </div>
    </>
  );
}
