/** Recalls and drills, the newest first. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { recallsQuery, recallStates, type RecallLine } from '~/api/recalls';
import { useSession } from '~/app/session';
import { count } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { RecallMark } from './marks';

const route = getRouteApi('/app/recalls');
const words = text.recalls;

const columns: Column<RecallLine>[] = [
  {
    id: 'case',
    header: words.col.case,
    width: 110,
    cell: (row) => (
      <Link to="/recalls/$recall" params={{ recall: row.recall }} className="code">
        {row.recall}
      </Link>
    ),
  },
  { id: 'title', header: words.col.title, width: 320, cell: (row) => row.title },
  { id: 'state', header: words.col.state, width: 180, cell: (row) => <RecallMark row={row} /> },
  { id: 'class', header: words.col.class, width: 80, cell: (row) => row.class },
  {
    id: 'units',
    header: words.col.units,
    width: 120,
    align: 'right',
    cell: (row) => (row.units === null ? null : count(row.units)),
  },
  { id: 'by', header: words.col.by, width: 140, cell: (row) => row.createdBy.replace(/^(user|key):/, '') },
  { id: 'at', header: words.col.at, width: 190, cell: (row) => <Time at={row.createdAt} short /> },
];

export function RecallsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const query = useInfiniteQuery(recallsQuery(search));
  const filtered = search.q !== undefined || search.state !== undefined || search.drill !== undefined;
  const show = (change: object): void => void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  return (
    <ListPage
      id="recalls"
      title={words.title}
      actions={
        can('recalls:prepare') ? (
          <Button component={Link} to="/recalls/new" size="sm">
            {words.open}
          </Button>
        ) : null
      }
      find={{ q: search.q ?? '', onFind: (q) => show({ q: q || undefined }) }}
      filters={
        <>
          <NativeSelect
            label={words.state}
            value={search.state ?? ''}
            onChange={(event) => show({ state: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.anyState },
              { value: 'open', label: words.openStates },
              ...recallStates.map((state) => ({ value: state, label: words.states[state] })),
            ]}
          />
          <NativeSelect
            label={words.kind}
            value={search.drill ?? ''}
            onChange={(event) => show({ drill: event.currentTarget.value || undefined })}
            data={[
              { value: '', label: words.anyKind },
              { value: 'false', label: words.recalls },
              { value: 'true', label: words.drills },
            ]}
          />
        </>
      }
      columns={columns}
      rowKey={(row) => row.recall}
      query={query}
      empty={
        filtered ? (
          <Empty title={words.noneFound}>{words.noneFoundWhy}</Empty>
        ) : (
          <Empty title={words.none}>{words.noneWhy}</Empty>
        )
      }
    />
  );
}
