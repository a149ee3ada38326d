/** Counts first. Every number is a filter, and what is missing stands beside what was found. */
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { TraceSearch as Search } from '~/app/router';
import type { Counts, Facet, State, Trace } from '~/api/types';
import { count, quantityText } from '~/kit/amount';
import { Glyph, StateMark } from '~/kit/marks';
import { Notice } from '~/kit/page';
import { text } from '~/text';
import { WITH_RUNS } from './unit-list';

const route = getRouteApi('/app/traces/$trace');

const sum = (record: Record<string, number>): number => Object.values(record).reduce((a, b) => a + b, 0);

export function Completeness({ trace }: { trace: Trace }) {
  const gaps = sum(trace.counts?.gaps ?? {});
  if (trace.complete) {
    return (
      <p className="complete-line">
        <Glyph shape="check" tone="ok" /> <strong>{text.trace.complete}</strong> {text.trace.completeWhy}
      </p>
    );
  }
  return (
    <Notice
      tone="warn"
      id="incomplete"
      title={
        <>
          <Glyph shape="triangle" tone="warn" /> {text.trace.incompleteTitle(gaps)}
        </>
      }
    >
      {text.trace.incompleteWhy}{' '}
      <Link from="/traces/$trace" to="/traces/$trace" search={(was: Search) => ({ ...was, tab: 'gaps' as const })}>
        {text.trace.showGaps}
      </Link>
    </Notice>
  );
}

type TileProps = {
  label: string;
  value: number;
  shape?: React.ReactNode;
  search: (was: Search) => Search;
  on: boolean;
  id: string;
};
function Tile({ label, value, shape, search, on, id }: TileProps) {
  return (
    <Link
      from="/traces/$trace"
      to="/traces/$trace"
      search={search}
      className={on ? 'tile on' : 'tile'}
      data-tile={id}
      resetScroll={false}
    >
      <span className="tile-value">{count(value)}</span>
      <span className="tile-label">
        {shape} {label}
      </span>
    </Link>
  );
}

const counted = ['certainty', 'item', 'state', 'place', 'customer', 'month'] as const;

export function Tiles({ counts }: { counts: Counts }) {
  const search = route.useSearch();
  const onUnits = (search.tab ?? 'units') === 'units';
  return (
    <nav className="tiles" aria-label={text.counts.title}>
      <Tile
        id="affected"
        label={text.counts.affected}
        value={counts.affected}
        on={onUnits && search.kinds !== 'lot' && !counted.some((key) => search[key])}
        search={(was) => ({
          ...(was.why ? { why: was.why } : {}),
          ...(was.kinds === WITH_RUNS ? { kinds: was.kinds } : {}),
          ...(was.sort ? { sort: was.sort } : {}),
          ...(was.hide ? { hide: was.hide } : {}),
        })}
      />
      {counts.byKind ? (
        <Tile
          id="lots"
          label={text.counts.lots}
          value={counts.byKind.find((facet) => facet.key === 'lot')?.units ?? 0}
          on={onUnits && search.kinds === 'lot'}
          search={(was) => ({ ...was, tab: undefined, kinds: was.kinds === 'lot' ? undefined : 'lot' })}
        />
      ) : null}
      {(['certain', 'possible'] as const).map((certainty) => (
        <Tile
          key={certainty}
          id={certainty}
          label={text.certainty[certainty]}
          value={counts[certainty]}
          shape={<Glyph shape={certainty === 'certain' ? 'full' : 'half'} tone={certainty} />}
          on={onUnits && search.certainty === certainty}
          search={(was) => ({ ...was, tab: undefined, certainty: was.certainty === certainty ? undefined : certainty })}
        />
      ))}
      <Tile
        id="customers"
        label={text.counts.customers}
        value={counts.byCustomer.filter((facet) => facet.key !== null).length}
        shape={<Glyph shape="arrow" tone="work" />}
        on={search.tab === 'customers'}
        search={(was) => ({ ...was, tab: 'customers' })}
      />
      <Tile
        id="excluded"
        label={text.counts.excluded}
        value={sum(counts.excluded)}
        shape={<Glyph shape="ring" tone="quiet" />}
        on={search.tab === 'excluded'}
        search={(was) => ({ ...was, tab: 'excluded' })}
      />
      <Tile
        id="gaps"
        label={text.counts.gaps}
        value={sum(counts.gaps)}
        shape={<Glyph shape="triangle" tone="warn" />}
        on={search.tab === 'gaps'}
        search={(was) => ({ ...was, tab: 'gaps' })}
      />
    </nav>
  );
}

const FACET_ROWS = 12;
/** More than this is no choice but a search: the filter by code finds them. */
const FACET_ROWS_MAX = 300;
type Field = 'item' | 'state' | 'place' | 'customer' | 'month';

function FacetGroup({ title, field, facets, all }: { title: string; field: Field; facets: Facet[]; all: number }) {
  const search = route.useSearch();
  const [whole, setWhole] = useState(false);
  const known = facets.filter((facet) => facet.key !== null && facet.key !== '');
  const missing = facets
    .filter((facet) => facet.key === null || facet.key === '')
    .reduce((a, facet) => a + facet.units, 0);
  if (known.length === 0 && missing === 0) return null;
  const chosen = search[field];
  const shown = known.slice(0, whole ? FACET_ROWS_MAX : FACET_ROWS);
  const picked = known.find((facet) => facet.key === chosen);
  if (picked && !shown.includes(picked)) shown.push(picked);
  return (
    <section className="facet" aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {shown.map((facet) => {
          const on = chosen === facet.key;
          const quantities = facet.quantities ?? (facet.quantity ? [facet.quantity] : []);
          return (
            <li key={facet.key}>
              <Link
                from="/traces/$trace"
                to="/traces/$trace"
                resetScroll={false}
                search={(was: Search) => ({
                  ...was,
                  tab: field === 'customer' && was.tab === 'customers' ? was.tab : undefined,
                  [field]: on ? undefined : (facet.key ?? undefined),
                })}
                className={on ? 'facet-row on' : 'facet-row'}
                aria-current={on ? 'true' : undefined}
                title={quantities.length > 0 ? quantities.map(quantityText).join(', ') : undefined}
              >
                <span
                  className="facet-bar"
                  style={{ width: `${Math.max(2, (100 * facet.units) / Math.max(1, all))}%` }}
                />
                <span className="facet-name">
                  {field === 'state' ? (
                    <StateMark state={facet.key as State} />
                  ) : facet.key === 'unknown' ? (
                    <span className="dim">{text.unknown}</span>
                  ) : (
                    <span className="code">{facet.key}</span>
                  )}
                  {facet.name && field !== 'state' ? <span className="dim facet-sub">{facet.name}</span> : null}
                </span>
                {facet.possible ? (
                  <span className="facet-possible" title={text.counts.ofWhichPossible(facet.possible)}>
                    <Glyph shape="half" tone="possible" />
                    {count(facet.possible)}
                    <span className="sr-only">{text.certainty.possible}</span>
                  </span>
                ) : null}
                <span className="facet-count">{count(facet.units)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
      {known.length > shown.length && !whole ? (
        <button type="button" className="link-button small" onClick={() => setWhole(true)}>
          {text.counts.showMore(known.length - shown.length)}
        </button>
      ) : null}
      {known.length > shown.length && whole ? (
        <p className="dim small">{text.counts.moreValues(known.length - shown.length)}</p>
      ) : null}
      {field === 'state' && known.reduce((a, facet) => a + facet.units, missing) > all ? (
        <p className="dim small">{text.counts.severalStates}</p>
      ) : null}
      {missing > 0 ? (
        <p className="dim small">
          {field === 'customer' ? text.counts.noCustomer(count(missing)) : text.counts.noValue(count(missing))}
        </p>
      ) : null}
    </section>
  );
}

/** In the order of time; what has none comes last, and is a number like the others. */
const months = (facets: Facet[] | undefined): Facet[] =>
  (facets ?? [])
    .map((facet) => ({ ...facet, key: facet.key ?? 'unknown' }))
    .sort((a, b) => Number(a.key === 'unknown') - Number(b.key === 'unknown') || (a.key < b.key ? -1 : 1));

export function Facets({ counts }: { counts: Counts }) {
  return (
    <aside className="facets" aria-label={text.counts.filters}>
      <FacetGroup title={text.counts.byItem} field="item" facets={counts.byItem} all={counts.affected} />
      <FacetGroup title={text.counts.byState} field="state" facets={counts.byState} all={counts.affected} />
      <FacetGroup title={text.counts.byPlace} field="place" facets={counts.byPlace} all={counts.affected} />
      <FacetGroup title={text.counts.byCustomer} field="customer" facets={counts.byCustomer} all={counts.affected} />
      <FacetGroup title={text.counts.byMonth} field="month" facets={months(counts.byMonth)} all={counts.affected} />
    </aside>
  );
}
