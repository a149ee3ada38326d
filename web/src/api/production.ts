/** Work orders, builds, runs and what was built, as the API answers them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, write } from './client';
import type { Page, Quantity, UnitRef } from './types';

export type OrderState = 'planned' | 'released' | 'in-progress' | 'closed' | 'cancelled';
export type OrderVerb = 'release' | 'close' | 'cancel' | 'reopen';
export type WorkOrder = {
  number: string;
  kind: 'build' | 'rework';
  item: string;
  name: string;
  tracking: 'serial' | 'lot';
  quantity: Quantity;
  revision: string | null;
  planned: string | null;
  due: string | null;
  workCenter: string | null;
  place: string | null;
  customer: string | null;
  salesOrder: string | null;
  openLines: 'refuse' | 'reason';
  state: OrderState;
  reason: string | null;
  note: string | null;
  createdAt: string;
  createdBy: string;
  produced: Quantity;
  scrapped: Quantity;
  partsScrapped: number;
  reworked: number;
  buildsOpen: number;
  may: OrderVerb[];
};

export type BuildPart = {
  part: number;
  id: string;
  unit: UnitRef;
  position: string | null;
  quantity: Quantity | null;
  certainty: 'certain' | 'possible';
  via: 'scan' | 'backflush' | 'run';
  substituteFor: string | null;
};
export type BuildLine = {
  line: number;
  item: string;
  name: string;
  tracking: 'serial' | 'lot' | 'none';
  position: string | null;
  needed: Quantity;
  filled: Quantity;
  open: Quantity;
  substitutes: string[];
  parts: BuildPart[];
  loaded: { id: string; unit: UnitRef; run: UnitRef }[];
};
export type Build = {
  id: string;
  workOrder: string;
  item: string;
  name: string;
  unit: UnitRef;
  quantity: Quantity;
  revision: string | null;
  state: 'open' | 'parked' | 'finished' | 'abandoned' | 'voided';
  openLines: 'refuse' | 'reason';
  workCenter: string | null;
  place: string | null;
  station: string | null;
  startedAt: string;
  startedBy: string;
  endedAt: string | null;
  reason: string | null;
  lines: BuildLine[];
  complete: boolean;
  open: string;
};
export type BuildRow = Omit<Build, 'lines'> & { parts: number };

export type Instruction = { id: string; title: string; text: string; acknowledge: boolean };
type Named = { id: string; unit: UnitRef; name: string };
export type Offer = {
  id: string;
  unit: UnitRef;
  item: string;
  place: string | null;
  quantity: Quantity | null;
  expires: string | null;
};
export type ScanAnswer = {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: string;
  message: string;
  next?: string;
  unit: Named | null;
  choices: Named[];
  instructions: Instruction[];
  substitutes: Offer[];
  build: Build;
};

type Share = { id: string; unit: UnitRef; quantity: Quantity };
export type BackflushLine = {
  line: number;
  item: string;
  name: string;
  needed: Quantity;
  kind: 'loaded' | 'sure' | 'choice' | 'short' | 'none';
  runs: { unit: UnitRef; position: string | null; lots: string[] }[];
  split: Share[];
  possible: Share[];
};

export type Run = {
  unit: UnitRef;
  id: string | null;
  position: string | null;
  loads: { id: string; unit: UnitRef; position: string | null; quantity: Quantity | null; since: string }[];
};
export type WorkCenter = { workCenter: string; name: string; place: string | null; takesRuns: boolean; runs: Run[] };
export type LoadAnswer = {
  verdict: 'ok';
  message: string;
  next: string;
  unit: Named | null;
  instructions: Instruction[];
  run: Run;
};
export type LineAnswer = { verdict: 'ok'; message: string; unit: Named; instructions?: Instruction[] };

export type Difference = { kind: string; open: boolean; say: string };
export type AsBuilt = {
  id: string;
  unit: UnitRef;
  at: string;
  workOrder: string | null;
  made: string | null;
  revision: string | null;
  revisionFrom: 'making' | 'in force' | null;
  differences: number;
  substituted: number;
  lines: {
    line: number | null;
    item: string;
    name: string | null;
    tracking: string | null;
    position: string | null;
    designed: Quantity | null;
    built: Quantity | null;
    parts: {
      id: string;
      unit: UnitRef;
      position: string | null;
      quantity: Quantity | null;
      certainty: 'certain' | 'possible';
      run: string | null;
      revision: string | null;
    }[];
    differences: Difference[];
  }[];
};
export type BuiltUnit = {
  id: string;
  unit: UnitRef;
  made: string | null;
  revision: string | null;
  open: number;
  substituted: number;
  say: string[];
};

const enc = encodeURIComponent;
const next = <R>(page: Page<R>): string | null => page.nextCursor;
const first = null as string | null;

export type OrderFilters = { state?: string; kind?: string; q?: string; workCenter?: string };
export const ordersQuery = (filters: OrderFilters) =>
  infiniteQueryOptions({
    queryKey: ['work-orders', filters],
    queryFn: ({ pageParam, signal }) =>
      get<Page<WorkOrder>>('/work-orders', { ...filters, cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });
export const orderQuery = (number: string) =>
  queryOptions({
    queryKey: ['work-order', number],
    queryFn: ({ signal }) => get<WorkOrder>(`/work-orders/${enc(number)}`, {}, signal),
  });
export const builtQuery = (number: string) =>
  infiniteQueryOptions({
    queryKey: ['work-order', number, 'units'],
    queryFn: ({ pageParam, signal }) =>
      get<Page<BuiltUnit>>(`/work-orders/${enc(number)}/units`, { cursor: pageParam, limit: 100 }, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });
export const buildsQuery = (filters: { workOrder?: string; workCenter?: string; state?: string }) =>
  queryOptions({
    queryKey: ['builds', filters],
    queryFn: ({ signal }) => get<Page<BuildRow>>('/builds', { ...filters, limit: 100 }, signal),
  });
export const buildQuery = (id: string) =>
  queryOptions({ queryKey: ['build', id], queryFn: ({ signal }) => get<Build>(`/builds/${enc(id)}`, {}, signal) });
export const backflushQuery = (id: string) =>
  queryOptions({
    queryKey: ['build', id, 'backflush'],
    queryFn: ({ signal }) => get<{ lines: BackflushLine[] }>(`/builds/${enc(id)}/backflush`, {}, signal),
  });
export const centersQuery = queryOptions({
  queryKey: ['work-centers'],
  queryFn: ({ signal }) => get<Page<WorkCenter>>('/work-centers', { limit: 200 }, signal),
});
export const centerListQuery = infiniteQueryOptions({
  queryKey: ['work-centers', 'list'],
  queryFn: ({ pageParam, signal }) => get<Page<WorkCenter>>('/work-centers', { cursor: pageParam, limit: 100 }, signal),
  initialPageParam: first,
  getNextPageParam: next,
});
export const centerQuery = (center: string) =>
  queryOptions({
    queryKey: ['work-centers', 'one', center],
    queryFn: ({ signal }) => get<WorkCenter>(`/work-centers/${enc(center)}`, {}, signal),
  });
export const putCenter = (center: string, body: object) =>
  write<WorkCenter>('PUT', `/work-centers/${enc(center)}`, body);
export const asBuiltQuery = (unit: string, at?: string) =>
  queryOptions({
    queryKey: ['as-built', unit, at ?? null],
    queryFn: ({ signal }) => get<AsBuilt>(`/units/${enc(unit)}/as-built`, { at }, signal),
  });

export const createOrder = (body: object) => write<WorkOrder>('POST', '/work-orders', body);
export const changeOrder = (number: string, verb: OrderVerb, body: object) =>
  write<WorkOrder>('POST', `/work-orders/${enc(number)}/${verb}`, body);
