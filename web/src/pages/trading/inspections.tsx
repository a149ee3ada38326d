/** What came in and waits for its inspection: work to do, the oldest first. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { inspectionsQuery, type Waiting } from '~/api/trade';
import { useSession } from '~/app/session';
import { Amount } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const words = text.trade.inspect;
const route = getRouteApi('/app/inspections');

const columns: Column<Waiting>[] = [
  { id: 'unit', header: text.col.unit, width: 240, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  { id: 'missing', header: words.missing, width: 240, cell: (row) => row.missing.map((one) => one.name).join(', ') },
  { id: 'since', header: words.since, width: 170, cell: (row) => <Time at={row.since} short /> },
  { id: 'place', header: text.trade.place, width: 130, cell: (row) => <span className="code">{row.place}</span> },
  {
    id: 'quantity',
    header: text.trade.quantity,
    width: 120,
    align: 'right',
    cell: (row) => <Amount quantity={row.quantity} />,
  },
  {
    id: 'receipt',
    header: text.trade.receive.receipt,
    width: 140,
    cell: (row) => (
      <Link to="/receipts/$receipt" params={{ receipt: row.receipt }} className="code">
        {row.receipt}
      </Link>
    ),
  },
  {
    id: 'supplier',
    header: text.trade.receive.supplier,
    width: 130,
    cell: (row) =>
      row.supplier ? (
        <Link to="/partners/$partner" params={{ partner: row.supplier }} className="code">
          {row.supplier}
        </Link>
      ) : null,
  },
];

const work: Column<Waiting> = {
  id: 'work',
  header: words.work,
  width: 100,
  cell: (row) => (
    <Link to="/floor/inspect" search={row.unit}>
      {words.work}
    </Link>
  ),
};

export function InspectionsPage() {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  return (
    <ListPage
      id="inspections"
      title={text.trade.nav.inspections}
      actions={
        can('work:do') ? (
          <Button component={Link} to="/floor/inspect">
            {words.work}
          </Button>
        ) : null
      }
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={can('work:do') ? [...columns, work] : columns}
      rowKey={(row) => `${row.id} ${row.receipt}`}
      query={useInfiniteQuery(inspectionsQuery(q ? { q } : {}))}
      empty={
        q ? (
          <Empty title={text.trade.notFound}>{text.trade.notFoundWhy}</Empty>
        ) : (
          <Empty title={words.none}>{words.noneWhy}</Empty>
        )
      }
    />
  );
}
