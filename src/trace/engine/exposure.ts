/**
 * The fixpoint of DOMAIN.md over interval sets, by synchronous rounds: round k holds what chains of at most k links expose.
 * Nearly every exposure is one interval, kept in two typed arrays; the few sets of several intervals lie in a map beside them.
 */
import { CONSUME, GenealogyGraph, Interval, Seed, WalkProgress } from './types';
import { normalize } from './intervals';

/** Links looked at between two chances to report progress or to stop. */
const CHUNK_LINKS = 100_000;

/** The units that a walk may touch, as rows; `rowOf[unit] − 1` is the row, so that a fresh array needs no filling. */
export interface Field {
  units: Int32Array;
  rowOf: Int32Array;
}

/** Interval sets by row. */
export class ExposureTable {
  /** the hull of each set; Infinity and −Infinity where it is empty */
  readonly lo: Float64Array;
  readonly hi: Float64Array;
  /** sets of several intervals, flat: from, until, from, until … (replaced, never changed) */
  readonly many = new Map<number, Float64Array>();

  constructor(rows: number) {
    this.lo = new Float64Array(rows).fill(Infinity);
    this.hi = new Float64Array(rows).fill(-Infinity);
  }

  isEmpty(row: number): boolean {
    return this.lo[row]! >= this.hi[row]!;
  }

  intervals(row: number): Interval[] {
    const flat = this.many.get(row);
    if (!flat) return this.isEmpty(row) ? [] : [[this.lo[row]!, this.hi[row]!]];
    const out: Interval[] = [];
    for (let i = 0; i < flat.length; i += 2) out.push([flat[i]!, flat[i + 1]!]);
    return out;
  }

  hits(row: number, from: number, until: number): boolean {
    const first = this.firstIn(row, from, until);
    return first < until;
  }

  holdsAll(row: number, from: number, until: number): boolean {
    if (this.lo[row]! > from || this.hi[row]! < until) return false;
    const flat = this.many.get(row);
    if (!flat) return true;
    const i = firstEndingAfter(flat, from);
    return i < flat.length && flat[i]! <= from && flat[i + 1]! >= until;
  }

  /** The first millisecond of the set in [from, until), or Infinity. (−Infinity where both are open to the past.) */
  firstIn(row: number, from: number, until: number): number {
    const lo = this.lo[row]!;
    if (lo >= until || this.hi[row]! <= from) return Infinity;
    const flat = this.many.get(row);
    if (!flat) return lo > from ? lo : from;
    const i = firstEndingAfter(flat, from);
    if (i >= flat.length) return Infinity;
    const first = Math.max(flat[i]!, from);
    return first < until ? first : Infinity;
  }
}

function firstEndingAfter(flat: Float64Array, from: number): number {
  let low = 0;
  let high = flat.length >>> 1;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if (flat[2 * mid + 1]! > from) high = mid;
    else low = mid + 1;
  }
  return 2 * low;
}

export interface Pass {
  graph: GenealogyGraph;
  field: Field;
  seeds: readonly Seed[];
  backward: boolean;
  dropped?: Uint8Array | undefined;
  certainOnly?: boolean;
  /** read coarse times as narrowly as they allow */
  sure?: boolean;
  /** filled with the round in which each row was first exposed; must be −1 everywhere */
  depth?: Int32Array;
  /** told of every change of a row's set, round by round */
  onChange?: (row: number, round: number, table: ExposureTable) => void;
  stage: WalkProgress['stage'];
}

/** Runs one pass to its fixpoint; yields between chunks. */
export function* exposurePass(pass: Pass): Generator<WalkProgress, ExposureTable> {
  const { graph, field, backward, dropped, certainOnly, sure, stage } = pass;
  const table = new ExposureTable(field.units.length);
  const round = new Round(table, pass);
  for (const seed of pass.seeds) {
    const row = field.rowOf[seed.unit]! - 1;
    if (row >= 0) for (const [from, until] of normalize(seed.windows)) round.add(row, from, until);
  }
  const offset = backward ? graph.inOffset : graph.outOffset;
  const linkOf = backward ? graph.inLink : graph.outLink;
  const far = backward ? graph.input : graph.output;
  const from = sure ? graph.sureFrom : graph.from;
  const until = sure ? graph.sureUntil : graph.until;
  let done = 0;
  let nextYield = CHUNK_LINKS;
  for (let frontier = round.close(); frontier.length > 0; frontier = round.close()) {
    for (const row of frontier) {
      const unit = field.units[row]!;
      const end = offset[unit + 1]!;
      for (let k = offset[unit]!; k < end; k++) {
        const link = linkOf[k]!;
        const to = field.rowOf[far[link]!]! - 1;
        // A lot's link to itself has no effect (SETTLED 16).
        if (to < 0 || to === row || (dropped && dropped[link]) || (certainOnly && !graph.certain[link])) continue;
        if (graph.mode[link] !== CONSUME) {
          if (from[link]! < until[link]!) passInstalled(round, row, to, from[link]!, until[link]!);
        } else if (sure && graph.sureFrom[link]! > graph.from[link]!) {
          const reaches = backward
            ? table.hi[row]! >= graph.until[link]!
            : table.holdsAll(row, graph.from[link]!, graph.until[link]!);
          // The draw was somewhere in [from, until): surely in the output from the last moment on, and of the input the first.
          if (reaches && backward) round.add(to, graph.from[link]!, graph.from[link]! + 1);
          else if (reaches) round.add(to, from[link]!, Infinity);
        } else if (backward) {
          const last = Math.min(graph.until[link]!, table.hi[row]!);
          if (graph.from[link]! < last) round.add(to, graph.from[link]!, last);
        } else {
          const first = table.firstIn(row, graph.from[link]!, graph.until[link]!);
          if (first < Infinity) round.add(to, first, Infinity);
        }
      }
      done += end - offset[unit]!;
      if (done >= nextYield) {
        nextYield = done + CHUNK_LINKS;
        yield { stage, done };
      }
    }
  }
  return table;
}

function passInstalled(round: Round, row: number, to: number, from: number, until: number): void {
  const { lo, hi, many } = round.table;
  if (lo[row]! >= until || hi[row]! <= from) return;
  const flat = many.get(row);
  if (!flat) {
    round.add(to, Math.max(lo[row]!, from), Math.min(hi[row]!, until));
    return;
  }
  for (let i = firstEndingAfter(flat, from); i < flat.length && flat[i]! < until; i += 2) {
    round.add(to, Math.max(flat[i]!, from), Math.min(flat[i + 1]!, until));
  }
}

/**
 * What a round adds, kept apart until the round is over: a set that grew in this round must not already be passed on in it,
 * or depths would come out too small.
 */
class Round {
  private number = -1;
  private count = 0;
  private row = new Int32Array(1024);
  private from = new Float64Array(1024);
  private until = new Float64Array(1024);
  private readonly changedIn: Int32Array;

  constructor(
    readonly table: ExposureTable,
    private readonly pass: Pass,
  ) {
    this.changedIn = new Int32Array(table.lo.length).fill(-1);
  }

  add(row: number, from: number, until: number): void {
    const { lo, hi, many } = this.table;
    if (lo[row]! <= from && hi[row]! >= until && (!many.has(row) || this.table.holdsAll(row, from, until))) return;
    if (this.count === this.row.length) this.grow();
    const n = this.count++;
    this.row[n] = row;
    this.from[n] = from;
    this.until[n] = until;
  }

  /** Applies what was added and returns the rows whose sets grew. */
  close(): Int32Array {
    this.number++;
    const { lo, hi, many } = this.table;
    const changed = new Int32Array(this.count);
    const scattered = new Map<number, Interval[]>();
    let changedCount = 0;
    for (let n = 0; n < this.count; n++) {
      const row = this.row[n]!;
      const from = this.from[n]!;
      const until = this.until[n]!;
      const waiting = scattered.get(row);
      if (waiting) {
        waiting.push([from, until]);
        continue;
      }
      const empty = lo[row]! >= hi[row]!;
      if (!empty && (many.has(row) || from > hi[row]! || until < lo[row]!)) {
        scattered.set(row, [[from, until]]);
        continue;
      }
      if (from >= lo[row]! && until <= hi[row]!) continue;
      if (from < lo[row]!) lo[row] = from;
      if (until > hi[row]!) hi[row] = until;
      if (this.changedIn[row] !== this.number) {
        this.changedIn[row] = this.number;
        changed[changedCount++] = row;
      }
    }
    this.count = 0;
    for (const [row, added] of scattered) {
      if (!this.merge(row, added) || this.changedIn[row] === this.number) continue;
      this.changedIn[row] = this.number;
      changed[changedCount++] = row;
    }
    const grown = changed.subarray(0, changedCount);
    const { depth, onChange } = this.pass;
    if (depth) for (const row of grown) if (depth[row] === -1) depth[row] = this.number;
    if (onChange) for (const row of grown) onChange(row, this.number, this.table);
    return grown;
  }

  private merge(row: number, added: Interval[]): boolean {
    const before = this.table.intervals(row);
    const after = normalize([...before, ...added]);
    if (after.length === before.length && after.every((x, i) => x[0] === before[i]![0] && x[1] === before[i]![1]))
      return false;
    this.table.lo[row] = after[0]![0];
    this.table.hi[row] = after[after.length - 1]![1];
    if (after.length === 1) this.table.many.delete(row);
    else this.table.many.set(row, Float64Array.from(after.flat()));
    return true;
  }

  private grow(): void {
    const size = this.row.length * 2;
    this.row = copy(this.row, new Int32Array(size));
    this.from = copy(this.from, new Float64Array(size));
    this.until = copy(this.until, new Float64Array(size));
  }
}

function copy<T extends Int32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** The units that links lead to from the seeds, whatever their times: plain reachability, in ascending order of unit. */
export function* reach(
  graph: GenealogyGraph,
  seeds: Iterable<number>,
  backward: boolean,
): Generator<WalkProgress, Field> {
  const offset = backward ? graph.inOffset : graph.outOffset;
  const linkOf = backward ? graph.inLink : graph.outLink;
  const far = backward ? graph.input : graph.output;
  const rowOf = new Int32Array(graph.unitCount);
  let queue = new Int32Array(1024);
  let count = 0;
  let done = 0;
  let nextYield = CHUNK_LINKS;
  const enqueue = (unit: number): void => {
    if (rowOf[unit]) return;
    rowOf[unit] = 1;
    if (count === queue.length) queue = copy(queue, new Int32Array(count * 2));
    queue[count++] = unit;
  };
  for (const unit of seeds) enqueue(unit);
  for (let head = 0; head < count; head++) {
    const unit = queue[head]!;
    for (let k = offset[unit]!; k < offset[unit + 1]!; k++) enqueue(far[linkOf[k]!]!);
    done += offset[unit + 1]! - offset[unit]!;
    if (done >= nextYield) {
      nextYield = done + CHUNK_LINKS;
      yield { stage: 'reach', done };
    }
  }
  const units = queue.slice(0, count).sort();
  for (let row = 0; row < count; row++) rowOf[units[row]!] = row + 1;
  return { units, rowOf };
}
