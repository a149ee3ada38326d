/** The rules that make tasks by themselves, and the button that does not wait for the clock. */
import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import { type Rule, rulesQuery, warehouse } from '~/api/warehouse';
import { Amount } from '~/kit/amount';
import { Glyph } from '~/kit/marks';
import { Empty, ErrorBox, Loading, Notice, PageHead, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { text } from '~/text';

const words = text.warehouse.rules;

export function RulesPage() {
  useTitle(words.title);
  const { can } = useSession();
  const query = useQuery(rulesQuery);
  const [editing, setEditing] = useState<Rule | 'new' | null>(null);
  const [ran, setRan] = useState<string[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const may = can('work:plan');
  const run = async (): Promise<void> => {
    setError(null);
    try {
      setRan((await warehouse.runRules()).tasks);
      await queryClient.invalidateQueries({ queryKey: ['tasks'] });
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <>
      <PageHead title={words.title}>
        {may ? (
          <>
            <Button size="sm" variant="default" onClick={() => void run()}>
              {words.run}
            </Button>
            <Button size="sm" onClick={() => setEditing('new')}>
              {words.add}
            </Button>
          </>
        ) : null}
      </PageHead>
      {error ? <ErrorBox error={error} /> : null}
      {ran ? (
        <div role="status">
          <Notice tone="plain" title={words.ran(ran)} />
        </div>
      ) : null}
      {query.isPending ? <Loading /> : null}
      {query.error ? <ErrorBox error={query.error} retry={() => void query.refetch()} /> : null}
      {query.data?.length === 0 ? <Empty title={words.none}>{words.noneWhy}</Empty> : null}
      {query.data && query.data.length > 0 ? (
        <div className="panel plain-scroll">
          <PlainTable
            label={words.title}
            columns={[
              {
                header: words.code,
                cell: (rule) =>
                  may ? (
                    <button type="button" className="link-button code" onClick={() => setEditing(rule)}>
                      {rule.rule}
                    </button>
                  ) : (
                    <span className="code">{rule.rule}</span>
                  ),
              },
              { header: text.warehouse.tasks.kind, cell: (rule) => words.kinds[rule.kind] },
              {
                header: text.col.state,
                cell: (rule) => (
                  <span className="mark">
                    <Glyph shape={rule.active ? 'check' : 'dash'} tone={rule.active ? 'ok' : 'quiet'} />
                    <span>{rule.active ? words.active : words.inactive}</span>
                  </span>
                ),
              },
              {
                header: words.item,
                cell: (rule) => rule.item ?? rule.category ?? <span className="dim">{words.all}</span>,
              },
              { header: words.from, cell: (rule) => <span className="code">{rule.from}</span> },
              { header: words.to, cell: (rule) => <span className="code">{rule.to}</span> },
              { header: words.min, align: 'right', cell: (rule) => (rule.min ? <Amount quantity={rule.min} /> : null) },
              { header: words.max, align: 'right', cell: (rule) => (rule.max ? <Amount quantity={rule.max} /> : null) },
            ]}
            rows={query.data}
            rowKey={(rule) => rule.rule}
          />
        </div>
      ) : null}
      {editing ? <Edit rule={editing === 'new' ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}

function Edit({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const [form, setForm] = useState({
    code: rule?.rule ?? '',
    kind: rule?.kind ?? 'putaway',
    active: rule?.active ?? true,
    item: rule?.item ?? '',
    category: rule?.category ?? '',
    from: rule?.from ?? '',
    to: rule?.to ?? '',
    min: rule?.min?.value ?? '',
    max: rule?.max?.value ?? '',
    uom: rule?.min?.uom ?? 'pcs',
    priority: String(rule?.priority ?? 2),
  });
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { code, kind, active, to, min, max, uom, priority } = form;
    try {
      await warehouse.putRule(code.trim(), {
        kind,
        active,
        to,
        priority: Number(priority),
        ...(form.item ? { item: form.item } : {}),
        ...(form.category ? { category: form.category } : {}),
        ...(form.from ? { from: form.from } : {}),
        ...(kind === 'replenish' ? { min: { value: min, uom }, max: { value: max, uom } } : {}),
      });
      await queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey });
      onClose();
    } catch (cause) {
      setError(cause);
    }
  };
  const field = (name: 'code' | 'item' | 'category' | 'from' | 'to' | 'min' | 'max' | 'uom', more: object = {}) => (
    <TextInput
      label={words[name]}
      value={form[name]}
      onChange={(e) => set({ [name]: e.currentTarget.value })}
      {...more}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={rule ? words.of(rule.rule) : words.add}
      closeButtonProps={{ 'aria-label': text.close }}
    >
      <form onSubmit={(event) => void submit(event)} className="stack">
        {error ? <ErrorBox error={error} /> : null}
        {field('code', { required: true, readOnly: rule !== null })}
        <NativeSelect
          label={text.warehouse.tasks.kind}
          data={Object.entries(words.kinds).map(([value, label]) => ({ value, label: label ?? value }))}
          value={form.kind}
          onChange={(e) => set({ kind: e.currentTarget.value as Rule['kind'] })}
        />
        <Checkbox
          label={words.active}
          checked={form.active}
          onChange={(e) => set({ active: e.currentTarget.checked })}
        />
        {field('item', { required: form.kind === 'replenish' })}
        {form.kind === 'replenish' ? null : field('category')}
        {field('from', { required: form.kind === 'putaway' })}
        {field('to', { required: true })}
        {form.kind === 'replenish' ? (
          <>
            {field('min', { required: true })}
            {field('max', { required: true })}
            {field('uom', { required: true })}
          </>
        ) : null}
        <NativeSelect
          label={text.warehouse.stock.priority}
          data={Object.entries(text.warehouse.stock.priorities).map(([value, label]) => ({
            value,
            label: label ?? value,
          }))}
          value={form.priority}
          onChange={(e) => set({ priority: e.currentTarget.value })}
        />
        <Button type="submit">{text.save}</Button>
      </form>
    </Modal>
  );
}
