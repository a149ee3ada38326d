/**
 * The one way to the API. Every answer that is not a success becomes an ApiError with the stable code of its problem+json body,
 * so that a screen can say what to do next instead of "something went wrong".
 */
import { setReached } from './reach';
import type * as T from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problem: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type Query = Record<string, string | number | undefined | null>;

export function url(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    // An attribute without a value asks whether there is one at all.
    const said = value !== undefined && value !== null && (value !== '' || key.startsWith('attr.'));
    if (said) search.set(key, String(value));
  }
  const text = search.toString();
  return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}

export async function fail(response: Response): Promise<never> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // A proxy's own page, or an empty body: the status alone has to do.
  }
  const code = typeof body['code'] === 'string' ? body['code'] : `HTTP_${response.status}`;
  const detail = [body['detail'], body['title']].find((text) => typeof text === 'string' && text !== '');
  throw new ApiError(response.status, code, (detail as string | undefined) ?? response.statusText, body);
}

export async function send(method: string, address: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { method, credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    setReached(false);
    throw new ApiError(0, 'OFFLINE', 'The server cannot be reached. Check the connection and try again.');
  }
  setReached(true);
  if (!response.ok) return fail(response);
  return response;
}

export async function get<R>(path: string, query?: Query, signal?: AbortSignal): Promise<R> {
  const response = await send('GET', url(path, query), {
    headers: { accept: 'application/json' },
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as R;
}

export async function write<R>(method: string, path: string, body?: unknown, query?: Query): Promise<R> {
  const response = await send(method, url(path, query), {
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as R;
}

/** A file, fetched with the cookie so that a refusal is a message and not a saved page of JSON. */
export const download = (address: string): Promise<Response> => send('GET', address);

const enc = encodeURIComponent;

export type ConsigneeFilters = { customer?: string; shipment?: string; hit?: string };

export type UnitFilters = {
  item?: string;
  certainty?: string;
  state?: string;
  place?: string;
  customer?: string;
  q?: string;
  kinds?: string;
  month?: string;
  reason?: string;
};
/** What a list of units is asked for: its filters and the column it is sorted by (`-` in front: descending). */
export type UnitList = UnitFilters & { sort?: string; limit?: number };
export const UNITS_PAGE = 200;

const accepts = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;
export type FileKind = keyof typeof accepts;
export const fileOf = (kind: FileKind, path: string, query: Query = {}): Promise<Response> =>
  send('GET', url(path, query), { headers: { accept: accepts[kind] } });

export const api = {
  login: (username: string, password: string) => write<{ user: T.User }>('POST', '/auth/login', { username, password }),
  logout: () => write<void>('POST', '/auth/logout'),
  me: () => get<{ user: T.User }>('/auth/me'),
  config: () => get<T.Config>('/config'),

  scan: (text: string) => write<T.ScanAnswer>('POST', '/scan', { text }),

  /** A unit with what the record cannot tell about it: neither is shown without the other. */
  unit: async (unit: string, signal?: AbortSignal): Promise<T.Unit> => {
    const [page, gaps] = await Promise.all([
      get<T.Unit>(`/units/${enc(unit)}`, {}, signal),
      get<{ data: T.Gap[] }>(`/units/${enc(unit)}/gaps`, {}, signal),
    ]);
    return { ...page, gaps: gaps.data };
  },
  history: (unit: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.HistoryEntry>>(`/units/${enc(unit)}/history`, { cursor, limit: 100 }, signal),
  tree: (
    unit: string,
    side: 'contains' | 'used-in',
    at: string | undefined,
    cursor: string | null,
    signal?: AbortSignal,
  ) => get<T.Page<T.TreeRow>>(`/units/${enc(unit)}/${side}`, { at, cursor, limit: 100 }, signal),

  traces: (cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.Trace>>('/traces', { cursor, limit: 50 }, signal),
  trace: (id: string, signal?: AbortSignal) => get<T.Trace>(`/traces/${enc(id)}`, {}, signal),
  startTrace: (question: T.Question) => write<{ id: string; status: T.TraceStatus }>('POST', '/traces', question),
  cancelTrace: (id: string) => write<unknown>('POST', `/traces/${enc(id)}/cancel`),
  traceUnits: (id: string, list: UnitList, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.TraceUnit>>(`/traces/${enc(id)}/units`, { limit: UNITS_PAGE, ...list, cursor }, signal),
  traceExcluded: (id: string, list: UnitList, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.ExcludedUnit>>(`/traces/${enc(id)}/excluded`, { limit: UNITS_PAGE, ...list, cursor }, signal),
  unitsFile: (id: string, which: 'units' | 'excluded', list: UnitList, kind: FileKind) =>
    fileOf(kind, `/traces/${enc(id)}/${which}`, list),
  compare: (before: string, after: string, change: string | undefined, cursor: string | null, signal?: AbortSignal) =>
    get<T.Comparison>(`/traces/${enc(before)}/compare/${enc(after)}`, { change, cursor, limit: UNITS_PAGE }, signal),
  compareFile: (before: string, after: string, change: string | undefined, kind: FileKind) =>
    fileOf(kind, `/traces/${enc(before)}/compare/${enc(after)}`, { change }),
  consignees: (id: string, filters: ConsigneeFilters, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.Consignee>>(`/traces/${enc(id)}/consignees`, { ...filters, cursor, limit: 200 }, signal),
  traceGaps: (id: string, filters: { kind?: string }, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.TraceGap>>(`/traces/${enc(id)}/gaps`, { ...filters, cursor, limit: 200 }, signal),
  graph: (id: string, by: 'item' | 'lot', signal?: AbortSignal) =>
    get<T.Graph>(`/traces/${enc(id)}/graph`, { by, limit: 300 }, signal),
  why: (id: string, unit: string, signal?: AbortSignal) =>
    get<T.Why>(`/traces/${enc(id)}/why/${enc(unit)}`, {}, signal),
  report: <R>(id: string, signal?: AbortSignal) => get<R>(`/traces/${enc(id)}/report`, {}, signal),
  reportFile: (id: string, kind: 'pdf' | 'xlsx' | 'csv') => url(`/traces/${enc(id)}/report.${kind}`),
  traceStream: (id: string) => url(`/traces/${enc(id)}/stream`),

  blast: (signal?: AbortSignal) => get<T.Blast>('/blast-radius', {}, signal),
  runBlast: () => write<T.BlastRun>('POST', '/blast-radius'),
  cancelBlast: (id: string) => write<T.BlastRun>('POST', `/blast-radius/${enc(id)}/cancel`),
  blastFile: (query: { sort?: string; item?: string; q?: string }, kind: FileKind) =>
    fileOf(kind, '/blast-radius/lots', query),
  blastLots: (
    query: { sort?: string; item?: string; q?: string; limit?: number },
    cursor: string | null,
    signal?: AbortSignal,
  ) => get<T.Page<T.BlastLot>>('/blast-radius/lots', { limit: UNITS_PAGE, ...query, cursor }, signal),
  balance: (unit: string, signal?: AbortSignal) => get<T.Balance>(`/units/${enc(unit)}/balance`, {}, signal),
  workers: (signal?: AbortSignal) => get<{ data: T.WorkerHealth[] }>('/health/workers', {}, signal),

  items: (q: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.Item>>('/items', { q, cursor, limit: 100 }, signal),
  item: (item: string, signal?: AbortSignal) => get<T.Item>(`/items/${enc(item)}`, {}, signal),
  boms: (item: string, signal?: AbortSignal) => get<T.Page<T.Bom> | T.Bom[]>(`/items/${enc(item)}/boms`, {}, signal),
  places: (q: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.Place>>('/places', { q, cursor, limit: 100 }, signal),
  partners: (q: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.Partner>>('/partners', { q, cursor, limit: 100 }, signal),

  imports: (cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.ImportJob>>('/imports', { cursor, limit: 50 }, signal),
  importJob: (id: string, signal?: AbortSignal) => get<T.ImportJob>(`/imports/${enc(id)}`, {}, signal),
  upload: async (file: File) => {
    const form = new FormData();
    form.append('file', file, file.name);
    const response = await send('POST', url('/imports'), { body: form, headers: { accept: 'application/json' } });
    return (await response.json()) as { id: string; status: string };
  },
  cancelImport: (id: string) => write<unknown>('POST', `/imports/${enc(id)}/cancel`),
  refused: (id: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.RefusedRow>>(`/imports/${enc(id)}/refused`, { cursor, limit: 200 }, signal),
  refusedFile: (id: string) => fileOf('csv', `/imports/${enc(id)}/refused`),
  importStream: (id: string) => url(`/imports/${enc(id)}/stream`),

  users: () => get<T.Page<T.User>>('/users'),
  addUser: (user: { username: string; displayName: string; role: string; password: string }) =>
    write<unknown>('POST', '/users', user),
  changeUser: (username: string, change: Record<string, unknown>) =>
    write<unknown>('PATCH', `/users/${enc(username)}`, change),
  keys: () => get<T.Page<T.ApiKey>>('/api-keys'),
  addKey: (name: string, role: string) => write<T.ApiKey & { key: string }>('POST', '/api-keys', { name, role }),
  revokeKey: (id: number) => write<unknown>('DELETE', `/api-keys/${id}`),
  audit: (subject: string, cursor: string | null, signal?: AbortSignal) =>
    get<T.Page<T.AuditEntry>>('/audit', { subject, cursor, limit: 100 }, signal),
};
