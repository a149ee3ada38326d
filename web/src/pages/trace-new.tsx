/** Asking for a trace. The whole question is in the address, so it can be sent to a colleague before it is asked. */
import { Button, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import type { SeedSearch } from '~/app/router';
import { api } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Question } from '~/api/types';
import { SeedInput } from '~/kit/seed-input';
import { ErrorBox, errorText, PageHead, Section, useTitle } from '~/kit/page';
import { fromLocalInput, toLocalInput, useZone } from '~/kit/time';
import { UnitLink, unitName } from '~/kit/unit';
import type { Found } from '~/kit/list-check';
import { text } from '~/text';

const route = getRouteApi('/app/traces/new');

/** The natural name of a seed, from a scan that was just made or from the unit itself. */
const refQuery = (id: string) => ({
  queryKey: ['unit-ref', id],
  queryFn: async (): Promise<Found> => {
    const unit = await api.unit(id);
    return { id: unit.id, unit: unit.unit };
  },
  staleTime: Infinity,
});

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
  const found = useQueries({ queries: seeds.map((seed) => refQuery(seed.u)) });

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
            <TextInput
              label={text.traceNew.position}
              description={text.traceNew.positionHint}
              inputMode="numeric"
              pattern="[0-9]*"
              value={search.position ?? ''}
              onChange={(event) => set({ position: event.currentTarget.value.replace(/\D/g, '') || undefined })}
            />
          </div>
        </Section>
        {error ? <ErrorBox error={error} title={text.traceNew.refused} /> : null}
        <div className="row-actions">
          <Button type="submit" size="sm" loading={busy} disabled={!ready || badWindow}>
            {text.traceNew.start}
          </Button>
          {seeds.length === 0 ? <span className="dim">{text.traceNew.needSeed}</span> : null}
        </div>
      </form>
    </>
  );
}
