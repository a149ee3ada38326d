/** What can be done with the stock that is selected: hold it, have it moved, have it counted. */
import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import type { StockSearch } from '~/app/routes/warehouse';
import type { Query } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { UnitRef } from '~/api/types';
import { warehouse } from '~/api/warehouse';
import { newId } from '~/floor/work';
import { ErrorBox, Notice } from '~/kit/page';
import { text } from '~/text';

const words = text.warehouse.stock;
/** A task has at most so many lines; a hold of more is placed by place or query on the page of holds. */
const UNITS_MAX = 5_000;

type Props = {
  asked: Query;
  search: StockSearch;
  selected: 'all' | string[];
  units: number;
  selectAll: () => void;
  clear: () => void;
};
type Chosen = { id: string; unit: UnitRef };

/** The units selected, read anew from the server: the table holds only what was scrolled to. */
async function chosen({ asked, selected }: Props): Promise<Chosen[]> {
  const found = new Map<string, Chosen>();
  let cursor: string | null = null;
  do {
    const page = await warehouse.stock({ ...asked, totals: undefined, limit: 1_000 }, cursor);
    for (const { id, unit } of page.data) if (selected === 'all' || selected.includes(id)) found.set(id, { id, unit });
    cursor = found.size > UNITS_MAX || (selected !== 'all' && found.size === selected.length) ? null : page.nextCursor;
  } while (cursor !== null);
  if (found.size > UNITS_MAX) throw new Error(words.tooMany(UNITS_MAX));
  return [...found.values()];
}

export function Actions(props: Props) {
  const { selected, units, search } = props;
  const { can } = useSession();
  const [open, setOpen] = useState<'hold' | 'move' | 'labels' | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<{ words: string; task: string | null } | null>(null);
  const many = selected === 'all' ? units : selected.length;
  const done = (said: string, task: string | null): void => {
    setOpen(null);
    setMade({ words: said, task });
    props.clear();
    void queryClient.invalidateQueries({ queryKey: ['stock'] });
    void queryClient.invalidateQueries({ queryKey: ['tasks'] });
  };
  const countTask = async (): Promise<void> => {
    setError(null);
    try {
      const { item, place } = search;
      const { task } = await warehouse.createTask({
        kind: 'count',
        ...(item ? { item } : {}),
        ...(place ? { place } : {}),
      });
      done(words.done.count, task);
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <div className="stock-actions">
        <span role="status">{words.selected(many)}</span>
        {selected === 'all' ? null : (
          <Button variant="default" onClick={props.selectAll}>
            {words.selectAll(units)}
          </Button>
        )}
        {many > 0 ? (
          <Button variant="subtle" onClick={props.clear}>
            {words.clear}
          </Button>
        ) : null}
        {can('holds:place') ? (
          <Button disabled={many === 0} onClick={() => setOpen('hold')}>
            {words.hold}
          </Button>
        ) : null}
        <Button disabled={many === 0} onClick={() => setOpen('move')}>
          {words.move}
        </Button>
        <Button variant="default" disabled={many === 0} onClick={() => setOpen('labels')}>
          {words.labels}
        </Button>
        {search.item || search.place ? (
          <Button variant="default" onClick={() => void countTask()}>
            {words.count}
          </Button>
        ) : null}
      </div>
      {error ? <ErrorBox error={error} /> : null}
      {made ? (
        <Notice tone="plain" title={made.words}>
          {made.task ? (
            <Link to="/tasks/$task" params={{ task: made.task }}>
              {made.task}
            </Link>
          ) : null}
        </Notice>
      ) : null}
      {open === 'hold' ? <HoldDialog {...props} many={many} onClose={() => setOpen(null)} onDone={done} /> : null}
      {open === 'labels' ? <LabelsDialog {...props} many={many} onClose={() => setOpen(null)} onDone={done} /> : null}
      {open === 'move' ? <MoveDialog {...props} many={many} onClose={() => setOpen(null)} onDone={done} /> : null}
    </>
  );
}

type DialogProps = Props & { many: number; onClose: () => void; onDone: (words: string, task: string | null) => void };

function HoldDialog(props: DialogProps) {
  const [form, setForm] = useState({ reason: '', ref: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const units = (await chosen(props)).map(({ unit }) => unit);
      await warehouse.hold({ units, reason: form.reason, ...(form.ref ? { ref: form.ref } : {}) });
      props.onDone(words.done.hold, null);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={words.holdTitle(props.many)}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={text.warehouse.instructions.reason}
          value={form.reason}
          onChange={(e) => setForm({ ...form, reason: e.currentTarget.value })}
          required
          data-autofocus
        />
        <TextInput
          label={words.ref}
          value={form.ref}
          onChange={(e) => setForm({ ...form, ref: e.currentTarget.value })}
        />
        <Button type="submit" loading={busy}>
          {words.hold}
        </Button>
      </form>
    </Modal>
  );
}

function LabelsDialog(props: DialogProps) {
  const [copies, setCopies] = useState('1');
  // One id for one form: pressed twice, they are asked for once.
  const [id] = useState(newId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const units = (await chosen(props)).map((one) => one.id);
      const asked = await warehouse.askLabels({ id, units, copies: Number(copies) });
      props.onDone(words.done.labels(asked.units * asked.copies), null);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={words.labelsTitle(props.many)}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={words.copies}
          type="number"
          min={1}
          max={100}
          value={copies}
          onChange={(e) => setCopies(e.currentTarget.value)}
          required
          data-autofocus
        />
        <Button type="submit" loading={busy}>
          {words.labels}
        </Button>
      </form>
    </Modal>
  );
}

function MoveDialog(props: DialogProps) {
  const [form, setForm] = useState({ to: '', ref: '', priority: '2', instruction: '' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const units = (await chosen(props)).map(({ id }) => ({ unitId: id }));
      const { task } = await warehouse.createTask({
        kind: 'move',
        to: form.to.trim(),
        priority: Number(form.priority),
        units,
        ...(form.ref ? { ref: form.ref } : {}),
        ...(form.instruction ? { instruction: form.instruction } : {}),
      });
      props.onDone(words.done.move, task);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={words.moveTitle(props.many)}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={words.to}
          value={form.to}
          onChange={(e) => setForm({ ...form, to: e.currentTarget.value })}
          required
          data-autofocus
        />
        <NativeSelect
          label={words.priority}
          data={Object.entries(words.priorities).map(([value, label]) => ({ value, label: label ?? value }))}
          value={form.priority}
          onChange={(e) => setForm({ ...form, priority: e.currentTarget.value })}
        />
        <TextInput
          label={words.ref}
          value={form.ref}
          onChange={(e) => setForm({ ...form, ref: e.currentTarget.value })}
        />
        <Textarea
          label={words.instruction}
          value={form.instruction}
          onChange={(e) => setForm({ ...form, instruction: e.currentTarget.value })}
        />
        <Button type="submit" loading={busy}>
          {words.move}
        </Button>
      </form>
    </Modal>
  );
}
