/** The filters that are set, each a chip that takes itself off; and the field that `/` jumps to. */
import { TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import type { TraceSearch as Search } from '~/app/router';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { UnitFilters } from '~/api/client';
import { text } from '~/text';

const route = getRouteApi('/app/traces/$trace');
const TYPING_MS = 250;
const fields = ['item', 'certainty', 'state', 'place', 'customer', 'reason'] as const;

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
  return `${text.filter[field]} ${value}`;
}

type FilterBarProps = { only: readonly (typeof fields)[number][]; find?: boolean; children?: React.ReactNode };

export function FilterBar({ only, find = true, children }: FilterBarProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(search.q ?? '');
  const sent = useRef(search.q ?? '');
  useEffect(() => {
    // Back and reload set the field; what is being typed is not overwritten.
    if ((search.q ?? '') !== sent.current) {
      sent.current = search.q ?? '';
      setTyped(search.q ?? '');
    }
  }, [search.q]);
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = window.setTimeout(() => {
      sent.current = typed;
      void navigate({
        search: (was: Search) => ({ ...was, q: typed === '' ? undefined : typed }),
        replace: true,
        resetScroll: false,
      });
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed, navigate]);

  const set = only.filter((field) => search[field]);
  return (
    <div className="filter-bar">
      {find ? (
        <TextInput
          data-filter
          aria-label={text.filter.label}
          placeholder={text.filter.placeholder}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          leftSection={<IconSearch size={14} aria-hidden />}
          className="filter-field"
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
          onClick={() => {
            sent.current = '';
            setTyped('');
            void navigate({
              search: (was: Search) => ({
                ...was,
                ...Object.fromEntries(fields.map((field) => [field, undefined])),
                q: undefined,
              }),
              resetScroll: false,
            });
          }}
        >
          {text.filter.clear}
        </button>
      ) : null}
      <span className="filter-end">{children}</span>
    </div>
  );
}
