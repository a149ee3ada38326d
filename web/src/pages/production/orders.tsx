/** Work orders: found by number, item and state, with what the facts say was made under each. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ordersQuery, type WorkOrder } from '~/api/production';
import { useSession } from '~/app/session';
import { Amount, quantityText } from '~/kit/amount';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { WorkState } from './marks';
import { NewOrder } from './new-order';

const words = text.production;
const columns: Column<WorkOrder>[] = [
  {
    id: 'number',
    header: words.number,
    width: 150,
    cell: (row) => (
      <Link to="/work-orders/$number" params={{ number: row.number }} className="code">
        {row.number}
      </Link>
    ),
  },
  { id: 'state', header: words.state, width: 130, cell: (row) => <WorkState state={row.state} /> },
  {
    id: 'item',
    header: text.col.item,
    width: 240,
    cell: (row) => (
      <>
        <span className="code">{row.item}</span> {row.name}
      </>
    ),
  },
  { id: 'kind', header: words.kind, width: 90, cell: (row) => words.kinds[row.kind] },
  {
    id: 'made',
    header: words.made,
    width: 150,
    align: 'right',
    cell: (row) => words.ofOrdered(row.produced.value, quantityText(row.quantity)),
  },
  {
    id: 'scrapped',
    header: words.scrapped,
    width: 100,
    align: 'right',
    cell: (row) => <Amount quantity={row.scrapped} />,
  },
  { id: 'open', header: words.underWay, width: 100, align: 'right', cell: (row) => row.buildsOpen },
  { id: 'due', header: words.due, width: 180, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
  { id: 'center', header: words.workCenter, width: 120, cell: (row) => row.workCenter },
  { id: 'customer', header: words.customer, width: 120, cell: (row) => row.customer },
];

const OPEN = 'planned,released,in-progress';

export function OrdersPage() {
  const route = getRouteApi('/app/work-orders');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [adding, setAdding] = useState(false);
  const { q, state, kind } = search;
  const filters = { ...(q ? { q } : {}), ...(state ? { state } : {}), ...(kind ? { kind } : {}) };
  const put = (more: Record<string, string | undefined>): void =>
    void navigate({
      search: Object.fromEntries(Object.entries({ ...search, ...more }).filter(([, value]) => value)),
      replace: true,
    });
  const filtered = Object.keys(filters).length > 0;
  return (
    <>
      <ListPage
        id={`work-orders ${state ?? ''} ${kind ?? ''}`}
        title={words.orders}
        actions={can('work:plan') ? <Button onClick={() => setAdding(true)}>{words.newOrder}</Button> : null}
        find={{ q: q ?? '', onFind: (next) => put({ q: next }) }}
        filters={
          <>
            <NativeSelect
              aria-label={words.state}
              value={state ?? ''}
              onChange={(event) => put({ state: event.currentTarget.value })}
              data={[
                { value: '', label: words.anyState },
                { value: OPEN, label: words.openStates },
                ...['planned', 'released', 'in-progress', 'closed', 'cancelled'].map((one) => ({
                  value: one,
                  label: words.states[one] ?? one,
                })),
              ]}
            />
            <NativeSelect
              aria-label={words.kind}
              value={kind ?? ''}
              onChange={(event) => put({ kind: event.currentTarget.value })}
              data={[
                { value: '', label: words.anyKind },
                { value: 'build', label: words.kinds.build },
                { value: 'rework', label: words.kinds.rework },
              ]}
            />
          </>
        }
        columns={columns}
        rowKey={(row) => row.number}
        query={useInfiniteQuery(ordersQuery(filters))}
        empty={
          filtered ? (
            <Empty title={words.notFound}>{words.notFoundWhy}</Empty>
          ) : (
            <Empty title={words.none}>{words.noneWhy}</Empty>
          )
        }
      />
      {adding ? <NewOrder onClose={() => setAdding(false)} /> : null}
    </>
  );
}
