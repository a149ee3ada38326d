/** All that the record cannot tell, by kind, age and place; and for each what would close it. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { gapCountsQuery, gapsQuery, type OpenGap } from '~/api/records';
import { useSession } from '~/app/session';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { Find } from '~/kit/find';
import { GapMark } from '~/kit/marks';
import { Empty, ErrorBox, PageHead, useTitle } from '~/kit/page';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import './records.css';

const route = getRouteApi('/app/gaps');
const words = text.recordsMore.gaps;
const kindWord = (kind: string): string => text.gap[kind] ?? kind;

const columns: Column<OpenGap>[] = [
  { id: 'kind', header: words.col.kind, width: 210, cell: (row) => <GapMark word={kindWord(row.kind)} /> },
  { id: 'unit', header: words.col.unit, width: 210, cell: (row) => <UnitLink id={row.unit.id} unit={row.unit.unit} /> },
  {
    id: 'message',
    header: words.col.message,
    width: 380,
    cell: (row) => <span title={row.message}>{row.message}</span>,
  },
  { id: 'place', header: words.col.place, width: 110, cell: (row) => <span className="code">{row.place}</span> },
  { id: 'age', header: words.col.age, width: 80, align: 'right', cell: (row) => words.days(row.ageDays) },
  { id: 'closes', header: words.closes, width: 420, cell: (row) => <Closes gap={row} /> },
];

function Closes({ gap }: { gap: OpenGap }) {
  const { can } = useSession();
  return (
    <span className="gap-closes">
      {can('events:write') && gap.closes.event ? (
        <Link to="/events/new" search={{ event: gap.closes.event }}>
          {words.record}
        </Link>
      ) : null}
      {can('events:write') && gap.event ? (
        <Link to="/events/$event" params={{ event: gap.event.id }}>
          {words.correct}
        </Link>
      ) : null}
      <span className="dim" title={gap.closes.say}>
        {gap.closes.say}
      </span>
    </span>
  );
}

export function GapsPage() {
  useTitle(words.title);
  const { order, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const counts = useQuery(gapCountsQuery(filters));
  const all = useQuery(gapCountsQuery({}));
  const query = useInfiniteQuery(gapsQuery(filters, order));
  const source = useRows(`gaps ${JSON.stringify(filters)} ${order ?? ''}`, query, counts.data?.total);
  const behind = Math.max(counts.data?.behind ?? 0, query.data?.pages[0]?.behind ?? 0);
  const filtered = Object.keys(filters).length > 0;
  const set = (change: Partial<typeof filters & { order: 'newest' | undefined }>): void =>
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  return (
    <>
      <PageHead title={words.title} below={<p className="dim">{words.what}</p>} />
      {counts.error ? <ErrorBox error={counts.error} /> : null}
      <div className="panel">
        <div className="filter-bar">
          <Find q={filters.q ?? ''} label={words.find} onFind={(q) => set({ q: q === '' ? undefined : q })} />
          <NativeSelect
            aria-label={words.kind}
            value={filters.kind ?? ''}
            onChange={(event) => set({ kind: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.anyKind },
              ...(all.data?.byKind ?? []).map((one) => ({
                value: one.kind,
                label: `${kindWord(one.kind)} (${one.count})`,
              })),
            ]}
          />
          <NativeSelect
            aria-label={words.place}
            value={filters.place ?? ''}
            onChange={(event) => set({ place: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.anyPlace },
              ...(all.data?.byPlace ?? []).flatMap((one) =>
                one.place === null ? [] : [{ value: one.place, label: `${one.place} (${one.count})` }],
              ),
            ]}
          />
          <NativeSelect
            aria-label={words.age}
            value={filters.olderThan ?? ''}
            onChange={(event) => set({ olderThan: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.anyAge },
              ...Object.entries(words.ages).map(([value, label]) => ({ value, label })),
            ]}
          />
          <NativeSelect
            aria-label={words.order}
            value={order ?? ''}
            onChange={(event) => set({ order: event.currentTarget.value === 'newest' ? 'newest' : undefined })}
            data={[
              { value: '', label: words.oldest },
              { value: 'newest', label: words.newest },
            ]}
          />
          <span className="filter-end">
            {counts.data ? <strong data-testid="gap-total">{words.total(counts.data.total)}</strong> : null}
            {behind > 0 ? <span className="dim">{words.behind(behind)}</span> : null}
            {filtered ? (
              <Button variant="subtle" onClick={() => void navigate({ search: {}, replace: true })}>
                {text.recordsMore.search.clear}
              </Button>
            ) : null}
          </span>
        </div>
        <DataTable
          id="gaps"
          label={words.title}
          columns={columns}
          source={source}
          rowKey={(row) => row.id}
          empty={
            behind > 0 ? (
              <Empty title={words.noneYet}>{words.noneYetWhy}</Empty>
            ) : filtered ? (
              <Empty title={words.noneFound}>{words.noneFoundWhy}</Empty>
            ) : (
              <Empty title={words.none}>{words.noneWhy}</Empty>
            )
          }
        />
      </div>
    </>
  );
}
