/** Receipts, the newest first. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ReceiptRow, receiptsQuery } from '~/api/trade';
import { useSession } from '~/app/session';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';

const words = text.trade.receive;
const route = getRouteApi('/app/receipts');

export const receiptColumns: Column<ReceiptRow>[] = [
  {
    id: 'receipt',
    header: words.receipt,
    width: 150,
    cell: (row) => (
      <Link to="/receipts/$receipt" params={{ receipt: row.receipt }} className="code">
        {row.receipt}
      </Link>
    ),
  },
  {
    id: 'order',
    header: words.order,
    width: 140,
    cell: (row) =>
      row.purchaseOrder ? (
        <Link to="/orders/$kind/$order" params={{ kind: 'purchase', order: row.purchaseOrder }} className="code">
          {row.purchaseOrder}
        </Link>
      ) : (
        row.reason
      ),
  },
  {
    id: 'supplier',
    header: words.supplier,
    width: 130,
    cell: (row) =>
      row.supplier ? (
        <Link to="/partners/$partner" params={{ partner: row.supplier }} className="code">
          {row.supplier}
        </Link>
      ) : null,
  },
  {
    id: 'items',
    header: text.trade.items,
    width: 200,
    cell: (row) => <span className="code">{row.items.join(', ')}</span>,
  },
  { id: 'units', header: text.trade.units, width: 80, align: 'right', cell: (row) => row.units },
  { id: 'held', header: words.held, width: 80, align: 'right', cell: (row) => row.held || '' },
  { id: 'rejected', header: words.rejected, width: 90, align: 'right', cell: (row) => row.rejected || '' },
  { id: 'place', header: text.trade.place, width: 130, cell: (row) => <span className="code">{row.place}</span> },
  { id: 'at', header: text.trade.at, width: 170, cell: (row) => <Time at={row.at} short /> },
  {
    id: 'void',
    header: text.trade.note,
    width: 200,
    cell: (row) => (row.voided ? text.trade.voided(row.voided.reason) : row.note),
  },
];

export function ReceiptsPage() {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  return (
    <ListPage
      id="receipts"
      title={text.trade.nav.receipts}
      actions={
        <>
          <Button component={Link} to="/inspections" variant="default">
            {text.trade.nav.inspections}
          </Button>
          {can('work:do') ? (
            <Button component={Link} to="/floor/receive">
              {words.work}
            </Button>
          ) : null}
        </>
      }
      find={{ q, onFind: (next) => void navigate({ search: next ? { q: next } : {}, replace: true }) }}
      columns={receiptColumns}
      rowKey={(row) => row.receipt}
      query={useInfiniteQuery(receiptsQuery(q ? { q } : {}))}
      empty={
        q ? (
          <Empty title={text.trade.notFound}>{text.trade.notFoundWhy}</Empty>
        ) : (
          <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
        )
      }
    />
  );
}
