/** Search, gaps, documents, own attributes, and events entered by hand. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get, write } from './client';
import { queryClient } from './queries';
import type { Page, Quantity, UnitRef } from './types';

export const searchTypes = ['unit', 'event', 'document', 'container', 'item', 'place', 'partner'] as const;
export type SearchType = (typeof searchTypes)[number];
export type SearchHit = {
  type: SearchType;
  id: string;
  label: string;
  unit?: UnitRef;
  at: string | null;
  why: { field: string; value: string }[];
};
export type SearchAnswer = {
  words: string[];
  groups: { type: SearchType; count: number; more: boolean; data: SearchHit[] }[];
  truncated: { types: SearchType[]; say: string } | null;
  ledgerPosition: number;
  behind: number;
};
export type SearchQuestion = {
  q?: string | undefined;
  type?: string | undefined;
  item?: string | undefined;
  partner?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

export type OpenGap = {
  id: string;
  kind: string;
  message: string;
  unit: { id: string; name: string; unit: UnitRef };
  place: string | null;
  at: string | null;
  ageDays: number | null;
  event: { id: string; clientId: string; type: string; actor: string; recordedAt: string | null } | null;
  closes: { say: string; event: Record<string, unknown> | null };
};
export type GapCounts = {
  total: number;
  byKind: { kind: string; count: number; oldest: string | null }[];
  byPlace: { place: string | null; count: number; oldest: string | null }[];
  ledgerPosition: number;
  behind: number;
};
export type GapFilters = {
  kind?: string | undefined;
  place?: string | undefined;
  item?: string | undefined;
  olderThan?: string | undefined;
  q?: string | undefined;
};

export type DocumentPage = {
  number: string;
  from: string | null;
  until: string | null;
  partners: { code: string; name: string; kind: string }[];
  eventCount: number;
  unitCount: number;
  events: {
    id: string;
    type: string;
    at: string | null;
    recordedAt: string;
    actor: string;
    place: string | null;
    units: number;
    voided: { reason: string } | null;
  }[];
  units: Page<{
    id: string;
    unit: UnitRef;
    name: string;
    role: string;
    quantity: Quantity | null;
    event: string;
    voided: boolean;
  }>;
};

export type RecordedEvent = {
  event: string;
  clientId: string;
  type: string;
  at: string | null;
  coarse: boolean;
  recordedAt: string;
  ledgerPosition: number | null;
  actor: string;
  voided: { by: string; reason: string } | null;
  body: Record<string, unknown>;
};

export const attributeTypes = ['text', 'number', 'boolean', 'date', 'choice'] as const;
export type AttributeType = (typeof attributeTypes)[number];
export type Attribute = {
  name: string;
  label: string;
  type: AttributeType;
  values: string[] | null;
  uom: string | null;
  appliesTo: 'item' | 'unit' | 'both';
  items: string[] | null;
  category: string | null;
};

const enc = encodeURIComponent;
const next = <R>(page: Page<R>): string | null => page.nextCursor;
const first = null as string | null;

const ASK_AGAIN_MS = 1_500;
const ASK_AGAIN_MS_MAX = 10_000;

/** An answer that is behind the ledger is asked for again, at first soon, more slowly the longer it takes. */
const askAgainMs = (behind: number, times: number): number | false =>
  behind > 0 && Math.min(ASK_AGAIN_MS * (1 + times / 10), ASK_AGAIN_MS_MAX);

export const searchQuery = (question: SearchQuestion) =>
  queryOptions({
    queryKey: ['search', question],
    queryFn: ({ signal }) => get<SearchAnswer>('/search', question, signal),
    enabled: Object.values(question).some((value) => value !== undefined),
    placeholderData: keepPreviousData,
    // What is recorded meanwhile is found when one comes back.
    staleTime: 0,
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      // What was cut off is tried once more: it was read into memory by then.
      askAgainMs(data?.truncated && dataUpdateCount < 2 ? 1 : (data?.behind ?? 0), dataUpdateCount),
  });
export const gapsQuery = (filters: GapFilters, order: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['gaps', filters, order],
    queryFn: ({ pageParam, signal }) =>
      get<Page<OpenGap> & { behind: number }>('/gaps', { ...filters, order, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
    refetchInterval: ({ state: { data, dataUpdateCount } }) =>
      askAgainMs(Math.max(0, ...(data?.pages ?? []).map((page) => page.behind)), dataUpdateCount),
  });
export const gapCountsQuery = (filters: GapFilters) =>
  queryOptions({
    queryKey: ['gaps', 'counts', filters],
    queryFn: ({ signal }) => get<GapCounts>('/gaps/counts', filters, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data, dataUpdateCount } }) => askAgainMs(data?.behind ?? 0, dataUpdateCount),
  });
export const documentQuery = (number: string) =>
  infiniteQueryOptions({
    queryKey: ['document', number],
    queryFn: ({ pageParam, signal }) =>
      get<DocumentPage>(`/documents/${enc(number)}`, { cursor: pageParam, limit: 200 }, signal),
    initialPageParam: first,
    getNextPageParam: (page) => page.units.nextCursor,
  });
export const eventQuery = (event: string) =>
  queryOptions({
    queryKey: ['event', event],
    queryFn: ({ signal }) => get<RecordedEvent>(`/events/${enc(event)}`, {}, signal),
  });
export const attributesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['attributes', q],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Attribute>>('/attributes', { q, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });

export const putAttribute = (name: string, body: object): Promise<Attribute> =>
  write<Attribute>('PUT', `/attributes/${enc(name)}`, body);

/** A fact changes units, their gaps, holds and documents: what was read of them is read again. */
export async function factsChanged(): Promise<void> {
  await Promise.all(
    [['unit'], ['gaps'], ['holds'], ['document'], ['event'], ['search'], ['scan']].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
