/** Files come in here: chosen or dropped, sent as they are, and followed on their own page. */
import { Button } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState, type DragEvent } from 'react';
import { useSession } from '~/app/session';
import { api } from '~/api/client';
import { importsQuery, queryClient } from '~/api/queries';
import type { ImportJob } from '~/api/types';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { StatusMark } from '~/kit/marks';
import { Empty, ErrorBox, Loading, Section } from '~/kit/page';
import { Time } from '~/kit/time';
import { zip } from '~/kit/zip';
import { LookFirst } from './imports/look-first';
import { text } from '~/text';

const columns: Column<ImportJob>[] = [
  {
    id: 'name',
    header: text.imports.file,
    width: 300,
    cell: (job) => (
      <Link to="/imports/$import" params={{ import: job.id }}>
        {job.name}
      </Link>
    ),
  },
  { id: 'status', header: text.col.status, width: 120, cell: (job) => <StatusMark status={job.status} /> },
  {
    id: 'accepted',
    header: text.imports.columns.accepted,
    width: 110,
    align: 'right',
    cell: (job) => count(job.counts.accepted),
  },
  {
    id: 'duplicates',
    header: text.imports.columns.duplicates,
    width: 110,
    align: 'right',
    cell: (job) => count(job.counts.duplicates),
  },
  {
    id: 'refused',
    header: text.imports.columns.refused,
    width: 110,
    align: 'right',
    cell: (job) => count(job.counts.refused),
  },
  { id: 'by', header: text.col.by, width: 130, cell: (job) => job.createdBy },
  {
    id: 'at',
    header: text.col.at,
    width: 190,
    cell: (job) => (job.createdAt ? <Time at={job.createdAt} short /> : null),
  },
];

function Upload() {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const send = async (files: File[]): Promise<void> => {
    if (files.length === 0) return;
    setBusy(true);
    setError(null);
    try {
      const [only] = files;
      const { id } = await api.upload(
        files.length === 1 && only ? only : await zip(files, text.imports.zipName(files.length)),
      );
      void queryClient.invalidateQueries({ queryKey: ['imports'] });
      await navigate({ to: '/imports/$import', params: { import: id } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void send([...event.dataTransfer.files]);
  };
  return (
    <Section title={text.imports.upload}>
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input
          ref={field}
          type="file"
          className="sr-only"
          aria-label={text.imports.choose}
          tabIndex={-1}
          multiple
          accept=".csv,.xlsx,.xlsm,.zip,.ndjson,.jsonl"
          onChange={(event) => void send([...(event.currentTarget.files ?? [])])}
        />
        {busy ? (
          <Loading label={text.imports.sending} />
        ) : (
          <>
            <Button leftSection={<IconUpload size={14} aria-hidden />} size="sm" onClick={() => field.current?.click()}>
              {text.imports.choose}
            </Button>
            <p className="dim">{text.imports.what}</p>
            <LookFirst onError={setError} />
          </>
        )}
      </div>
      {error ? <ErrorBox error={error} title={text.imports.notTaken} /> : null}
    </Section>
  );
}

export function ImportsPage() {
  const { can } = useSession();
  return (
    <ListPage
      id="imports"
      title={text.imports.title}
      above={can('imports:run') ? <Upload /> : null}
      columns={columns}
      rowKey={(job) => job.id}
      query={useInfiniteQuery(importsQuery)}
      empty={<Empty title={text.imports.none}>{text.imports.noneWhy}</Empty>}
    />
  );
}
