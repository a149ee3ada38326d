/** Placing a hold: by scanned or pasted units, by a place, by a query, by a container; and first of all what that would bind. */
import { Button, NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { holdsApi, holdsChanged, reasonsQuery, type HoldAnswer, type HoldPreview, type HoldScope } from '~/api/holds';
import { unitQuery } from '~/api/queries';
import { holdWays } from '~/app/routes/holds';
import { newId, sendWork } from '~/floor/work';
import { count } from '~/kit/amount';
import { type Found } from '~/kit/list-check';
import { ErrorBox, Notice, PageHead, Section, useTitle } from '~/kit/page';
import { PlainTable } from '~/kit/plain-table';
import { SeedInput } from '~/kit/seed-input';
import { UnitText, unitName } from '~/kit/unit';
import { text } from '~/text';
import './holds.css';

const route = getRouteApi('/app/holds/new');
const words = text.holds.new;
const QUERY_FIELDS = ['item', 'supplier', 'place', 'madeFrom', 'madeBefore', 'q'] as const;

export function NewHoldPage() {
  useTitle(words.title);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const by = search.by ?? 'units';
  const [added, setAdded] = useState<Found[]>([]);
  const [preview, setPreview] = useState<{ scope: HoldScope; found: HoldPreview } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const linked = useQuery({ ...unitQuery(search.unit ?? ''), enabled: search.unit !== undefined });
  // The one that the address names, and those that were added here.
  const named = linked.data ? [{ id: linked.data.id, unit: linked.data.unit }] : [];
  const units = [...named, ...added.filter((one) => one.id !== named[0]?.id)];

  const set = (change: Partial<typeof search>): void => {
    setPreview(null);
    void navigate({ search: (was) => ({ ...was, ...change }), replace: true });
  };
  const scope = (): HoldScope => {
    if (by === 'units') return { units: units.map((one) => one.unit) };
    if (by === 'place') return { place: search.place ?? '' };
    if (by === 'container') return { container: search.container ?? '' };
    return {
      query: Object.fromEntries(
        QUERY_FIELDS.flatMap((field) => (search[field] === undefined ? [] : [[field, search[field]]])),
      ),
    };
  };
  const show = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    setBusy(true);
    setError(null);
    setPreview(null);
    const asked = scope();
    try {
      setPreview({ scope: asked, found: await holdsApi.preview(asked) });
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  };
  const field = (name: (typeof QUERY_FIELDS)[number] | 'container', label: string, type = 'text') => (
    <TextInput
      key={name}
      type={type}
      label={label}
      value={search[name] ?? ''}
      onChange={(event) => set({ [name]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <>
      <PageHead title={words.title} />
      <Section title={words.what}>
        <form onSubmit={(event) => void show(event)} className="stack">
          <SegmentedControl
            aria-label={words.what}
            value={by}
            onChange={(next) => set({ by: holdWays.find((one) => one === next) })}
            data={holdWays.map((one) => ({ value: one, label: words.ways[one] ?? one }))}
          />
          {by === 'units' ? (
            <>
              <SeedInput
                onAdd={(more) => {
                  setPreview(null);
                  setAdded((was) => [...was, ...more.filter((one) => !was.some((other) => other.id === one.id))]);
                }}
                has={(id) => units.some((one) => one.id === id)}
              />
              <ul className="hold-units" aria-label={words.units}>
                {units.map((one) => (
                  <li key={one.id}>
                    <UnitText unit={one.unit} />
                    <Button
                      variant="subtle"
                      aria-label={words.remove(unitName(one.unit))}
                      onClick={() => {
                        setAdded((was) => was.filter((other) => other.id !== one.id));
                        set(one.id === named[0]?.id ? { unit: undefined } : {});
                      }}
                    >
                      {text.remove}
                    </Button>
                  </li>
                ))}
              </ul>
            </>
          ) : null}
          {by === 'place' ? field('place', words.place) : null}
          {by === 'container' ? field('container', words.container) : null}
          {by === 'query' ? (
            <div className="hold-query">
              {QUERY_FIELDS.map((name) => field(name, words.query[name], name.startsWith('made') ? 'date' : 'text'))}
            </div>
          ) : null}
          <p className="dim">{words.whole}</p>
          <div className="row-actions">
            <Button type="submit" variant="default" loading={busy} disabled={by === 'units' && units.length === 0}>
              {words.preview}
            </Button>
          </div>
        </form>
        {error ? <ErrorBox error={error} /> : null}
      </Section>
      {preview ? <Place scope={preview.scope} found={preview.found} again={() => void show()} /> : null}
    </>
  );
}

const OTHER = '';

/** What would be held, why, and the button that says how much it is. */
function Place({ scope, found, again }: { scope: HoldScope; found: HoldPreview; again: () => void }) {
  const navigate = useNavigate();
  const reasons = useQuery(reasonsQuery);
  const [form, setForm] = useState({ reasonCode: OTHER, reason: '', ref: '', owner: '', note: '' });
  const [id] = useState(newId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const set = (change: Partial<typeof form>): void => setForm((was) => ({ ...was, ...change }));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const said = Object.fromEntries(Object.entries(form).filter(([, value]) => value.trim() !== ''));
    try {
      const sent = await sendWork<HoldAnswer>(
        '/holds',
        { id, ...scope, ...said, expected: found.units },
        { title: text.holds.place },
      );
      await holdsChanged();
      if (sent.state === 'sent') await navigate({ to: '/holds/$group', params: { group: sent.answer.group } });
      else await navigate({ to: '/floor', hash: 'queue' });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  if (found.units === 0) return <Notice tone="warn" title={words.nothing} />;
  return (
    <Section title={words.why}>
      <p className="strong" data-testid="hold-preview">
        {words.of(found.units, found.held)}
      </p>
      {found.unknown.length > 0 ? (
        <Notice tone="warn" title={words.unknown(found.unknown.length)}>
          {found.unknown.join(', ')}
        </Notice>
      ) : null}
      <PlainTable
        columns={[
          { header: text.col.item, cell: (row) => <span className="code">{row.item}</span> },
          { header: text.col.name, cell: (row) => row.name },
          { header: text.holds.col.units, align: 'right', cell: (row) => count(row.units) },
        ]}
        rows={found.items}
        rowKey={(row) => row.item}
      />
      <form onSubmit={(event) => void submit(event)} className="stack hold-form">
        {error ? <ErrorBox error={error} retry={again} /> : null}
        <NativeSelect
          label={words.reasonCode}
          value={form.reasonCode}
          onChange={(event) => set({ reasonCode: event.currentTarget.value })}
          data={[
            { value: OTHER, label: words.otherReason },
            ...(reasons.data?.data ?? [])
              .filter((one) => one.kind === 'hold' && !one.retired)
              .map((one) => ({ value: one.code, label: one.text })),
          ]}
        />
        <Textarea
          label={words.reason}
          value={form.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
          required={form.reasonCode === OTHER}
          autosize
          minRows={2}
        />
        <TextInput label={words.ref} value={form.ref} onChange={(event) => set({ ref: event.currentTarget.value })} />
        <TextInput
          label={words.owner}
          description={words.ownerHint}
          value={form.owner}
          onChange={(event) => set({ owner: event.currentTarget.value })}
        />
        <Textarea label={words.note} value={form.note} onChange={(event) => set({ note: event.currentTarget.value })} />
        <div className="row-actions">
          <Button type="submit" size="sm" color="red" loading={busy}>
            {words.submit(found.units)}
          </Button>
        </div>
      </form>
    </Section>
  );
}
