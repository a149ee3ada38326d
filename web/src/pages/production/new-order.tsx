/** Plans a work order: what, how many, until when, and by which revision where it is not the one in force. */
import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { createOrder } from '~/api/production';
import { queryClient } from '~/api/queries';
import { newId } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';
import './production.css';

const words = text.production;
type Draft = Record<
  'number' | 'item' | 'value' | 'uom' | 'revision' | 'due' | 'workCenter' | 'place' | 'customer' | 'salesOrder',
  string
>;
const blank: Draft = {
  number: '',
  item: '',
  value: '1',
  uom: 'pcs',
  revision: '',
  due: '',
  workCenter: '',
  place: '',
  customer: '',
  salesOrder: '',
};

export function NewOrder({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(blank);
  const [kind, setKind] = useState('build');
  const [openLines, setOpenLines] = useState('reason');
  const [release, setRelease] = useState(true);
  // One id for one form: pressed twice, it is one order.
  const [id] = useState(newId);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const field = (name: keyof Draft, label: string, required = false) => (
    <TextInput
      label={label}
      value={draft[name]}
      onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
      required={required}
      {...(name === 'due' ? { type: 'date' } : {})}
    />
  );
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const { number, item, value, uom, ...rest } = draft;
    const given = Object.fromEntries(Object.entries(rest).filter(([, one]) => one.trim() !== ''));
    try {
      const order = await createOrder({
        id,
        number: number.trim(),
        item: item.trim(),
        kind,
        quantity: { value: value.trim(), uom: uom.trim() },
        openLines,
        release,
        ...given,
      });
      await queryClient.invalidateQueries({ queryKey: ['work-orders'] });
      await navigate({ to: '/work-orders/$number', params: { number: order.number } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.newOrder} size="lg" closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="order-form">
          {field('number', words.number, true)}
          <NativeSelect
            label={words.kind}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
            data={[
              { value: 'build', label: words.kinds.build },
              { value: 'rework', label: words.kinds.rework },
            ]}
          />
          {field('item', text.col.item, true)}
          {field('value', words.quantity, true)}
          {field('uom', text.col.uom, true)}
          {field('revision', words.revision)}
          {field('due', words.due)}
          {field('workCenter', words.workCenter)}
          {field('place', words.place)}
          {field('customer', words.customer)}
          {field('salesOrder', words.salesOrder)}
          <NativeSelect
            label={words.openLines}
            value={openLines}
            onChange={(event) => setOpenLines(event.currentTarget.value)}
            data={[
              { value: 'reason', label: words.openLinesWords.reason },
              { value: 'refuse', label: words.openLinesWords.refuse },
            ]}
          />
        </div>
        <Checkbox
          mt="md"
          label={words.createReleased}
          checked={release}
          onChange={(event) => setRelease(event.currentTarget.checked)}
        />
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" mt="md" loading={busy}>
          {words.create}
        </Button>
      </form>
    </Modal>
  );
}
