/** What went out and what came back, the newest first. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReturnRow, returnsQuery, type ShipmentRow, shipmentsQuery } from '~/api/trade';
import { useSession } from '~/app/session';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';

const words = text.trade.ship;

const shipmentLink = (number: string) => (
  <Link to="/shipments/$shipment" params={{ shipment: number }} className="code">
    {number}
  </Link>
);
const partnerLink = (code: string | null) =>
  code ? (
    <Link to="/partners/$partner" params={{ partner: code }} className="code">
      {code}
    </Link>
  ) : null;

const columns: Column<ShipmentRow>[] = [
  { id: 'shipment', header: words.number, width: 160, cell: (row) => shipmentLink(row.shipment) },
  { id: 'customer', header: text.trade.partner.sales, width: 140, cell: (row) => partnerLink(row.customer) },
  {
    id: 'order',
    header: words.from,
    width: 140,
    cell: (row) =>
      row.salesOrder ? (
        <Link to="/orders/$kind/$order" params={{ kind: 'sales', order: row.salesOrder }} className="code">
          {row.salesOrder}
        </Link>
      ) : null,
  },
  { id: 'units', header: text.trade.units, width: 80, align: 'right', cell: (row) => row.units },
  {
    id: 'items',
    header: text.trade.items,
    width: 200,
    cell: (row) => <span className="code">{row.items.join(', ')}</span>,
  },
  {
    id: 'containers',
    header: words.containers,
    width: 200,
    cell: (row) => <span className="code">{row.containers.join(', ')}</span>,
  },
  { id: 'tracking', header: words.tracking, width: 150, cell: (row) => row.tracking },
  { id: 'at', header: text.trade.at, width: 170, cell: (row) => <Time at={row.at} short /> },
  {
    id: 'void',
    header: text.trade.note,
    width: 180,
    cell: (row) => (row.voided ? text.trade.voided(row.voided.reason) : row.note),
  },
];

const returnColumns: Column<ReturnRow>[] = [
  { id: 'return', header: text.trade.number, width: 140, cell: (row) => <span className="code">{row.return}</span> },
  { id: 'customer', header: text.trade.partner.sales, width: 140, cell: (row) => partnerLink(row.customer) },
  {
    id: 'shipment',
    header: text.trade.back.shipment,
    width: 150,
    cell: (row) => (row.shipment ? shipmentLink(row.shipment) : null),
  },
  {
    id: 'units',
    header: text.trade.units,
    width: 320,
    cell: (row) => row.units.slice(0, 3).map((one) => <UnitLink key={one.id} id={one.id} unit={one.unit} />),
  },
  { id: 'condition', header: text.trade.back.condition, width: 200, cell: (row) => row.condition },
  { id: 'place', header: text.trade.place, width: 120, cell: (row) => <span className="code">{row.place}</span> },
  { id: 'at', header: text.trade.at, width: 170, cell: (row) => <Time at={row.at} short /> },
];

const nothing = (q: string) =>
  q ? (
    <Empty title={text.trade.notFound}>{text.trade.notFoundWhy}</Empty>
  ) : (
    <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
  );

export function ShipmentsPage() {
  const route = getRouteApi('/app/shipments');
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  return (
    <ListPage
      id="shipments"
      title={text.trade.nav.shipments}
      actions={
        can('work:do') ? (
          <Button component={Link} to="/floor/ship">
            {words.work}
          </Button>
        ) : null
      }
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={columns}
      rowKey={(row) => row.shipment}
      query={useInfiniteQuery(shipmentsQuery(q ? { q } : {}))}
      empty={nothing(q)}
    />
  );
}

export function ReturnsPage() {
  const route = getRouteApi('/app/returns');
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  return (
    <ListPage
      id="returns"
      title={text.trade.nav.returns}
      actions={
        can('work:do') ? (
          <Button component={Link} to="/floor/return">
            {text.trade.back.work}
          </Button>
        ) : null
      }
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={returnColumns}
      rowKey={(row) => row.return}
      query={useInfiniteQuery(returnsQuery(q ? { q } : {}))}
      empty={nothing(q)}
    />
  );
}
