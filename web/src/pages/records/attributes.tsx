/** Definitions of a plant's own attributes: what they are called, what they may be, and of what. */
import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { attributesQuery, attributeTypes, putAttribute, type Attribute } from '~/api/records';
import { queryClient } from '~/api/queries';
import { useSession } from '~/app/session';
import type { Column } from '~/kit/data-table';
import { ListPage } from '~/kit/list-page';
import { Empty, ErrorBox } from '~/kit/page';
import { text } from '~/text';

const route = getRouteApi('/app/attributes');
const words = text.recordsMore.attributes;
const NEW: Attribute = {
  name: '',
  label: '',
  type: 'text',
  values: null,
  uom: null,
  appliesTo: 'both',
  items: null,
  category: null,
};
const applies = ['both', 'item', 'unit'] as const;

export function AttributesPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useSession();
  const [open, setOpen] = useState<Attribute | null>(null);
  const may = can('masterdata:write');
  const columns: Column<Attribute>[] = [
    { id: 'name', header: words.col.name, width: 180, cell: (row) => <span className="code">{row.name}</span> },
    { id: 'label', header: words.col.label, width: 200, cell: (row) => row.label },
    { id: 'type', header: words.col.type, width: 110, cell: (row) => words.types[row.type] },
    { id: 'values', header: words.col.values, width: 220, cell: (row) => (row.values ?? []).join(', ') },
    { id: 'uom', header: words.col.uom, width: 120, cell: (row) => row.uom },
    {
      id: 'applies',
      header: words.col.applies,
      width: 200,
      cell: (row) => [words.applies[row.appliesTo], row.category, ...(row.items ?? [])].filter(Boolean).join(' · '),
    },
    {
      id: 'change',
      header: text.actions,
      width: 100,
      cell: (row) =>
        may ? (
          <Button variant="subtle" aria-label={`${words.change} ${row.name}`} onClick={() => setOpen(row)}>
            {words.change}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPage
        id="attributes"
        title={words.title}
        above={<p className="dim attributes-what">{words.what}</p>}
        actions={
          may ? (
            <Button size="sm" onClick={() => setOpen(NEW)}>
              {words.add}
            </Button>
          ) : null
        }
        find={{
          q: q ?? '',
          onFind: (next) => void navigate({ search: next === '' ? {} : { q: next }, replace: true }),
        }}
        columns={columns}
        rowKey={(row) => row.name}
        query={useInfiniteQuery(attributesQuery(q ?? ''))}
        empty={<Empty title={words.none}>{words.noneWhy}</Empty>}
      />
      {open ? <Define attribute={open} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function Define({ attribute, onClose }: { attribute: Attribute; onClose: () => void }) {
  const [form, setForm] = useState({ ...attribute, list: (attribute.values ?? []).join('\n') });
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const values = form.list
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    try {
      await putAttribute(form.name.trim(), {
        type: form.type,
        appliesTo: form.appliesTo,
        ...(form.label.trim() === '' ? {} : { label: form.label.trim() }),
        ...(form.type === 'choice' ? { values } : {}),
        ...(form.uom ? { uom: form.uom } : {}),
        ...(form.category ? { category: form.category } : {}),
        ...(form.items ? { items: form.items } : {}),
      });
      await queryClient.invalidateQueries({ queryKey: ['attributes'] });
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Modal opened onClose={onClose} title={words.add} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        <TextInput
          label={words.col.name}
          value={form.name}
          onChange={(e) => set({ name: e.currentTarget.value })}
          readOnly={attribute.name !== ''}
          required
          data-autofocus
        />
        <TextInput label={words.col.label} value={form.label} onChange={(e) => set({ label: e.currentTarget.value })} />
        <NativeSelect
          label={words.col.type}
          value={form.type}
          onChange={(e) => set({ type: attributeTypes.find((one) => one === e.currentTarget.value) ?? 'text' })}
          data={attributeTypes.map((one) => ({ value: one, label: words.types[one] }))}
        />
        {form.type === 'choice' ? (
          <Textarea
            label={words.col.values}
            description={words.valuesHint}
            value={form.list}
            onChange={(e) => set({ list: e.currentTarget.value })}
            autosize
            minRows={3}
            required
          />
        ) : null}
        {form.type === 'number' ? (
          <TextInput
            label={words.col.uom}
            value={form.uom ?? ''}
            onChange={(e) => set({ uom: e.currentTarget.value || null })}
          />
        ) : null}
        <NativeSelect
          label={words.col.applies}
          value={form.appliesTo}
          onChange={(e) => set({ appliesTo: applies.find((one) => one === e.currentTarget.value) ?? 'both' })}
          data={applies.map((one) => ({ value: one, label: words.applies[one] }))}
        />
        <TextInput
          label={words.category}
          value={form.category ?? ''}
          onChange={(e) => set({ category: e.currentTarget.value || null })}
        />
        <div className="row-actions">
          <Button type="submit">{words.save}</Button>
        </div>
      </form>
    </Modal>
  );
}
