/** A list of a trace's units: its question from the address, its rows from the server, and what is picked of them. */
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { TraceSearch as Search } from '~/app/router';
import { api, UNITS_PAGE, type UnitFilters, type UnitList } from '~/api/client';
import type { ExcludedUnit, Trace, TraceUnit } from '~/api/types';
import type { Picking, Sorting } from '~/kit/data-table';
import { useRowWindow } from '~/kit/row-window';
import { unitName } from '~/kit/unit';
import { text } from '~/text';
import { PICKED_MAX, pickedOf, pickedText, positionOf, positionText, questionMark, type Picked } from './position';

export const WITH_RUNS = 'serial,lot,run';
const route = getRouteApi('/app/traces/$trace');

/** Changes the address in place: Back leaves the list, and does not take back every filter. */
export function useChange() {
  const navigate = route.useNavigate();
  return useCallback(
    (change: Partial<Search> | ((was: Search) => Search)): void =>
      void navigate({
        search: (was: Search) => (typeof change === 'function' ? change(was) : { ...was, ...change }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
}

const loads = { units: api.traceUnits, excluded: api.traceExcluded } as const;
type Rows = { units: TraceUnit; excluded: ExcludedUnit };

export function useUnitList<W extends keyof Rows>(trace: Trace, which: W, filters: UnitFilters) {
  const search = route.useSearch();
  const change = useChange();
  const list: UnitList = { ...filters, ...(search.sort ? { sort: search.sort } : {}) };
  const question = questionMark([which, list]);
  const load = loads[which];
  const amounts = trace.amounts ?? '';
  const source = useRowWindow<TraceUnit>(
    // Amounts that have come since are the same rows, unless they are what the rows are sorted by.
    ['trace', trace.id, which, list, search.sort?.endsWith('share') ? amounts : ''],
    (cursor, signal) => load(trace.id, list, cursor, signal),
    UNITS_PAGE,
    amounts,
    positionOf(question, search.pos),
  );
  const { mark, base } = source;
  const here = search.pos;
  const onTop = useCallback(
    (index: number): void => {
      const at = mark(index);
      const top = base + index;
      const pos = at && top > 0 ? positionText(question, { ...at, top }) : undefined;
      if (pos !== here) change({ pos });
    },
    [mark, base, question, change, here],
  );
  const sorting: Sorting = { by: search.sort, change: (sort) => change({ sort }) };
  const picked = pickedOf(question, search.sel);
  const pick = (next: Picked): void => change({ sel: pickedText(question, next) });
  const picking: Picking<TraceUnit> = {
    all: picked.all,
    has: (row) => picked.ids.includes(row.id),
    toggle: (row) =>
      pick({
        all: false,
        ids: picked.ids.includes(row.id)
          ? picked.ids.filter((id) => id !== row.id)
          : [...picked.ids, row.id].slice(0, PICKED_MAX),
      }),
    label: (row) => text.picked.one(unitName(row.unit)),
  };
  return {
    list,
    source: source as typeof source & { at: (index: number) => Rows[W] | undefined },
    onTop,
    sorting,
    picked,
    pick,
    picking,
  };
}
