/** Before a build: which order, then which piece. Scan the order, then the piece, or take the next of the order. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Build, buildsQuery, centersQuery, orderQuery, ordersQuery } from '~/api/production';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans, verdictOf } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { quantityText } from '~/kit/amount';
import { Empty, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { WorkState } from './marks';
import { amountOf, kept, QUANTITY, unread, wrongAmount } from './verdicts';
import './production.css';

const words = text.production;
const route = getRouteApi('/app/floor/build');
const NEXT = /^CMD:NEXT$/i;

export function StartPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { order, center, station } = search;
  const [quantity, setQuantity] = useState('');
  const chosen = useQuery({ ...orderQuery(order ?? ''), enabled: order !== undefined }).data;

  const start = async (body: Record<string, unknown>): Promise<VerdictData | null> => {
    const wrong = wrongAmount(quantity);
    if (wrong) return wrong;
    const whole = {
      workOrder: order,
      ...(center ? { workCenter: center } : {}),
      ...(station ? { station } : {}),
      ...amountOf(quantity),
      ...body,
    };
    try {
      const sent = await sendWork<Build>('/builds', whole, { title: `${words.build.work} ${order ?? ''}` });
      if (sent.state === 'queued') return kept;
      void queryClient.invalidateQueries({ queryKey: ['builds'] });
      await navigate({ to: '/floor/build/$build', params: { build: sent.answer.id } });
      return null;
    } catch (error) {
      const refused = verdictOf(error);
      if (refused.code === 'BUILD_CODE_KNOWN')
        return {
          ...refused,
          verdict: 'ask',
          answers: [{ label: words.build.useCode, act: () => start({ ...body, accept: ['BUILD_CODE_KNOWN'] }) }],
        };
      return unread(error, async (ids) => (await start({ ...body, acknowledged: ids })) ?? kept) ?? refused;
    }
  };

  /** A number of an order, or the code of what is being built already. */
  const find = async (code: string): Promise<VerdictData | null> => {
    const open = await queryClient.fetchQuery({ ...buildsQuery({ state: 'open,parked' }), staleTime: 0 });
    const build = open.data.find((one) => one.unit.serial === code || one.unit.lot === code || one.id === code);
    if (build) {
      await navigate({ to: '/floor/build/$build', params: { build: build.id } });
      return null;
    }
    await queryClient.fetchQuery(orderQuery(code));
    await navigate({ search: { ...search, order: code } });
    return null;
  };
  /** The number of another order is no code of a piece: it changes the order. */
  const startOrChange = async (code: string): Promise<VerdictData | null> => {
    if (NEXT.test(code)) return start({});
    const other = await queryClient.fetchQuery(orderQuery(code)).catch(() => null);
    if (other === null) return start({ scan: code });
    await navigate({ search: { ...search, order: code } });
    return null;
  };
  const scans = useScans((code) => (order === undefined ? find(code) : startOrChange(code)));

  return (
    <FloorScreen
      title={order === undefined ? words.build.work : `${words.build.work} · ${order}`}
      prompt={order === undefined ? words.build.scanOrder : words.build.scanParent}
      scans={scans}
    >
      {order === undefined ? (
        <Orders />
      ) : (
        <div className="build-bar">
          <Centers center={center} onCenter={(next) => void navigate({ search: { ...search, center: next } })} />
          {chosen?.tracking === 'lot' ? (
            <TextInput
              size="lg"
              label={words.build.howMuch}
              description={words.build.howMuchWhy}
              value={quantity}
              onChange={(event) => setQuantity(event.currentTarget.value)}
              error={quantity !== '' && !QUANTITY.test(quantity) ? words.build.quantityWrong : null}
            />
          ) : null}
          <Button size="lg" onClick={() => scans.scan('CMD:NEXT')}>
            {words.build.nextOne}
          </Button>
          <Link to="/floor/build">{words.build.chooseOrder}</Link>
        </div>
      )}
      <OpenBuilds order={order} />
    </FloorScreen>
  );
}

function Centers({ center, onCenter }: { center: string | undefined; onCenter: (code: string | undefined) => void }) {
  const query = useQuery(centersQuery);
  if (!query.data || query.data.data.length === 0) return null;
  return (
    <NativeSelect
      size="lg"
      label={words.workCenter}
      value={center ?? ''}
      onChange={(event) => onCenter(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      data={[
        { value: '', label: words.build.anyCenter },
        ...query.data.data.map((one) => ({ value: one.workCenter, label: `${one.workCenter} ${one.name}` })),
      ]}
    />
  );
}

function Orders() {
  const query = useInfiniteQuery(ordersQuery({ state: 'released,in-progress', kind: 'build' }));
  const rows = query.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section title={words.build.chooseOrder}>
      {query.data && rows.length === 0 ? (
        <Empty title={words.build.noOrders}>{words.build.noOrdersWhy}</Empty>
      ) : (
        <PlainTable
          columns={[
            {
              header: words.number,
              cell: (row) => (
                <Link to="/floor/build" search={{ order: row.number }} className="code">
                  {row.number}
                </Link>
              ),
            },
            {
              header: text.col.item,
              cell: (row) => (
                <>
                  <span className="code">{row.item}</span> {row.name}
                </>
              ),
            },
            { header: words.made, cell: (row) => words.ofOrdered(row.produced.value, quantityText(row.quantity)) },
            { header: words.due, cell: (row) => (row.due ? <Time at={row.due} short /> : null) },
            { header: words.workCenter, cell: (row) => row.workCenter },
          ]}
          rows={rows}
          rowKey={(row) => row.number}
        />
      )}
    </Section>
  );
}

function OpenBuilds({ order }: { order: string | undefined }) {
  const query = useQuery(buildsQuery({ ...(order ? { workOrder: order } : {}), state: 'open,parked' }));
  const rows = query.data?.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={words.buildsTitle}>
      <PlainTable
        columns={[
          {
            header: text.col.unit,
            cell: (row) => (
              <Link to="/floor/build/$build" params={{ build: row.id }} className="code">
                {row.item} {row.unit.serial ?? row.unit.lot}
              </Link>
            ),
          },
          { header: words.state, cell: (row) => <WorkState state={row.state} /> },
          { header: words.build.station, cell: (row) => row.station ?? row.workCenter ?? row.place },
          { header: words.build.open, cell: (row) => row.open },
        ]}
        rows={rows}
        rowKey={(row) => row.id}
      />
    </Section>
  );
}
