/** Whether the record is as it was sealed: the newest root, the last verification, and what it found. */
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type Finding, integrityQuery, type IntegrityRun, startVerification } from '~/api/integrity';
import { queryClient } from '~/api/queries';
import { count } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { Empty, ErrorBox, Facts, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { ProgressLine } from '~/kit/progress';
import { Time } from '~/kit/time';
import { text } from '~/text';
import './integrity.css';

const words = text.integrity;

function Findings({ run }: { run: IntegrityRun }) {
  if (run.findings.length === 0) return null;
  const all = run.findingCount ?? run.findings.length;
  return (
    <div className="integrity-findings" role="region" tabIndex={0} aria-label={words.findings}>
      <table className="plain">
        <caption className="dim small">
          {all > run.findings.length ? words.more(run.findings.length, all) : words.findings}
        </caption>
        <thead>
          <tr>
            {Object.values(words.col).map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {run.findings.map((finding, at) => (
            <Row key={at} finding={finding} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ finding: f }: { finding: Finding }) {
  return (
    <tr title={f.message}>
      <td>
        <span className="mark">
          <Glyph shape="cross" tone="act" /> {words.kind[f.kind] ?? f.kind}
        </span>
      </td>
      <td>{f.table ?? text.none}</td>
      <td>{[f.id, f.name].filter(Boolean).join(' ') || f.message}</td>
      <td>{f.position === null ? text.none : count(f.position)}</td>
      <td>{f.recordedAt ? <Time at={f.recordedAt} /> : text.none}</td>
      <td>{f.actor ?? text.none}</td>
    </tr>
  );
}

function Last({ run }: { run: IntegrityRun }) {
  return (
    <>
      {run.status === 'failed' ? (
        <Notice tone="warn" title={words.failed}>
          {run.error?.message}
        </Notice>
      ) : run.ok ? (
        <p className="mark" data-testid="verdict">
          <Glyph shape="check" tone="ok" /> {words.whole}. {words.wholeOf(run.rows ?? 0)}.
        </p>
      ) : (
        <Notice tone="act" title={words.broken(run.findingCount ?? 0)} id="verdict">
          {words.brokenWhy}
        </Notice>
      )}
      <Facts
        rows={[
          [words.position, run.ledgerPosition === null ? text.none : count(run.ledgerPosition)],
          [words.ended, run.finishedAt ? <Time key="at" at={run.finishedAt} /> : text.none],
          [words.by, run.createdBy],
        ]}
      />
      <Findings run={run} />
    </>
  );
}

export function IntegrityPage() {
  useTitle(words.title);
  const query = useQuery(integrityQuery);
  const start = useMutation({
    mutationFn: startVerification,
    onSettled: () => queryClient.invalidateQueries({ queryKey: integrityQuery.queryKey }),
  });
  const { data } = query;
  const open = data?.open ?? null;
  return (
    <>
      <PageHead title={words.title}>
        <Button loading={start.isPending} disabled={open !== null || !data} onClick={() => start.mutate()}>
          {words.start}
        </Button>
      </PageHead>
      <p className="dim lead">{words.what}</p>
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {start.error ? <ErrorBox error={start.error} /> : null}
      {data ? (
        <>
          <Section title={words.last}>
            {open ? (
              <div className="running" data-testid="progress">
                <ProgressLine label={words.running} progress={open.progress} />
              </div>
            ) : null}
            {data.last ? <Last run={data.last} /> : open ? null : <Empty title={words.never}>{words.neverWhy}</Empty>}
          </Section>
          <Section title={words.root}>
            {data.root.position === 0 ? (
              <Empty title={words.nothingSealed}>{words.nothingSealedWhy}</Empty>
            ) : (
              <Facts
                rows={[
                  [words.position, count(data.root.position)],
                  [words.ledgerHash, hash(data.root.ledgerHash)],
                  [words.auditPosition, count(data.root.auditPosition)],
                  [words.auditHash, hash(data.root.auditHash)],
                  [words.sealedAt, data.root.sealedAt ? <Time key="at" at={data.root.sealedAt} /> : text.none],
                  [words.waiting, words.waitingOf(data.pending.batches, data.pending.lines)],
                ]}
              />
            )}
            <p className="dim small">{words.rootWhy}</p>
          </Section>
        </>
      ) : null}
    </>
  );
}

function hash(hex: string) {
  return <span className="integrity-hash">{hex === '' ? text.none : hex}</span>;
}
