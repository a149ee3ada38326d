/**
 * The side panel and the way one came to what it shows. The way is in the address: a step up stream is marked `^`, one down
 * stream `v`, so that the opposite step leads back to where one was, and not merely to the first neighbour.
 */
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { TraceSearch as Search } from '~/app/router';
import { queryClient, unitRefQuery } from '~/api/queries';
import type { UnitRef } from '~/api/types';
import { useChange } from './unit-list';

const route = getRouteApi('/app/traces/$trace');
const WAY_MAX = 30;

type Named = { id: string; unit: UnitRef };
export type Step = 'up' | 'down' | 'aside';
const marks: Record<Step, string> = { up: '^', down: 'v', aside: '.' };

type Went = { id: string; mark: string };
const wayOf = (trail: string | undefined): Went[] =>
  trail?.split(',').map((one) => ({ mark: one.slice(0, 1), id: one.slice(1) })) ?? [];
const textOf = (way: Went[]): string | undefined =>
  way.length > 0
    ? way
        .slice(-WAY_MAX)
        .map((one) => one.mark + one.id)
        .join(',')
    : undefined;

export function usePanel() {
  const search = route.useSearch();
  const change = useChange();
  const way = wayOf(search.trail);
  /** Opens the panel on a unit of a list: a new way begins. */
  const open = useCallback(
    (row: Named): void => {
      queryClient.setQueryData(unitRefQuery(row.id).queryKey, { id: row.id, unit: row.unit });
      change((was) => ({ ...was, trail: undefined, why: was.why === row.id ? undefined : row.id }));
    },
    [change],
  );
  const step = (row: Named, which: Step): void => {
    queryClient.setQueryData(unitRefQuery(row.id).queryKey, { id: row.id, unit: row.unit });
    change((was: Search) => {
      const from = was.why;
      return {
        ...was,
        why: row.id,
        trail: from ? textOf([...wayOf(was.trail), { mark: marks[which], id: from }]) : undefined,
      };
    });
  };
  /** Back to the unit at this place of the way. */
  const backTo = (index: number): void => {
    const to = way[index];
    if (to) change({ why: to.id, trail: textOf(way.slice(0, index)) });
  };
  const close = (): void => change({ why: undefined, trail: undefined });
  const last = way.at(-1);
  /** Where one came from by the opposite step, if that is the last thing that was done. */
  const cameBy = (which: 'up' | 'down'): boolean => last?.mark === marks[which];
  return { way, open, step, backTo, close, cameBy };
}
