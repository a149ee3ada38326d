/** The filters that are set, each a chip that takes itself off; and the field that `/` jumps to. */
import { IconX } from '@tabler/icons-react';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import type { UnitFilters } from '~/api/client';
import { Find } from '~/kit/find';
import { text } from '~/text';
import { useChange, WITH_RUNS } from './unit-list';

const route = getRouteApi('/app/traces/$trace');
const fields = ['item', 'certainty', 'state', 'place', 'customer', 'month', 'kinds', 'reason'] as const;

export function useFilters(only: readonly (keyof UnitFilters)[]): UnitFilters {
  const search = route.useSearch();
  const filters: UnitFilters = {};
  for (const key of only) {
    const value = search[key];
    if (value) filters[key] = value;
  }
  return filters;
}

function words(field: (typeof fields)[number], value: string): string {
  if (field === 'certainty') return text.certainty[value as 'certain'] ?? value;
  if (field === 'state') return text.state[value as 'shipped'] ?? value;
  if (field === 'reason') return text.reason[value] ?? value;
  if (field === 'month') return text.filter.month(value === 'unknown' ? text.unknown : value);
  if (field === 'kinds') return text.filter.kinds[value] ?? value;
  return `${text.filter[field]} ${value}`;
}

type FilterBarProps = { only: readonly (typeof fields)[number][]; find?: boolean; children?: React.ReactNode };

export function FilterBar({ only, find = true, children }: FilterBarProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = useChange();
  // With runs or without is a way to look, not a filter.
  const set = only.filter((field) => search[field] && (field !== 'kinds' || search[field] !== WITH_RUNS));
  return (
    <div className="filter-bar">
      {find ? (
        <Find
          q={search.q ?? ''}
          label={text.filter.label}
          placeholder={text.filter.placeholder}
          onFind={(q) => change({ q: q === '' ? undefined : q })}
        />
      ) : null}
      {set.map((field) => (
        <button
          key={field}
          type="button"
          className="chip"
          aria-label={text.filter.remove(words(field, search[field] ?? ''))}
          onClick={() =>
            void navigate({ search: (was: Search) => ({ ...was, [field]: undefined }), resetScroll: false })
          }
        >
          {words(field, search[field] ?? '')} <IconX size={12} aria-hidden />
        </button>
      ))}
      {set.length > 1 || (set.length > 0 && search.q) ? (
        <button
          type="button"
          className="chip quiet"
          onClick={() =>
            void navigate({
              search: (was: Search) => ({
                ...was,
                ...Object.fromEntries(fields.map((field) => [field, undefined])),
                q: undefined,
              }),
              resetScroll: false,
            })
          }
        >
          {text.filter.clear}
        </button>
      ) : null}
      <span className="filter-end">{children}</span>
    </div>
  );
}
