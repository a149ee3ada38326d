/** What changed between two answers: which units came in, went out or stand differently, each with the reason. */
import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '~/api/client';
import { useTrace } from '~/api/live';
import { comparisonQuery, finished, recentTracesQuery } from '~/api/queries';
import type { ComparedUnit, Standing, Trace } from '~/api/types';
import { count } from '~/kit/amount';
import { DataTable, useRows, type Column } from '~/kit/data-table';
import { ExportMenu } from '~/kit/export-menu';
import { CertaintyMark, Glyph } from '~/kit/marks';
import { Empty, ErrorBox, Loading, Notice } from '~/kit/page';
import { ProgressLine } from '~/kit/progress';
import { questionTitle } from '~/kit/question';
import { formatTime, Time, useZone } from '~/kit/time';
import { UnitLink } from '~/kit/unit';
import { text } from '~/text';
import { whyColumn } from './columns';
import { usePanel } from './panel-way';
import { Tallies } from './tallies';
import { useChange } from './unit-list';

const route = getRouteApi('/app/traces/$trace');

function Stood({ standing }: { standing: Standing | null }) {
  if (!standing) return <span className="dim">{text.compare.notReached}</span>;
  if (standing.affected) return <CertaintyMark certainty={standing.certainty} />;
  return (
    <span>
      <Glyph shape="ring" tone="quiet" /> {text.reason[standing.reason ?? ''] ?? text.compare.notAffected}
    </span>
  );
}

const shapes = { added: ['arrow', 'work'], removed: ['dash', 'quiet'], reclassified: ['half', 'possible'] } as const;

const columns: Column<ComparedUnit>[] = [
  { id: 'unit', header: text.col.unit, width: 215, cell: (row) => <UnitLink id={row.id} unit={row.unit} /> },
  {
    id: 'change',
    header: text.col.change,
    width: 130,
    cell: (row) => {
      const [shape, tone] = shapes[row.change];
      return (
        <span className="mark">
          <Glyph shape={shape} tone={tone} /> {text.compare.change[row.change]}
        </span>
      );
    },
  },
  { id: 'before', header: text.col.before, width: 190, cell: (row) => <Stood standing={row.before} /> },
  { id: 'after', header: text.col.after, width: 190, cell: (row) => <Stood standing={row.after} /> },
  {
    id: 'reason',
    header: text.col.reason,
    width: 560,
    cell: (row) => <span title={row.sentence}>{row.sentence}</span>,
  },
];

const order = (one: Trace): [number, number] => [one.ledgerPosition ?? 0, Date.parse(one.createdAt)];
/** The earlier of two, by what each knew of the ledger; asked of the same ledger, by when it was asked. */
function inOrder(one: Trace, other: Trace): [Trace, Trace] {
  const [a, b] = [order(one), order(other)];
  return a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? [one, other] : [other, one];
}

function Side({ trace, label }: { trace: Trace; label: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Link to="/traces/$trace" params={{ trace: trace.id }}>
          {questionTitle(trace.question)}
        </Link>{' '}
        <span className="dim">
          <Time at={trace.createdAt} short /> · {text.question.position(count(trace.ledgerPosition ?? 0))}
          {trace.counts ? ` · ${text.trace.affectedCount(count(trace.counts.affected))}` : ''}
        </span>
      </dd>
    </div>
  );
}

function Differences({ before, after }: { before: Trace; after: Trace }) {
  const search = route.useSearch();
  const panel = usePanel();
  const { change } = search;
  const query = useInfiniteQuery(comparisonQuery(before.id, after.id, change));
  const [problem, setProblem] = useState<unknown>(null);
  const source = useRows(`compare ${before.id} ${after.id} ${change ?? ''}`, query);
  const { open } = panel;
  const shown = useMemo<Column<ComparedUnit>[]>(() => {
    const [unit, ...rest] = columns;
    const why: Column<ComparedUnit> = {
      ...whyColumn(text.compare.whyOf, () => undefined),
      cell: (row) => whyColumn<never>(text.compare.whyOf, () => open(row)).cell(row as never),
    };
    return unit ? [unit, why, ...rest] : rest;
  }, [open]);
  const first = query.data?.pages[0];
  if (query.isPending) return <Loading />;
  if (!first) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  const { counts, questionsDiffer } = first;
  return (
    <>
      {questionsDiffer.length > 0 ? (
        <Notice tone="warn" title={text.compare.differ}>
          {text.compare.differIn(questionsDiffer.map((field) => text.compare.fields[field] ?? field).join(', '))}
        </Notice>
      ) : null}
      <p className="dim">{text.compare.same(counts.same)}</p>
      <div className="filter-bar">
        <Tallies
          label={text.compare.changes}
          field="change"
          counts={{ added: counts.added, removed: counts.removed, reclassified: counts.reclassified }}
          words={text.compare.change}
        />
        <span className="filter-end">
          <ExportMenu
            label={change ? text.export.filtered : text.export.button}
            name={`compare-${before.id}-${after.id}`}
            file={(kind) => api.compareFile(before.id, after.id, change, kind)}
            onProblem={setProblem}
          />
        </span>
      </div>
      {problem ? <ErrorBox error={problem} /> : null}
      <DataTable
        id={`compare-${before.id}-${after.id}-${change ?? ''}`}
        label={text.trace.tabs.compare}
        columns={shown}
        source={source}
        rowKey={(row) => row.id}
        onWhy={open}
        marked={(row) => row.id === search.why}
        empty={
          change ? (
            <Empty title={text.compare.noneOf}>{text.units.filteredOutWhy}</Empty>
          ) : (
            <Empty title={text.compare.none}>{text.compare.noneWhy}</Empty>
          )
        }
      />
    </>
  );
}

function Against({ trace, other: id }: { trace: Trace; other: string }) {
  const query = useTrace(id);
  const other = query.data;
  if (query.isPending) return <Loading />;
  if (!other) return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
  if (!finished(other.status)) return <ProgressLine label={text.trace.progress} progress={other.progress} />;
  if (other.status !== 'done') return <Empty title={text.compare.noResult} />;
  const [before, after] = inOrder(trace, other);
  return (
    <>
      <dl className="facts compared">
        <Side trace={before} label={text.compare.before} />
        <Side trace={after} label={text.compare.after} />
      </dl>
      <Differences before={before} after={after} />
    </>
  );
}

export function CompareTab({ trace }: { trace: Trace }) {
  const { other } = route.useSearch();
  const change = useChange();
  const { zone } = useZone();
  const recent = useQuery(recentTracesQuery);
  const key = JSON.stringify(trace.question.seeds.map((seed) => seed.unit));
  const candidates = (recent.data?.data ?? [])
    .filter(
      (one) => one.id !== trace.id && one.status === 'done' && one.question.direction === trace.question.direction,
    )
    // Of the same units first: that is what one compares with, most of the time.
    .sort((a, b) => Number(seedsOf(b) === key) - Number(seedsOf(a) === key));
  const label = (one: Trace): string =>
    `${questionTitle(one.question)} · ${formatTime(one.createdAt, zone).slice(0, 16)} · ${text.question.position(count(one.ledgerPosition ?? 0))}`;
  const known = other === undefined || candidates.some((one) => one.id === other);
  return (
    <>
      <div className="inline-form compare-form">
        <NativeSelect
          label={text.compare.with}
          value={other ?? ''}
          onChange={(event) => change({ other: event.currentTarget.value || undefined, change: undefined })}
          data={[
            { value: '', label: text.compare.choose },
            ...(known ? [] : [{ value: other, label: other }]),
            ...candidates.map((one) => ({ value: one.id, label: label(one) })),
          ]}
        />
        {other ? (
          <Button variant="subtle" color="gray" onClick={() => change({ other: undefined, change: undefined })}>
            {text.compare.stop}
          </Button>
        ) : null}
      </div>
      {other ? (
        <Against trace={trace} other={other} />
      ) : (
        <Empty title={text.compare.chooseTitle}>
          {candidates.length === 0 && recent.data ? text.compare.noOther : text.compare.chooseWhy}
        </Empty>
      )}
    </>
  );
}

const seedsOf = (trace: Trace): string => JSON.stringify(trace.question.seeds.map((seed) => seed.unit));
