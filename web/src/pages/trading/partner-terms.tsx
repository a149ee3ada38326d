/** What a partner allows: it holds for every line of its orders that says nothing else. */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useSession } from '~/app/session';
import { queryClient } from '~/api/queries';
import { putTerms, type Terms, termsQuery } from '~/api/trade';
import { ErrorBox, Facts, Section } from '~/kit/page';
import { text } from '~/text';

const words = text.trade.partnerPage;
const { strategies } = text.trade.pick;

type TermsProps = { partner: string; editing: boolean; onEdit: (editing: boolean) => void };

export function PartnerTerms({ partner, editing, onEdit }: TermsProps) {
  const { data, error } = useQuery(termsQuery(partner));
  const { can } = useSession();
  if (error) return <ErrorBox error={error} />;
  if (!data) return null;
  const rows: [string, string][] = (
    [
      [words.overPercent, data.overPercent],
      [words.shortPercent, data.shortPercent],
      [words.lifeDaysMin, data.lifeDaysMin],
      [text.trade.pick.strategy, data.strategy === null ? null : (strategies[data.strategy] ?? data.strategy)],
    ] as const
  ).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)] as [string, string]]));
  return (
    <Section
      title={words.terms}
      aside={
        can('work:plan') ? (
          <button type="button" className="link-button" onClick={() => onEdit(true)}>
            {words.changeTerms}
          </button>
        ) : null
      }
    >
      {rows.length === 0 ? <p className="dim trade-side">{words.noTerms}</p> : <Facts rows={rows} />}
      {editing && can('work:plan') ? <TermsForm partner={partner} terms={data} onClose={() => onEdit(false)} /> : null}
    </Section>
  );
}

function TermsForm({ partner, terms, onClose }: { partner: string; terms: Terms; onClose: () => void }) {
  const [form, setForm] = useState({
    overPercent: terms.overPercent ?? '',
    shortPercent: terms.shortPercent ?? '',
    lifeDaysMin: terms.lifeDaysMin === null ? '' : String(terms.lifeDaysMin),
    strategy: terms.strategy ?? '',
  });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const { lifeDaysMin, ...texts } = form;
    const said = Object.entries(texts).filter(([, value]) => value.trim() !== '');
    try {
      const body = {
        ...Object.fromEntries(said),
        ...(lifeDaysMin.trim() ? { lifeDaysMin: Number(lifeDaysMin) } : {}),
      };
      queryClient.setQueryData(termsQuery(partner).queryKey, await putTerms(partner, body));
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  const field = (name: 'overPercent' | 'shortPercent' | 'lifeDaysMin', why: string) => (
    <TextInput
      label={words[name]}
      description={why}
      inputMode={name === 'lifeDaysMin' ? 'numeric' : 'decimal'}
      value={form[name]}
      onChange={(event) => {
        const value = event.currentTarget.value;
        setForm((was) => ({ ...was, [name]: value }));
      }}
    />
  );
  return (
    <Modal opened onClose={onClose} title={words.termsOf(partner)} closeButtonProps={{ 'aria-label': text.close }}>
      <form onSubmit={(event) => void submit(event)} className="stack">
        <p className="dim">{words.termsWhy}</p>
        {field('overPercent', words.overWhy)}
        {field('shortPercent', words.shortWhy)}
        {field('lifeDaysMin', words.lifeWhy)}
        <NativeSelect
          label={text.trade.pick.strategy}
          data={[
            { value: '', label: words.bySettings },
            ...Object.entries(strategies).map(([value, label]) => ({ value, label: label ?? value })),
          ]}
          value={form.strategy}
          onChange={(event) => {
            const strategy = event.currentTarget.value;
            setForm((was) => ({ ...was, strategy }));
          }}
        />
        {error ? <ErrorBox error={error} /> : null}
        <Button type="submit" loading={busy}>
          {text.save}
        </Button>
      </form>
    </Modal>
  );
}
