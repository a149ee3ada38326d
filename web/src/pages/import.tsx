import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '~/app/session';
import { api } from '~/api/client';
import { useImport } from '~/api/live';
import { finished, importQuery, queryClient, refusedQuery } from '~/api/queries';
import type { RefusedRow } from '~/api/types';
import { count } from '~/kit/amount';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { Glyph, StatusMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, Notice, PageHead, saveAs, Section, useTitle } from '~/kit/page';
import { ProgressLine } from '~/kit/progress';
import { Time } from '~/kit/time';
import { Mend, TriedOnly } from './imports/after';
import { text } from '~/text';

const route = getRouteApi('/app/imports/$import');

const columns: Column<RefusedRow>[] = [
  { id: 'file', header: text.imports.file, width: 150, cell: (row) => row.file },
  { id: 'row', header: text.col.row, width: 80, align: 'right', cell: (row) => count(row.row) },
  { id: 'column', header: text.col.column, width: 140, cell: (row) => row.column },
  { id: 'code', header: text.col.code, width: 190, cell: (row) => <span className="code">{row.code}</span> },
  { id: 'message', header: text.col.todo, width: 560, cell: (row) => <span title={row.message}>{row.message}</span> },
];

function Refused({ id, n }: { id: string; n: number }) {
  const query = useInfiniteQuery(refusedQuery(id));
  const [problem, setProblem] = useState<unknown>(null);
  const download = async (): Promise<void> => {
    setProblem(null);
    try {
      await saveAs(await api.refusedFile(id), `import-${id}-refused.csv`);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Section
      title={text.imports.refusedTitle(n)}
      aside={
        <Button variant="default" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => void download()}>
          {text.imports.download}
        </Button>
      }
    >
      {problem ? <ErrorBox error={problem} /> : null}
      <DataTable
        id={`refused-${id}`}
        label={text.imports.refusedTitle(n)}
        columns={columns}
        source={useRows('refused', query, n)}
        rowKey={(row) => `${row.file} ${row.row} ${row.column ?? ''} ${row.code} ${row.message}`}
        empty={<Empty title={text.imports.noneRefused} />}
      />
    </Section>
  );
}

export function ImportPage() {
  const { import: id } = route.useParams();
  const { can } = useSession();
  const query = useImport(id);
  const job = query.data;
  const [problem, setProblem] = useState<unknown>(null);
  useTitle(job ? job.name : text.imports.title);
  if (query.isPending) return <Loading />;
  if (!job) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const running = !finished(job.status);
  const cancel = async (): Promise<void> => {
    try {
      await api.cancelImport(id);
      await queryClient.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true });
    } catch (cause) {
      setProblem(cause);
    }
  };
  const failure = typeof job.error === 'string' ? job.error : job.error?.message;
  const tiles = [
    ['accepted', job.counts.accepted, 'check', 'ok'],
    ['duplicates', job.counts.duplicates, 'dash', 'quiet'],
    ['refused', job.counts.refused, 'triangle', 'warn'],
  ] as const;
  return (
    <>
      <PageHead
        over={
          <>
            <Link to="/imports">{text.imports.title}</Link> <StatusMark status={job.status} />
          </>
        }
        title={job.name}
        below={
          job.createdAt ? (
            <p className="asked-meta dim">
              {job.createdBy} · <Time at={job.createdAt} short />
            </p>
          ) : null
        }
      >
        {running && can('imports:run') ? (
          <Button variant="default" size="sm" onClick={() => void cancel()}>
            {text.imports.cancel}
          </Button>
        ) : null}
      </PageHead>
      {problem ? <ErrorBox error={problem} /> : null}
      {running ? (
        <div className="running panel" data-testid="progress">
          <ProgressLine
            label={text.imports.progress}
            progress={
              job.progress
                ? {
                    stage:
                      [text.map.stages[job.progress.stage ?? ''], job.progress.file].filter(Boolean).join(' · ') ||
                      text.jobs.import,
                    done: job.progress.done,
                    total: job.progress.total,
                  }
                : null
            }
          />
        </div>
      ) : null}
      {job.dryRun ? <TriedOnly job={job} /> : null}
      {failure ? <ErrorBox error={new Error(failure)} title={text.imports.failed} /> : null}
      <div className="tiles">
        {tiles.map(([key, n, shape, tone]) => (
          <div key={key} className="tile" data-tile={key}>
            <span className="tile-value">{count(n)}</span>
            <span className="tile-label">
              <Glyph shape={shape} tone={tone} /> {text.imports.columns[key]}
            </span>
          </div>
        ))}
      </div>
      {job.notices.length > 0 ? (
        <Notice tone="plain" title={text.imports.notices}>
          <ul className="rows">
            {job.notices.map((notice, index) => (
              <li key={index}>{typeof notice === 'string' ? notice : notice.message}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
      {job.counts.refused > 0 && !running && !job.dryRun ? <Mend job={job} /> : null}
      {job.counts.refused > 0 ? <Refused id={id} n={job.counts.refusedRows ?? job.counts.refused} /> : null}
      {job.counts.refused === 0 && job.status === 'done' ? (
        <Empty title={text.imports.noneRefused}>{job.dryRun ? text.map.allGood : text.imports.allTaken}</Empty>
      ) : null}
    </>
  );
}
