/** Recalls and drills: calls and shapes. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, write } from './client';
import { queryClient } from './queries';
import type { Page, UnitRef } from './types';

export const recallStates = ['draft', 'scoped', 'approved', 'initiated', 'monitoring', 'closed'] as const;
export type RecallState = (typeof recallStates)[number];
export const recallClasses = ['I', 'II', 'III'] as const;
export const jurisdictions = ['US-FDA', 'EU-GPSR', 'other'] as const;

export type RecallLine = {
  recall: string;
  drill: boolean;
  title: string;
  state: RecallState;
  outcome: string | null;
  class: string | null;
  units: number | null;
  createdBy: string;
  createdAt: string;
};
export type ScopeCounts = {
  units: number;
  lots: number;
  serials: number;
  certain: number;
  possible: number;
  customers: number;
  places: number;
};
export type ScopeRules = {
  seeds?: { unit: UnitRef; from?: string; until?: string }[];
  made?: { from: string; until: string; workCenter?: string }[];
  texts?: { text: string; item: string }[];
};
export type Resolved = {
  unread: { text: string; why: string }[];
  warnings: string[];
  unmatched: { item: string; code: string }[];
};
export type ScopeVersion = {
  version: number;
  cause: 'saved' | 'initiation' | 'ledger';
  reason: string;
  digest: string;
  trace: string;
  resolved: Partial<Resolved>;
  counts: Partial<ScopeCounts>;
  complete: boolean;
  createdBy: string;
  createdAt: string;
};
type Moves = { added: string[]; removed: string[] };
export type WhatIf = {
  whatIf: string;
  status: 'running' | 'done' | 'failed';
  error: { message: string } | null;
  resolved: Resolved;
  trace: string;
  counts: ScopeCounts | null;
  complete: boolean | null;
  difference: {
    against: number;
    added: number;
    removed: number;
    reclassified: number;
    lots: { before: number; after: number };
    customers: Moves;
    places: Moves;
  } | null;
};
export type Recall = Omit<RecallLine, 'units'> & {
  jurisdiction: string;
  fourEyes: boolean;
  details: { product?: string; reason?: string };
  revision: number;
  initiating: { status: string; changed?: { digest: string; added: number; removed: number } } | null;
  scope: ScopeVersion | null;
  signatures: { signature: number; subject: string; meaning: string; reason: string; name: string; at: string }[];
  steps: { verb: string; from: string; to: string; by: string; at: string; note: string | null }[];
  verbs: { verb: string; signed: boolean }[];
};
export type Coverage = {
  inHouse: number;
  held: number;
  uncovered: number;
  percent: number;
  shipped: number;
  gone: number;
  places: { place: string | null; name: string | null; units: number; held: number; uncovered: number }[];
};

const enc = encodeURIComponent;
export type RecallFilters = { q?: string | undefined; state?: string | undefined; drill?: string | undefined };

export const recallsQuery = (filters: RecallFilters) =>
  infiniteQueryOptions({
    queryKey: ['recalls', filters],
    queryFn: ({ pageParam, signal }) =>
      get<Page<RecallLine>>('/recalls', { ...filters, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<RecallLine>) => page.nextCursor,
  });
export const recallQuery = (recall: string) =>
  queryOptions({
    queryKey: ['recall', recall],
    queryFn: ({ signal }) => get<Recall>(`/recalls/${enc(recall)}`, {}, signal),
    // What a worker is at changes without anybody's doing here.
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? 500 : 10_000),
  });
/** `newest`: the ledger may bring another version by itself. */
export const scopesQuery = (recall: string, newest: number) =>
  queryOptions({
    queryKey: ['recall', recall, 'scopes', newest],
    queryFn: ({ signal }) => get<Page<ScopeVersion>>(`/recalls/${enc(recall)}/scopes`, {}, signal),
  });
export const coverageQuery = (recall: string) =>
  queryOptions({
    queryKey: ['recall', recall, 'coverage'],
    queryFn: ({ signal }) => get<Coverage>(`/recalls/${enc(recall)}/coverage`, {}, signal),
    refetchInterval: 10_000,
  });
export const whatIfQuery = (recall: string, whatIf: string) =>
  queryOptions({
    queryKey: ['recall', recall, 'what-if', whatIf],
    queryFn: ({ signal }) => get<WhatIf>(`/recalls/${enc(recall)}/what-ifs/${enc(whatIf)}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && state.data.status !== 'running' ? false : 500),
  });

export const isUnderWay = (recall: Recall | undefined): boolean =>
  recall?.initiating?.status === 'queued' || recall?.initiating?.status === 'running';

export async function recallChanged(): Promise<void> {
  await Promise.all(['recalls', 'recall', 'holds'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
}

export const recallsApi = {
  open: (body: object) => write<Recall>('POST', '/recalls', body),
  ask: (recall: string, rules: ScopeRules) => write<WhatIf>('POST', `/recalls/${enc(recall)}/what-ifs`, { rules }),
  save: (recall: string, body: { whatIf: string; reason: string }) =>
    write<ScopeVersion>('POST', `/recalls/${enc(recall)}/scopes`, body),
  sign: (recall: string, verb: string, body: object) => write<unknown>('POST', `/recalls/${enc(recall)}/${verb}`, body),
};
