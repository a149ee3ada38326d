/** Packing and shipping: scan a container, then what goes into it; then all of it leaves under one number. */
import { Button, FileButton, TextInput } from '@mantine/core';
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { keepPaper, orderQuery, ordersQuery, pickQuery, picksQuery, type PickLine, type Shipment } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { newId } from '~/floor/work';
import { Amount } from '~/kit/amount';
import { Empty, ErrorBox, Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { UnitText } from '~/kit/unit';
import { text } from '~/text';
import { PickLineMark } from './marks';
import { ACCEPTED } from './papers';
import { doWork, shown } from './verdicts';
import type { Answer } from '~/api/trade';
import './trading.css';

const words = text.trade.ship;
const route = getRouteApi('/app/floor/ship');

export function ShipPage() {
  const { order } = route.useSearch();
  return order === undefined ? <Choose /> : <Ship key={order} order={order} />;
}

function Choose() {
  const navigate = route.useNavigate();
  const orders = useInfiniteQuery(ordersQuery('sales', { state: 'open' }));
  const rows = orders.data?.pages.flatMap((page) => page.data) ?? [];
  const scans = useScans(async (code) => {
    const order = /^p\d+$/.test(code)
      ? (await queryClient.fetchQuery(pickQuery(code))).salesOrder
      : (await queryClient.fetchQuery(orderQuery('sales', code))).order;
    await navigate({ search: { order } });
    return null;
  });
  return (
    <FloorScreen title={words.work} prompt={words.chooseOrder} scans={scans}>
      <Section title={text.trade.nav.sales}>
        {orders.data && rows.length === 0 ? (
          <Empty title={text.trade.none}>{text.trade.noneWhy}</Empty>
        ) : (
          <PlainTable
            columns={[
              {
                header: text.trade.number,
                cell: (row) => (
                  <Link to="/floor/ship" search={{ order: row.order }} className="code">
                    {row.order}
                  </Link>
                ),
              },
              { header: text.trade.partner.sales, cell: (row) => <span className="code">{row.partner}</span> },
              { header: text.trade.items, cell: (row) => <span className="code">{row.items.join(', ')}</span> },
            ]}
            rows={rows}
            rowKey={(row) => row.order}
          />
        )}
      </Section>
    </FloorScreen>
  );
}

type Packed = Answer & { container: string };

function Ship({ order }: { order: string }) {
  const navigate = route.useNavigate();
  const { container } = route.useSearch();
  const head = useQuery(orderQuery('sales', order));
  const picks = useInfiniteQuery(picksQuery({ salesOrder: order }));
  const pickIds = (picks.data?.pages.flatMap((page) => page.data) ?? [])
    .filter((one) => one.state !== 'cancelled')
    .map((one) => one.pick);
  const details = useQueries({ queries: pickIds.map((one) => pickQuery(one)) });
  const picked = details.flatMap((one) => one.data?.pickLines ?? []).filter((line) => line.state === 'picked');
  const [packedNow, setPacked] = useState<Record<string, string>>({});
  // What was packed before this page was opened is known to the server.
  const packed: Record<string, string> = {
    ...Object.fromEntries(picked.flatMap((line) => (line.container === null ? [] : [[line.pickLine, line.container]]))),
    ...packedNow,
  };
  const [number, setNumber] = useState('');
  const [carrier, setCarrier] = useState('');
  const [tracking, setTracking] = useState('');
  const [papers, setPapers] = useState<{ file: string; name: string }[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [sent, setSent] = useState<string | null>(null);

  const pack = (body: Record<string, unknown>, what: PickLine[]): Promise<VerdictData | null> =>
    doWork<Packed>('/packs', body, {
      title: words.work,
      done: async (answer) => {
        setPacked((was) => ({ ...was, ...Object.fromEntries(what.map((line) => [line.pickLine, answer.container])) }));
        await navigate({ search: (was) => ({ ...was, container: answer.container }), replace: true });
        return shown(answer);
      },
    });

  const onScan = async (code: string): Promise<VerdictData | null> => {
    const line = picked.find((one) => (one.unit.serial ?? one.unit.lot) === code && packed[one.pickLine] === undefined);
    if (!line) {
      // Anything that is not picked goods is the container that they go into.
      const sscc = /(?:^\]..|^)(?:\(00\)|00)?(\d{18})$/.exec(code)?.[1] ?? code;
      await navigate({ search: (was) => ({ ...was, container: sscc }), replace: true });
      return { verdict: 'ok', message: words.inContainer(sscc) };
    }
    if (container === undefined) return { verdict: 'warn', message: words.noContainer };
    const row = { unit: line.unit, ...(line.unit.lot === undefined ? {} : { quantity: line.quantity }) };
    return pack({ container, units: [row] }, [line]);
  };
  const scans = useScans(onScan);

  const ship = (): Promise<VerdictData | null> =>
    doWork<Shipment>(
      '/shipments',
      {
        salesOrder: order,
        picks: pickIds,
        containers: [...new Set(Object.values(packed))],
        ...(number.trim() ? { shipment: number.trim() } : {}),
        ...(carrier.trim() ? { carrier: carrier.trim() } : {}),
        ...(tracking.trim() ? { tracking: tracking.trim() } : {}),
        ...(papers.length > 0 ? { documents: papers.map((one) => one.file) } : {}),
      },
      {
        title: `${words.work} ${order}`,
        done: async (shipment) => {
          await queryClient.invalidateQueries({ queryKey: ['pick'] });
          for (const key of ['order', 'orders', 'shipments', 'picks'])
            void queryClient.invalidateQueries({ queryKey: [key] });
          setSent(shipment.shipment);
          return { verdict: 'ok', message: words.done(shipment.shipment, shipment.units) };
        },
      },
    );

  const addPaper = async (file: File | null): Promise<void> => {
    if (!file) return;
    setError(null);
    try {
      const paper = await keepPaper(newId(), file, { kind: 'delivery' });
      setPapers((was) => [...was, { file: paper.file, name: paper.name }]);
    } catch (cause) {
      setError(cause);
    }
  };
  const loose = picked.filter((line) => packed[line.pickLine] === undefined);
  return (
    <FloorScreen title={words.title(order)} prompt={words.scan} scans={scans}>
      {sent === null ? null : (
        <Link to="/shipments/$shipment" params={{ shipment: sent }}>
          {words.open} <span className="code">{sent}</span>
        </Link>
      )}
      <div className="trade-bar">
        <strong>{container === undefined ? words.noContainer : words.inContainer(container)}</strong>
        {pickIds.map((pick) => (
          <Button
            key={pick}
            size="lg"
            variant="default"
            disabled={loose.length === 0}
            onClick={() => void pack({ pick }, loose).then(scans.show)}
          >
            {words.newContainer}
          </Button>
        ))}
      </div>
      <Section title={words.picked}>
        {picked.length === 0 ? (
          <Empty title={words.nothing}>
            <Link to="/floor/pick" search={{ order }}>
              {words.nothingWhy}
            </Link>
          </Empty>
        ) : (
          <PlainTable
            columns={[
              { header: text.col.unit, cell: (line) => <UnitText unit={line.unit} /> },
              { header: text.trade.quantity, align: 'right', cell: (line) => <Amount quantity={line.quantity} /> },
              {
                header: words.container,
                cell: (line) =>
                  packed[line.pickLine] === undefined ? (
                    <span className="dim">{words.loose}</span>
                  ) : (
                    <span className="code">{packed[line.pickLine]}</span>
                  ),
              },
              { header: text.trade.orders.state, cell: (line) => <PickLineMark line={line} /> },
            ]}
            rows={picked}
            rowKey={(line) => line.pickLine}
          />
        )}
      </Section>
      <Section title={`${words.to} ${head.data?.partner ?? ''}`}>
        <div className="trade-form trade-filters">
          <TextInput
            size="lg"
            label={words.number}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <TextInput
            size="lg"
            label={words.carrier}
            value={carrier}
            onChange={(event) => setCarrier(event.currentTarget.value)}
          />
          <TextInput
            size="lg"
            label={words.tracking}
            value={tracking}
            onChange={(event) => setTracking(event.currentTarget.value)}
          />
          <FileButton
            accept={ACCEPTED}
            onChange={(file) => void addPaper(file)}
            inputProps={{ 'aria-label': words.document }}
          >
            {(props) => (
              <Button {...props} size="lg" variant="default">
                {words.document}
              </Button>
            )}
          </FileButton>
          <Button size="lg" disabled={picked.length === 0} onClick={() => void ship().then(scans.show)}>
            {words.ship}
          </Button>
        </div>
        <ul className="plain-list">
          {papers.map((one) => (
            <li key={one.file}>{one.name}</li>
          ))}
        </ul>
        {error ? <ErrorBox error={error} /> : null}
      </Section>
    </FloorScreen>
  );
}
