/** Building the immutable graph: columns that grow, then two counting sorts. */
import { CONSUME, EngineLink, GenealogyGraph, LinkColumns, QUANTITY_UNKNOWN } from './types';

/** Link columns that grow by doubling; `build` turns them into a graph. */
export class GraphBuilder {
  private count = 0;
  private columns: Required<LinkColumns>;

  constructor(linksExpected = 1024) {
    this.columns = allocate(Math.max(16, linksExpected));
  }

  get linkCount(): number {
    return this.count;
  }

  /** Adds a link and returns its number. */
  add(link: EngineLink): number {
    const from = link.from;
    const until = link.until;
    if (!(from < until)) throw new RangeError(`A link covers at least one millisecond, not [${from}, ${until}).`);
    if (this.count === this.columns.input.length) this.columns = grow(this.columns, this.count * 2);
    const n = this.count++;
    const c = this.columns;
    c.input[n] = link.input;
    c.output[n] = link.output;
    c.mode[n] = link.mode;
    c.certain[n] = link.certain ? 1 : 0;
    c.from[n] = from;
    c.until[n] = until;
    c.sureFrom[n] = link.sureFrom ?? from;
    c.sureUntil[n] = link.sureUntil ?? until;
    c.source[n] = link.source ?? n;
    if (link.event !== undefined) c.event[n] = link.event;
    c.quantity[n] = link.quantity ?? QUANTITY_UNKNOWN;
    return n;
  }

  build(unitCount: number): GenealogyGraph {
    return buildGraph(unitCount, grow(this.columns, this.count));
  }
}

/** Looks at the links out of one unit after the other without making a list of them: for what does so half a million times. */
export class OutLinks {
  count = 0;
  private list: Int32Array | null = null;
  private from = 0;

  constructor(private readonly graph: GenealogyGraph) {}

  /** Turns to the links out of a unit: `link(0)` … `link(count − 1)`. */
  of(unit: number): this {
    const { graph } = this;
    if (graph.patch?.changedOut[unit] === 1) {
      this.list = graph.patch.out(unit);
      this.from = 0;
      this.count = this.list.length;
    } else {
      this.list = graph.outLink;
      this.from = graph.outOffset[unit]!;
      this.count = graph.outOffset[unit + 1]! - this.from;
    }
    return this;
  }

  link(i: number): number {
    return this.list === null ? this.from + i : this.list[this.from + i]!;
  }
}

/** The numbers of the links out of a unit. */
export function linksOut(graph: GenealogyGraph, unit: number): Iterable<number> {
  if (graph.patch?.changedOut[unit] === 1) return graph.patch.out(unit);
  return numbers(graph.outLink, graph.outOffset[unit]!, graph.outOffset[unit + 1]!);
}

/** The numbers of the links into a unit. */
export function linksIn(graph: GenealogyGraph, unit: number): Iterable<number> {
  if (graph.patch?.changedIn[unit] === 1) return graph.patch.in(unit);
  return numbers(graph.inLink, graph.inOffset[unit]!, graph.inOffset[unit + 1]!);
}

function numbers(list: Int32Array | null, from: number, until: number): Iterable<number> {
  return list === null ? Array.from({ length: until - from }, (_, i) => from + i) : list.subarray(from, until);
}

/** Builds a graph over columns that it takes over (they must not change afterwards). O(units + links). */
export function buildGraph(unitCount: number, columns: LinkColumns): GenealogyGraph {
  const linkCount = columns.input.length;
  const [outOffset, outLink] = rows(unitCount, columns.input);
  const [inOffset, inLink] = rows(unitCount, columns.output);
  return {
    ...columns,
    unitCount,
    linkCount,
    outOffset,
    outLink,
    inOffset,
    inLink,
    hasPossible: columns.certain.includes(0),
    hasCoarse: someCoarse(columns),
  };
}

/** True when a link is surely true in a narrower time than the widest reading says. */
export function isCoarse(links: LinkColumns, link: number): boolean {
  return (
    links.sureFrom[link]! > links.from[link]! ||
    (links.mode[link] !== CONSUME && links.sureUntil[link]! < links.until[link]!)
  );
}

function someCoarse(links: LinkColumns): boolean {
  for (let i = 0; i < links.input.length; i++) if (isCoarse(links, i)) return true;
  return false;
}

function rows(unitCount: number, ends: Int32Array): [offset: Int32Array, link: Int32Array] {
  const offset = new Int32Array(unitCount + 1);
  for (let i = 0; i < ends.length; i++) {
    const unit = ends[i]!;
    if (unit < 0 || unit >= unitCount) throw new RangeError(`Link ${i} names unit ${unit} of ${unitCount}.`);
    offset[unit + 1]!++;
  }
  for (let u = 0; u < unitCount; u++) offset[u + 1]! += offset[u]!;
  const next = offset.slice(0, unitCount);
  const link = new Int32Array(ends.length);
  for (let i = 0; i < ends.length; i++) link[next[ends[i]!]!++] = i;
  return [offset, link];
}

function allocate(size: number): Required<LinkColumns> {
  return {
    input: new Int32Array(size),
    output: new Int32Array(size),
    mode: new Uint8Array(size),
    certain: new Uint8Array(size),
    from: new Float64Array(size),
    until: new Float64Array(size),
    sureFrom: new Float64Array(size),
    sureUntil: new Float64Array(size),
    source: new Float64Array(size),
    event: new Float64Array(size),
    quantity: new BigInt64Array(size),
  };
}

/** Copies the columns into others of the given size, larger or smaller. */
function grow(old: Required<LinkColumns>, size: number): Required<LinkColumns> {
  const columns = allocate(size);
  const count = Math.min(size, old.input.length);
  for (const key of Object.keys(columns) as (keyof LinkColumns)[])
    (columns[key] as Float64Array).set(old[key].subarray(0, count) as Float64Array);
  return columns;
}
