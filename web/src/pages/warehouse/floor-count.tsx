/** A blind count at work: scan the place, scan what is there; of a lot, say how much. What the record says is shown afterwards. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { UnitRef } from '~/api/types';
import { type CountClosed, countQuery, type Difference, taskQuery, type TaskWhole, warehouse } from '~/api/warehouse';
import { FloorScreen } from '~/floor/floor-screen';
import type { VerdictData } from '~/floor/types';
import { useScans } from '~/floor/use-scans';
import { Amount } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { ErrorBox, Notice } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { UnitText, unitName } from '~/kit/unit';
import { text } from '~/text';
import { Ask } from './ask';
import { TaskMark } from './marks';
import { verdictOf } from './said';

const words = text.warehouse.floor;
const NUMBER = /^\d+(?:[.,]\d+)?$/;

export function CountWork({ task }: { task: TaskWhole }) {
  const [place, setPlace] = useState<string | null>(null);
  /** a lot that was scanned, and whose quantity comes next */
  const [lot, setLot] = useState<{ scan: string; unit: UnitRef; uom: string } | null>(null);
  const [closed, setClosed] = useState<CountClosed | null>(null);
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const entries = useQuery(countQuery(task.task));
  const over = task.status === 'done' || task.status === 'cancelled';
  const again = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: taskQuery(task.task).queryKey });
  };

  const count = async (scan: string, where: string, quantity?: string): Promise<VerdictData> => {
    const said = await warehouse.count(task.task, { scan, place: where, ...(quantity ? { quantity } : {}) });
    const verdict = verdictOf(said, () => Promise.resolve(null));
    if (said.verdict === 'ask' && said.unit) {
      // The next thing typed is the answer: nothing covers the field meanwhile.
      setLot({ scan, unit: said.unit, uom: said.next?.split(' ').at(-1)?.replace('.', '') ?? '' });
      return { ...verdict, verdict: 'warn' };
    }
    setLot(null);
    if (said.verdict === 'ok') await again();
    return verdict;
  };
  const scans = useScans(async (code) => {
    if (lot && place && NUMBER.test(code)) return count(lot.scan, place, code.replace(',', '.'));
    const { matches } = await api.scan(code);
    const found = matches.find((match) => match.type === 'place');
    if (found) {
      setPlace(found.key);
      setLot(null);
      return { verdict: 'ok', message: words.place(found.key) };
    }
    if (!place) return { verdict: 'warn', message: words.place(null) };
    return count(code, place);
  });
  const close = async (nothing: boolean): Promise<void> => {
    setError(null);
    try {
      setClosed(await warehouse.closeCount(task.task, nothing));
      await again();
    } catch (cause) {
      setError(cause);
    }
  };
  const rows = entries.data?.data ?? [];
  return (
    <FloorScreen
      title={`${task.task} ${task.title}`}
      prompt={words.countPrompt(lot ? unitName(lot.unit) : null, lot?.uom ?? null)}
      scans={scans}
      actions={
        over ? null : (
          <Button size="md" variant="default" onClick={() => void close(rows.length === 0)}>
            {rows.length === 0 ? words.nothing : words.close}
          </Button>
        )
      }
    >
      {error ? <ErrorBox error={error} /> : null}
      <p role="status" data-testid="task-status">
        <TaskMark status={task.status} /> {over ? null : words.place(place)}
      </p>
      {closed ? <Closed closed={closed} onConfirm={() => setAsking(true)} /> : null}
      {rows.length > 0 && !over ? (
        <section aria-label={words.counted}>
          <h2>{words.counted}</h2>
          <ul className="floor-lines" data-testid="counted">
            {rows.map((row) => (
              <li key={`${row.id} ${row.place ?? ''}`}>
                <span className="code">{row.place}</span>
                <UnitText unit={row.unit} />
                <Amount quantity={row.quantity} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {asking ? (
        <Ask
          title={words.confirm}
          action={words.confirm}
          onClose={() => setAsking(false)}
          onSay={async (reason) => {
            setClosed(await warehouse.confirmCount(task.task, reason));
            await again();
          }}
        />
      ) : null}
    </FloorScreen>
  );
}

function Closed({ closed, onConfirm }: { closed: CountClosed; onConfirm: () => void }) {
  if (closed.outcome === 'again') return <Notice tone="warn" title={words.again} />;
  if (closed.outcome === 'done')
    return <Notice tone="plain" title={closed.differences.length > 0 ? words.recorded : words.closed} />;
  return (
    <Notice tone="warn" title={words.confirmTitle}>
      <Differences rows={closed.differences} />
      <Button size="md" onClick={onConfirm}>
        {words.confirm}
      </Button>
    </Notice>
  );
}

function Differences({ rows }: { rows: Difference[] }) {
  const names = text.warehouse.tasks;
  return (
    <PlainTable
      label={names.differences}
      columns={[
        {
          header: text.col.unit,
          cell: (row) => (
            <span className="mark">
              <Glyph shape={row.over ? 'triangle' : 'ring'} tone={row.over ? 'warn' : 'quiet'} />
              <UnitText unit={row.unit} />
            </span>
          ),
        },
        { header: text.col.place, cell: (row) => <span className="code">{row.place}</span> },
        { header: names.record, align: 'right', cell: (row) => <Amount quantity={row.expected} /> },
        { header: names.counted, align: 'right', cell: (row) => <Amount quantity={row.counted} /> },
      ]}
      rows={rows}
      rowKey={(row) => `${row.id} ${row.place}`}
    />
  );
}
