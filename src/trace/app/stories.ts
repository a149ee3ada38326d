import { parseDecimal } from '@/kernel';
import {
  foldHoldings,
  Holding,
  holdsOf,
  linksInto,
  movementsOf,
  oddLinksOutOf,
  RecordedHold,
  RecordedLink,
  RecordedMovement,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import { Gap, unitGaps, UnitStory } from '../engine';
import { Direction, UnitKind, unitText } from '../domain/question';
import { LinkStore, rowsByValue } from './link-store';

export interface Shipment {
  eventId: number;
  from: number;
  until: number;
  customerId: number | null;
  document: string | null;
  /** nanos, null = unknown or all there was */
  quantity: bigint | null;
}

/** What the record of one unit comes to at the trace's position. */
export interface UnitFold {
  holdings: Holding[];
  inHouse: boolean;
  firstMadeMs: number | undefined;
  shipments: readonly Shipment[];
}

export interface UnitFacts {
  unitId: number;
  itemId: number;
  item: string;
  kind: UnitKind;
  code: string;
  uom: string;
  bomTracked: boolean;
}

const NO_SHIPMENTS: readonly Shipment[] = [];
const decimals = new Map<string, bigint>();

/** parseDecimal with a memory: a plant's quantities repeat (one piece, 25 kg) more often than not. */
export function nanos(text: string): bigint {
  let known = decimals.get(text);
  if (known === undefined) {
    if (decimals.size > 100_000) decimals.clear();
    decimals.set(text, (known = parseDecimal(text)));
  }
  return known;
}

export function foldUnit(movements: readonly RecordedMovement[], kind: UnitKind): UnitFold {
  const { holdings, inHouse } = foldHoldings(
    movements.map((m) => ({ ...m, quantity: m.quantity === null ? null : nanos(m.quantity) })),
    kind,
  );
  let firstMadeMs: number | undefined;
  let shipments: Shipment[] | undefined;
  for (const m of movements) {
    if (m.role === 'made' && (firstMadeMs === undefined || m.atFrom < firstMadeMs)) firstMadeMs = m.atFrom;
    if (m.role === 'shipped') {
      shipments ??= [];
      shipments.push({
        eventId: m.eventId,
        from: m.atFrom,
        until: m.atUntil,
        customerId: m.partnerId,
        document: m.document,
        quantity: m.quantity === null ? (kind === 'serial' ? nanos('1') : null) : nanos(m.quantity),
      });
    }
  }
  return { holdings, inHouse, firstMadeMs, shipments: shipments ?? NO_SHIPMENTS };
}

/** Movements, grouped by unit; each unit's in the order of time. */
export function byUnit<T extends { unitId: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(row.unitId);
    if (group) group.push(row);
    else groups.set(row.unitId, [row]);
  }
  return groups;
}

export interface UnitGap extends Gap {
  /** dense unit number */
  unit: number;
}

/** Reads the facts of the reached units in batches and folds each unit's into where it is and what is not known about it. */
export class Stories {
  private readonly out: ReturnType<typeof rowsByValue>;
  private readonly in: ReturnType<typeof rowsByValue>;
  readonly folds: UnitFold[] = [];
  readonly gaps: UnitGap[] = [];

  constructor(
    private readonly q: Queryable,
    private readonly position: number,
    private readonly direction: Direction,
    private readonly units: readonly number[],
    private readonly facts: readonly UnitFacts[],
    private readonly links: LinkStore,
    private readonly nameOf: (unitId: number) => Promise<string>,
  ) {
    this.out = rowsByValue(links.input, links.length, units.length);
    this.in = rowsByValue(links.output, links.length, units.length);
  }

  /** Reads the units with dense numbers from … until−1, in that order. */
  async read(from: number, until: number): Promise<void> {
    const ids = this.units.slice(from, until);
    const movements = byUnit(await movementsOf(this.q, this.position, ids));
    const holds = byUnit(await holdsOf(this.q, this.position, ids));
    for (let n = from; n < until; n++) {
      this.folds[n] = foldUnit(movements.get(this.units[n]!) ?? [], this.facts[n]!.kind);
    }
    const odd = await this.oddOut(from, until);
    const into = await this.missingIn(from, until, movements);
    for (let n = from; n < until; n++) {
      const id = this.units[n]!;
      const story = await this.story(n, movements.get(id) ?? [], holds.get(id) ?? [], odd?.get(id), into.get(id));
      for (const gap of unitGaps(story)) this.gaps.push({ ...gap, unit: n });
    }
  }

  private async story(
    n: number,
    movements: readonly RecordedMovement[],
    holds: readonly RecordedHold[],
    odd: readonly RecordedLink[] | undefined,
    into: readonly RecordedLink[] | undefined,
  ): Promise<UnitStory> {
    const { kind, item, code, uom, bomTracked } = this.facts[n]!;
    const linksOut: { event: number; mode: 'consume' | 'install'; from: number; until: number }[] = [];
    const ends: { event: number; cause: 'implied' | 'orphan'; at: number; parent: string }[] = [];
    const seen = new Set<number>();
    const look = async (link: RecordedLink) => {
      const from = link.from ?? -Infinity;
      linksOut.push({
        event: link.eventId,
        mode: link.mode === 0 ? 'consume' : 'install',
        from,
        until: from === -Infinity ? (link.statedUntil ?? Infinity) : Math.max(link.statedUntil ?? Infinity, from + 1),
      });
      const end = link.end;
      if ((end?.cause === 'implied' || end?.cause === 'orphan') && !seen.has(link.linkId)) {
        seen.add(link.linkId);
        ends.push({
          event: link.eventId,
          cause: end.cause,
          at: end.until ?? Infinity,
          parent: await this.nameOf(link.output),
        });
      }
    };
    if (odd) for (const link of odd) await look(link);
    else if (this.direction === 'forward') {
      const { offset, place } = this.out;
      for (let k = offset[n]!; k < offset[n + 1]!; k++) await look(this.links.get(place[k]!, this.units));
    }
    const linksIn: { event: number; mode: 'consume' | 'install' }[] = (into ?? []).map((l) => ({
      event: l.eventId,
      mode: l.mode === 0 ? 'consume' : 'install',
    }));
    const { offset, place } = this.in;
    for (let k = offset[n]!; bomTracked && k < offset[n + 1]!; k++) {
      const link = place[k]!;
      linksIn.push({ event: this.links.eventId[link]!, mode: this.links.mode[link] === 0 ? 'consume' : 'install' });
    }
    return {
      name: unitText(item, kind, code),
      kind,
      uom,
      movements: movements.map((m) => ({
        event: m.eventId,
        type: m.eventType,
        role: m.role,
        from: m.atFrom,
        until: m.atUntil,
        quantity: m.quantity === null ? null : nanos(m.quantity),
      })),
      linksOut,
      linksIn,
      ends,
      holds: holds.map((h) => ({ from: h.atMs, until: h.releasedMs ?? Infinity, reason: h.reason })),
      bomTracked,
    };
  }

  /** Backward, the links out of a unit are not walked: those that show a gap are looked for. */
  private async oddOut(from: number, until: number): Promise<Map<number, RecordedLink[]> | undefined> {
    if (this.direction === 'forward') return undefined;
    const ids: number[] = [];
    const made: (number | null)[] = [];
    for (let n = from; n < until; n++) {
      ids.push(this.units[n]!);
      made.push(this.folds[n]!.firstMadeMs ?? null);
    }
    const found = new Map<number, RecordedLink[]>(ids.map((id) => [id, []]));
    for (const link of await oddLinksOutOf(this.q, this.position, ids, made)) found.get(link.input)!.push(link);
    return found;
  }

  /** Forward, only links out of reached units are walked: where a production seems to have no inputs, all links into it are read. */
  private async missingIn(
    from: number,
    until: number,
    movements: ReadonlyMap<number, readonly RecordedMovement[]>,
  ): Promise<Map<number, RecordedLink[]>> {
    const found = new Map<number, RecordedLink[]>();
    if (this.direction === 'backward') return found;
    for (let n = from; n < until; n++) {
      if (!this.facts[n]!.bomTracked) continue;
      const id = this.units[n]!;
      const known = new Set<number>();
      for (let k = this.in.offset[n]!; k < this.in.offset[n + 1]!; k++)
        known.add(this.links.eventId[this.in.place[k]!]!);
      const missing = (movements.get(id) ?? []).some(
        (m) => m.role === 'made' && m.eventType === 'produce' && !known.has(m.eventId),
      );
      if (missing) found.set(id, []);
    }
    if (found.size === 0) return found;
    for (const link of await linksInto(this.q, this.position, [...found.keys()])) found.get(link.output)!.push(link);
    return found;
  }
}
