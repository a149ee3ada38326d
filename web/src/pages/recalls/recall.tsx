/** A recall or drill: how far it is, its scope, what it has stopped, and who signed what. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  coverageQuery,
  isUnderWay,
  recallChanged,
  recallQuery,
  recallsApi,
  scopesQuery,
  type Recall,
  type ScopeVersion,
} from '~/api/recalls';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import { Empty, ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { Counts } from './counts';
import { DrillNotice, RecallPath } from './marks';
import { RulesSection, Told } from './rules';
import { SignDialog, type SignedVerb } from './sign-dialog';
import './recalls.css';

const route = getRouteApi('/app/recalls/$recall');
const words = text.recalls;
const SIGNED: readonly SignedVerb[] = ['approve', 'initiate', 'withdraw'];

export function RecallPage() {
  const { recall } = route.useParams();
  const query = useQuery(recallQuery(recall));
  const data = query.data;
  useTitle(data ? `${data.recall} ${data.title}` : recall);
  if (query.isPending) return <Loading />;
  if (query.error || !data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const runs = data.state !== 'draft' && data.state !== 'scoped' && data.state !== 'approved';
  return (
    <>
      <PageHead
        over={`${words.case.over(data.drill)} ${data.recall}`}
        title={data.title}
        below={<RecallPath state={data.state} />}
      >
        <Verbs data={data} />
      </PageHead>
      <DrillNotice drill={data.drill} />
      <Initiating data={data} />
      <Scope data={data} />
      {runs ? <Stopped recall={recall} /> : null}
      {data.verbs.some(({ verb }) => verb === 'scope') && !isUnderWay(data) ? <RulesSection recall={recall} /> : null}
      <Signatures data={data} />
      {data.scope ? <Versions recall={recall} version={data.scope.version} /> : null}
    </>
  );
}

function Verbs({ data }: { data: Recall }) {
  const { user } = useSession();
  const [open, setOpen] = useState<SignedVerb | null>(null);
  const own = data.fourEyes && data.scope?.createdBy === `user:${user?.username ?? ''}`;
  const verbs = SIGNED.filter((verb) => data.verbs.some((one) => one.verb === verb));
  if (isUnderWay(data)) return null;
  return (
    <>
      {verbs.map((verb) => (
        <Button
          key={verb}
          size="sm"
          variant={verb === 'withdraw' ? 'default' : 'filled'}
          disabled={verb === 'approve' && own}
          title={verb === 'approve' && own ? words.sign.own : undefined}
          onClick={() => setOpen(verb)}
        >
          {words.sign[verb]}
        </Button>
      ))}
      {open ? (
        <SignDialog
          verb={open}
          recall={data}
          sign={async (body) => {
            await recallsApi.sign(data.recall, open, body);
            await recallChanged();
          }}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </>
  );
}

function Initiating({ data }: { data: Recall }) {
  const at = data.initiating;
  if (isUnderWay(data)) return <Loading label={words.case.underWay} />;
  if (at?.status === 'failed') return <Notice tone="act" title={words.case.failed} />;
  if (at?.status !== 'changed' || !at.changed || data.state !== 'approved') return null;
  return <Notice tone="act" title={words.case.changed(at.changed.added, at.changed.removed)} />;
}

function Scope({ data }: { data: Recall }) {
  const scope = data.scope;
  return (
    <Section title={words.case.scope}>
      {scope ? (
        <div className="recall-body" data-testid="scope">
          <p>
            {words.case.version(scope.version)} · {scope.reason} ·{' '}
            <Link to="/traces/$trace" params={{ trace: scope.trace }}>
              {words.case.trace}
            </Link>
          </p>
          <Counts counts={scope.counts} />
          <p className="dim small">
            {words.case.digest} <span className="code">{scope.digest}</span>
          </p>
          {scope.complete ? null : <Notice tone="warn" title={words.case.incomplete} />}
          <Told resolved={scope.resolved} />
        </div>
      ) : (
        <Empty title={words.case.noScope}>{words.case.noScopeWhy}</Empty>
      )}
    </Section>
  );
}

function Stopped({ recall }: { recall: string }) {
  const query = useQuery(coverageQuery(recall));
  const data = query.data;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (!data) return <Loading />;
  return (
    <Section title={words.coverage.title}>
      <div className="recall-body" data-testid="coverage">
        <Facts
          rows={[
            [words.coverage.percent, `${count(data.held)} / ${count(data.inHouse)} · ${data.percent} %`],
            [words.coverage.uncovered, count(data.uncovered)],
            [words.coverage.shipped, count(data.shipped)],
            [words.coverage.gone, count(data.gone)],
          ]}
        />
        {data.places.length > 0 ? (
          <PlainTable
            label={words.coverage.place}
            columns={[
              { header: words.coverage.place, cell: (row) => row.name ?? row.place ?? words.coverage.nowhere },
              { header: words.coverage.units, align: 'right', cell: (row) => count(row.units) },
              { header: words.coverage.held, align: 'right', cell: (row) => count(row.held) },
              { header: words.coverage.uncovered, align: 'right', cell: (row) => count(row.uncovered) },
            ]}
            rows={data.places}
            rowKey={(row) => row.place ?? ''}
          />
        ) : null}
      </div>
    </Section>
  );
}

function Signatures({ data }: { data: Recall }) {
  return (
    <Section title={words.case.signatures}>
      <div className="recall-body">
        {data.signatures.length === 0 ? <p className="dim">{words.case.noSignatures}</p> : null}
        <ul className="recall-list" aria-label={words.case.signatures}>
          {data.signatures.map((one) => (
            <li key={one.signature}>
              {one.name}: {one.meaning} {one.reason} · <Time at={one.at} short />
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

function Versions({ recall, version }: { recall: string; version: number }) {
  const query = useQuery(scopesQuery(recall, version));
  const rows: ScopeVersion[] = query.data?.data ?? [];
  return (
    <Section title={words.case.versions}>
      <PlainTable
        label={words.case.versions}
        columns={[
          { header: words.case.versions, cell: (row) => words.case.version(row.version) },
          { header: words.col.units, align: 'right', cell: (row) => count(row.counts.units ?? 0) },
          { header: words.sign.reason, cell: (row) => `${words.case.causes[row.cause]}: ${row.reason}` },
          { header: words.col.by, cell: (row) => row.createdBy.replace(/^(user|key|system):/, '') },
          { header: words.col.at, cell: (row) => <Time at={row.createdAt} short /> },
        ]}
        rows={rows}
        rowKey={(row) => row.version}
      />
    </Section>
  );
}
