/** What is done with a reason that stays on record. */
import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { newId } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';

export type Asked = { title: string; why: string; act: (body: { id: string; reason: string }) => Promise<unknown> };

export function ReasonDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [id] = useState(newId);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await asked.act({ id, reason });
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={asked.title} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)}>
        <p className="dim">{asked.why}</p>
        <TextInput
          label={text.trade.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          data-autofocus
        />
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" mt="md" loading={busy}>
          {asked.title}
        </Button>
      </form>
    </Modal>
  );
}
