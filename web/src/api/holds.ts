/** Holds and what becomes of held goods: calls and shapes. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, write } from './client';
import { queryClient } from './queries';
import type { Page, Quantity, State, UnitRef } from './types';

export type HoldGroup = {
  group: string;
  reason: string;
  reasonCode: string | null;
  ref: string | null;
  owners: string[];
  units: number;
  holds: number;
  oldest: string | null;
  newest: string | null;
  items: string[];
  quantities?: { value: string; uom: string; unknown: boolean }[];
  places?: string[];
};
export type HeldUnit = {
  id: string;
  unit: UnitRef;
  name: string;
  holds: { id: string; at: string | null; by: string }[];
  others: number;
  where: { state: State; place: string | null; customer: string | null; quantity: Quantity | null }[];
};
export type UnitHold = {
  id: string;
  group: string;
  reason: string;
  ref: string | null;
  at: string | null;
  by: string;
  owner: string;
};
export type AgeBucket = { fromDays: number; untilDays: number | null; units: number; groups: number };
export type Reason = { code: string; kind: 'hold' | 'disposition'; text: string; retired: boolean };

export type HoldScope = {
  units?: UnitRef[];
  container?: string;
  place?: string;
  query?: Record<string, string>;
};
export type HoldPreview = {
  units: number;
  held: number;
  unknown: string[];
  items: { item: string; name: string; units: number; held: number }[];
};
export type HoldAnswer = { group: string; reason: string; ref: string; owner: string; units: number };

export const dispositionKinds = ['use-as-is', 'rework', 'sort', 'return-to-supplier', 'scrap'] as const;
export type DispositionKind = (typeof dispositionKinds)[number];
export const dispositionStates = ['proposed', 'approved', 'refused', 'withdrawn', 'done'] as const;
export type DispositionState = (typeof dispositionStates)[number];
export type Disposition = {
  disposition: string;
  kind: DispositionKind;
  state: DispositionState;
  reason: string;
  place: string | null;
  supplier: string | null;
  units: number;
  items: string[] | null;
  proposedBy: string;
  proposedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  decidedNote: string | null;
  doneBy: string | null;
  doneAt: string | null;
};
export type DispositionPage = Disposition & {
  unitList: {
    id: string;
    unit: UnitRef;
    quantity: Quantity | null;
    holds: string[];
    heir: { id: string; unit: UnitRef } | null;
  }[];
};
export type Proposal = {
  kind: DispositionKind;
  reason: string;
  place?: string;
  supplier?: string;
  group?: string;
  units?: { unit: UnitRef; quantity?: Quantity }[];
};

type GroupFilters = {
  q?: string | undefined;
  owner?: string | undefined;
  reasonCode?: string | undefined;
  item?: string | undefined;
  olderThanDays?: string | undefined;
};

const enc = encodeURIComponent;
const next = <R>(page: Page<R>): string | null => page.nextCursor;
const first = null as string | null;

export const holdGroupsQuery = (filters: GroupFilters) =>
  infiniteQueryOptions({
    queryKey: ['holds', 'groups', filters],
    queryFn: ({ pageParam, signal }) =>
      get<Page<HoldGroup>>('/holds', { ...filters, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });
export const holdAgeingQuery = queryOptions({
  queryKey: ['holds', 'ageing'],
  queryFn: ({ signal }) => get<{ data: AgeBucket[] }>('/holds/ageing', {}, signal),
});
export const holdGroupQuery = (group: string) =>
  queryOptions({
    queryKey: ['holds', 'group', group],
    queryFn: ({ signal }) => get<HoldGroup>(`/holds/${enc(group)}`, {}, signal),
  });
export const heldUnitsQuery = (group: string) =>
  infiniteQueryOptions({
    queryKey: ['holds', 'group', group, 'units'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<HeldUnit>>(`/holds/${enc(group)}/units`, { cursor: pageParam, limit: 200 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });
export const unitHoldsQuery = (unit: string) =>
  queryOptions({
    queryKey: ['holds', 'unit', unit],
    queryFn: ({ signal }) => get<{ data: UnitHold[] }>(`/units/${enc(unit)}/holds`, {}, signal),
  });
export const reasonsQuery = queryOptions({
  queryKey: ['reasons'],
  queryFn: ({ signal }) => get<{ data: Reason[] }>('/reasons', {}, signal),
});
export const dispositionsQuery = (filters: { state?: DispositionState | undefined; unit?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['holds', 'dispositions', filters],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Disposition>>('/dispositions', { ...filters, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });
export const dispositionQuery = (disposition: string) =>
  queryOptions({
    queryKey: ['holds', 'disposition', disposition],
    queryFn: ({ signal }) => get<DispositionPage>(`/dispositions/${enc(disposition)}`, {}, signal),
  });

/** What a hold or release changes is on many pages: all of them are read again. */
export async function holdsChanged(): Promise<void> {
  await Promise.all([['holds'], ['unit'], ['scan']].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

export const holdsApi = {
  preview: (scope: HoldScope) => write<HoldPreview>('POST', '/holds/preview', scope),
  putReason: (code: string, reason: Omit<Reason, 'code'>) => write<Reason>('PUT', `/reasons/${enc(code)}`, reason),
};
