/** What follows an import: a trial becomes the real one, and refused rows are mended and sent again. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useSession } from '~/app/session';
import { importKept, refusedFilesQuery, refusedOf, sendMended } from '~/api/imports';
import { finished } from '~/api/queries';
import type { ImportJob } from '~/api/types';
import { StatusMark } from '~/kit/marks';
import { ErrorBox, Notice, saveAs, Section } from '~/kit/page';
import { text } from '~/text';
import './imports.css';

export function TriedOnly({ job }: { job: ImportJob }) {
  const navigate = useNavigate();
  const { can } = useSession();
  const [problem, setProblem] = useState<unknown>(null);
  const { upload } = job;
  const bringIn = async (): Promise<void> => {
    if (!upload) return;
    try {
      const { id } = await importKept(upload, { mapping: job.mappings ?? [], dryRun: false });
      await navigate({ to: '/imports/$import', params: { import: id } });
    } catch (cause) {
      setProblem(cause);
    }
  };
  return (
    <>
      <Notice tone="plain" title={text.map.tried} id="tried">
        {text.map.triedWhy}
        {upload && finished(job.status) && can('imports:run') ? (
          <p>
            <Button size="sm" onClick={() => void bringIn()}>
              {text.map.forReal}
            </Button>{' '}
            <Link to="/imports/look/$upload" params={{ upload }} search={{}}>
              {text.map.title(job.name)}
            </Link>
          </p>
        ) : null}
      </Notice>
      {problem ? <ErrorBox error={problem} /> : null}
    </>
  );
}

export function Mend({ job }: { job: ImportJob }) {
  const navigate = useNavigate();
  const { can } = useSession();
  const files = useQuery(refusedFilesQuery(job.id));
  const field = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const attempt = (work: Promise<unknown>): void => void work.catch(setProblem);
  const send = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const { id } = await sendMended(file, job.id);
    await navigate({ to: '/imports/$import', params: { import: id } });
  };
  const fileName = (file: string) => (/\.\w+$/.test(file) ? file : `${file}.csv`);
  return (
    <Section title={text.map.mend}>
      <p className="dim">{text.map.mendWhy}</p>
      <div className="mend">
        {files.data?.map(({ file, rows }) => (
          <Button
            key={file}
            variant="default"
            size="sm"
            onClick={() => attempt(refusedOf(job.id, file).then((response) => saveAs(response, fileName(file))))}
          >
            {text.map.mendDownload(file, rows)}
          </Button>
        ))}
        {can('imports:run') ? (
          <>
            <input
              ref={field}
              type="file"
              className="sr-only"
              aria-label={text.map.mendLabel}
              tabIndex={-1}
              onChange={(event) => attempt(send(event.currentTarget.files?.[0]))}
            />
            <Button size="sm" onClick={() => field.current?.click()}>
              {text.map.mendSend}
            </Button>
          </>
        ) : null}
      </div>
      {job.mendedBy && job.mendedBy.length > 0 ? (
        <p>
          {text.map.mendedBy}:{' '}
          {job.mendedBy.map((one) => (
            <span key={one.id} className="mend-again">
              <Link to="/imports/$import" params={{ import: one.id }}>
                {one.name}
              </Link>{' '}
              <StatusMark status={one.status} />
            </span>
          ))}
        </p>
      ) : null}
      {problem ? <ErrorBox error={problem} /> : null}
    </Section>
  );
}
