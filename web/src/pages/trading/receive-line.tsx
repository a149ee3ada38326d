/** One line of a delivery: what its label said, and what a person adds to it. */
import { ActionIcon, Button, FileButton, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { keepPaper } from '~/api/trade';
import { newId } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { text } from '~/text';
import { ACCEPTED } from './papers';
import { type Draft, serialsOf } from './receive-draft';
import { ResultFields } from './results';

const words = text.trade.receive;
type Props = {
  draft: Draft;
  active: boolean;
  onActive: () => void;
  onChange: (draft: Draft) => void;
  onRemove: () => void;
};

export function LineForm({ draft, active, onActive, onChange, onRemove }: Props) {
  const field = (
    name:
      'lot' | 'quantity' | 'supplierLot' | 'expires' | 'revision' | 'labels' | 'overReason' | 'closeReason' | 'reason',
    label: string,
    more: { type?: string; required?: boolean } = {},
  ) => (
    <TextInput
      label={label}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.currentTarget.value })}
      {...more}
    />
  );
  const what = `${draft.item} ${draft.tracking === 'serial' ? words.serials(draft.serials.length) : draft.lot}`.trim();
  return (
    <fieldset className="trade-line" data-active={active} onFocus={onActive}>
      <legend>
        <span className="code">{draft.item}</span> {draft.name}
        {draft.line === undefined ? null : ` · ${text.trade.orders.line} ${draft.line}`}
      </legend>
      {draft.tracking === 'lot' ? field('lot', words.lot, { required: true }) : null}
      {draft.tracking === 'serial' ? (
        <Serials draft={draft} onChange={onChange} />
      ) : (
        field('quantity', `${text.trade.quantity}, ${draft.uom}`, { required: true })
      )}
      {field('supplierLot', words.supplierLot)}
      {field('expires', words.expires, { type: 'date' })}
      {field('revision', words.revision)}
      {field('labels', words.labels, { type: 'number' })}
      <ResultFields
        characteristics={draft.plan?.characteristics ?? []}
        results={draft.results}
        onChange={(results) => onChange({ ...draft, results })}
      />
      <NativeSelect
        label={words.decision}
        value={draft.decision}
        onChange={(event) => onChange({ ...draft, decision: event.currentTarget.value })}
        data={['auto', 'accept', 'hold', 'reject'].map((one) => ({ value: one, label: words.decisions[one] ?? one }))}
      />
      {draft.decision === 'hold' || draft.decision === 'reject' ? field('reason', words.decisionReason) : null}
      {draft.line === undefined ? null : field('overReason', words.overReason)}
      {draft.line === undefined ? null : field('closeReason', words.closeShort)}
      <Certificate draft={draft} onChange={onChange} />
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.remove(what)} onClick={onRemove}>
        <IconTrash size={20} aria-hidden />
      </ActionIcon>
    </fieldset>
  );
}

function Serials({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const [pasted, setPasted] = useState('');
  const add = (): void => {
    onChange({ ...draft, serials: [...new Set([...draft.serials, ...serialsOf(pasted)])] });
    setPasted('');
  };
  return (
    <div>
      <strong>{words.serials(draft.serials.length)}</strong>
      <p className="code trade-pending" data-testid="serials">
        {draft.serials.join(' ')}
      </p>
      <details>
        <summary>{words.paste}</summary>
        <Textarea
          aria-label={words.paste}
          value={pasted}
          onChange={(event) => setPasted(event.currentTarget.value)}
          rows={4}
        />
        <Button size="xs" variant="default" onClick={add} mt="xs">
          {words.pasteAdd}
        </Button>
      </details>
    </div>
  );
}

function Certificate({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const [error, setError] = useState<unknown>(null);
  const add = async (file: File | null): Promise<void> => {
    if (!file) return;
    setError(null);
    try {
      const paper = await keepPaper(newId(), file);
      onChange({ ...draft, certificates: [...draft.certificates, { file: paper.file, name: paper.name }] });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <div>
      <FileButton
        accept={ACCEPTED}
        onChange={(file) => void add(file)}
        inputProps={{ 'aria-label': words.certificate }}
      >
        {(props) => (
          <Button {...props} variant="default">
            {words.certificate}
          </Button>
        )}
      </FileButton>
      <ul className="plain-list">
        {draft.certificates.map((one) => (
          <li key={one.file}>{one.name}</li>
        ))}
      </ul>
      {error ? <ErrorBox error={error} /> : null}
    </div>
  );
}
