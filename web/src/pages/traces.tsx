import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSession } from '~/app/session';
import { tracesQuery } from '~/api/queries';
import type { Trace } from '~/api/types';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { CompleteMark, StatusMark } from '~/kit/marks';
import { Empty } from '~/kit/page';
import { questionTitle } from '~/kit/question';
import { Time } from '~/kit/time';
import { text } from '~/text';

const number = (value: number | undefined) => (value === undefined ? '' : count(value));
const sum = (counts: Record<string, number> | undefined): number | undefined =>
  counts ? Object.values(counts).reduce((a, b) => a + b, 0) : undefined;

const columns: Column<Trace>[] = [
  {
    id: 'question',
    header: text.traces.question,
    width: 380,
    cell: (trace) => (
      <Link to="/traces/$trace" params={{ trace: trace.id }}>
        {questionTitle(trace.question)}
      </Link>
    ),
  },
  { id: 'status', header: text.col.status, width: 110, cell: (trace) => <StatusMark status={trace.status} /> },
  {
    id: 'affected',
    header: text.counts.affected,
    width: 100,
    align: 'right',
    cell: (trace) => number(trace.counts?.affected),
  },
  {
    id: 'certain',
    header: text.certainty.certain,
    width: 90,
    align: 'right',
    cell: (trace) => number(trace.counts?.certain),
  },
  {
    id: 'possible',
    header: text.certainty.possible,
    width: 90,
    align: 'right',
    cell: (trace) => number(trace.counts?.possible),
  },
  {
    id: 'excluded',
    header: text.counts.excluded,
    width: 90,
    align: 'right',
    cell: (trace) => number(sum(trace.counts?.excluded)),
  },
  {
    id: 'complete',
    header: text.traces.record,
    width: 150,
    cell: (trace) =>
      trace.status === 'done' && trace.complete !== null ? <CompleteMark complete={trace.complete} /> : null,
  },
  {
    id: 'position',
    header: text.traces.position,
    width: 110,
    align: 'right',
    cell: (trace) => number(trace.ledgerPosition ?? undefined),
  },
  { id: 'by', header: text.col.by, width: 120, cell: (trace) => trace.createdBy },
  { id: 'at', header: text.col.at, width: 190, cell: (trace) => <Time at={trace.createdAt} short /> },
];

export function TracesPage() {
  const { can } = useSession();
  return (
    <ListPage
      id="traces"
      title={text.traces.title}
      actions={
        can('traces:run') ? (
          <Button component={Link} to="/traces/new" size="sm">
            {text.trace.new}
          </Button>
        ) : null
      }
      columns={columns}
      rowKey={(trace) => trace.id}
      query={useInfiniteQuery(tracesQuery)}
      empty={<Empty title={text.traces.none}>{text.traces.noneWhy}</Empty>}
    />
  );
}
