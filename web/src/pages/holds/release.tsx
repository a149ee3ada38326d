/** Setting goods free: how many, what else binds them, and why it is safe. Only with a connection. */
import { Button, Modal, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { holdsChanged, type HeldUnit, type HoldGroup } from '~/api/holds';
import { newId, sendWork } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';

const words = text.holds.release;

export function ReleaseDialog({
  group,
  picked,
  onClose,
}: {
  group: HoldGroup;
  picked: HeldUnit[];
  onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [id] = useState(newId);
  const holds = picked.flatMap((unit) => unit.holds.map((hold) => hold.id));
  const number = picked.length > 0 ? holds.length : group.holds;
  const others = picked.filter((unit) => unit.others > 0).length;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const what = picked.length > 0 ? { holds } : { group: group.group };
      await sendWork('/holds/release', { id, ...what, reason, expected: number });
      await holdsChanged();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.title(number)} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        <p>{words.what}</p>
        {others > 0 ? <p className="dim">{words.others(others)}</p> : null}
        {error ? <ErrorBox error={error} /> : null}
        <Textarea
          label={words.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          data-autofocus
          autosize
          minRows={2}
        />
        <div className="row-actions">
          <Button type="submit" loading={busy}>
            {words.submit(number)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
