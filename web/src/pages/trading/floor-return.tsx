/** Returns: scan what came back, see where it had been, take it in: on hold until somebody decides. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { checkReturn, type ReturnAnswer, type ReturnRow } from '~/api/trade';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { quantityText } from '~/kit/amount';
import { Section } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { Time } from '~/kit/time';
import { text } from '~/text';
import { doWork, shown } from './verdicts';
import './trading.css';

const words = text.trade.back;
const PLACE = 'unitrail.return.place';

export function TakeBackPage() {
  const [place, setPlace] = useState(() => localStorage.getItem(PLACE) ?? '');
  const [condition, setCondition] = useState('');
  const [customer, setCustomer] = useState('');
  const [quantity, setQuantity] = useState('');
  const [uom, setUom] = useState('kg');
  const [over, setOver] = useState('');
  const [told, setTold] = useState<ReturnAnswer | null>(null);

  const take = (scan: string, lot: boolean): Promise<VerdictData | null> =>
    doWork<ReturnRow>(
      '/returns',
      {
        place: place.trim(),
        ...(customer.trim() ? { customer: customer.trim() } : {}),
        units: [
          {
            unit: { scan },
            condition: condition.trim(),
            ...(over.trim() ? { overReason: over.trim() } : {}),
            ...(lot && quantity.trim() ? { quantity: { value: quantity.trim(), uom: uom.trim() } } : {}),
          },
        ],
      },
      {
        title: `${words.work}: ${scan}`,
        done: (answer) => {
          localStorage.setItem(PLACE, place.trim());
          setQuantity('');
          setOver('');
          void queryClient.invalidateQueries({ queryKey: ['returns'] });
          return { verdict: 'ok', message: words.done(answer.return), next: words.next };
        },
      },
    );
  const scans = useScans(async (scan) => {
    if (place.trim() === '' || condition.trim() === '')
      return { verdict: 'warn' as const, message: words.conditionFirst };
    const answer = await checkReturn({
      unit: { scan },
      ...(customer.trim() ? { customer: customer.trim() } : {}),
    });
    setTold(answer);
    if (answer.verdict === 'stop') return shown(answer);
    const lot = answer.unit?.lot !== undefined;
    return { ...shown(answer), verdict: 'ask' as const, answers: [{ label: words.take, act: () => take(scan, lot) }] };
  });
  return (
    <FloorScreen title={words.work} prompt={words.scan} scans={scans}>
      <div className="trade-form">
        <TextInput
          size="lg"
          label={words.place}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
          required
        />
        <TextInput
          size="lg"
          label={words.condition}
          value={condition}
          onChange={(event) => setCondition(event.currentTarget.value)}
          required
        />
        <TextInput
          size="lg"
          label={words.customer}
          value={customer}
          onChange={(event) => setCustomer(event.currentTarget.value)}
        />
        <TextInput
          size="lg"
          label={words.quantity}
          value={quantity}
          onChange={(event) => setQuantity(event.currentTarget.value)}
        />
        <TextInput size="lg" label={words.over} value={over} onChange={(event) => setOver(event.currentTarget.value)} />
        <TextInput size="lg" label={words.uom} value={uom} onChange={(event) => setUom(event.currentTarget.value)} />
      </div>
      {told?.shipments && told.shipments.length > 0 ? (
        <Section title={words.earlier}>
          <PlainTable
            columns={[
              { header: words.shipment, cell: (row) => <span className="code">{row.shipment}</span> },
              { header: text.trade.partner.sales, cell: (row) => <span className="code">{row.customer}</span> },
              {
                header: text.trade.quantity,
                align: 'right',
                cell: (row) => (row.quantity ? quantityText(row.quantity) : null),
              },
              { header: text.trade.at, cell: (row) => <Time at={row.at} /> },
            ]}
            rows={told.shipments}
            rowKey={(row, index) => `${row.shipment ?? ''} ${index}`}
          />
        </Section>
      ) : null}
    </FloorScreen>
  );
}
