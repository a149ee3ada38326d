/** Opening a case: what it is about. Where it begins is said on its own page. */
import { Button, Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { jurisdictions, recallChanged, recallClasses, recallsApi } from '~/api/recalls';
import { newId } from '~/floor/work';
import { ErrorBox, PageHead, Section, useTitle } from '~/kit/page';
import { text } from '~/text';
import './recalls.css';

const words = text.recalls.new;

export function NewRecallPage() {
  useTitle(words.title);
  const navigate = useNavigate();
  const [id] = useState(newId);
  const [form, setForm] = useState({
    title: '',
    drill: false,
    class: '',
    jurisdiction: 'other',
    product: '',
    reason: '',
  });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const { title, drill, jurisdiction, product, reason } = form;
    try {
      const details = { ...(product.trim() && { product }), ...(reason.trim() && { reason }) };
      const { recall } = await recallsApi.open({
        ...{ id, title, drill, jurisdiction, details },
        ...(form.class && { class: form.class }),
      });
      await recallChanged();
      await navigate({ to: '/recalls/$recall', params: { recall } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <>
      <PageHead title={words.title} />
      <Section title={words.title}>
        <form className="recall-form" onSubmit={(event) => void submit(event)}>
          <TextInput
            label={words.name}
            description={words.nameHint}
            value={form.title}
            onChange={(event) => set({ title: event.currentTarget.value })}
            maxLength={100}
            required
          />
          <Checkbox
            label={words.drill}
            checked={form.drill}
            onChange={(event) => set({ drill: event.currentTarget.checked })}
          />
          <NativeSelect
            label={words.class}
            value={form.class}
            onChange={(event) => set({ class: event.currentTarget.value })}
            data={[{ value: '', label: words.noClass }, ...recallClasses]}
          />
          <NativeSelect
            label={words.jurisdiction}
            value={form.jurisdiction}
            onChange={(event) => set({ jurisdiction: event.currentTarget.value })}
            data={jurisdictions.map((value) => ({ value, label: words.jurisdictions[value] }))}
          />
          <TextInput
            label={words.product}
            value={form.product}
            onChange={(event) => set({ product: event.currentTarget.value })}
          />
          <Textarea
            label={words.reason}
            value={form.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
            autosize
            minRows={2}
          />
          {error ? <ErrorBox error={error} /> : null}
          <div>
            <Button type="submit" loading={busy}>
              {words.submit}
            </Button>
          </div>
        </form>
      </Section>
    </>
  );
}
