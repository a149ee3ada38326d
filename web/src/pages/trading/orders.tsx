/** Purchase orders or sales orders: found by number, partner and state, with how far each is. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type OrderKind, type OrderRow, ordersQuery } from '~/api/trade';
import { useSession } from '~/app/session';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { OrderMark } from './marks';
import { OrderForm } from './order-form';

const words = text.trade.orders;
const route = getRouteApi('/app/orders/$kind');

const columnsOf = (kind: OrderKind): Column<OrderRow>[] => [
  {
    id: 'order',
    header: text.trade.number,
    width: 160,
    cell: (row) => (
      <Link to="/orders/$kind/$order" params={{ kind, order: row.order }} className="code">
        {row.order}
      </Link>
    ),
  },
  { id: 'state', header: words.state, width: 120, cell: (row) => <OrderMark state={row.state} /> },
  {
    id: 'partner',
    header: text.trade.partner[kind],
    width: 150,
    cell: (row) => (
      <Link to="/partners/$partner" params={{ partner: row.partner }} className="code">
        {row.partner}
      </Link>
    ),
  },
  { id: 'progress', header: words.lines, width: 130, cell: (row) => words.progress(row.linesDone, row.lines) },
  {
    id: 'items',
    header: text.trade.items,
    width: 240,
    cell: (row) => <span className="code">{row.items.join(', ')}</span>,
  },
  { id: 'due', header: words.due, width: 170, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
  { id: 'at', header: text.trade.at, width: 170, cell: (row) => <Time at={row.at} short /> },
];

export function OrdersPage() {
  const { kind } = route.useParams();
  const { q, state, partner } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const filters = { ...(q ? { q } : {}), ...(state ? { state } : {}), ...(partner ? { partner } : {}) };
  return (
    <>
      <ListPage
        id={`orders ${kind} ${state ?? ''}`}
        title={text.trade.nav[kind]}
        actions={can('work:plan') ? <Button onClick={() => setAdding(true)}>{words.new[kind]}</Button> : null}
        find={{
          q: q ?? '',
          onFind: (next) => void navigate({ search: (was) => ({ ...was, q: next || undefined }), replace: true }),
        }}
        filters={
          <NativeSelect
            aria-label={words.state}
            value={state ?? ''}
            onChange={(event) => {
              const next = (['open', 'done', 'closed'] as const).find((one) => one === event.currentTarget.value);
              void navigate({ search: (was) => ({ ...was, state: next }), replace: true });
            }}
            data={[
              { value: '', label: words.anyState },
              ...(['open', 'done', 'closed'] as const).map((one) => ({ value: one, label: words.states[one] })),
            ]}
          />
        }
        columns={columnsOf(kind)}
        rowKey={(row) => row.order}
        query={useInfiniteQuery(ordersQuery(kind, filters))}
        empty={
          Object.keys(filters).length > 0 ? (
            <Empty title={text.trade.notFound}>{text.trade.notFoundWhy}</Empty>
          ) : (
            <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
          )
        }
      />
      {adding ? <OrderForm kind={kind} onClose={() => setAdding(false)} /> : null}
    </>
  );
}
