/** What a screen asks for, by name: the cache key and the call stand together, so that two screens share one answer. */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { api, ApiError, type ConsigneeFilters, type UnitFilters } from './client';
import type { Blast, BlastLot, Page, UnitRef, User } from './types';

const HALF_MINUTE_MS = 30_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: HALF_MINUTE_MS,
      // A refusal is final (STYLE: a domain error is not retried); only a lost connection or a busy server is.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
});

const next = <R>(page: Page<R>): string | null => page.nextCursor;
const first = null as string | null;

export const finished = (status: string | undefined): boolean =>
  status === 'done' || status === 'failed' || status === 'cancelled';

/**
 * Who was signed in here last: without a connection the floor goes on under that name. It opens nothing: the server asks for
 * the session all the same once it is reached.
 */
const KNOWN = 'unitrail.me';
function remember(user: User | null): void {
  try {
    if (user) localStorage.setItem(KNOWN, JSON.stringify(user));
    else localStorage.removeItem(KNOWN);
  } catch {
    // A store that is forbidden costs a reload without a connection, and nothing else.
  }
}
export const forgetMe = (): void => remember(null);
function remembered(): User | null {
  try {
    return JSON.parse(localStorage.getItem(KNOWN) ?? 'null') as User | null;
  } catch {
    return null;
  }
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    try {
      const { user } = await api.me();
      remember(user);
      return user;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        remember(null);
        return null;
      }
      const known = error instanceof ApiError && error.status === 0 ? remembered() : null;
      if (known) return known;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

export const configQuery = queryOptions({ queryKey: ['config'], queryFn: api.config, staleTime: Infinity });

export const unitQuery = (unit: string) =>
  queryOptions({ queryKey: ['unit', unit], queryFn: ({ signal }) => api.unit(unit, signal) });

export const historyQuery = (unit: string) =>
  infiniteQueryOptions({
    queryKey: ['unit', unit, 'history'],
    queryFn: ({ pageParam, signal }) => api.history(unit, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });

export const treeQuery = (unit: string, side: 'contains' | 'used-in', at: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['unit', unit, side, at ?? ''],
    queryFn: ({ pageParam, signal }) => api.tree(unit, side, at, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });

export const tracesQuery = infiniteQueryOptions({
  queryKey: ['traces'],
  queryFn: ({ pageParam, signal }) => api.traces(pageParam, signal),
  initialPageParam: first,
  getNextPageParam: next,
});

/** The newest traces alone: what the home page and the jobs tray watch. */
export const recentTracesQuery = queryOptions({
  queryKey: ['traces', 'recent'],
  queryFn: ({ signal }) => api.traces(null, signal),
  refetchInterval: (query) => (query.state.data?.data.some((t) => !finished(t.status)) ? 3000 : HALF_MINUTE_MS),
});

export const recentImportsQuery = queryOptions({
  queryKey: ['imports', 'recent'],
  queryFn: ({ signal }) => api.imports(null, signal),
  refetchInterval: (query) => (query.state.data?.data.some((t) => !finished(t.status)) ? 3000 : HALF_MINUTE_MS),
});

export const traceQuery = (id: string) =>
  queryOptions({ queryKey: ['trace', id], queryFn: ({ signal }) => api.trace(id, signal) });

const listOf = <R, F extends object>(
  key: string,
  id: string,
  filters: F,
  call: (id: string, filters: F, cursor: string | null, signal?: AbortSignal) => Promise<Page<R>>,
) =>
  infiniteQueryOptions({
    queryKey: ['trace', id, key, filters],
    queryFn: ({ pageParam, signal }) => call(id, filters, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
    // A finished trace is immutable.
    staleTime: Infinity,
  });

export const consigneesQuery = (id: string, filters: ConsigneeFilters) =>
  listOf('consignees', id, filters, api.consignees);
export const traceGapsQuery = (id: string, filters: { kind?: string }) => listOf('gaps', id, filters, api.traceGaps);

export const comparisonQuery = (before: string, after: string, change: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['compare', before, after, change ?? ''],
    queryFn: ({ pageParam, signal }) => api.compare(before, after, change, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
/** How many units pass the filters: one row is read, and the total with it. */
export const passingQuery = (id: string, filters: UnitFilters) =>
  queryOptions({
    queryKey: ['trace', id, 'passing', filters],
    queryFn: async ({ signal }) => (await api.traceUnits(id, { ...filters, limit: 1 }, null, signal)).total ?? null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const graphQuery = (id: string, by: 'item' | 'lot') =>
  queryOptions({
    queryKey: ['trace', id, 'graph', by],
    queryFn: ({ signal }) => api.graph(id, by, signal),
    staleTime: Infinity,
  });

export const whyQuery = (id: string, unit: string) =>
  queryOptions({
    queryKey: ['trace', id, 'why', unit],
    queryFn: ({ signal }) => api.why(id, unit, signal),
    staleTime: Infinity,
  });

/** The natural name of a unit whose id alone is at hand. */
export const unitRefQuery = (id: string) =>
  queryOptions({
    queryKey: ['unit-ref', id],
    queryFn: async ({ signal }): Promise<{ id: string; unit: UnitRef }> => {
      const unit = await api.unit(id, signal);
      return { id: unit.id, unit: unit.unit };
    },
    staleTime: Infinity,
  });

export const balanceQuery = (unit: string) =>
  queryOptions({ queryKey: ['unit', unit, 'balance'], queryFn: ({ signal }) => api.balance(unit, signal) });

export const blastQuery = queryOptions({
  queryKey: ['blast', 'run'],
  queryFn: ({ signal }) => api.blast(signal),
  refetchInterval: (query) => (query.state.data?.open ? 1500 : false),
});

type LotsAsked = { sort?: string; item?: string; q?: string; limit?: number };
/** The lots of one run; before the first run there are none, and nothing is asked for. */
const lotsOf = (run: string | null, asked: LotsAsked, cursor: string | null, signal: AbortSignal) =>
  run === null
    ? Promise.resolve<Page<BlastLot>>({ data: [], nextCursor: null, total: 0 })
    : api.blastLots(asked, cursor, signal);
export const doneRun = (blast: Blast | undefined): string | null => (blast?.status === 'done' ? blast.id : null);

export const blastLotsQuery = (run: string | null, asked: LotsAsked) =>
  infiniteQueryOptions({
    queryKey: ['blast', 'lots', run, asked],
    queryFn: ({ pageParam, signal }) => lotsOf(run, asked, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });
export const worstLotsQuery = (run: string | null, limit: number) =>
  queryOptions({
    queryKey: ['blast', 'worst', run, limit],
    queryFn: ({ signal }) => lotsOf(run, { sort: '-finished', limit }, null, signal),
  });
/** The rating of one lot: it is found by its code among the lots of its item. */
export const lotRatingQuery = (run: string | null, id: string, item: string, lot: string) =>
  queryOptions({
    queryKey: ['blast', 'lot', run, id],
    queryFn: async ({ signal }) => {
      const { data } = await lotsOf(run, { item, q: lot }, null, signal);
      return data.find((row) => row.id === id) ?? null;
    },
  });

export const workersQuery = queryOptions({
  queryKey: ['workers'],
  queryFn: async ({ signal }) => (await api.workers(signal)).data,
  refetchInterval: 5000,
});

export const itemsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['items', q],
    queryFn: ({ pageParam, signal }) => api.items(q, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });
export const placesQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['places', q],
    queryFn: ({ pageParam, signal }) => api.places(q, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });
export const partnersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['partners', q],
    queryFn: ({ pageParam, signal }) => api.partners(q, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });
export const itemQuery = (item: string) =>
  queryOptions({ queryKey: ['item', item], queryFn: ({ signal }) => api.item(item, signal) });
export const bomsQuery = (item: string) =>
  queryOptions({
    queryKey: ['item', item, 'boms'],
    queryFn: async ({ signal }) => {
      const answer = await api.boms(item, signal);
      return Array.isArray(answer) ? answer : answer.data;
    },
  });

export const importsQuery = infiniteQueryOptions({
  queryKey: ['imports'],
  queryFn: ({ pageParam, signal }) => api.imports(pageParam, signal),
  initialPageParam: first,
  getNextPageParam: next,
});
export const importQuery = (id: string) =>
  queryOptions({ queryKey: ['import', id], queryFn: ({ signal }) => api.importJob(id, signal) });
export const refusedQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['import', id, 'refused'],
    queryFn: ({ pageParam, signal }) => api.refused(id, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
  });

export const usersQuery = queryOptions({ queryKey: ['users'], queryFn: api.users });
export const keysQuery = queryOptions({ queryKey: ['api-keys'], queryFn: api.keys });
export const auditQuery = (subject: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', subject],
    queryFn: ({ pageParam, signal }) => api.audit(subject, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });
