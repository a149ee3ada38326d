/** Asking for a trace. The whole question is in the address, so it can be sent to a colleague before it is asked. */
import { Button, NativeSelect, SegmentedControl, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { SeedSearch } from '~/app/router';
import { api } from '~/api/client';
import { queryClient, recentTracesQuery, unitRefQuery } from '~/api/queries';
import type { Question } from '~/api/types';
import { count, percentOf, shareOf } from '~/kit/amount';
import { questionTitle } from '~/kit/question';
import { SeedInput } from '~/kit/seed-input';
import { ErrorBox, errorText, PageHead, Section, useTitle } from '~/kit/page';
import { formatTime, fromLocalInput, toLocalInput, useZone } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import type { Found } from '~/kit/list-check';
import { text } from '~/text';

const route = getRouteApi('/app/traces/new');

type SeedRowProps = {
  seed: SeedSearch;
  found: Found | undefined;
  error: unknown;
  change: (seed: SeedSearch) => void;
  remove: () => void;
};

function SeedRow({ seed, found, error, change, remove }: SeedRowProps) {
  const { zone } = useZone();
  const name = found ? unitName(found.unit) : seed.u;
  const bound = (side: 'from' | 'until') => (
    <TextInput
      type="datetime-local"
      label={side === 'from' ? text.traceNew.from : text.traceNew.until}
      aria-label={side === 'from' ? text.traceNew.fromOf(name) : text.traceNew.untilOf(name)}
      value={toLocalInput(seed[side], zone)}
      onChange={(event) => {
        const next = { ...seed };
        const at = fromLocalInput(event.currentTarget.value, zone);
        if (at) next[side] = at;
        else delete next[side];
        change(next);
      }}
    />
  );
  return (
    <li className="seed-row">
      <span className="seed-name">
        {found ? <UnitLink id={found.id} unit={found.unit} /> : <span className="code">{seed.u}</span>}
        {error ? <span className="problem">{errorText(error)}</span> : null}
      </span>
      {bound('from')}
      {bound('until')}
      <Button variant="subtle" color="gray" onClick={remove} aria-label={text.traceNew.removeOf(name)}>
        {text.remove}
      </Button>
    </li>
  );
}

type KnownAtProps = { position: string | undefined; change: (position: string | undefined) => void };

/** What was known at a time is what the ledger held then; earlier questions say which position that was. */
function KnownAt({ position, change }: KnownAtProps) {
  const { zone } = useZone();
  const recent = useQuery(recentTracesQuery);
  const known = new Map<number, string>();
  for (const trace of recent.data?.data ?? []) {
    const at = trace.ledgerPosition;
    // The newest that was asked there stands for it; the list is newest first.
    if (at !== null && trace.status === 'done' && !trace.question.ledgerPosition && !known.has(at))
      known.set(at, text.traceNew.asWhen(formatTime(trace.createdAt, zone), questionTitle(trace.question)));
  }
  return (
    <div>
      <TextInput
        label={text.traceNew.position}
        description={text.traceNew.positionHint}
        inputMode="numeric"
        pattern="[0-9]*"
        value={position ?? ''}
        onChange={(event) => change(event.currentTarget.value.replace(/\D/g, '') || undefined)}
      />
      {known.size > 0 ? (
        <NativeSelect
          mt="xs"
          label={text.traceNew.asKnownWhen}
          value={position !== undefined && known.has(Number(position)) ? position : ''}
          onChange={(event) => change(event.currentTarget.value || undefined)}
          data={[
            { value: '', label: position === undefined ? text.traceNew.now : text.traceNew.otherPosition },
            ...[...known].map(([at, words]) => ({
              value: String(at),
              label: `${words} (${text.question.position(count(at))})`,
            })),
          ]}
        />
      ) : null}
    </div>
  );
}

export function TraceNewPage() {
  useTitle(text.trace.new);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { zone } = useZone();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const seeds = search.seeds ?? [];
  const direction = search.direction ?? 'forward';
  const forward = direction === 'forward';
  const when =
    search.at === undefined || search.at === 'ever' ? 'ever' : search.at === 'shipment' ? 'shipment' : 'time';
  const [timeChosen, setTimeChosen] = useState(when === 'time');
  const shownWhen = timeChosen && when !== 'shipment' ? 'time' : when;

  type Search = typeof search;
  const set = (change: Partial<Search>): void =>
    void navigate({ search: (was: Search) => ({ ...was, ...change }), replace: true });
  const found = useQueries({ queries: seeds.map((seed) => unitRefQuery(seed.u)) });

  const add = (units: Found[]): void => {
    for (const unit of units) queryClient.setQueryData(['unit-ref', unit.id], unit);
    void navigate({
      search: (was: Search) => {
        const have = was.seeds ?? [];
        const known = new Set(have.map((seed) => seed.u));
        return {
          ...was,
          seeds: [...have, ...units.filter((unit) => !known.has(unit.id)).map((unit) => ({ u: unit.id }))],
        };
      },
      replace: true,
    });
  };
  const change = (index: number, seed: SeedSearch | null): void => {
    const next = seeds.flatMap((one, at) => (at === index ? (seed ? [seed] : []) : [one]));
    set({ seeds: next.length > 0 ? next : undefined });
  };

  const units = found.map((one) => one.data);
  const ready = seeds.length > 0 && units.every((unit) => unit !== undefined);
  const badWindow = seeds.some((seed) => seed.from && seed.until && seed.from >= seed.until);

  // The text of the field is its own: "0." is on the way to "0.5" and no share yet.
  const [percent, setPercent] = useState(search.threshold ? percentOf(search.threshold) : '');
  const limited = forward && percent.trim() !== '';
  const badShare = limited && search.threshold === undefined;
  const unjustified = limited && (search.justification ?? '').trim() === '';
  const typePercent = (typed: string): void => {
    setPercent(typed);
    const plain = typed.trim().replace(',', '.');
    const valid = /^\d{1,3}(\.\d{1,12})?$/.test(plain) && Number(plain) > 0 && Number(plain) <= 100;
    set({ threshold: valid ? shareOf(plain) : undefined });
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const question: Question = {
      direction,
      seeds: seeds.flatMap((seed, index) => {
        const unit = units[index];
        return unit
          ? [
              {
                unit: unit.unit,
                ...(seed.from ? { from: seed.from } : {}),
                ...(seed.until ? { until: seed.until } : {}),
              },
            ]
          : [];
      }),
      ...(forward && search.at ? { at: search.at } : {}),
      ...(search.certainty ? { certainty: search.certainty } : {}),
      ...(forward && (search.items || search.inspections)
        ? {
            barriers: [
              ...(search.items ?? []).map((item) => ({ item })),
              ...(search.inspections ?? []).map((inspection) => ({ inspection })),
            ],
          }
        : {}),
      ...(search.position ? { ledgerPosition: Number(search.position) } : {}),
      ...(limited ? { thresholdShare: search.threshold, justification: search.justification?.trim() } : {}),
      ...(search.source ? { source: search.source } : {}),
      ...(search.priority ? { priority: search.priority } : {}),
    };
    try {
      const { id } = await api.startTrace(question);
      void queryClient.invalidateQueries({ queryKey: ['traces'] });
      await navigate({ to: '/traces/$trace', params: { trace: id } });
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };

  return (
    <>
      <PageHead title={text.trace.new} />
      <form onSubmit={(event) => void submit(event)} className="trace-form">
        <Section title={text.traceNew.direction}>
          <SegmentedControl
            aria-label={text.traceNew.direction}
            value={direction}
            onChange={(value) => set({ direction: value === 'backward' ? 'backward' : undefined })}
            data={[
              { value: 'forward', label: text.traceNew.forward },
              { value: 'backward', label: text.traceNew.backward },
            ]}
            size="sm"
          />
        </Section>
        <Section title={forward ? text.traceNew.seeds : text.traceNew.targets}>
          {seeds.length === 0 ? (
            <p className="dim">{forward ? text.traceNew.noSeeds : text.traceNew.noTargets}</p>
          ) : null}
          <ul className="seed-list">
            {seeds.map((seed, index) => (
              <SeedRow
                key={seed.u}
                seed={seed}
                found={units[index]}
                error={found[index]?.error}
                change={(next) => change(index, next)}
                remove={() => change(index, null)}
              />
            ))}
          </ul>
          {seeds.length > 0 ? <p className="dim small">{text.traceNew.windowHint(zone)}</p> : null}
          {badWindow ? <p className="problem">{text.traceNew.badWindow}</p> : null}
          <SeedInput onAdd={add} has={(id) => seeds.some((seed) => seed.u === id)} />
        </Section>
        <Section title={text.traceNew.question}>
          <div className="question-grid">
            {forward ? (
              <div>
                <p className="label">{text.traceNew.when}</p>
                <SegmentedControl
                  aria-label={text.traceNew.when}
                  value={shownWhen}
                  onChange={(value) => {
                    setTimeChosen(value === 'time');
                    set({ at: value === 'shipment' ? 'shipment' : undefined });
                  }}
                  data={[
                    { value: 'ever', label: text.traceNew.ever },
                    { value: 'shipment', label: text.traceNew.shipment },
                    { value: 'time', label: text.traceNew.time },
                  ]}
                />
                {shownWhen === 'time' ? (
                  <TextInput
                    type="datetime-local"
                    mt="xs"
                    label={text.traceNew.timeOf(zone)}
                    value={when === 'time' ? toLocalInput(search.at, zone) : ''}
                    onChange={(event) => set({ at: fromLocalInput(event.currentTarget.value, zone) })}
                  />
                ) : null}
                <p className="dim small">{text.traceNew.whenHint[shownWhen]}</p>
              </div>
            ) : null}
            <div>
              <p className="label">{text.traceNew.certainty}</p>
              <SegmentedControl
                aria-label={text.traceNew.certainty}
                value={search.certainty ?? 'possible'}
                onChange={(value) => set({ certainty: value === 'certain' ? 'certain' : undefined })}
                data={[
                  { value: 'possible', label: text.traceNew.both },
                  { value: 'certain', label: text.traceNew.certainOnly },
                ]}
              />
              <p className="dim small">
                {search.certainty === 'certain' ? text.traceNew.certainHint : text.traceNew.bothHint}
              </p>
            </div>
            {forward ? (
              <>
                <TagsInput
                  size="xs"
                  label={text.traceNew.barrierItems}
                  description={text.traceNew.barrierItemsHint}
                  value={search.items ?? []}
                  onChange={(items) => set({ items: items.length > 0 ? items : undefined })}
                />
                <TagsInput
                  size="xs"
                  label={text.traceNew.barrierInspections}
                  description={text.traceNew.barrierInspectionsHint}
                  value={search.inspections ?? []}
                  onChange={(inspections) => set({ inspections: inspections.length > 0 ? inspections : undefined })}
                />
              </>
            ) : null}
            <KnownAt position={search.position} change={(position) => set({ position })} />
            {forward ? (
              <div>
                <TextInput
                  label={text.traceNew.threshold}
                  description={text.traceNew.thresholdHint}
                  inputMode="decimal"
                  value={percent}
                  onChange={(event) => typePercent(event.currentTarget.value)}
                  rightSection="%"
                  error={badShare ? text.traceNew.badShare : undefined}
                />
                {limited ? (
                  <Textarea
                    mt="xs"
                    label={text.traceNew.justification}
                    description={text.traceNew.justificationHint}
                    required
                    autosize
                    minRows={2}
                    maxLength={2000}
                    value={search.justification ?? ''}
                    onChange={(event) => set({ justification: event.currentTarget.value || undefined })}
                  />
                ) : null}
              </div>
            ) : null}
          </div>
        </Section>
        <details
          className="panel"
          open={search.source !== undefined || search.priority !== undefined ? true : undefined}
        >
          <summary>{text.traceNew.more}</summary>
          <div className="question-grid">
            <NativeSelect
              label={text.traceNew.priority}
              description={text.traceNew.priorityHint}
              value={search.priority ?? 'normal'}
              data={(['recall', 'normal', 'report'] as const).map((value) => ({ value, label: text.priority[value] }))}
              onChange={({ currentTarget: { value } }) =>
                set({ priority: value === 'recall' || value === 'report' ? value : undefined })
              }
            />
            <NativeSelect
              label={text.traceNew.source}
              description={text.traceNew.sourceHint}
              value={search.source ?? 'auto'}
              data={(['auto', 'index', 'sql'] as const).map((value) => ({
                value,
                label: text.traceNew.sources[value],
              }))}
              onChange={({ currentTarget: { value } }) =>
                set({ source: value === 'index' || value === 'sql' ? value : undefined })
              }
            />
          </div>
        </details>
        {error ? <ErrorBox error={error} title={text.traceNew.refused} /> : null}
        <div className="row-actions">
          <Button type="submit" size="sm" loading={busy} disabled={!ready || badWindow || badShare || unjustified}>
            {text.traceNew.start}
          </Button>
          {seeds.length === 0 ? <span className="dim">{text.traceNew.needSeed}</span> : null}
          {unjustified ? <span className="dim">{text.traceNew.needJustification}</span> : null}
        </div>
      </form>
    </>
  );
}
