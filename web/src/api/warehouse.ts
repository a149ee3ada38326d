/** Instructions, stock, tasks, counts, rules and places with how full they are: what the warehouse asks the API. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { newId } from '~/floor/work';
import { type FileKind, fileOf, get, type Query, write } from './client';
import type { Page, Quantity, State, UnitRef } from './types';

const enc = encodeURIComponent;
const next = <R>(page: Page<R>): string | null => page.nextCursor;
const first = null as string | null;
const PAGE = 200;

export type Severity = 'info' | 'warn' | 'must';
export type SubjectKind = 'item' | 'unit' | 'place' | 'customer' | 'category';
export type ShownInstruction = {
  id: string;
  instruction: string;
  version: number;
  severity: Severity;
  acknowledge: boolean;
  text: string;
  title: string;
  body: string;
  until: string | null;
  untilRef: string | null;
  about: { kind: SubjectKind; key: string; name: string };
  units: string[];
};
export type Instruction = {
  instruction: string;
  version: number;
  title: string;
  text: string;
  severity: Severity;
  acknowledge: boolean;
  about: { kind: SubjectKind; key: string; name: string; unit?: string };
  validFrom: string | null;
  validUntil: string | null;
  untilRef: string | null;
  state: 'active' | 'upcoming' | 'expired' | 'retired';
  changedAt: string;
  changedBy: string;
  retired: { at: string; by: string; reason: string } | null;
};
export type InstructionBody = Pick<Instruction, 'title' | 'text' | 'severity' | 'acknowledge'> & {
  about: Record<string, unknown>;
  validFrom?: string;
  validUntil?: string;
  untilRef?: string;
};

export type StockRow = {
  id: string;
  unit: UnitRef;
  kind: string;
  name: string;
  category: string | null;
  state: State;
  place: string | null;
  customer: string | null;
  container: string | null;
  quantity: Quantity | null;
  made: string | null;
  moved: string | null;
  expires: string | null;
  expired: boolean;
  supplier: string | null;
  holds: number;
  free: boolean;
  revision: string | null;
  attributes: Record<string, string | number | boolean>;
};
export type StockGroup = {
  key: string | null;
  name: string | null;
  units: number;
  held: number;
  quantities: { value: string; uom: string; unknown: boolean }[];
};
export type StockPage = Page<StockRow> & { totals?: StockGroup[] };

export type TaskKind = 'move' | 'putaway' | 'replenish' | 'sweep' | 'count' | 'inspect' | 'pick';
export type TaskStatus = 'open' | 'assigned' | 'in-progress' | 'done' | 'cancelled';
export type Progress = { expected: number; done: number; unexpected: number; missing: number; open: number };
export type Task = {
  task: string;
  kind: TaskKind;
  status: TaskStatus;
  priority: number;
  title: string;
  instruction: string | null;
  assignee: string | null;
  role: string | null;
  due: string | null;
  ref: string | null;
  place: string | null;
  item: string | null;
  to: string | null;
  rule: string | null;
  round: number;
  createdAt: string;
  createdBy: string;
  finishedAt: string | null;
  finishedBy: string | null;
  reason: string | null;
  progress: Progress;
};
export type TaskLine = {
  line: number;
  status: 'open' | 'done' | 'missing' | 'skipped' | 'unexpected';
  id: string | null;
  unit: UnitRef | null;
  item: string | null;
  name: string | null;
  from: string | null;
  to: string | null;
  quantity: Quantity | null;
  done: Quantity | null;
  actual: string | null;
  reason: string | null;
};
export type TaskWhole = Task & { lines: TaskLine[] };

export type Said = {
  verdict: 'ok' | 'warn' | 'stop' | 'ask';
  code?: string;
  message: string;
  next?: string;
  unit?: UnitRef;
  instructions: ShownInstruction[];
};
export type TaskSaid = Said & { place?: string; done: boolean };
export type Difference = {
  id: string;
  unit: UnitRef;
  place: string;
  expected: Quantity | null;
  counted: Quantity;
  over: boolean;
};
export type CountClosed = { outcome: 'again' | 'confirm' | 'done'; round: number; differences: Difference[] };
export type CountEntry = { id: string; unit: UnitRef; place: string | null; quantity: Quantity; countedBy: string };

export type Rule = {
  rule: string;
  kind: 'putaway' | 'replenish' | 'sweep';
  active: boolean;
  item: string | null;
  category: string | null;
  from: string | null;
  to: string;
  min: Quantity | null;
  max: Quantity | null;
  priority: number;
  role: string | null;
  instruction: string | null;
};
export type PlaceFill = {
  place: string;
  name: string;
  kind: string;
  parent: string | null;
  depth: number;
  capacity: { units?: number; quantity?: Quantity; categories?: string[]; full?: string } | null;
  units: number;
  held: number;
  quantity: Quantity | null;
  percent: number | null;
};
export type ContainerContent = {
  container: string;
  place: string | null;
  units: number;
  held: number;
  data: { id: string; unit: UnitRef; name: string; quantity: Quantity | null }[];
};
export type Located = {
  id: string;
  unit: UnitRef;
  name: string;
  held: { reason: string; ref: string | null }[];
  where: {
    state: State;
    place: string | null;
    path: string[];
    customer: string | null;
    quantity: Quantity | null;
    since: string | null;
  }[];
  last: { type: string; at: string; by: string } | null;
};

const command = (body: object = {}): object => ({ id: newId(), ...body });
const task = (name: string): string => `/tasks/${enc(name)}`;

export const warehouse = {
  putInstruction: (code: string, body: InstructionBody) =>
    write<Instruction>('PUT', `/instructions/${enc(code)}`, body),
  retireInstruction: (code: string, reason: string) =>
    write<Instruction>('POST', `/instructions/${enc(code)}/retire`, { reason }),

  stock: (query: Query, cursor: string | null, signal?: AbortSignal) =>
    get<StockPage>('/stock', { totals: 'true', limit: PAGE, ...query, cursor }, signal),
  stockFile: (query: Query, kind: FileKind) => fileOf(kind, '/stock', query),
  hold: (body: object) => write<unknown>('POST', '/holds', command(body)),
  askLabels: (body: { id: string; units: string[]; copies: number }) =>
    write<{ units: number; copies: number }>('POST', '/label-requests', body),

  createTask: (body: object) => write<TaskWhole>('POST', '/tasks', command(body)),
  startTask: (name: string) => write<TaskWhole>('POST', `${task(name)}/start`, command()),
  assignTask: (name: string, assignee: string | null) =>
    write<TaskWhole>('POST', `${task(name)}/assign`, command({ assignee })),
  finishTask: (name: string, reason?: string) =>
    write<TaskWhole>('POST', `${task(name)}/finish`, command(reason ? { reason } : {})),
  cancelTask: (name: string, reason: string) => write<TaskWhole>('POST', `${task(name)}/cancel`, command({ reason })),
  skipLine: (name: string, line: number, status: 'missing' | 'skipped', reason: string) =>
    write<TaskWhole>('POST', `${task(name)}/lines/${line}/skip`, command({ status, reason })),
  scanTask: (name: string, body: object) => write<TaskSaid>('POST', `${task(name)}/scan`, command(body)),
  move: (body: object) => write<Said>('POST', '/moves', command(body)),

  count: (name: string, body: object) => write<Said>('POST', `${task(name)}/count`, command(body)),
  closeCount: (name: string, nothing: boolean) =>
    write<CountClosed>('POST', `${task(name)}/count/close`, command({ nothing })),
  confirmCount: (name: string, reason: string) =>
    write<CountClosed>('POST', `${task(name)}/count/confirm`, command({ reason })),

  putRule: (code: string, body: object) => write<Rule>('PUT', `/task-rules/${enc(code)}`, body),
  runRules: () => write<{ tasks: string[] }>('POST', '/task-rules/run', {}),
  container: (code: string) => get<ContainerContent>(`/containers/${enc(code)}`),
};

export const unitInstructionsQuery = (unit: string) =>
  queryOptions({
    queryKey: ['unit', unit, 'instructions'],
    queryFn: async ({ signal }) =>
      (await get<{ data: ShownInstruction[] }>(`/units/${enc(unit)}/instructions`, {}, signal)).data,
  });

export const instructionsQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['instructions', query],
    queryFn: ({ pageParam, signal }) =>
      get<Page<Instruction>>('/instructions', { limit: 100, ...query, cursor: pageParam }, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });

export const stockQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['stock', query],
    queryFn: ({ pageParam, signal }) => warehouse.stock(query, pageParam, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
  });

export const stockGroupsQuery = (query: Query, by: string) =>
  queryOptions({
    queryKey: ['stock', 'groups', query, by],
    queryFn: ({ signal }) => get<{ data: StockGroup[]; more: boolean }>('/stock/groups', { ...query, by }, signal),
    placeholderData: keepPreviousData,
  });

export const tasksQuery = (query: Query) =>
  infiniteQueryOptions({
    queryKey: ['tasks', query],
    queryFn: ({ pageParam, signal }) => get<Page<Task>>('/tasks', { limit: 100, ...query, cursor: pageParam }, signal),
    initialPageParam: first,
    getNextPageParam: next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const taskQuery = (name: string) =>
  queryOptions({
    queryKey: ['task', name],
    queryFn: ({ signal }) => get<TaskWhole>(task(name), {}, signal),
    staleTime: 0,
  });

export const countQuery = (name: string) =>
  queryOptions({
    queryKey: ['task', name, 'count'],
    queryFn: ({ signal }) => get<{ round: number; data: CountEntry[] }>(`${task(name)}/count`, {}, signal),
    staleTime: 0,
  });

export const rulesQuery = queryOptions({
  queryKey: ['task-rules'],
  queryFn: async ({ signal }) => (await get<{ data: Rule[] }>('/task-rules', {}, signal)).data,
});

export const placeFillQuery = queryOptions({
  queryKey: ['place-fill'],
  queryFn: async ({ signal }) => (await get<{ data: PlaceFill[] }>('/place-fill', {}, signal)).data,
});

export const locateQuery = (q: string) =>
  queryOptions({
    queryKey: ['locate', q],
    queryFn: ({ signal }) => get<{ data: Located[]; truncated: boolean }>('/locate', { q }, signal),
    enabled: q !== '',
  });
