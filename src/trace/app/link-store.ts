import type { LinkEnd, RecordedLink } from '@/ledger';

/** Recorded links in columns that grow: about 80 bytes a link, where objects would take three times that. */
export class LinkStore {
  length = 0;
  linkId = new Float64Array(1024);
  eventId = new Float64Array(1024);
  /** dense unit numbers */
  input = new Int32Array(1024);
  output = new Int32Array(1024);
  mode = new Uint8Array(1024);
  certain = new Uint8Array(1024);
  private from = new Float64Array(1024);
  private until = new Float64Array(1024);
  private sureFrom = new Float64Array(1024);
  private sureUntil = new Float64Array(1024);
  readonly quantity: (string | null)[] = [];
  private readonly slots = new Map<number, string>();
  private readonly ends = new Map<number, LinkEnd>();

  add(link: RecordedLink, input: number, output: number): void {
    if (this.length === this.linkId.length) this.grow();
    const n = this.length++;
    this.linkId[n] = link.linkId;
    this.eventId[n] = link.eventId;
    this.input[n] = input;
    this.output[n] = output;
    this.mode[n] = link.mode;
    this.certain[n] = link.certain ? 1 : 0;
    // NaN stands for null: every number, and both infinities, mean themselves.
    this.from[n] = link.from ?? NaN;
    this.until[n] = link.statedUntil ?? NaN;
    this.sureFrom[n] = link.sureFrom ?? NaN;
    this.sureUntil[n] = link.sureUntil ?? NaN;
    this.quantity.push(link.quantity);
    if (link.slot !== null) this.slots.set(n, link.slot);
    if (link.end) this.ends.set(n, link.end);
  }

  /** The link as it was recorded, with the given ids of its units. */
  get(n: number, units: readonly number[]): RecordedLink {
    return {
      linkId: this.linkId[n]!,
      eventId: this.eventId[n]!,
      input: units[this.input[n]!]!,
      output: units[this.output[n]!]!,
      mode: this.mode[n] as 0 | 1,
      certain: this.certain[n] === 1,
      from: known(this.from[n]!),
      statedUntil: known(this.until[n]!),
      sureFrom: known(this.sureFrom[n]!),
      sureUntil: known(this.sureUntil[n]!),
      quantity: this.quantity[n]!,
      slot: this.slots.get(n) ?? null,
      end: this.ends.get(n) ?? null,
    };
  }

  /** The derived end of an installation, where there is one. */
  endOf(n: number): LinkEnd | undefined {
    return this.ends.get(n);
  }

  /** The exclusive end that was recorded, in ms UTC; Infinity where none was. A link covers at least one millisecond. */
  recordedUntil(n: number): number {
    const until = Number.isNaN(this.until[n]!) ? Infinity : this.until[n]!;
    return Number.isNaN(this.from[n]!) ? until : Math.max(until, this.from[n]! + 1);
  }

  recordedFrom(n: number): number {
    return Number.isNaN(this.from[n]!) ? -Infinity : this.from[n]!;
  }

  /** The narrowest reading, where it was recorded; else as the widest. */
  recordedSure(n: number): { sureFrom: number; sureUntil: number } {
    const sureUntil = this.sureUntil[n]!;
    return {
      sureFrom: Number.isNaN(this.sureFrom[n]!) ? this.recordedFrom(n) : this.sureFrom[n]!,
      sureUntil: Number.isNaN(sureUntil) ? this.recordedUntil(n) : sureUntil,
    };
  }

  private grow(): void {
    const size = this.length * 2;
    const floats = ['linkId', 'eventId', 'from', 'until', 'sureFrom', 'sureUntil'] as const;
    for (const key of floats) this[key] = copied(new Float64Array(size), this[key]);
    for (const key of ['input', 'output'] as const) this[key] = copied(new Int32Array(size), this[key]);
    for (const key of ['mode', 'certain'] as const) this[key] = copied(new Uint8Array(size), this[key]);
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function copied<T extends { set(from: ArrayLike<number>): void }>(to: T, from: ArrayLike<number>): T {
  to.set(from);
  return to;
}
