/** One order, followed from the order on: ordered, on its way, in house, built in, sold. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type Order,
  type OrderKind,
  type OrderLine,
  orderQuery,
  orderUnitsQuery,
  orderVerb,
  picksQuery,
  receiptsQuery,
  shipmentsQuery,
} from '~/api/trade';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { Amount, quantityText } from '~/kit/amount';
import { Empty, ErrorBox, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable, type PlainColumn } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { OrderMark } from './marks';
import { OrderForm } from './order-form';
import { type Asked, ReasonDialog } from './reason-dialog';
import './trading.css';

const words = text.trade.orders;
const route = getRouteApi('/app/orders/$kind/$order');

function Where({ line }: { line: OrderLine }) {
  if (line.whereabouts.length === 0) return null;
  return (
    <ul className="plain-list">
      {line.whereabouts.map((one) => (
        <li key={one.state}>
          {quantityText(one.quantity)} {words.whereWords[one.state] ?? one.state}
        </li>
      ))}
    </ul>
  );
}

const columnsOf = (kind: OrderKind): PlainColumn<OrderLine>[] => [
  { header: words.line, cell: (line) => <span className="code">{line.line}</span> },
  {
    header: text.col.item,
    cell: (line) => (
      <>
        <Link to="/items/$item" params={{ item: line.item }} className="code">
          {line.item}
        </Link>{' '}
        {line.name}
        {line.named.length > 0 ? <div className="dim">{words.named(line.named)}</div> : null}
        {kind === 'purchase' && (line.tolerance.over !== '0' || line.tolerance.short !== '0') ? (
          <div className="dim">{words.tolerance(line.tolerance.over, line.tolerance.short)}</div>
        ) : null}
        {line.terms.lifeDaysMin === null ? null : <div className="dim">{words.lifeDays(line.terms.lifeDaysMin)}</div>}
      </>
    ),
  },
  { header: words.ordered, align: 'right', cell: (line) => <Amount quantity={line.ordered} /> },
  ...(kind === 'purchase'
    ? [
        {
          header: words.inTransit,
          align: 'right' as const,
          cell: (line: OrderLine) => <Amount quantity={line.inTransit} />,
        },
      ]
    : [
        {
          header: words.reserved,
          align: 'right' as const,
          cell: (line: OrderLine) => <Amount quantity={line.reserved} />,
        },
      ]),
  { header: words.done[kind], align: 'right', cell: (line) => <Amount quantity={line.done} /> },
  { header: words.open, align: 'right', cell: (line) => <Amount quantity={line.open} /> },
  ...(kind === 'purchase' ? [{ header: words.where, cell: (line: OrderLine) => <Where line={line} /> }] : []),
  ...(kind === 'sales'
    ? [
        {
          header: words.returned,
          align: 'right' as const,
          cell: (line: OrderLine) => <Amount quantity={line.returned} />,
        },
      ]
    : []),
  { header: words.due, cell: (line) => (line.due ? <Time at={line.due} short /> : null) },
  {
    header: words.state,
    cell: (line) => (
      <>
        <OrderMark state={line.state} />
        <div className="dim">{line.closed ?? words.delivered[line.delivered]}</div>
      </>
    ),
  },
];

export function OrderPage() {
  const { kind, order: number } = route.useParams();
  const query = useQuery(orderQuery(kind, number));
  useTitle(number);
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const order = query.data;
  return (
    <>
      <PageHead
        over={
          <Link to="/orders/$kind" params={{ kind }}>
            {text.trade.nav[kind]}
          </Link>
        }
        title={<span className="code">{order.order}</span>}
        below={
          <div className="head-facts">
            <OrderMark state={order.state} />
            <span>
              {text.trade.partner[kind]}{' '}
              <Link to="/partners/$partner" params={{ partner: order.partner }} className="code">
                {order.partner}
              </Link>
            </span>
            <span>{words.progress(order.linesDone, order.lines)}</span>
            <Time at={order.at} />
          </div>
        }
      >
        <Actions order={order} />
      </PageHead>
      {order.closed ? <Notice tone="plain" title={order.closed} /> : null}
      {order.strays.length > 0 ? (
        <Notice
          tone="warn"
          title={words.strays(order.strays.map((s) => [s.quantity, s.item].filter(Boolean).join(' ')).join(', '))}
        />
      ) : null}
      <Section title={words.lines}>
        <PlainTable columns={columnsOf(kind)} rows={order.orderLines} rowKey={(line) => line.line} />
      </Section>
      {kind === 'purchase' ? <Receipts order={order} /> : <PicksAndShipments order={order} />}
      <Units order={order} />
    </>
  );
}

function Actions({ order }: { order: Order }) {
  const { can } = useSession();
  const [changing, setChanging] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const { kind, order: number } = order;
  const ask = (verb: 'close' | 'reopen' | 'cancel', why: string) => () =>
    setAsked({
      title: words[verb],
      why,
      act: async (body) => {
        await orderVerb(kind, number, verb, body);
        await queryClient.invalidateQueries({ queryKey: ['order', kind, number] });
        void queryClient.invalidateQueries({ queryKey: ['orders', kind] });
      },
    });
  return (
    <>
      {can('work:do') && order.state === 'open' ? (
        kind === 'purchase' ? (
          <Button renderRoot={(props) => <Link {...props} to="/floor/receive" search={{ order: number }} />}>
            {words.receive}
          </Button>
        ) : (
          <Button renderRoot={(props) => <Link {...props} to="/floor/pick" search={{ order: number }} />}>
            {words.pick}
          </Button>
        )
      ) : null}
      {can('work:plan') ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
              {text.actions}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setChanging(true)}>{words.change}</Menu.Item>
            {order.state === 'closed' ? (
              <Menu.Item onClick={ask('reopen', text.trade.sure)}>{words.reopen}</Menu.Item>
            ) : (
              <Menu.Item onClick={ask('close', words.closeWhy)}>{words.close}</Menu.Item>
            )}
            <Menu.Item onClick={ask('cancel', words.cancelWhy)}>{words.cancel}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {changing ? <OrderForm kind={kind} order={order} onClose={() => setChanging(false)} /> : null}
      {asked ? <ReasonDialog asked={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

function Receipts({ order }: { order: Order }) {
  const query = useInfiniteQuery(receiptsQuery({ purchaseOrder: order.order }));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={words.receipts}>
      <PlainTable
        columns={[
          {
            header: text.trade.receive.receipt,
            cell: (row) => (
              <Link to="/receipts/$receipt" params={{ receipt: row.receipt }} className="code">
                {row.receipt}
              </Link>
            ),
          },
          { header: text.trade.at, cell: (row) => <Time at={row.at} /> },
          { header: text.trade.units, align: 'right', cell: (row) => row.units },
          { header: text.trade.place, cell: (row) => <span className="code">{row.place}</span> },
          { header: text.trade.by, cell: (row) => row.by },
        ]}
        rows={rows}
        rowKey={(row) => row.receipt}
      />
    </Section>
  );
}

function PicksAndShipments({ order }: { order: Order }) {
  const picks = useInfiniteQuery(picksQuery({ salesOrder: order.order }));
  const shipments = useInfiniteQuery(shipmentsQuery({ salesOrder: order.order }));
  const pickRows = picks.data?.pages.flatMap((page) => page.data) ?? [];
  const shipmentRows = shipments.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <>
      {pickRows.length > 0 ? (
        <Section title={words.picks}>
          <PlainTable
            columns={[
              {
                header: text.trade.pick.work,
                cell: (row) => (
                  <Link to="/floor/pick" search={{ pick: row.pick }} className="code">
                    {row.pick}
                  </Link>
                ),
              },
              { header: words.state, cell: (row) => text.trade.pick.progress(row.picked, row.lines) },
              { header: text.trade.by, cell: (row) => row.by },
              { header: text.trade.at, cell: (row) => <Time at={row.at} /> },
            ]}
            rows={pickRows}
            rowKey={(row) => row.pick}
          />
        </Section>
      ) : null}
      {shipmentRows.length > 0 ? (
        <Section title={words.shipments}>
          <PlainTable
            columns={[
              {
                header: text.trade.number,
                cell: (row) => (
                  <Link to="/shipments/$shipment" params={{ shipment: row.shipment }} className="code">
                    {row.shipment}
                  </Link>
                ),
              },
              { header: text.trade.units, align: 'right', cell: (row) => row.units },
              { header: text.trade.ship.tracking, cell: (row) => row.tracking },
              { header: text.trade.at, cell: (row) => <Time at={row.at} /> },
            ]}
            rows={shipmentRows}
            rowKey={(row) => row.shipment}
          />
        </Section>
      ) : null}
    </>
  );
}

function Units({ order }: { order: Order }) {
  const query = useQuery(orderUnitsQuery(order.kind, order.order));
  const rows = query.data?.data ?? [];
  return (
    <Section title={words.came}>
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} /> : null}
      {query.data && rows.length === 0 ? <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty> : null}
      {rows.length > 0 ? (
        <PlainTable
          columns={[
            { header: text.col.unit, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
            { header: words.line, cell: (row) => row.line },
            { header: words.state, cell: (row) => text.eventRole[row.part] ?? row.part },
            { header: text.trade.quantity, align: 'right', cell: (row) => <Amount quantity={row.quantity} /> },
            { header: text.trade.at, cell: (row) => <Time at={row.at} /> },
          ]}
          rows={rows}
          rowKey={(row, index) => `${row.id} ${index}`}
        />
      ) : null}
    </Section>
  );
}
