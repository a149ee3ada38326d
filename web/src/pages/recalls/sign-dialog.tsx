/** A signature: the password again, what it means, why; and the count that it binds, typed. */
import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { Recall } from '~/api/recalls';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';

const words = text.recalls.sign;
export type SignedVerb = keyof typeof words.meanings;

type SignDialogProps = {
  verb: SignedVerb;
  recall: Recall;
  sign: (body: object) => Promise<unknown>;
  onClose: () => void;
};

export function SignDialog({ verb, recall, sign, onClose }: SignDialogProps) {
  const [form, setForm] = useState({ reason: '', password: '', count: '' });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const meaning = words.meanings[verb];
  const units = recall.scope?.counts.units ?? 0;
  const asksCount = verb === 'initiate';
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (asksCount && form.count.replace(/\D/g, '') !== String(units)) {
      setError(new Error(words.countWrong));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const { reason, password } = form;
      const acknowledge = recall.initiating?.status === 'changed' ? recall.initiating.changed?.digest : undefined;
      await sign({
        ...(recall.scope && { digest: recall.scope.digest }),
        ...(verb === 'initiate' && acknowledge && { acknowledge }),
        signature: { password, meaning, reason },
      });
      onClose();
    } catch (cause) {
      // A wrong password is refused too, and says so itself.
      setError(cause instanceof Error ? new Error(cause.message) : cause);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words[verb]} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput label={words.meaning} value={meaning} readOnly />
        <TextInput
          label={words.reason}
          value={form.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
          required
          data-autofocus
        />
        {asksCount ? (
          <TextInput
            label={words.count(units)}
            value={form.count}
            onChange={(event) => set({ count: event.currentTarget.value })}
            inputMode="numeric"
            required
          />
        ) : null}
        <PasswordInput
          label={words.password}
          value={form.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          autoComplete="current-password"
          required
        />
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" mt="md" loading={busy}>
          {words[verb]}
        </Button>
      </form>
    </Modal>
  );
}
