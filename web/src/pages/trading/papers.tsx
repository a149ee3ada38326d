/** Certificates and other papers: kept with their hash, downloaded as they came. */
import { FileButton, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { keepPaper, type Paper, paperAddress, unitPapersQuery } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { newId } from '~/floor/work';
import { Empty, ErrorBox, Loading } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';

const words = text.trade.papers;
export const ACCEPTED = '.pdf,.png,.jpg,.jpeg,.csv,.xml,.txt';

export function PapersTable({ papers }: { papers: Paper[] }) {
  return (
    <PlainTable
      columns={[
        {
          header: words.name,
          cell: (paper) => (
            <a href={paperAddress(paper.file)} download={paper.name}>
              {paper.name}
            </a>
          ),
        },
        { header: words.kind, cell: (paper) => words.kinds[paper.kind] ?? paper.kind },
        { header: words.size, align: 'right', cell: (paper) => words.bytes(paper.sizeBytes) },
        {
          header: 'SHA-256',
          cell: (paper) => (
            <span className="code" title={paper.sha256}>
              {paper.sha256.slice(0, 12)}…
            </span>
          ),
        },
        { header: text.trade.at, cell: (paper) => <Time at={paper.at} /> },
        { header: text.trade.by, cell: (paper) => paper.by },
      ]}
      rows={papers}
      rowKey={(paper) => paper.file}
    />
  );
}

/** The papers of a unit, and a way to add one. */
export function UnitPapers({ unit }: { unit: string }) {
  const query = useQuery(unitPapersQuery(unit));
  const { can } = useSession();
  const [error, setError] = useState<unknown>(null);
  const add = async (file: File | null): Promise<void> => {
    if (!file) return;
    setError(null);
    try {
      await keepPaper(newId(), file, { unit });
      await queryClient.invalidateQueries({ queryKey: unitPapersQuery(unit).queryKey });
    } catch (cause) {
      setError(cause);
    }
  };
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} />;
  return (
    <div className="tab-body">
      {query.data.data.length === 0 ? (
        <Empty title={words.none}>{words.noneWhy}</Empty>
      ) : (
        <PapersTable papers={query.data.data} />
      )}
      {can('work:do') ? (
        <FileButton accept={ACCEPTED} onChange={(file) => void add(file)} inputProps={{ 'aria-label': words.add }}>
          {(props) => (
            <Button {...props} variant="default" mt="sm">
              {words.add}
            </Button>
          )}
        </FileButton>
      ) : null}
      {error ? <ErrorBox error={error} /> : null}
    </div>
  );
}
