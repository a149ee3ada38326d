/** Taking an event back, or putting another in its place: said before what goes with it, and why is asked. */
import { Button, Modal, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { factsChanged } from '~/api/records';
import { useSession } from '~/app/session';
import { newId, sendWork } from '~/floor/work';
import { ErrorBox, Notice } from '~/kit/page';
import { text } from '~/text';

const words = text.recordsMore.event;

export type Taken = { event: string; type: string; body: unknown; voided: boolean };

/** How many units an event names, wherever in it: those whose history changes with it. */
function unitsNamed(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + unitsNamed(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const own = 'scan' in value || ('item' in value && ['lot', 'serial', 'run'].some((kind) => kind in value));
  return own ? 1 : unitsNamed(Object.values(value));
}

/** The event without what its sender or the ledger gave it, to be changed and put in its place. */
function correction({ event, body }: Taken): Record<string, unknown> {
  const { id: _, ...rest } = (body ?? {}) as Record<string, unknown>;
  return { type: 'correct', event, with: rest };
}

export function EventActions({ taken }: { taken: Taken }) {
  const { can } = useSession();
  const [open, setOpen] = useState(false);
  const final = taken.type === 'void' || taken.type === 'correct';
  if (!can('events:write') || taken.voided || final) return null;
  if (taken.type === 'hold' && !can('holds:release')) return null;
  return (
    <span className="event-actions">
      <Button variant="subtle" onClick={() => setOpen(true)}>
        {words.page.takeBack}
      </Button>
      <Link to="/events/new" search={{ event: correction(taken) }}>
        {words.page.correct}
      </Link>
      {open ? <TakeBack taken={taken} onClose={() => setOpen(false)} /> : null}
    </span>
  );
}

function TakeBack({ taken, onClose }: { taken: Taken; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [id] = useState(newId);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await sendWork('/events', [{ id, type: 'void', event: taken.event, reason }]);
      await factsChanged();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.void.title} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        <p>{words.void.what(text.event[taken.type] ?? taken.type, unitsNamed(taken.body))}</p>
        {taken.type === 'hold' ? <Notice tone="act" title={words.void.hold} /> : null}
        {error ? <ErrorBox error={error} /> : null}
        <Textarea
          label={words.void.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          data-autofocus
          autosize
          minRows={2}
        />
        <div className="row-actions">
          <Button type="submit" loading={busy}>
            {words.void.submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
