/** Packing: scan a container, then what goes in or comes out. Without a connection it is kept and sent later. */
import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { api } from '~/api/client';
import { type ContainerContent, warehouse } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { sendWork } from '~/floor/work';
import { Amount } from '~/kit/amount';
import { UnitText, unitName } from '~/kit/unit';
import { text } from '~/text';
import './warehouse.css';

const words = text.warehouse.floor;
type Box = Pick<ContainerContent, 'container' | 'units' | 'data'>;

export function FloorPackPage() {
  const [box, setBox] = useState<Box | null>(null);
  const [out, setOut] = useState(false);

  const open = async (code: string): Promise<VerdictData> => {
    const sscc = /^\(?00\)?(\d{18})$/.exec(code)?.[1] ?? code;
    const content = await warehouse.container(sscc).catch(() => null);
    setBox(content ?? { container: sscc, units: 0, data: [] });
    return {
      verdict: 'ok',
      message: content ? words.packContent(content.container, content.units) : words.packNew(sscc),
    };
  };
  const scans = useScans(async (code) => {
    if (!box) return open(code);
    const { matches } = await api.scan(code);
    const [unit] = matches.filter((match) => match.type === 'unit');
    if (!unit?.unit) return { verdict: 'stop', message: words.unknown(code) };
    const named = unit.unit;
    const sent = await sendWork(
      '/events?check=live',
      [
        {
          type: out ? 'unpack' : 'pack',
          at: new Date().toISOString(),
          container: box.container,
          units: [named],
        },
      ],
      {
        title: out ? words.unpacked(unitName(named), box.container) : words.packed(unitName(named), box.container),
        recordable: true,
      },
    );
    const message = out ? words.unpacked(unitName(named), box.container) : words.packed(unitName(named), box.container);
    if (sent.state === 'queued') return { verdict: 'warn', message, next: text.floor.queuedNext, unit: named };
    const content = await warehouse.container(box.container).catch(() => null);
    setBox(content ?? { ...box, units: 0, data: [] });
    return { verdict: 'ok', message, unit: named };
  });
  return (
    <FloorScreen
      title={words.pack}
      prompt={words.packPrompt(box?.container ?? null, out)}
      scans={scans}
      actions={
        box ? (
          <>
            <SegmentedControl
              aria-label={words.pack}
              value={out ? 'out' : 'in'}
              onChange={(value) => setOut(value === 'out')}
              data={[
                { value: 'in', label: words.packIn },
                { value: 'out', label: words.packOut },
              ]}
            />
            <Button size="md" variant="default" onClick={() => setBox(null)}>
              {words.packNext}
            </Button>
          </>
        ) : null
      }
    >
      {box ? (
        <section aria-label={box.container}>
          <h2>{words.packContent(box.container, box.units)}</h2>
          {box.data.length === 0 ? <p className="dim">{words.packEmpty}</p> : null}
          <ul className="floor-lines" data-testid="content">
            {box.data.map((row) => (
              <li key={row.id}>
                <UnitText unit={row.unit} />
                <Amount quantity={row.quantity} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </FloorScreen>
  );
}
