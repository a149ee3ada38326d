/** How a unit is described besides: its own attributes, and the one way to change one of them, which is an amendment with a reason. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '~/app/session';
import { ApiError, write } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Unit, UnitAttribute } from '~/api/types';
import { newId } from '~/floor/work';
import { ErrorBox, Facts, Section } from '~/kit/page';
import { text } from '~/text';

const shown = ({ value, uom }: UnitAttribute): string => `${String(value)}${uom ? ` ${uom}` : ''}`;

/** What was a number or a yes stays one; empty takes the attribute off. */
function typed(value: string, before: UnitAttribute | undefined): string | number | boolean | null {
  const given = value.trim();
  if (given === '') return null;
  if (typeof before?.value === 'number' && Number.isFinite(Number(given))) return Number(given);
  if (typeof before?.value === 'boolean' && (given === 'true' || given === 'false')) return given === 'true';
  return given;
}

/** The ledger says of each refused event why: that sentence is what helps. */
function reasonOf(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const refused = error.problem['refused'] as { code: string; message: string }[] | undefined;
  const first = refused?.[0];
  return first ? new ApiError(error.status, first.code, first.message) : error;
}

export function UnitAttributes({ unit }: { unit: Unit }) {
  const { can } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <Section title={text.describe.title}>
      {unit.attributes.length > 0 ? (
        <Facts rows={unit.attributes.map((a) => [a.label, shown(a)])} />
      ) : (
        <p className="dim">{text.describe.none}</p>
      )}
      {!can('events:write') ? null : open ? (
        <Amend unit={unit} done={() => setOpen(false)} />
      ) : (
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          {text.describe.change}
        </Button>
      )}
    </Section>
  );
}

function Amend({ unit, done }: { unit: Unit; done: () => void }) {
  const [id] = useState(newId);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const record = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    const before = unit.attributes.find((a) => a.name === name.trim());
    const attributes = { [name.trim()]: typed(value, before) };
    try {
      const event = { type: 'amend', id, at: new Date().toISOString(), unit: unit.unit, attributes, reason };
      await write('POST', '/events', [event]);
      await queryClient.invalidateQueries({ queryKey: ['unit'] });
      done();
    } catch (cause) {
      setError(reasonOf(cause));
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void record();
      }}
    >
      <TextInput
        label={text.describe.name}
        required
        list="unit-attribute-names"
        value={name}
        onChange={(changed) => setName(changed.currentTarget.value)}
      />
      <datalist id="unit-attribute-names">
        {unit.attributes.map((a) => (
          <option key={a.name} value={a.name}>
            {a.label}
          </option>
        ))}
      </datalist>
      <TextInput
        label={text.describe.value}
        description={text.describe.valueWhy}
        value={value}
        onChange={(changed) => setValue(changed.currentTarget.value)}
      />
      <TextInput
        label={text.describe.reason}
        required
        value={reason}
        onChange={(changed) => setReason(changed.currentTarget.value)}
      />
      {error ? <ErrorBox error={error} /> : null}
      <Button type="submit" size="xs" mt="xs" mr="xs" loading={busy} disabled={!name.trim() || !reason.trim()}>
        {text.describe.record}
      </Button>
      <Button size="xs" mt="xs" variant="default" onClick={done}>
        {text.describe.cancel}
      </Button>
    </form>
  );
}
