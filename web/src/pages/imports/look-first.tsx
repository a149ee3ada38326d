/** A file that is looked at before it comes in: its columns are mapped, and it can be tried. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { lookAt } from '~/api/imports';
import { text } from '~/text';

export function LookFirst({ onError }: { onError: (error: unknown) => void }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const look = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setBusy(true);
    onError(null);
    try {
      const { upload } = await lookAt(file);
      await navigate({ to: '/imports/look/$upload', params: { upload }, search: {} });
    } catch (cause) {
      onError(cause);
      setBusy(false);
    }
  };
  return (
    <>
      <input
        ref={field}
        type="file"
        className="sr-only"
        aria-label={text.map.lookLabel}
        tabIndex={-1}
        accept=".csv,.txt,.xlsx,.xlsm,.zip"
        onChange={(event) => void look(event.currentTarget.files?.[0])}
      />
      <Button variant="default" size="sm" disabled={busy} onClick={() => field.current?.click()}>
        {busy ? text.map.looking : text.map.lookFirst}
      </Button>
    </>
  );
}
