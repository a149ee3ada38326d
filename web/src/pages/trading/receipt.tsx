/** One receipt: what came, how it was found, its papers and labels. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { receiptQuery, voidReceipt } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import { Amount } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { ErrorBox, Loading, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { DecisionMark } from './marks';
import { PapersTable } from './papers';
import { type Asked, ReasonDialog } from './reason-dialog';
import './trading.css';

const words = text.trade.receive;
const route = getRouteApi('/app/receipts/$receipt');

export function ReceiptPage() {
  const { receipt: number } = route.useParams();
  const query = useQuery(receiptQuery(number));
  const { can } = useSession();
  const [asked, setAsked] = useState<Asked | null>(null);
  useTitle(number);
  if (query.isPending) return <Loading />;
  if (query.error || !query.data) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const receipt = query.data;
  return (
    <>
      <PageHead
        over={<Link to="/receipts">{text.trade.nav.receipts}</Link>}
        title={<span className="code">{receipt.receipt}</span>}
        below={
          <div className="head-facts">
            {receipt.purchaseOrder ? (
              <Link
                to="/orders/$kind/$order"
                params={{ kind: 'purchase', order: receipt.purchaseOrder }}
                className="code"
              >
                {receipt.purchaseOrder}
              </Link>
            ) : (
              <span>{receipt.reason}</span>
            )}
            {receipt.supplier ? (
              <Link to="/partners/$partner" params={{ partner: receipt.supplier }} className="code">
                {receipt.supplier}
              </Link>
            ) : null}
            <span className="code">{receipt.place}</span>
            <Time at={receipt.at} />
            <span>{receipt.by}</span>
            {receipt.labels.length > 0 ? <span>{words.labelsAsked(receipt.labels.length)}</span> : null}
          </div>
        }
      >
        {can('work:plan') && !receipt.voided ? (
          <Button
            variant="default"
            onClick={() =>
              setAsked({
                title: text.trade.takeBack,
                why: text.trade.sure,
                act: async (body) => {
                  queryClient.setQueryData(receiptQuery(number).queryKey, await voidReceipt(number, body));
                },
              })
            }
          >
            {text.trade.takeBack}
          </Button>
        ) : null}
      </PageHead>
      {receipt.voided ? <Notice tone="warn" title={text.trade.voided(receipt.voided.reason)} /> : null}
      <Section title={text.trade.items}>
        <PlainTable
          columns={[
            {
              header: text.col.unit,
              cell: (line) =>
                line.unit ? (
                  <UnitLink id={line.id} unit={line.unit} />
                ) : (
                  <>
                    <span className="code">{line.item}</span> {line.name}
                  </>
                ),
            },
            { header: text.trade.quantity, align: 'right', cell: (line) => <Amount quantity={line.quantity} /> },
            { header: text.trade.orders.line, cell: (line) => line.orderLine },
            { header: words.supplierLot, cell: (line) => <span className="code">{line.supplierLot}</span> },
            { header: words.decision, cell: (line) => <DecisionMark decision={line.decision} reason={line.reason} /> },
            {
              header: words.inspection,
              cell: (line) => (
                <ul className="plain-list">
                  {line.unit && line.pending.length > 0 && !receipt.voided ? (
                    <li>
                      <Link to="/floor/inspect" search={line.unit}>
                        {text.trade.inspect.waits(line.pending)}
                      </Link>
                    </li>
                  ) : null}
                  {line.inspections.map((one, index) => (
                    <li key={`${one.characteristic} ${index}`} className="mark">
                      <Glyph shape={one.passed ? 'check' : 'cross'} tone={one.passed ? 'ok' : 'act'} />
                      <span>
                        {one.characteristic}: {one.passed ? words.pass : words.fail}
                        {one.measured === null ? '' : ` (${one.measured}; ${words.limits(one.low, one.high)})`}
                      </span>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
          rows={receipt.lines}
          rowKey={(line, index) => `${line.id ?? line.item} ${index}`}
        />
      </Section>
      {receipt.documents.length > 0 ? (
        <Section title={words.papers}>
          <PapersTable papers={receipt.documents} />
        </Section>
      ) : null}
      {asked ? <ReasonDialog asked={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
