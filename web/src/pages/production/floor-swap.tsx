/** A component out of a finished unit, with what becomes of it, and another one in: three scans, one fact. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LineAnswer } from '~/api/production';
import { queryClient } from '~/api/queries';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { Facts, Section } from '~/kit/page';
import { text } from '~/text';
import { AsBuiltView } from './as-built';
import { doVerb } from './verdicts';
import './production.css';

const words = text.production.swap;
const route = getRouteApi('/app/floor/swap');
type Fate = 'scrap' | 'stock' | 'quarantine' | 'supplier';

export function SwapPage() {
  const search = route.useSearch();
  const { parent, out, fate = 'quarantine' } = search;
  const navigate = route.useNavigate();
  const [reason, setReason] = useState('');
  const [order, setOrder] = useState('');
  const [swapped, setSwapped] = useState<string | null>(null);
  const step = parent === undefined ? 'parent' : out === undefined ? 'out' : 'in';

  const swap = (into: string): Promise<VerdictData> | VerdictData => {
    if (reason.trim() === '') return { verdict: 'warn', message: words.reasonFirst };
    const body = {
      parent,
      out,
      fate,
      in: into,
      reason: reason.trim(),
      ...(order.trim() ? { workOrder: order.trim() } : {}),
    };
    return doVerb<LineAnswer>('/swaps', body, {
      title: `${words.work}: ${parent ?? ''}`,
      done: (answer) => {
        setSwapped(answer.unit.id);
        void queryClient.invalidateQueries({ queryKey: ['as-built'] });
        void navigate({ search: {}, replace: true });
      },
    });
  };
  const scans = useScans(async (code) => {
    if (step === 'in') return swap(code);
    setSwapped(null);
    await navigate({ search: { ...search, [step]: code } });
    return null;
  });

  return (
    <FloorScreen title={words.work} prompt={words.steps[step]} scans={scans}>
      <Facts
        rows={[
          [
            words.parent,
            <span key="p" className="code">
              {parent ?? ''}
            </span>,
          ],
          [
            words.out,
            <span key="o" className="code">
              {out ?? ''}
            </span>,
          ],
        ]}
      />
      <div className="build-bar">
        <NativeSelect
          size="lg"
          label={words.fate}
          value={fate}
          onChange={(event) =>
            void navigate({ search: { ...search, fate: event.currentTarget.value as Fate }, replace: true })
          }
          data={Object.entries(words.fates).map(([value, label]) => ({ value, label }))}
        />
        <TextInput
          size="lg"
          label={words.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
        <TextInput
          size="lg"
          label={words.order}
          value={order}
          onChange={(event) => setOrder(event.currentTarget.value)}
        />
        <Button size="lg" variant="default" component={Link} to="/floor/swap" search={{} as never}>
          {words.again}
        </Button>
      </div>
      {swapped ? (
        <Section title={text.production.asBuilt.title}>
          <AsBuiltView unit={swapped} />
        </Section>
      ) : null}
    </FloorScreen>
  );
}
