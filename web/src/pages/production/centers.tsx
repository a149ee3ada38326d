/** Work centres: where each is, how many feeders and vessels it has, and what is loaded there now. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { centerListQuery, type WorkCenter } from '~/api/production';
import { useSession } from '~/app/session';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { codeOf } from '~/kit/unit';
import { text } from '~/text';
import { CenterForm } from './center-form';

const words = text.production.centers;
const route = getRouteApi('/app/work-centers');

const columns: Column<WorkCenter>[] = [
  {
    id: 'workCenter',
    header: text.production.workCenter,
    width: 150,
    cell: (row) => (
      <Link to="/work-centers/$center" params={{ center: row.workCenter }} className="code">
        {row.workCenter}
      </Link>
    ),
  },
  { id: 'name', header: text.col.name, width: 220, cell: (row) => row.name },
  {
    id: 'place',
    header: text.production.place,
    width: 150,
    cell: (row) =>
      row.place === null ? <span className="dim">{text.none}</span> : <span className="code">{row.place}</span>,
  },
  { id: 'runs', header: words.runs, width: 170, align: 'right', cell: (row) => row.runs.length },
  {
    id: 'loaded',
    header: words.loadedNow,
    width: 340,
    cell: (row) =>
      row.runs.flatMap((run) => run.loads.map((load) => `${load.unit.item} ${codeOf(load.unit)}`)).join(', '),
  },
  { id: 'takes', header: words.takes, width: 200, cell: (row) => (row.takesRuns ? words.takesYes : words.takesNo) },
];

export function CentersPage() {
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const editing = (open: boolean): void =>
    void navigate({ search: open ? { edit: 'new' as const } : {}, replace: true });
  return (
    <>
      <ListPage
        id="work-centers"
        title={words.title}
        actions={can('work:plan') ? <Button onClick={() => editing(true)}>{words.add}</Button> : null}
        columns={columns}
        rowKey={(row) => row.workCenter}
        query={useInfiniteQuery(centerListQuery)}
        empty={<Empty title={words.none}>{words.noneWhy}</Empty>}
      />
      {edit === 'new' && can('work:plan') ? <CenterForm onClose={() => editing(false)} /> : null}
    </>
  );
}
