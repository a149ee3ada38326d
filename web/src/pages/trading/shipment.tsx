/** One shipment: who got what, in which containers, under which papers. Printed, it is the delivery note. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { csvOf, shipmentQuery, voidShipment } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { Amount } from '~/kit/amount';
import { ErrorBox, Facts, Loading, Notice, PageHead, saveAs, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { PapersTable } from './papers';
import { type Asked, ReasonDialog } from './reason-dialog';
import './trading.css';

const words = text.trade.ship;
const route = getRouteApi('/app/shipments/$shipment');

export function ShipmentPage() {
  const { shipment: number } = route.useParams();
  const query = useQuery(shipmentQuery(number));
  const { can } = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  useTitle(`${words.note} ${number}`);
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const shipment = query.data;
  const csv = async (): Promise<void> =>
    saveAs(await csvOf(`/shipments/${encodeURIComponent(number)}`), `delivery-note-${number}.csv`);
  return (
    <>
      <PageHead
        over={<Link to="/shipments">{text.trade.nav.shipments}</Link>}
        title={
          <>
            {words.note} <span className="code">{shipment.shipment}</span>
          </>
        }
      >
        <span className="trade-bar no-print">
          <Button variant="default" onClick={() => window.print()}>
            {text.trade.print}
          </Button>
          <Button variant="default" onClick={() => void csv()}>
            {text.trade.download}
          </Button>
          {can('work:plan') && !shipment.voided ? (
            <Button
              variant="default"
              onClick={() =>
                setAsked({
                  title: text.trade.takeBack,
                  why: text.trade.sure,
                  act: async (body) => {
                    queryClient.setQueryData(shipmentQuery(number).queryKey, await voidShipment(number, body));
                  },
                })
              }
            >
              {text.trade.takeBack}
            </Button>
          ) : null}
        </span>
      </PageHead>
      {shipment.voided ? <Notice tone="warn" title={text.trade.voided(shipment.voided.reason)} /> : null}
      <Section title={words.to}>
        <Facts
          rows={[
            [
              text.trade.partner.sales,
              <span key="customer">
                <Link to="/partners/$partner" params={{ partner: shipment.customer }} className="code">
                  {shipment.customer}
                </Link>{' '}
                {shipment.customerName}
                {shipment.address ? <div>{shipment.address}</div> : null}
              </span>,
            ],
            ...(shipment.salesOrder
              ? [
                  [
                    words.from,
                    <Link
                      key="order"
                      to="/orders/$kind/$order"
                      params={{ kind: 'sales', order: shipment.salesOrder }}
                      className="code"
                    >
                      {shipment.salesOrder}
                    </Link>,
                  ] as [string, React.ReactNode],
                ]
              : []),
            ...(shipment.carrier ? [[words.carrier, shipment.carrier] as [string, React.ReactNode]] : []),
            ...(shipment.tracking ? [[words.tracking, shipment.tracking] as [string, React.ReactNode]] : []),
            [text.trade.at, <Time key="at" at={shipment.at} />],
            [text.trade.by, shipment.by],
            ...(shipment.note ? [[text.trade.note, shipment.note] as [string, React.ReactNode]] : []),
          ]}
        />
      </Section>
      <Section title={text.trade.items}>
        <PlainTable
          columns={[
            { header: text.col.unit, cell: (line) => <UnitLink id={line.id} unit={line.unit} /> },
            { header: text.col.name, cell: (line) => line.name },
            { header: text.trade.quantity, align: 'right', cell: (line) => <Amount quantity={line.quantity} /> },
            {
              header: words.container,
              cell: (line) =>
                line.container ? (
                  <span className="code">{line.container}</span>
                ) : (
                  <span className="dim">{words.loose}</span>
                ),
            },
            { header: text.trade.orders.line, cell: (line) => line.orderLine },
            { header: text.trade.note, cell: (line) => (line.returned ? words.returned : null) },
          ]}
          rows={shipment.lines}
          rowKey={(line, index) => `${line.id} ${index}`}
        />
      </Section>
      {shipment.documents.length > 0 ? (
        <Section title={text.trade.papers.title}>
          <PapersTable papers={shipment.documents} />
        </Section>
      ) : null}
      {asked ? <ReasonDialog asked={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
