/** Proposing what becomes of held goods: another person approves it. */
import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { dispositionKinds, holdsChanged, type DispositionKind, type HeldUnit, type Proposal } from '~/api/holds';
import { newId, sendWork } from '~/floor/work';
import { ErrorBox } from '~/kit/page';
import { unitName } from '~/kit/unit';
import { text } from '~/text';

const words = text.holds;

export function ProposeDialog({
  group,
  picked,
  count,
  onClose,
}: {
  group: string;
  picked: HeldUnit[];
  /** units of the group, where none is picked */
  count: number;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [kind, setKind] = useState<DispositionKind>('use-as-is');
  const [reason, setReason] = useState('');
  const [target, setTarget] = useState('');
  const [part, setPart] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [id, setId] = useState(newId);
  const [only] = picked;
  const uom = only?.where.find((one) => one.quantity)?.quantity?.uom;
  const mayPart = picked.length === 1 && only?.unit.lot !== undefined && uom !== undefined;
  const moves = kind === 'rework' || kind === 'sort';

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const body: Proposal = {
      kind,
      reason,
      group,
      ...(moves ? { place: target } : kind === 'return-to-supplier' ? { supplier: target } : {}),
      ...(picked.length > 0
        ? {
            units: picked.map(({ unit }) => ({
              unit,
              ...(mayPart && part.trim() !== '' ? { quantity: { value: part.trim(), uom } } : {}),
            })),
          }
        : {}),
    };
    try {
      const sent = await sendWork<{ disposition: string }>('/dispositions', { id, ...body });
      await holdsChanged();
      if (sent.state === 'sent')
        await navigate({ to: '/dispositions/$disposition', params: { disposition: sent.answer.disposition } });
    } catch (cause) {
      setError(cause);
      setId(newId());
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.propose.title} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        <p>{only && picked.length === 1 ? unitName(only.unit) : words.group.selected(picked.length || count)}</p>
        {error ? <ErrorBox error={error} /> : null}
        <NativeSelect
          label={words.propose.kind}
          value={kind}
          onChange={(event) => {
            setKind(dispositionKinds.find((one) => one === event.currentTarget.value) ?? 'use-as-is');
            setTarget('');
          }}
          data={dispositionKinds.map((one) => ({ value: one, label: words.kinds[one] }))}
          description={words.kindWhy[kind]}
          data-autofocus
        />
        {moves || kind === 'return-to-supplier' ? (
          <TextInput
            label={moves ? words.propose.place : words.propose.supplier}
            value={target}
            onChange={(event) => setTarget(event.currentTarget.value)}
            required
          />
        ) : null}
        {mayPart ? (
          <TextInput
            label={`${words.propose.part} (${uom})`}
            description={words.propose.partHint}
            value={part}
            onChange={(event) => setPart(event.currentTarget.value)}
            inputMode="decimal"
          />
        ) : null}
        <Textarea
          label={words.propose.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          autosize
          minRows={2}
        />
        <p className="dim">{words.propose.eyes}</p>
        <div className="row-actions">
          <Button type="submit" loading={busy}>
            {words.propose.submit}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
