/**
 * A list of any length, of which only what is looked at is held: pages come as one scrolls, those that are far away are let
 * go and fetched again by their cursor, and a request for rows that nobody looks at any more is cancelled.
 */
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ApiError } from '~/api/client';
import { queryClient } from '~/api/queries';
import type { Page } from '~/api/types';

/** 20 pages of 200 rows: what a person scrolls back to at once, and a few MB at most. */
const PAGES_HELD = 20;
const RETRIES = 2;

type Load<R> = (cursor: string | null, signal: AbortSignal) => Promise<Page<R>>;
/** Where in the list a page starts: its first row, and the cursor that leads there. */
export type Mark = { row: number; cursor: string | null };

/** Where to begin: a page, and the row of it that is seen first. */
export type Start = Mark & { top: number };

/** What a table needs of its rows, wherever they come from. */
export type RowSource<R> = {
  /** changes when these are the rows of another question */
  id: string;
  /** the place in the whole list of the first row here */
  base: number;
  count: number;
  at: (index: number) => R | undefined;
  /** tells which rows are seen */
  show: (first: number, last: number) => void;
  total: number | undefined;
  /** nothing is there yet */
  loading: boolean;
  fetching: boolean;
  error: unknown;
  retry: () => void;
};

class RowWindow<R> {
  private readonly marks: Mark[];
  private readonly pages = new Map<number, R[]>();
  private readonly under = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private ended = false;
  private lengths: number[] = [];
  private version = 0;
  private seen: [number, number] = [0, 0];
  private edition: string | undefined;
  total: number | undefined;
  error: unknown = null;

  constructor(
    private readonly load: Load<R>,
    start: Mark,
    private readonly ahead: number,
  ) {
    this.marks = [start];
  }

  get base(): number {
    return this.marks[0]?.row ?? 0;
  }

  /** Rows up to the last page that was ever there; the next page, if there is one, is drawn as rows that are on their way. */
  get count(): number {
    const known = this.lengths.reduce((sum, length) => sum + length, 0);
    if (this.ended) return known;
    const rest = this.total === undefined ? this.ahead : this.total - this.base - known;
    return known + Math.max(0, Math.min(rest, this.lengths.length === 0 ? 0 : this.ahead));
  }

  get loaded(): boolean {
    return this.lengths.length > 0;
  }

  get fetching(): boolean {
    return this.under.size > 0;
  }

  at(index: number): R | undefined {
    const page = this.pageOf(index);
    const mark = this.marks[page];
    return mark === undefined ? undefined : this.pages.get(page)?.[this.base + index - mark.row];
  }

  mark(index: number): Mark | undefined {
    return this.marks[this.pageOf(index)];
  }

  has(mark: Mark): boolean {
    return this.marks.some((one) => one.row === mark.row && one.cursor === mark.cursor);
  }

  private pageOf(index: number): number {
    const row = this.base + index;
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.marks[middle]?.row ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  show(first: number, last: number): void {
    this.seen = [first, last];
    const from = this.pageOf(Math.max(0, first));
    const to = this.pageOf(Math.max(first, last));
    for (const [page, stop] of this.under) {
      if (page >= from && page <= to) continue;
      stop.abort();
      this.under.delete(page);
    }
    for (let page = from; page <= to; page += 1) this.want(page);
  }

  private want(page: number): void {
    const held = this.pages.get(page);
    if (held) {
      // Looked at last, let go last.
      this.pages.delete(page);
      this.pages.set(page, held);
      return;
    }
    const mark = this.marks[page];
    if (!mark || this.under.has(page) || this.error !== null) return;
    const stop = new AbortController();
    this.under.set(page, stop);
    void this.fetch(page, mark, stop, 0);
    this.tell();
  }

  private async fetch(page: number, mark: Mark, stop: AbortController, tried: number): Promise<void> {
    try {
      const answer = await this.load(mark.cursor, stop.signal);
      if (stop.signal.aborted) return;
      this.take(page, mark, answer);
    } catch (error) {
      if (stop.signal.aborted) return;
      const passing = error instanceof ApiError && (error.status === 0 || error.status >= 502);
      if (passing && tried < RETRIES) return this.fetch(page, mark, stop, tried + 1);
      this.error = error;
    }
    this.under.delete(page);
    this.tell();
  }

  private take(page: number, mark: Mark, answer: Page<R>): void {
    this.pages.set(page, answer.data);
    this.lengths[page] = answer.data.length;
    if (answer.total !== undefined) this.total = answer.total;
    if (answer.nextCursor === null) this.ended = true;
    else this.marks[page + 1] ??= { row: mark.row + answer.data.length, cursor: answer.nextCursor };
    for (const old of this.pages.keys()) {
      if (this.pages.size <= PAGES_HELD) break;
      this.pages.delete(old);
    }
  }

  retry(): void {
    this.error = null;
    this.show(...this.seen);
    this.tell();
  }

  /** The same rows in the same order, of which more is known by now: they are read again where they are seen. */
  asOf(edition: string): void {
    if (this.edition !== undefined && this.edition !== edition) {
      this.stop();
      this.pages.clear();
      this.show(...this.seen);
    }
    this.edition = edition;
  }

  /** Nobody looks any more. */
  stop(): void {
    for (const stop of this.under.values()) stop.abort();
    this.under.clear();
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly now = (): number => this.version;
}

/** Kept with the answers of the session, so that Back finds the pages that were there, and signing out forgets them. */
function windowOf<R>(key: readonly unknown[], load: Load<R>, start: Mark, ahead: number): RowWindow<R> {
  const queryKey = ['window', ...key];
  const kept = queryClient.getQueryData<RowWindow<R>>(queryKey);
  if (kept && (start.cursor === null ? kept.base === 0 : kept.has(start))) return kept;
  const made = new RowWindow(load, start, ahead);
  queryClient.setQueryData(queryKey, made);
  return made;
}

const START: Start = { row: 0, top: 0, cursor: null };

/** The rows that `load` pages through; another `edition` knows more of the same rows; `start` is where to begin when nothing of the list is known yet. */
export function useRowWindow<R>(
  key: readonly unknown[],
  load: Load<R>,
  pageSize: number,
  edition: string,
  start: Start = START,
): RowSource<R> & { mark: (index: number) => Mark | undefined; startRow: number; restart: () => void } {
  const id = JSON.stringify(key);
  // What the address says afterwards only follows the scrolling; where the list begins is decided once for each question.
  const [begun, setBegun] = useState({ id, start });
  if (begun.id !== id) setBegun({ id, start });
  const origin = begun.id === id ? begun.start : start;
  const found = useMemo(
    () => windowOf(key, load, origin, pageSize),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says which rows `load` gives
    [id, origin, pageSize],
  );
  useSyncExternalStore(found.subscribe, found.now);
  useEffect(() => {
    if (!found.loaded) found.show(0, 0);
    return () => found.stop();
  }, [found]);
  useEffect(() => found.asOf(edition), [found, edition]);

  // While the first rows of another question are on their way, those of the last one stay: the page does not jump.
  const [last, setLast] = useState({ id, window: found });
  if (found.loaded && last.window !== found) setLast({ id, window: found });
  const shown = found.loaded || found.error !== null ? { id, window: found } : last;
  const { window } = shown;
  const at = useCallback((index: number) => window.at(index), [window]);
  const show = useCallback((first: number, end: number) => window.show(first, end), [window]);
  const mark = useCallback((index: number) => window.mark(index), [window]);
  return {
    id: `${shown.id} ${window.base}`,
    base: window.base,
    count: window.count,
    at,
    show,
    mark,
    startRow: origin.top,
    /** from the first row again, where the list was begun in its middle */
    restart: () => setBegun({ id, start: START }),
    total: window.total,
    loading: !window.loaded && window.error === null,
    fetching: found.fetching,
    error: found.error,
    retry: () => found.retry(),
  };
}
