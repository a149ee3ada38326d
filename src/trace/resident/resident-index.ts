import { parseDecimal } from '@/kernel';
import { changesBetween, Housed, LinkChange, linkVersions, mayBeInstalled, Stay } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { GenealogyGraph, WalkMemory } from '../engine';
import { readFacts } from '../app/read-facts';
import { housedAt } from '../app/sql-view';
import { staysIn } from '../app/place-units';
import { ColumnsBuilder, packed, UnitColumns } from '../app/unit-columns';
import type { Parents, View } from '../app/view';
import type { Base } from './base';
import { Delta } from './delta';

/** Fewer changes than this cost no trace a noticeable time, however small the plant. */
const CHANGES_MIN = 10_000;

/**
 * The whole genealogy in memory, exact at every position from its base on: an immutable part, and a delta that is fed by ledger
 * positions. One reader or feeder at a time; `IndexHolder` sees to that.
 */
export class ResidentIndex {
  private readonly delta: Delta;
  /** units whose record changed after the base, with the first position at which it did: they are read from the database */
  private readonly changed = new Map<number, number>();
  private readonly memory: WalkMemory;
  private fedTo: number;

  constructor(
    private readonly q: Queryable,
    readonly base: Base,
  ) {
    this.delta = new Delta(base);
    this.fedTo = base.position;
    this.memory = new WalkMemory(base.graph.unitCount);
  }

  /** Everything at or below this position is known. */
  get position(): number {
    return this.fedTo;
  }

  get linkCount(): number {
    return this.delta.linkCount;
  }

  /** Share of what was built that has changed since: links, or units whose record must be read again. Few changes are none. */
  get changedShare(): number {
    const { changedLinks } = this.delta;
    if (Math.max(changedLinks, this.changed.size) < CHANGES_MIN) return 0;
    const links = changedLinks / Math.max(1, this.base.graph.linkCount);
    const units = this.changed.size / Math.max(1, this.base.units.length);
    return Math.max(links, units);
  }

  get bytes(): number {
    return this.base.bytes + this.delta.bytes + this.memory.rowOf.byteLength + this.changed.size * 40;
  }

  /** Takes in what was recorded up to a position. Facts that were committed late have late positions: none is missed. */
  async advanceTo(position: number): Promise<void> {
    if (position <= this.fedTo) return;
    const { links, units } = await changesBetween(this.q, this.fedTo, position);
    for (const change of links) this.take(change);
    for (const [unit, at] of units) {
      const known = this.changed.get(unit);
      if (known === undefined || at < known) this.changed.set(unit, at);
      this.delta.know(unit);
    }
    this.fedTo = position;
  }

  /** The graph at a position between the base and what was fed; `units`: ids that it must have a place for. */
  graphAt(position: number, units: Iterable<number> = []): GenealogyGraph {
    if (position < this.base.position || position > this.fedTo)
      throw new RangeError(`The index holds positions ${this.base.position} to ${this.fedTo}, not ${position}.`);
    for (const unit of units) this.delta.know(unit);
    return this.delta.graphAt(position);
  }

  /** All that a trace needs to know at a position. Only until the index is fed again. */
  viewAt(position: number, seeds: Iterable<number>): View {
    const graph = this.graphAt(position, seeds);
    this.memory.holds(graph.unitCount);
    const view: View = {
      position,
      graph,
      numberOf: (unitId) => unitId,
      unitIdOf: (number) => number,
      memory: this.memory,
      facts: (numbers) => this.facts(position, numbers),
      parentsOf: (unitIds) => this.parents(view, unitIds),
    };
    return view;
  }

  private take({ history, makings }: LinkChange): void {
    const { link } = history;
    const quantity = packed(link.quantity === null ? null : parseDecimal(link.quantity));
    this.delta.put(link, quantity, linkVersions(history, makings), history.born > this.fedTo);
  }

  private async facts(position: number, numbers: Int32Array): Promise<UnitColumns> {
    const { units, wide } = this.base;
    const again: number[] = [];
    const place = new Map<number, number>();
    const isClean = (id: number) =>
      id < units.length && !wide.has(id) && !((this.changed.get(id) ?? Infinity) <= position);
    const someChanged = this.changed.size > 0 || wide.size > 0;
    for (const id of numbers) {
      if (someChanged ? isClean(id) : id < units.length) continue;
      place.set(id, again.length);
      again.push(id);
    }
    const read = again.length > 0 ? await readFacts(this.q, position, again) : undefined;
    const builder = new ColumnsBuilder(numbers.length);
    for (let row = 0; row < numbers.length; row++) {
      const id = numbers[row]!;
      const at = read && place.get(id);
      if (at === undefined) builder.copy(row, units, id);
      else builder.copy(row, read!, at);
    }
    return builder.build();
  }

  /** Upwards over installations, in memory; then the facts of all parents in one go. */
  private async parents(view: View, unitIds: readonly number[]): Promise<Parents> {
    const { graph } = view;
    const stays = new Map<number, Stay[]>();
    const open = [...unitIds];
    const seen = new Set(open);
    for (let at = 0; at < open.length; at++) {
      const own = staysIn(view, open[at]!);
      if (own.length === 0) continue;
      stays.set(open[at]!, own);
      for (const { parent } of own) {
        if (seen.has(parent) || parent >= graph.unitCount) continue;
        seen.add(parent);
        open.push(parent);
      }
    }
    const above = Int32Array.from(new Set([...stays.values()].flatMap((own) => own.map((s) => s.parent))));
    const columns = await this.facts(view.position, above);
    const units = new Map<number, Housed>();
    above.forEach((id, row) => units.set(id, housedAt(columns, row)));
    return {
      unit: (id) => units.get(id),
      // What cannot be installed anywhere by its own record stays where that says, as from the database.
      stays: (id) => (units.has(id) && !mayBeInstalled(units.get(id)!) ? [] : (stays.get(id) ?? [])),
    };
  }
}
