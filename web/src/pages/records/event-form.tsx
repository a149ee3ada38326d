/** The fields of an event, one control a kind. Each reads and writes its part of the event alone. */
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { text } from '~/text';
import type { Body, Field } from './event-fields';

const words = text.recordsMore.event;
const KINDS = ['lot', 'serial', 'run'] as const;

const bodyOf = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {};
const rowsOf = (value: unknown): Body[] => (Array.isArray(value) ? value.map(bodyOf) : []);
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

type Control = { label: string; value: unknown; onChange: (value: unknown) => void; required?: boolean };

export function FieldControl({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const label = words.fields[field.name] ?? field.name;
  const control: Control = { label, value, onChange, ...(field.required ? { required: true } : {}) };
  switch (field.kind) {
    case 'unit':
      return <UnitControl {...control} />;
    case 'quantity':
      return <QuantityControl {...control} />;
    case 'parts':
    case 'inputs':
    case 'lines':
      return <RowsControl {...control} kind={field.kind} />;
    case 'long':
      return (
        <Textarea
          label={label}
          value={textOf(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
          required={field.required ?? false}
          autosize
        />
      );
    case 'result':
      return (
        <NativeSelect
          label={label}
          value={textOf(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
          required={field.required ?? false}
          data={[
            { value: '', label: '' },
            { value: 'pass', label: words.pass },
            { value: 'fail', label: words.fail },
          ]}
        />
      );
    case 'limits':
      return <LimitsControl {...control} />;
    case 'texts':
    case 'pairs':
    case 'event':
      return <TypedControl {...control} kind={field.kind} />;
    case 'time':
    case 'text':
      return (
        <TextInput
          label={label}
          value={textOf(value)}
          onChange={(e) => onChange(e.currentTarget.value)}
          required={field.required ?? false}
          {...(field.kind === 'time' ? { placeholder: '2026-03-02' } : {})}
        />
      );
  }
}

function UnitControl({ label, value, onChange, required = false }: Control) {
  const unit = bodyOf(value);
  const kind = KINDS.find((one) => unit[one] !== undefined) ?? 'lot';
  const put = (item: string, as: (typeof KINDS)[number], code: string): void => onChange({ item, [as]: code });
  const item = textOf(unit['item']);
  const code = textOf(unit[kind]);
  return (
    <fieldset className="event-group">
      <legend>{label}</legend>
      <TextInput
        label={words.item}
        value={item}
        onChange={(e) => put(e.currentTarget.value, kind, code)}
        required={required}
      />
      <NativeSelect
        label={words.kind}
        value={kind}
        onChange={(e) => put(item, KINDS.find((one) => one === e.currentTarget.value) ?? 'lot', code)}
        data={KINDS.map((one) => ({ value: one, label: text.kind[one] }))}
      />
      <TextInput
        label={words.code}
        value={code}
        onChange={(e) => put(item, kind, e.currentTarget.value)}
        required={required}
      />
    </fieldset>
  );
}

function QuantityControl({ label, value, onChange, required = false }: Control) {
  const quantity = bodyOf(value);
  const [amount, uom] = [textOf(quantity['value']), textOf(quantity['uom'])];
  return (
    <fieldset className="event-group">
      <legend>{label}</legend>
      <TextInput
        label={words.amount}
        value={amount}
        inputMode="decimal"
        onChange={(e) => onChange({ value: e.currentTarget.value, uom })}
        required={required}
      />
      <TextInput
        label={words.uom}
        value={uom}
        onChange={(e) => onChange({ value: amount, uom: e.currentTarget.value })}
        required={required}
      />
    </fieldset>
  );
}

function LimitsControl({ label, value, onChange }: Control) {
  const limits = bodyOf(value);
  return (
    <fieldset className="event-group">
      <legend>{label}</legend>
      {(['low', 'high'] as const).map((end) => (
        <TextInput
          key={end}
          label={words[end]}
          value={textOf(limits[end])}
          inputMode="decimal"
          onChange={(e) => onChange({ ...limits, [end]: e.currentTarget.value })}
        />
      ))}
    </fieldset>
  );
}

function RowsControl({ label, value, onChange, kind }: Control & { kind: 'parts' | 'inputs' | 'lines' }) {
  const rows = rowsOf(value);
  const shown = rows.length > 0 ? rows : [{}];
  const put = (index: number, change: Body): void =>
    onChange(shown.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <fieldset className="event-rows">
      <legend>{label}</legend>
      {shown.map((row, index) => (
        <div key={index} className="event-row">
          {kind === 'lines' ? (
            <TextInput
              label={words.item}
              value={textOf(row['item'])}
              onChange={(e) => put(index, { item: e.currentTarget.value })}
            />
          ) : (
            // A unit may be named alone, or with a quantity.
            <UnitControl
              label={`${label} ${index + 1}`}
              value={row['unit'] ?? row}
              onChange={(unit) =>
                put(index, { item: undefined, lot: undefined, serial: undefined, run: undefined, unit })
              }
            />
          )}
          <QuantityControl
            label={words.fields['quantity'] ?? ''}
            value={row['quantity']}
            onChange={(quantity) => put(index, { quantity })}
          />
          {kind === 'inputs' ? (
            <NativeSelect
              label={words.mode}
              value={textOf(row['mode'])}
              onChange={(e) => put(index, { mode: e.currentTarget.value })}
              data={Object.entries(words.modes).map(([mode, said]) => ({ value: mode, label: said }))}
            />
          ) : null}
          {rows.length > 1 ? (
            <Button
              variant="subtle"
              aria-label={words.removeRow(index + 1, label)}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              {text.remove}
            </Button>
          ) : null}
        </div>
      ))}
      <Button variant="default" onClick={() => onChange([...shown, {}])}>
        {words.addRow(label)}
      </Button>
    </fieldset>
  );
}

const linesOf = (typed: string): string[] =>
  typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function shownAs(kind: 'texts' | 'pairs' | 'event', value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'texts') return Array.isArray(value) ? value.map(textOf).join('\n') : '';
  if (kind === 'event') return JSON.stringify(value, null, 2);
  return Object.entries(bodyOf(value))
    .map(([key, one]) => `${key} = ${typeof one === 'string' ? one : JSON.stringify(one)}`)
    .join('\n');
}

/** Numbers and yes-or-no are said as such, so that typed attributes take them. */
function valueOf(typed: string): unknown {
  if (typed === 'true' || typed === 'false') return typed === 'true';
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(typed) ? Number(typed) : typed;
}

/** What is typed as text and read as something else: it keeps what was typed, right or not. */
function TypedControl({
  label,
  value,
  onChange,
  kind,
  required = false,
}: Control & { kind: 'texts' | 'pairs' | 'event' }) {
  const [typed, setTyped] = useState(() => shownAs(kind, value));
  const [wrong, setWrong] = useState(false);
  const change = (next: string): void => {
    setTyped(next);
    if (kind === 'texts') onChange(linesOf(next));
    else if (kind === 'pairs')
      onChange(
        Object.fromEntries(
          linesOf(next).flatMap((line) => {
            const cut = line.indexOf('=');
            return cut < 1 ? [] : [[line.slice(0, cut).trim(), valueOf(line.slice(cut + 1).trim())]];
          }),
        ),
      );
    else {
      try {
        onChange(next.trim() === '' ? undefined : (JSON.parse(next) as unknown));
        setWrong(false);
      } catch {
        onChange(undefined);
        setWrong(true);
      }
    }
  };
  return (
    <Textarea
      label={label}
      description={kind === 'pairs' ? words.pairsHint : kind === 'texts' ? words.textsHint : undefined}
      value={typed}
      onChange={(e) => change(e.currentTarget.value)}
      required={required}
      error={wrong ? words.badJson : null}
      autosize
      minRows={kind === 'event' ? 8 : 2}
      {...(kind === 'event' ? { className: 'event-json', spellCheck: false } : {})}
    />
  );
}
