/** Scraps a parent or a component at the line: the reason first, then the scan, then a yes. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { LineAnswer } from '~/api/production';
import { FloorScreen } from '~/floor/floor-screen';
import { useScans } from '~/floor/use-scans';
import { text } from '~/text';
import { doVerb } from './verdicts';
import './production.css';

const words = text.production.scrap;

export function ScrapPage() {
  const [reason, setReason] = useState('');
  const [order, setOrder] = useState('');
  const [quantity, setQuantity] = useState('');
  const [place, setPlace] = useState('');
  const [uom, setUom] = useState('pcs');
  const scans = useScans((scan) => {
    if (reason.trim() === '') return { verdict: 'warn' as const, message: words.reasonFirst };
    const body = {
      scan,
      reason: reason.trim(),
      ...(order.trim() ? { workOrder: order.trim() } : {}),
      ...(place.trim() ? { place: place.trim() } : {}),
      ...(quantity.trim() ? { quantity: { value: quantity.trim(), uom: uom.trim() } } : {}),
    };
    return {
      verdict: 'ask' as const,
      message: words.sure(scan),
      answers: [
        { label: words.yes, act: () => doVerb<LineAnswer>('/scraps', body, { title: `${words.work}: ${scan}` }) },
      ],
    };
  });
  return (
    <FloorScreen title={words.work} prompt={words.scan} scans={scans}>
      <div className="build-bar">
        <TextInput
          size="lg"
          label={words.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
        <TextInput
          size="lg"
          label={words.quantity}
          value={quantity}
          onChange={(event) => setQuantity(event.currentTarget.value)}
        />
        <TextInput size="lg" label={text.col.uom} value={uom} onChange={(event) => setUom(event.currentTarget.value)} />
        <TextInput
          size="lg"
          label={text.production.place}
          value={place}
          onChange={(event) => setPlace(event.currentTarget.value)}
        />
        <TextInput
          size="lg"
          label={words.order}
          value={order}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
      </div>
    </FloorScreen>
  );
}
