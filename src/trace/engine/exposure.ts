/**
 * The walk: plain reachability and the fixpoint of DOMAIN.md in one, by synchronous rounds: round k ends with what chains of at
 * most k links expose. Exposures over all links and over certain links alone are carried side by side, so that a trace looks at
 * its links once.
 */
import { ExposureTable, firstEndingAfter, widened } from './exposure-table';
import { CONSUME, GenealogyGraph, Interval, Seed, WalkProgress } from './types';
import { normalize } from './intervals';
import { Field, Waiting, WalkMemory } from './walk-memory';

/** Room for so many rows is made at once. */
const ROWS_MIN = 1024;

/** Links looked at between two chances to report progress or to stop. */
const CHUNK_LINKS = 100_000;

export interface WalkPlan {
  graph: GenealogyGraph;
  seeds: readonly Seed[];
  backward: boolean;
  /** one byte a link, 1: no exposure passes over it (it is still walked to find what there is) */
  dropped?: Uint8Array | undefined;
  /** exposure passes over certain links only */
  certainOnly?: boolean;
  /** besides, what certain links alone expose */
  certainToo?: boolean;
  /** read coarse times as narrowly as they allow */
  sure?: boolean;
  /** stay among these units; else the walk discovers what plain reachability reaches */
  field?: Field;
  /** room from an earlier walk, where this one discovers */
  memory?: WalkMemory | undefined;
  /** told of every row whose set grew, at the end of each round */
  onChange?: (row: number, round: number, table: ExposureTable) => void;
  stage: WalkProgress['stage'];
}

export interface Walked {
  field: Field;
  /** over all links that are not dropped (or all certain ones, where only those were asked for) */
  all: ExposureTable;
  /** over certain links alone; the same table where nothing else was asked for */
  certain: ExposureTable;
}

/** Runs to the fixpoint; yields between chunks. */
export function* walk(plan: WalkPlan): Generator<WalkProgress, Walked> {
  const run = new Walk(plan);
  run.seed();
  let done = 0;
  let nextYield = CHUNK_LINKS;
  while (run.nextRound()) {
    for (let at = 0; at < run.frontierCount;) {
      at = run.relax(at, nextYield - done);
      done = run.linksDone;
      if (done < nextYield) continue;
      nextYield = done + CHUNK_LINKS;
      yield { stage: plan.stage, done };
    }
  }
  return run.result();
}

const NO_DROPPED = new Uint8Array(0);

class Walk {
  linksDone = 0;
  frontierCount = 0;

  private readonly graph: GenealogyGraph;
  private readonly fixed: boolean;
  private readonly a: ExposureTable;
  private readonly b: ExposureTable | null;
  private units: Int32Array;
  private readonly rowOf: Int32Array;
  private count: number;
  private capacity: number;
  /** the turn in which a row is to be looked at; a turn is a round plus two, so that 0 means never */
  private turn = 1;
  private mark: Int32Array;
  /** a row is in there once: room for all rows is enough */
  private frontier: Int32Array;
  private next: Int32Array;
  private nextCount = 0;
  /** What cannot be put in at once: rows that are being looked at keep their sets until the round is over, or depths would come out too small. */
  private readonly waiting = new Waiting();
  private readonly memory: WalkMemory | undefined;

  constructor(private readonly plan: WalkPlan) {
    this.graph = plan.graph;
    const { field } = plan;
    this.fixed = field !== undefined;
    if (field) {
      const rows = field.units.length;
      this.count = rows;
      this.capacity = rows;
      this.units = field.units;
      this.rowOf = field.rowOf;
      this.mark = new Int32Array(rows);
      this.frontier = new Int32Array(rows);
      this.next = new Int32Array(rows);
      this.a = new ExposureTable(rows);
      this.b = plan.certainToo ? new ExposureTable(rows) : null;
      return;
    }
    const memory = plan.memory ?? new WalkMemory(plan.graph.unitCount);
    this.memory = memory;
    memory.begin();
    memory.a.many = new Map();
    memory.b.many = new Map();
    this.count = 0;
    this.capacity = memory.units.length;
    this.units = memory.units;
    this.rowOf = memory.rowOf;
    this.mark = memory.mark;
    this.frontier = memory.frontier;
    this.next = memory.next;
    this.a = memory.a;
    this.b = plan.certainToo ? memory.b : null;
    this.ensure(ROWS_MIN);
  }

  seed(): void {
    for (const { unit, windows } of this.plan.seeds) {
      let row = this.rowOf[unit]! - 1;
      if (row < 0) {
        if (this.fixed) continue;
        this.ensure(1);
        row = this.discover(unit);
      }
      for (const [from, until] of normalize(windows)) {
        this.add(this.a, row, from, until);
        if (this.b) this.add(this.b, row, from, until);
      }
    }
  }

  /** Closes the round; false when nothing is left to look at. */
  nextRound(): boolean {
    this.putIn();
    const { onChange } = this.plan;
    if (onChange) for (let i = 0; i < this.nextCount; i++) onChange(this.next[i]!, this.turn - 1, this.a);
    [this.frontier, this.next] = [this.next, this.frontier];
    if (this.next.length < this.capacity) this.next = new Int32Array(this.capacity);
    this.keep();
    this.frontierCount = this.nextCount;
    this.nextCount = 0;
    this.turn++;
    return this.frontierCount > 0;
  }

  result(): Walked {
    const field = { units: this.units.subarray(0, this.count), rowOf: this.rowOf };
    return { field, all: this.a, certain: this.b ?? this.a };
  }

  /** Looks at the rows from place `start` of the frontier on until about `budget` links are done; gives the next place. */
  relax(start: number, budget: number): number {
    const { graph, rowOf, fixed, a, b, frontier, turn } = this;
    const { backward, certainOnly = false, sure = false } = this.plan;
    const { mode, certain, patch } = graph;
    const offset = backward ? graph.inOffset : graph.outOffset;
    const rows = backward ? graph.inLink : graph.outLink;
    const far = backward ? graph.input : graph.output;
    const from = sure ? graph.sureFrom : graph.from;
    const until = sure ? graph.sureUntil : graph.until;
    const patched = patch ? (backward ? patch.changedIn : patch.changedOut) : null;
    const dropped = this.plan.dropped ?? NO_DROPPED;
    const drops = this.plan.dropped !== undefined;
    const stop = this.linksDone + budget;
    const end = this.frontierCount;
    let at = start;
    for (; at < end && this.linksDone < stop; at++) {
      const row = frontier[at]!;
      const unit = this.units[row]!;
      let list = rows;
      let k: number;
      let last: number;
      if (patched !== null && patched[unit] === 1) {
        list = backward ? patch!.in(unit) : patch!.out(unit);
        k = 0;
        last = list.length;
      } else {
        k = offset[unit]!;
        last = offset[unit + 1]!;
      }
      if (k === last) continue;
      this.linksDone += last - k;
      if (!fixed) this.ensure(last - k);
      // Read again for every row: they may have been widened. In variables, the loop below runs three times as fast.
      const aLo = a.lo;
      const aHi = a.hi;
      const bLo = b === null ? aLo : b.lo;
      const bHi = b === null ? aHi : b.hi;
      const loA = aLo[row]!;
      const hiA = aHi[row]!;
      const loB = b === null ? Infinity : bLo[row]!;
      const hiB = b === null ? -Infinity : bHi[row]!;
      const manyA = a.many.size > 0 && a.many.has(row);
      const manyB = b !== null && b.many.size > 0 && b.many.has(row);
      const simple = a.many.size === 0 && (b === null || b.many.size === 0) && !sure;
      const { units, mark, next } = this;
      const aDepth = a.depth;
      const bDepth = b === null ? aDepth : b.depth;
      let { count, nextCount } = this;
      for (; k < last; k++) {
        const link = list === null ? k : list[k]!;
        const to = far[link]!;
        let r = rowOf[to]! - 1;
        if (r < 0) {
          if (fixed) continue;
          // Plain reachability reaches it: it is looked at once even if nothing exposes it.
          r = count++;
          units[r] = to;
          rowOf[to] = count;
          mark[r] = turn + 1;
          next[nextCount++] = r;
          if (simple && !drops && !certainOnly && !backward) {
            // New, and over a link of the common kind: nearly every row comes in here.
            const f = from[link]!;
            const u = until[link]!;
            if (loA < u && hiA > f) {
              aLo[r] = loA > f ? loA : f;
              aHi[r] = mode[link] === CONSUME ? Infinity : hiA < u ? hiA : u;
              aDepth[r] = turn - 1;
            } else {
              aLo[r] = Infinity;
              aHi[r] = -Infinity;
              aDepth[r] = -1;
            }
            if (b === null) continue;
            if (loB < u && hiB > f && certain[link] === 1) {
              bLo[r] = loB > f ? loB : f;
              bHi[r] = mode[link] === CONSUME ? Infinity : hiB < u ? hiB : u;
              bDepth[r] = turn - 1;
            } else {
              bLo[r] = Infinity;
              bHi[r] = -Infinity;
              bDepth[r] = -1;
            }
            continue;
          }
          aLo[r] = Infinity;
          aHi[r] = -Infinity;
          aDepth[r] = -1;
          if (b !== null) {
            bLo[r] = Infinity;
            bHi[r] = -Infinity;
            bDepth[r] = -1;
          }
        }
        // A lot's link to itself has no effect (SETTLED 16).
        if (r === row || (drops && dropped[link] === 1)) continue;
        const isCertain = certain[link] === 1;
        if (certainOnly && !isCertain) continue;
        const f = from[link]!;
        const consumed = mode[link] === CONSUME;
        // Of a draw only the beginning is ever read narrowly.
        const u = consumed ? graph.until[link]! : until[link]!;
        if (simple && (consumed ? !backward : f < u)) {
          // What nearly every link is: it passes on one interval, or nothing.
          if (loA < u && hiA > f) {
            const first = loA > f ? loA : f;
            const past = consumed ? Infinity : hiA < u ? hiA : u;
            if (aLo[r]! > first || aHi[r]! < past) {
              this.nextCount = nextCount;
              this.add(a, r, first, past);
              nextCount = this.nextCount;
            }
          }
          if (isCertain && loB < u && hiB > f) {
            const first = loB > f ? loB : f;
            const past = consumed ? Infinity : hiB < u ? hiB : u;
            if (bLo[r]! > first || bHi[r]! < past) {
              this.nextCount = nextCount;
              this.add(b!, r, first, past);
              nextCount = this.nextCount;
            }
          }
          continue;
        }
        this.nextCount = nextCount;
        if (!consumed) {
          if (loA < u && hiA > f && f < u) {
            if (manyA) this.passInstalled(a, row, r, f, u);
            else this.add(a, r, loA > f ? loA : f, hiA < u ? hiA : u);
          }
          if (isCertain && loB < u && hiB > f && f < u) {
            if (manyB) this.passInstalled(b, row, r, f, u);
            else this.add(b!, r, loB > f ? loB : f, hiB < u ? hiB : u);
          }
        } else if (sure && f > graph.from[link]!) {
          // The draw was somewhere in [from, until): surely in the output from the last moment on, and of the input the first.
          const [first, past] = [graph.from[link]!, graph.until[link]!];
          if (backward ? hiA >= past : a.holdsAll(row, first, past))
            this.add(a, r, backward ? first : f, backward ? first + 1 : Infinity);
        } else if (backward) {
          if (f < hiA && f < u) this.add(a, r, f, hiA < u ? hiA : u);
          if (isCertain && f < hiB && f < u) this.add(b!, r, f, hiB < u ? hiB : u);
        } else {
          if (loA < u && hiA > f) {
            const first = manyA ? a.firstIn(row, f, u) : loA > f ? loA : f;
            if (first < u) this.add(a, r, first, Infinity);
          }
          if (isCertain && loB < u && hiB > f) {
            const first = manyB ? b.firstIn(row, f, u) : loB > f ? loB : f;
            if (first < u) this.add(b!, r, first, Infinity);
          }
        }
        nextCount = this.nextCount;
      }
      this.count = count;
      this.nextCount = nextCount;
    }
    return at;
  }

  private passInstalled(table: ExposureTable, row: number, to: number, from: number, until: number): void {
    const flat = table.many.get(row)!;
    for (let i = firstEndingAfter(flat, from); i < flat.length && flat[i]! < until; i += 2)
      this.add(table, to, Math.max(flat[i]!, from), Math.min(flat[i + 1]!, until));
  }

  private add(table: ExposureTable, row: number, from: number, until: number): void {
    const lo = table.lo[row]!;
    const hi = table.hi[row]!;
    if (lo === Infinity && this.mark[row] !== this.turn) {
      table.lo[row] = from;
      table.hi[row] = until;
      table.depth[row] = this.turn - 1;
      this.touch(row);
      return;
    }
    const many = table.many.size > 0 && table.many.has(row);
    if (lo <= from && hi >= until && (!many || table.holdsAll(row, from, until))) return;
    if (many || this.mark[row] === this.turn || from > hi || until < lo) {
      this.waiting.push(table === this.a ? 0 : 1, row, from, until);
      return;
    }
    if (from < lo) table.lo[row] = from;
    if (until > hi) table.hi[row] = until;
    this.touch(row);
  }

  /** Puts in what waited: the round is over. */
  private putIn(): void {
    const { waiting } = this;
    if (waiting.count === 0) return;
    for (let side = 0; side < 2; side++) {
      const table = side === 0 ? this.a : this.b;
      if (table === null) continue;
      const scattered = new Map<number, Interval[]>();
      for (let n = 0; n < waiting.count; n++) {
        if (waiting.side[n] !== side) continue;
        const row = waiting.row[n]!;
        const from = waiting.from[n]!;
        const until = waiting.until[n]!;
        const others = scattered.get(row);
        if (others) {
          others.push([from, until]);
          continue;
        }
        const lo = table.lo[row]!;
        const hi = table.hi[row]!;
        if (lo < hi && (table.many.has(row) || from > hi || until < lo)) {
          scattered.set(row, [[from, until]]);
          continue;
        }
        if (from >= lo && until <= hi) continue;
        if (from < lo) table.lo[row] = from;
        if (until > hi) table.hi[row] = until;
        this.grown(table, row);
      }
      for (const [row, added] of scattered) if (table.merge(row, added)) this.grown(table, row);
    }
    waiting.count = 0;
  }

  private grown(table: ExposureTable, row: number): void {
    if (table.depth[row] === -1) table.depth[row] = this.turn - 1;
    this.touch(row);
  }

  private touch(row: number): void {
    if (this.mark[row] === this.turn + 1) return;
    this.mark[row] = this.turn + 1;
    this.next[this.nextCount++] = row;
  }

  /** A seed's unit: it is looked at once even if its window is empty. */
  private discover(unit: number): number {
    const row = this.count++;
    this.units[row] = unit;
    this.rowOf[unit] = row + 1;
    this.mark[row] = 0;
    for (const table of this.b ? [this.a, this.b] : [this.a]) {
      table.lo[row] = Infinity;
      table.hi[row] = -Infinity;
      table.depth[row] = -1;
    }
    this.touch(row);
    return row;
  }

  /** Makes room for so many more rows. */
  private ensure(more: number): void {
    if (this.count + more <= this.capacity && this.a.lo.length >= this.capacity && this.hasRoom()) return;
    if (this.count + more > this.capacity) this.capacity = Math.max(this.capacity * 2, this.count + more, ROWS_MIN);
    this.units = widened(this.units, this.capacity);
    this.mark = widened(this.mark, this.capacity);
    this.next = widened(this.next, this.capacity);
    this.a.grow(this.capacity);
    this.b?.grow(this.capacity);
    this.keep();
  }

  /** The second table may have been left out of earlier walks. */
  private hasRoom(): boolean {
    return this.b === null || this.b.lo.length >= this.capacity;
  }

  /** What was widened is the memory's from now on. */
  private keep(): void {
    if (!this.memory) return;
    this.memory.units = this.units;
    this.memory.mark = this.mark;
    this.memory.next = this.next;
    this.memory.frontier = this.frontier;
  }
}

/** One table over a known field. */
export function* exposurePass(plan: WalkPlan & { field: Field }): Generator<WalkProgress, ExposureTable> {
  return (yield* walk(plan)).all;
}
