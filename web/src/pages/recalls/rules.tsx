/** Where a scope begins, and what it would be: seen before it is saved. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { recallChanged, recallsApi, whatIfQuery, type Resolved, type ScopeRules, type WhatIf } from '~/api/recalls';
import type { Found } from '~/kit/list-check';
import { ErrorBox, Loading, Notice, Section } from '~/kit/page';
import { SeedInput } from '~/kit/seed-input';
import { fromLocalInput, useZone } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import { text } from '~/text';
import { Counts } from './counts';

const words = text.recalls.rules;
const EMPTY = { text: '', item: '', workCenter: '', from: '', until: '' };

export function RulesSection({ recall }: { recall: string }) {
  const { zone } = useZone();
  const [seeds, setSeeds] = useState<Found[]>([]);
  const [form, setForm] = useState(EMPTY);
  const [asked, setAsked] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<typeof form>): void => {
    setForm((was) => ({ ...was, ...change }));
    setAsked(null);
  };
  const choose = (units: Found[]): void => {
    setSeeds(units);
    setAsked(null);
  };
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const [from, until] = [fromLocalInput(form.from, zone), fromLocalInput(form.until, zone)];
    const rules: ScopeRules = {
      ...(seeds.length > 0 && { seeds: seeds.map(({ unit }) => ({ unit })) }),
      ...(form.text.trim() && { texts: [{ text: form.text, item: form.item.trim() }] }),
      ...(from && until && { made: [{ from, until, ...(form.workCenter.trim() && { workCenter: form.workCenter }) }] }),
    };
    setBusy(true);
    setError(null);
    try {
      setAsked((await recallsApi.ask(recall, rules)).whatIf);
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  };
  return (
    <Section title={words.title}>
      <form className="recall-form" onSubmit={(event) => void ask(event)}>
        <SeedInput onAdd={(units) => choose([...seeds, ...units])} has={(id) => seeds.some((seed) => seed.id === id)} />
        {seeds.length > 0 ? (
          <ul className="recall-list" aria-label={words.seeds}>
            {seeds.map((seed) => (
              <li key={seed.id}>
                <UnitLink id={seed.id} unit={seed.unit} />{' '}
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => choose(seeds.filter((one) => one !== seed))}
                  aria-label={words.remove(unitName(seed.unit))}
                >
                  ×
                </Button>
              </li>
            ))}
          </ul>
        ) : null}
        <Textarea
          label={words.text}
          description={words.textHint}
          value={form.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
          autosize
          minRows={2}
        />
        <TextInput
          label={words.item}
          value={form.item}
          onChange={(event) => set({ item: event.currentTarget.value })}
          required={form.text.trim() !== ''}
        />
        <TextInput
          label={words.madeAt}
          value={form.workCenter}
          onChange={(event) => set({ workCenter: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={words.madeFrom}
          value={form.from}
          onChange={(event) => set({ from: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={words.madeUntil}
          value={form.until}
          onChange={(event) => set({ until: event.currentTarget.value })}
        />
        {error ? <ErrorBox error={error} /> : null}
        <div>
          <Button type="submit" variant="default" loading={busy}>
            {words.ask}
          </Button>
        </div>
      </form>
      {asked ? <Seen recall={recall} asked={asked} onSaved={() => setAsked(null)} /> : null}
    </Section>
  );
}

function Seen({ recall, asked, onSaved }: { recall: string; asked: string; onSaved: () => void }) {
  const query = useQuery(whatIfQuery(recall, asked));
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const seen = query.data;
  if (query.error) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (!seen || seen.status === 'running') return <Loading label={words.asking} />;
  if (seen.status === 'failed' || !seen.counts) return <ErrorBox error={new Error(seen.error?.message ?? '')} />;
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await recallsApi.save(recall, { whatIf: asked, reason });
      await recallChanged();
      onSaved();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <div className="recall-body" data-testid="what-if">
      <Counts counts={seen.counts} />
      {seen.complete ? null : <Notice tone="warn" title={text.recalls.case.incomplete} />}
      <Difference difference={seen.difference} />
      <Told resolved={seen.resolved} />
      <form className="filter-bar" onSubmit={(event) => void save(event)}>
        <TextInput
          label={words.reason}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
        <Button type="submit" loading={busy}>
          {words.save}
        </Button>
      </form>
      {error ? <ErrorBox error={error} /> : null}
    </div>
  );
}

function Difference({ difference }: Pick<WhatIf, 'difference'>) {
  if (!difference) return null;
  const { against, added, removed, reclassified, lots, customers, places } = difference;
  const moves = [customers, places].flatMap((list) => [
    ...(list.added.length > 0 ? [words.comes(list.added)] : []),
    ...(list.removed.length > 0 ? [words.goes(list.removed)] : []),
  ]);
  return (
    <Notice tone="plain" title={words.against(against)} id="difference">
      <ul className="recall-list">
        <li>{words.added(added)}</li>
        <li>{words.removed(removed)}</li>
        <li>{words.reclassified(reclassified)}</li>
        <li>{words.lots(lots.before, lots.after)}</li>
        {moves.map((move) => (
          <li key={move}>{move}</li>
        ))}
      </ul>
    </Notice>
  );
}

/** What of the rules found nothing: never left out of sight. */
export function Told({ resolved }: { resolved: Partial<Resolved> }) {
  const parts: [string, string[]][] = [
    [words.unmatched, (resolved.unmatched ?? []).map(({ item, code }) => `${item} ${code}`)],
    [words.unread, (resolved.unread ?? []).map((part) => `${part.text}: ${part.why}`)],
    [words.warnings, resolved.warnings ?? []],
  ];
  return parts
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) => (
      <Notice key={title} tone="warn" title={title}>
        <ul className="recall-list">
          {list.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Notice>
    ));
}
