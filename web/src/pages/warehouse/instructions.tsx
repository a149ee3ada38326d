/** Handling instructions: a list, and one form for making and changing them. A change is a version that is acknowledged anew. */
import { Button, Checkbox, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import {
  type Instruction,
  type InstructionBody,
  instructionsQuery,
  type SubjectKind,
  warehouse,
} from '~/api/warehouse';
import type { Column } from '~/kit/data-table';
import { SeverityMark } from '~/kit/instructions';
import { ListPage } from '~/kit/list-page';
import { Empty, ErrorBox } from '~/kit/page';
import { Time } from '~/kit/time';
import { text } from '~/text';

const route = getRouteApi('/app/instructions');
const words = text.warehouse.instructions;
const options = (of: Record<string, string | undefined>) =>
  Object.entries(of).map(([value, label]) => ({ value, label: label ?? value }));

export function InstructionsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [editing, setEditing] = useState<Instruction | 'new' | null>(null);
  const [retiring, setRetiring] = useState<Instruction | null>(null);
  const { q = '', state = 'active' } = search;
  const may = can('work:plan');
  const columns: Column<Instruction>[] = [
    {
      id: 'instruction',
      header: words.code,
      width: 140,
      cell: (row) =>
        may ? (
          <button type="button" className="link-button code" onClick={() => setEditing(row)}>
            {row.instruction}
          </button>
        ) : (
          <span className="code">{row.instruction}</span>
        ),
    },
    { id: 'severity', header: words.severity, width: 110, cell: (row) => <SeverityMark severity={row.severity} /> },
    { id: 'title', header: words.name, width: 240, cell: (row) => row.title },
    {
      id: 'about',
      header: words.about,
      width: 240,
      cell: (row) => (
        <>
          <span className="dim">{words.subjects[row.about.kind]}</span> <span className="code">{row.about.key}</span>
        </>
      ),
    },
    {
      id: 'state',
      header: text.col.state,
      width: 110,
      cell: (row) => <span title={row.retired?.reason}>{words.states[row.state]}</span>,
    },
    {
      id: 'until',
      header: words.until,
      width: 170,
      cell: (row) => (row.validUntil ? <Time at={row.validUntil} short /> : row.untilRef),
    },
    { id: 'text', header: words.body, width: 340, cell: (row) => row.text },
    {
      id: 'retire',
      header: text.actions,
      width: 100,
      cell: (row) =>
        may && row.state !== 'retired' ? (
          <button type="button" className="link-button" onClick={() => setRetiring(row)}>
            {words.retire}
          </button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPage
        id="instructions"
        title={words.title}
        actions={
          may ? (
            <Button size="sm" onClick={() => setEditing('new')}>
              {words.add}
            </Button>
          ) : null
        }
        find={{
          q,
          onFind: (next) => void navigate({ search: (was) => ({ ...was, q: next || undefined }), replace: true }),
        }}
        filters={
          <NativeSelect
            aria-label={words.which}
            data={options(words.ofState)}
            value={state}
            onChange={(event) => {
              const chosen = event.currentTarget.value;
              void navigate({
                search: (was) => ({ ...was, state: chosen === 'active' ? undefined : (chosen as 'all') }),
                replace: true,
              });
            }}
          />
        }
        columns={columns}
        rowKey={(row) => row.instruction}
        query={useInfiniteQuery(instructionsQuery({ q, state }))}
        empty={<Empty title={words.none}>{words.noneWhy}</Empty>}
      />
      {editing ? <Edit instruction={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
      {retiring ? <Retire instruction={retiring} onClose={() => setRetiring(null)} /> : null}
    </>
  );
}

const changed = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['instructions'] });
const day = (at: string | null): string => at?.replace(/T00:00:00\.000Z$/, '') ?? '';

function Edit({ instruction, onClose }: { instruction: Instruction | null; onClose: () => void }) {
  const [form, setForm] = useState({
    code: instruction?.instruction ?? '',
    title: instruction?.title ?? '',
    text: instruction?.text ?? '',
    severity: instruction?.severity ?? 'warn',
    acknowledge: instruction?.acknowledge ?? false,
    kind: instruction?.about.kind ?? 'item',
    key: instruction?.about.key ?? '',
    validFrom: day(instruction?.validFrom ?? null),
    validUntil: day(instruction?.validUntil ?? null),
    untilRef: instruction?.untilRef ?? '',
  });
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body: InstructionBody = {
      title: form.title,
      text: form.text,
      severity: form.severity,
      acknowledge: form.acknowledge,
      about: { [form.kind]: form.kind === 'unit' ? unitName(form.key) : form.key.trim() },
      ...(form.validFrom ? { validFrom: form.validFrom } : {}),
      ...(form.validUntil ? { validUntil: form.validUntil } : {}),
      ...(form.untilRef ? { untilRef: form.untilRef } : {}),
    };
    try {
      await warehouse.putInstruction(form.code.trim(), body);
      await changed();
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={instruction ? words.edit(instruction.instruction) : words.add}
      size="lg"
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={words.code}
          description={words.codeWhy}
          value={form.code}
          readOnly={instruction !== null}
          onChange={(e) => set({ code: e.currentTarget.value })}
          required
        />
        <TextInput
          label={words.name}
          value={form.title}
          onChange={(e) => set({ title: e.currentTarget.value })}
          required
        />
        <Textarea
          label={words.body}
          value={form.text}
          autosize
          minRows={2}
          onChange={(e) => set({ text: e.currentTarget.value })}
        />
        <NativeSelect
          label={words.severity}
          data={options(words.severities)}
          value={form.severity}
          onChange={(e) => set({ severity: e.currentTarget.value as Instruction['severity'] })}
        />
        <Checkbox
          label={words.acknowledge}
          checked={form.acknowledge}
          onChange={(e) => set({ acknowledge: e.currentTarget.checked })}
        />
        <NativeSelect
          label={words.about}
          data={options(words.subjects)}
          value={form.kind}
          onChange={(e) => set({ kind: e.currentTarget.value as SubjectKind })}
        />
        <TextInput
          label={words.key}
          description={words.subjectWhy[form.kind]}
          value={form.key}
          onChange={(e) => set({ key: e.currentTarget.value })}
          required
        />
        <TextInput
          label={words.from}
          description={words.day}
          value={form.validFrom}
          onChange={(e) => set({ validFrom: e.currentTarget.value })}
        />
        <TextInput
          label={words.until}
          description={words.day}
          value={form.validUntil}
          onChange={(e) => set({ validUntil: e.currentTarget.value })}
        />
        <TextInput
          label={words.untilRef}
          description={words.untilRefWhy}
          value={form.untilRef}
          onChange={(e) => set({ untilRef: e.currentTarget.value })}
        />
        <Button type="submit">{text.save}</Button>
      </form>
    </Modal>
  );
}

/** `item~lot~code` as it stands in addresses; anything else is taken as a scan. */
function unitName(key: string): Record<string, string> {
  const [item = '', kind = '', ...code] = key.trim().split('~');
  return code.length > 0 ? { item, [kind]: code.join('~') } : { scan: key.trim() };
}

function Retire({ instruction, onClose }: { instruction: Instruction; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await warehouse.retireInstruction(instruction.instruction, reason);
      await changed();
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.retireTitle(instruction.instruction)}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={words.reason}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
          required
          data-autofocus
        />
        <Button type="submit">{words.retire}</Button>
      </form>
    </Modal>
  );
}
