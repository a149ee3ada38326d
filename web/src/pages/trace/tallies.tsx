/** Counts by kind above a list, each the filter for it. */
import { getRouteApi, Link } from '@tanstack/react-router';
import type { TraceSearch as Search } from '~/app/router';
import { count } from '~/kit/amount';

const route = getRouteApi('/app/traces/$trace');

type TalliesProps = {
  label: string;
  field: 'reason' | 'gap' | 'change';
  counts: Record<string, number> | undefined;
  words: Record<string, string | undefined>;
  why?: Record<string, string | undefined>;
};

export function Tallies({ label, field, counts, words, why }: TalliesProps) {
  const search = route.useSearch();
  const shown = Object.entries(counts ?? {}).filter(([, n]) => n > 0);
  if (shown.length === 0) return null;
  return (
    <ul className="reason-list" aria-label={label}>
      {shown.map(([key, n]) => {
        const on = search[field] === key;
        return (
          <li key={key}>
            <Link
              from="/traces/$trace"
              to="/traces/$trace"
              resetScroll={false}
              search={(was: Search) => ({ ...was, [field]: on ? undefined : key })}
              className={on ? 'reason on' : 'reason'}
              aria-current={on ? 'true' : undefined}
            >
              <strong>{count(n)}</strong> {words[key] ?? key}
            </Link>
            {why?.[key] ? <span className="dim small">{why[key]}</span> : null}
          </li>
        );
      })}
    </ul>
  );
}
