import type { Queryable } from '@/platform/db';

export interface SavedView {
  name: string;
  /** what the list is narrowed by, as its address holds it */
  search: Record<string, unknown>;
  shared: boolean;
  own: boolean;
  by: string;
}

/** The views of a list that somebody kept, and those that others share; own ones first. */
export function viewsOf(q: Queryable, list: string, actor: string): Promise<SavedView[]> {
  return q.query<SavedView>(
    `SELECT name, search, shared, owner = $2 AS own, owner AS by FROM saved_view
      WHERE list = $1 AND (owner = $2 OR shared) ORDER BY owner <> $2, lower(name), owner`,
    [list, actor],
  );
}
