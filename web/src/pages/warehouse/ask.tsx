import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';

/** A reason, before something is done that needs one. */
export function Ask(props: {
  title: string;
  why?: string;
  action: string;
  onClose: () => void;
  onSay: (reason: string) => Promise<void>;
}) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setError(null);
    try {
      await props.onSay(reason);
      props.onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        {props.why ? <p>{props.why}</p> : null}
        <TextInput
          size="md"
          label={text.warehouse.instructions.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          data-autofocus
        />
        <Button type="submit" size="md">
          {props.action}
        </Button>
      </form>
    </Modal>
  );
}
