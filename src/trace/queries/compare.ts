/** What two traces say differently: counts, and the units, each with what it was and what it is. */
import { DomainError, formatTime } from '@/kernel';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { UNIT_KINDS } from '../app/answer';
import {
  Cause,
  Change,
  ChangeReason,
  changeReason,
  CHANGES,
  changeSentence,
  questionsDiffer,
  Stand,
} from '../domain/changes';
import { Certainty, UnitRef, unitText } from '../domain/question';
import { REASONS } from '../engine';
import { compareResults, Comparison, sameExposure } from '../results/compare';
import { exposureOf, Listing, SEGMENT_ROWS, UnitColumns } from '../results/segments';
import { Part, StoredResult } from '../results/stored';
import type { Reading } from './rows';
import { unlessRemoved } from './rows';
import { Names } from './views';

export interface StandView {
  affected: boolean;
  certainty: Certainty | null;
  reason: string | null;
  exposure: [string | null, string | null][];
}

export interface ChangeView {
  id: string;
  unit: UnitRef;
  name: string | null;
  change: Change;
  before: StandView | null;
  after: StandView | null;
  reason: ChangeReason;
  sentence: string;
}

export interface ComparePage extends Page<ChangeView> {
  counts: Record<Change | 'same', number>;
  questionsDiffer: string[];
  positions: [number, number];
  total: number;
}

/** Rows of a stream that are read in one go. */
const BATCH = 5_000;

/** Two finished traces in one direction. */
export class TraceComparison {
  private readonly cause: Cause & { questionsDiffer: string[]; positions: [number, number] };

  constructor(
    private readonly before: Reading,
    private readonly after: Reading,
  ) {
    const [one, other] = [before.head, after.head];
    const [was, is] = [one.question.resolved, other.question.resolved];
    if (was.direction !== is.direction)
      throw new DomainError('COMPARE_DIRECTIONS', { one: was.direction, other: is.direction });
    this.cause = { questionsDiffer: questionsDiffer(was, is), positions: [one.position, other.position] };
  }

  async page(change: Change | undefined, cursor: string | undefined, limit: number | undefined): Promise<ComparePage> {
    return unlessRemoved(this.before.head, () =>
      unlessRemoved(this.after.head, async () => {
        const sides = await this.open();
        const found = await this.compare(sides);
        const { added, removed, reclassified, same } = found;
        const [first, end] = rangeOf(found, change);
        const from = placeOf(cursor, change, first);
        const until = Math.min(end, from + pageSize(limit));
        const data: ChangeView[] = [];
        for await (const view of this.views(sides, found, from, until)) data.push(view);
        return {
          counts: { added, removed, reclassified, same },
          ...this.cause,
          data,
          nextCursor: until < end ? encodeCursor([change ?? null, until]) : null,
          total: end - first,
        };
      }),
    );
  }

  async *stream(change: Change | undefined): AsyncGenerator<ChangeView> {
    const sides = await this.open();
    const found = await this.compare(sides);
    const [first, end] = rangeOf(found, change);
    for (let from = first; from < end; from += BATCH)
      yield* this.views(sides, found, from, Math.min(end, from + BATCH));
  }

  private async open(): Promise<[StoredResult, StoredResult]> {
    const open = ({ q, head, cache }: Reading) => StoredResult.open(q, head.trace_no, cache);
    return [await open(this.before), await open(this.after)];
  }

  private compare([before, after]: [StoredResult, StoredResult]): Promise<Comparison> {
    return before.remember(
      `compare ${after.traceNo}`,
      (found) => found.pairs.byteLength,
      () => compareResults(before, after),
    );
  }

  private async *views(
    [before, after]: [StoredResult, StoredResult],
    found: Comparison,
    from: number,
    until: number,
  ): AsyncGenerator<ChangeView> {
    const pairs = found.pairs.subarray(2 * from, 2 * until);
    const was = await Rows.read(
      before,
      pairs.filter((_, i) => i % 2 === 0),
    );
    const is = await Rows.read(
      after,
      pairs.filter((_, i) => i % 2 === 1),
    );
    const names = await Names.read(this.after.q, Math.max(...this.cause.positions), {
      items: [...was.items, ...is.items],
    });
    for (let i = 0; i < pairs.length; i += 2) {
      const [one, other] = [was.at(pairs[i]!), is.at(pairs[i + 1]!)];
      const known = (other ?? one)!;
      const { item_id, kind, code, unit_id } = known.c;
      const itemId = item_id[known.i]!;
      const unitKind = UNIT_KINDS[kind[known.i]!]!;
      const text = code.at(known.i);
      const [stood, stands] = [standOf(one), standOf(other)];
      const same = one !== null && other !== null && sameExposure(one, other);
      yield {
        id: `u${unit_id[known.i]!}`,
        unit: names.ref(itemId, unitKind, text),
        name: names.items.get(itemId)!.name,
        change: changeAt(found, from + i / 2),
        before: standView(one, stood),
        after: standView(other, stands),
        reason: changeReason(stood, stands, same),
        sentence: changeSentence(
          unitText(names.items.get(itemId)!.code, unitKind, text),
          stood,
          stands,
          same,
          this.cause,
        ),
      };
    }
  }
}

function rangeOf({ added, removed, reclassified }: Comparison, change: Change | undefined): [number, number] {
  const ends = [added, added + removed, added + removed + reclassified];
  if (!change) return [0, ends[2]!];
  const place = CHANGES.indexOf(change);
  return [place === 0 ? 0 : ends[place - 1]!, ends[place]!];
}

function changeAt({ added, removed }: Comparison, place: number): Change {
  return place < added ? 'added' : place < added + removed ? 'removed' : 'reclassified';
}

/** Neither result changes, so a place in their comparison stays what it is. */
function placeOf(cursor: string | undefined, change: Change | undefined, first: number): number {
  const key = decodeCursor<[Change | null, number]>(cursor);
  if (key === null) return first;
  if (Array.isArray(key) && key[0] === (change ?? null) && Number.isSafeInteger(key[1]) && key[1] >= first)
    return key[1];
  throw new DomainError('BAD_REQUEST', { reason: 'the cursor belongs to another list; start again without it.' });
}

interface At {
  c: UnitColumns;
  i: number;
}

const COLUMNS = [
  ...(['unit_id', 'item_id', 'kind', 'code', 'verdict', 'certain'] as const),
  ...(['exposed_from', 'exposed_until', 'exposures'] as const),
];

/** Rows of an answer (affected first), with the columns of the segments that they are in. */
class Rows {
  private constructor(
    private readonly affected: number,
    private readonly columns: ReadonlyMap<string, { part: Part; c: UnitColumns }>,
    readonly items: ReadonlySet<number>,
  ) {}

  static async read(result: StoredResult, rows: Int32Array): Promise<Rows> {
    const affected = result.rowsOf('affected');
    const needed = new Set<string>();
    for (const row of rows) if (row >= 0) needed.add(segmentOf(row, affected).key);
    const columns = new Map<string, { part: Part; c: UnitColumns }>();
    for (const listing of ['affected', 'excluded'] as const) {
      const parts = result.partsOf(listing).filter((part) => needed.has(keyOf(listing, part.segment)));
      const found = await result.columns(parts, COLUMNS);
      for (const [n, part] of parts.entries())
        columns.set(keyOf(listing, part.segment), { part, c: found[n] as UnitColumns });
    }
    const items = new Set<number>();
    const all = new Rows(affected, columns, items);
    for (const row of rows) {
      const at = all.at(row);
      if (at) items.add(at.c.item_id[at.i]!);
    }
    return all;
  }

  at(row: number): At | null {
    if (row < 0) return null;
    const { key, place } = segmentOf(row, this.affected);
    const { part, c } = this.columns.get(key)!;
    return { c, i: place - part.from };
  }
}

const keyOf = (listing: Listing, segment: number) => `${listing} ${segment}`;

function segmentOf(row: number, affected: number): { key: string; place: number } {
  const listing = row < affected ? 'affected' : 'excluded';
  const place = row < affected ? row : row - affected;
  return { key: keyOf(listing, Math.floor(place / SEGMENT_ROWS)), place };
}

function standOf(at: At | null): Stand {
  if (!at) return null;
  const verdict = at.c.verdict[at.i]!;
  if (verdict > 0) return { affected: false, reason: REASONS[verdict - 1]! };
  return { affected: true, certainty: at.c.certain[at.i] === 1 ? 'certain' : 'possible' };
}

function standView(at: At | null, stand: Stand): StandView | null {
  if (!at || !stand) return null;
  return {
    affected: stand.affected,
    certainty: stand.affected ? stand.certainty : null,
    reason: stand.affected ? null : stand.reason,
    exposure: exposureOf(at.c, at.i).map(([from, until]) => [formatTime(from), formatTime(until)]),
  };
}
