/** Tasks: what staff are told to do, and what a scan means for one. Pure. */
import { DomainError } from '@/kernel';

export const TASK_KINDS = ['move', 'putaway', 'replenish', 'sweep', 'count', 'inspect', 'pick'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

export const TASK_STATUSES = ['open', 'assigned', 'in-progress', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export type LineStatus = 'open' | 'done' | 'missing' | 'skipped' | 'unexpected';

/** From which states a task can come into this one. */
const BEFORE: Record<Exclude<TaskStatus, 'open'>, readonly TaskStatus[]> = {
  assigned: ['open', 'assigned', 'in-progress'],
  'in-progress': ['open', 'assigned', 'in-progress'],
  done: ['open', 'assigned', 'in-progress'],
  cancelled: ['open', 'assigned', 'in-progress'],
};

/** Throws TASK_STATE. */
export function checkTransition(task: string, from: TaskStatus, to: Exclude<TaskStatus, 'open'>): void {
  if (!BEFORE[to].includes(from)) throw new DomainError('TASK_STATE', { task, status: from, what: to });
}

export interface Line {
  lineId: number;
  status: LineStatus;
  unitId: number | null;
  unit: string | null;
  itemId: number | null;
  fromPlaceId: number | null;
  from: string | null;
  toPlaceId: number | null;
  to: string | null;
  /** nanos of the base unit; null: all of it */
  quantity: bigint | null;
  doneQuantity: bigint;
  doneBy: string | null;
}

export interface ScannedUnit {
  unitId: number;
  itemId: number;
  label: string;
}

/**
 * The line that a scanned unit means, at the place that was scanned last: one at that place before one elsewhere.
 * Throws TASK_WRONG_UNIT, TASK_LINE_DONE, TASK_SCAN_PLACE.
 */
export function lineOf(lines: readonly Line[], unit: ScannedUnit, placeId: number | null, place: string | null): Line {
  const own = lines.filter(
    (line) => line.unitId === unit.unitId || (line.unitId === null && line.itemId === unit.itemId),
  );
  const open = own.filter((line) => line.status === 'open');
  const here = open.find((line) => placeId === null || line.fromPlaceId === null || line.fromPlaceId === placeId);
  if (here) return here;
  const [elsewhere] = open;
  if (elsewhere)
    throw new DomainError('TASK_SCAN_PLACE', { unit: unit.label, wanted: elsewhere.from, place: place ?? 'here' });
  const done = own.find((line) => line.status === 'done');
  if (done) throw new DomainError('TASK_LINE_DONE', { unit: unit.label, by: done.doneBy });
  const next = lines.find((line) => line.status === 'open');
  throw new DomainError('TASK_WRONG_UNIT', { unit: unit.label, wanted: next?.unit ?? 'what is on the list' });
}

/** The next thing to do, as a sentence; undefined when nothing is open. */
export function nextSaid(lines: readonly Line[]): string | undefined {
  const line = lines.find((one) => one.status === 'open');
  if (!line) return undefined;
  const what = line.unit ?? 'any of the item';
  const from = line.from === null ? '' : ` at ${line.from}`;
  const to = line.to === null ? '' : `, to ${line.to}`;
  return `Next: ${what}${from}${to}.`;
}

export interface Tally {
  expected: number;
  done: number;
  unexpected: number;
  missing: number;
  open: number;
}

/** What a sweep, or any task, has found of what was expected. */
export function tally(lines: readonly Pick<Line, 'status'>[]): Tally {
  const count = (status: LineStatus): number => lines.filter((line) => line.status === status).length;
  const unexpected = count('unexpected');
  return {
    expected: lines.length - unexpected,
    done: count('done'),
    unexpected,
    missing: count('missing') + count('skipped'),
    open: count('open'),
  };
}
