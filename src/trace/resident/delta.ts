import type { LinkVersion, RecordedLink } from '@/ledger';
import { GenealogyGraph, GraphPatch, isCoarse, LinkColumns, widened } from '../engine';
import type { Base } from './base';

const NONE = new Int32Array(0);

/**
 * What changed since the base, each change with the positions between which it holds: links of the base that ended or were
 * voided, and links that were added behind theirs in the same columns. So every position from the base on can be read.
 */
export class Delta {
  linkCount: number;
  private columns: Required<LinkColumns>;
  private unitCount: number;
  /** of added links, by number − base: the positions from which and up to which they hold; 0 … 0 once replaced */
  private born = new Float64Array(1024);
  private dead = new Float64Array(1024);
  /** links of the base that do not hold any more, and from which position on */
  private readonly ended = new Map<number, number>();
  private readonly addedOut = new Map<number, number[]>();
  private readonly addedIn = new Map<number, number[]>();
  private changedOut: Uint8Array;
  private changedIn: Uint8Array;
  private hasPossible: boolean;
  private hasCoarse: boolean;
  /** what was made for readers at one position */
  private readAt = -1;
  private readonly madeOut = new Map<number, Int32Array>();
  private readonly madeIn = new Map<number, Int32Array>();

  constructor(private readonly base: Base) {
    const { graph } = base;
    const { input, output, mode, certain, from, until, sureFrom, sureUntil, source, event, quantity } = graph;
    this.columns = { input, output, mode, certain, from, until, sureFrom, sureUntil, source, event, quantity };
    this.linkCount = graph.linkCount;
    this.unitCount = graph.unitCount;
    this.changedOut = new Uint8Array(graph.unitCount);
    this.changedIn = new Uint8Array(graph.unitCount);
    this.hasPossible = graph.hasPossible;
    this.hasCoarse = graph.hasCoarse;
  }

  get changedLinks(): number {
    return this.ended.size + this.linkCount - this.base.graph.linkCount;
  }

  get bytes(): number {
    const own = this.born.byteLength * 2 + this.changedOut.byteLength * 2 + this.ended.size * 40;
    const grown = this.columns.input === this.base.graph.input ? 0 : this.columns.input.length * 66;
    return own + grown + (this.linkCount - this.base.graph.linkCount) * 32;
  }

  /** Makes a place for a unit that came after the base. */
  know(unit: number): void {
    if (unit < this.unitCount) return;
    const known = this.unitCount;
    this.unitCount = unit + 1;
    if (this.unitCount > this.changedOut.length) {
      const size = Math.ceil(this.unitCount * 1.1) + 1024;
      this.changedOut = widened(this.changedOut, size);
      this.changedIn = widened(this.changedIn, size);
    }
    // The rows of the base do not know it.
    this.changedOut.fill(1, known, this.unitCount);
    this.changedIn.fill(1, known, this.unitCount);
  }

  /** Replaces what is known of a link after the base by its versions. `isNew`: nothing was known of it yet. */
  put(link: Omit<RecordedLink, 'end'>, quantity: bigint, versions: readonly LinkVersion[], isNew: boolean): void {
    const { input, output } = link;
    this.know(Math.max(input, output));
    this.readAt = -1;
    if (!isNew) this.forget(link.linkId, input);
    const { position } = this.base;
    // What the base shows of the link holds up to the end of the version that stood at the base.
    const standing = versions.find((v) => v.from <= position && position < v.until);
    if (standing && standing.until !== Infinity) {
      for (const n of this.ofBase(link.linkId, input)) {
        this.ended.set(n, standing.until);
        this.touch(input, output);
      }
    }
    for (const version of versions) {
      if (version.from <= position) continue;
      for (const part of version.parts) {
        const n = this.append();
        const c = this.columns;
        c.input[n] = input;
        c.output[n] = output;
        c.mode[n] = link.mode;
        c.certain[n] = part.certain ? 1 : 0;
        c.from[n] = part.from;
        c.until[n] = part.until;
        if (part.sureFrom !== part.from || part.sureUntil !== part.until) this.tellApart();
        this.columns.sureFrom[n] = part.sureFrom;
        this.columns.sureUntil[n] = part.sureUntil;
        c.source[n] = link.linkId;
        c.event[n] = link.eventId;
        c.quantity[n] = quantity;
        this.born[n - this.base.graph.linkCount] = version.from;
        this.dead[n - this.base.graph.linkCount] = version.until;
        this.hasPossible ||= !part.certain;
        this.hasCoarse ||= isCoarse(this.columns, n);
        this.list(this.addedOut, input).push(n);
        this.list(this.addedIn, output).push(n);
        this.touch(input, output);
      }
    }
  }

  graphAt(position: number): GenealogyGraph {
    if (this.readAt !== position) {
      this.madeOut.clear();
      this.madeIn.clear();
      this.readAt = position;
    }
    const { graph } = this.base;
    const patch: GraphPatch = {
      changedOut: this.changedOut,
      changedIn: this.changedIn,
      out: (unit) => this.linksAt(position, unit, true),
      in: (unit) => this.linksAt(position, unit, false),
    };
    return {
      ...this.columns,
      unitCount: this.unitCount,
      linkCount: this.linkCount,
      outOffset: graph.outOffset,
      outLink: null,
      inOffset: graph.inOffset,
      inLink: graph.inLink,
      hasPossible: this.hasPossible,
      hasCoarse: this.hasCoarse,
      // Nothing changed: a walk need not look, unit by unit, whether something did.
      patch: this.changedLinks === 0 && this.unitCount === graph.unitCount ? null : patch,
    };
  }

  private linksAt(position: number, unit: number, out: boolean): Int32Array {
    const made = out ? this.madeOut : this.madeIn;
    let links = made.get(unit);
    if (links) return links;
    const { graph } = this.base;
    const found: number[] = [];
    if (unit < graph.unitCount) {
      const offset = out ? graph.outOffset : graph.inOffset;
      for (let k = offset[unit]!; k < offset[unit + 1]!; k++) {
        const n = out ? k : graph.inLink[k]!;
        if (position < (this.ended.get(n) ?? Infinity)) found.push(n);
      }
    }
    for (const n of (out ? this.addedOut : this.addedIn).get(unit) ?? []) {
      const i = n - graph.linkCount;
      if (this.born[i]! <= position && position < this.dead[i]!) found.push(n);
    }
    links = found.length === 0 ? NONE : Int32Array.from(found);
    made.set(unit, links);
    return links;
  }

  /** Versions that were put in earlier are put in again whole: those from before hold at no position. */
  private forget(linkId: number, input: number): void {
    const known = this.addedOut.get(input);
    if (!known) return;
    for (const n of known) {
      if (this.columns.source[n] !== linkId) continue;
      this.born[n - this.base.graph.linkCount] = 0;
      this.dead[n - this.base.graph.linkCount] = 0;
    }
  }

  private ofBase(linkId: number, input: number): number[] {
    const { graph } = this.base;
    const found: number[] = [];
    if (input >= graph.unitCount) return found;
    for (let k = graph.outOffset[input]!; k < graph.outOffset[input + 1]!; k++)
      if (graph.source[k] === linkId) found.push(k);
    return found;
  }

  private touch(input: number, output: number): void {
    this.changedOut[input] = 1;
    this.changedIn[output] = 1;
  }

  private list(lists: Map<number, number[]>, unit: number): number[] {
    let list = lists.get(unit);
    if (!list) lists.set(unit, (list = []));
    return list;
  }

  private append(): number {
    const n = this.linkCount++;
    const i = n - this.base.graph.linkCount;
    if (i === this.born.length) {
      this.born = widened(this.born, i * 2);
      this.dead = widened(this.dead, i * 2);
    }
    if (n === this.columns.input.length) {
      const size = Math.ceil(n * 1.25) + 1024;
      const apart = this.columns.sureFrom !== this.columns.from;
      const old = this.columns;
      const grown = Object.fromEntries(
        Object.entries(old).map(([key, column]) => [key, widened(column, size)]),
      ) as unknown as Required<LinkColumns>;
      if (!apart) {
        grown.sureFrom = grown.from;
        grown.sureUntil = grown.until;
      }
      this.columns = grown;
    }
    return n;
  }

  /** The narrow readings get columns of their own once a time is known by its day alone. */
  private tellApart(): void {
    const c = this.columns;
    if (c.sureFrom !== c.from) return;
    c.sureFrom = c.from.slice();
    c.sureUntil = c.until.slice();
  }
}
