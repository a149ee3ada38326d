/** What a walk keeps while it runs. */
import { ExposureTable, widened } from './exposure-table';

/** Units as rows; `rowOf[unit] − 1` is the row, so that a fresh array needs no filling. */
export interface Field {
  units: Int32Array;
  rowOf: Int32Array;
}

/**
 * Room that one walk after the other takes: asking the system for fresh memory costs a wide walk more than the walk itself.
 * What a walk answers stands until the next one begins with the same memory.
 */
export class WalkMemory {
  readonly a = new ExposureTable(0);
  readonly b = new ExposureTable(0);
  units: Int32Array = new Int32Array(0);
  mark: Int32Array = new Int32Array(0);
  frontier: Int32Array = new Int32Array(0);
  next: Int32Array = new Int32Array(0);
  /** all zeros between walks: whoever uses the memory clears it */
  rowOf: Int32Array;
  private used = false;

  constructor(unitCount: number) {
    this.rowOf = new Int32Array(unitCount);
  }

  /** Makes a place for every unit; only between walks. */
  holds(unitCount: number): void {
    if (this.rowOf.length < unitCount) this.rowOf = new Int32Array(Math.ceil(unitCount * 1.1));
  }

  /** A walk begins. One that was stopped midway has cleared nothing, and what it had found would be missing from this one. */
  begin(): void {
    if (this.used) this.rowOf.fill(0);
    this.used = true;
  }

  /** Puts the zeros back. */
  clear(field: Field): void {
    for (const unit of field.units) this.rowOf[unit] = 0;
    this.used = false;
  }
}

/** Intervals to put in at the end of a round, in columns. */
export class Waiting {
  count = 0;
  side = new Int32Array(64);
  row = new Int32Array(64);
  from = new Float64Array(64);
  until = new Float64Array(64);

  push(side: number, row: number, from: number, until: number): void {
    if (this.count === this.row.length) {
      const size = this.count * 2;
      this.side = widened(this.side, size);
      this.row = widened(this.row, size);
      this.from = widened(this.from, size);
      this.until = widened(this.until, size);
    }
    const n = this.count++;
    this.side[n] = side;
    this.row[n] = row;
    this.from[n] = from;
    this.until[n] = until;
  }
}
