import { parseDecimal } from '@/kernel';
import {
  eventTypesOf,
  foldHoldings,
  Holding,
  HoldingMovement,
  holdsOf,
  linksInto,
  movementsOf,
  oddLinksOutOf,
  RecordedHold,
  RecordedLink,
  RecordedMovement,
} from '@/ledger';
import type { Queryable } from '@/platform/db';
import { Gap, StoryMovement, unitGaps, UnitStory } from '../engine';
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
const NO_MOVEMENTS: readonly Moved[] = [];
const NO_HOLDS: readonly RecordedHold[] = [];
const ONE = parseDecimal('1');
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

/** A movement as both the folding of holdings and the search for gaps read it: one object serves both. */
export type Moved = HoldingMovement & StoryMovement;

export function movedOf(m: RecordedMovement): Moved {
  return {
    eventId: m.eventId,
    event: m.eventId,
    type: m.eventType,
    role: m.role,
    atFrom: m.atFrom,
    atUntil: m.atUntil,
    from: m.atFrom,
    until: m.atUntil,
    quantity: m.quantity === null ? null : nanos(m.quantity),
    placeId: m.placeId,
    partnerId: m.partnerId,
  };
}

export function foldUnit(
  movements: readonly RecordedMovement[],
  kind: UnitKind,
  moved: readonly Moved[] = movements.map(movedOf),
): UnitFold {
  const { holdings, inHouse } = foldHoldings(moved, kind);
  let firstMadeMs: number | undefined;
  let shipments: Shipment[] | undefined;
  for (const [i, m] of movements.entries()) {
    if (m.role === 'made' && (firstMadeMs === undefined || m.atFrom < firstMadeMs)) firstMadeMs = m.atFrom;
    if (m.role === 'shipped') {
      shipments ??= [];
      shipments.push({
        eventId: m.eventId,
        from: m.atFrom,
        until: m.atUntil,
        customerId: m.partnerId,
        document: m.document,
        quantity: moved[i]!.quantity ?? (kind === 'serial' ? ONE : null),
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
    const movements = byUnit(await movementsOf(this.q, this.position, ids, { types: false }));
    const holds = byUnit(await holdsOf(this.q, this.position, ids));
    const moved: (readonly Moved[])[] = [];
    for (let n = from; n < until; n++) {
      const recorded = movements.get(this.units[n]!) ?? [];
      const own = recorded.length === 0 ? NO_MOVEMENTS : recorded.map(movedOf);
      moved.push(own);
      this.folds[n] = foldUnit(recorded, this.facts[n]!.kind, own);
    }
    const odd = await this.oddOut(from, until);
    const into = await this.missingIn(await this.withoutInputs(from, moved));
    for (let n = from; n < until; n++) {
      const id = this.units[n]!;
      const out = this.direction === 'forward' ? this.walkedOut(n) : (odd.get(id) ?? []);
      const ends = out.length === 0 ? [] : await this.endsOf(out);
      const { item, kind, code, uom, bomTracked } = this.facts[n]!;
      const story: UnitStory = {
        name: unitText(item, kind, code),
        kind,
        uom,
        movements: moved[n - from]!,
        linksOut: out.map(outOf),
        linksIn: bomTracked ? this.linksIn(n, into.get(id)) : [],
        ends,
        holds: (holds.get(id) ?? NO_HOLDS).map((h) => ({
          from: h.atMs,
          until: h.releasedMs ?? Infinity,
          reason: h.reason,
        })),
        bomTracked,
      };
      for (const gap of unitGaps(story)) this.gaps.push({ ...gap, unit: n });
    }
  }

  /** Of the links out of a unit that were walked, those that can show a gap: early draws, and ends that were not recorded. */
  private walkedOut(n: number): RecordedLink[] {
    const { links } = this;
    const { offset, place } = this.out;
    const made = this.folds[n]!.firstMadeMs ?? -Infinity;
    const odd: RecordedLink[] = [];
    for (let k = offset[n]!; k < offset[n + 1]!; k++) {
      const link = place[k]!;
      if (links.endOf(link) || links.recordedUntil(link) <= made) odd.push(links.get(link, this.units));
    }
    return odd;
  }

  private async endsOf(links: readonly RecordedLink[]): Promise<UnitStory['ends']> {
    const ends: { event: number; cause: 'implied' | 'orphan'; at: number; parent: string }[] = [];
    for (const { eventId: event, end, output } of links) {
      if (end?.cause !== 'implied' && end?.cause !== 'orphan') continue;
      ends.push({ event, cause: end.cause, at: end.until ?? Infinity, parent: await this.nameOf(output) });
    }
    return ends;
  }

  private linksIn(n: number, more: readonly RecordedLink[] | undefined): UnitStory['linksIn'] {
    const { links } = this;
    const { offset, place } = this.in;
    const found: { event: number; mode: 'consume' | 'install' }[] = (more ?? []).map((l) => ({
      event: l.eventId,
      mode: modeOf(l.mode),
    }));
    for (let k = offset[n]!; k < offset[n + 1]!; k++) {
      const link = place[k]!;
      found.push({ event: links.eventId[link]!, mode: modeOf(links.mode[link]!) });
    }
    return found;
  }

  /** Backward, the links out of a unit are not walked: those that show a gap are looked for. */
  private async oddOut(from: number, until: number): Promise<Map<number, RecordedLink[]>> {
    if (this.direction === 'forward') return new Map();
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

  /**
   * The units from `from` on that were produced by an event of which no link into them was walked. Only for those makings
   * the type of the event is read: for all others it decides nothing.
   */
  private async withoutInputs(from: number, moved: readonly (readonly Moved[])[]): Promise<number[]> {
    const candidates: { unit: number; making: Moved }[] = [];
    for (const [i, own] of moved.entries()) {
      const n = from + i;
      if (!this.facts[n]!.bomTracked) continue;
      const known = new Set<number>();
      for (let k = this.in.offset[n]!; k < this.in.offset[n + 1]!; k++)
        known.add(this.links.eventId[this.in.place[k]!]!);
      for (const making of own)
        if (making.role === 'made' && !known.has(making.event)) candidates.push({ unit: n, making });
    }
    if (candidates.length === 0) return [];
    const types = await eventTypesOf(this.q, [...new Set(candidates.map((c) => c.making.event))]);
    for (const { making } of candidates) making.type = types.get(making.event) ?? '';
    return [...new Set(candidates.filter((c) => c.making.type === 'produce').map((c) => c.unit))];
  }

  /** Forward, only links out of reached units are walked: where a production seems to have no inputs, all links into it are read. */
  private async missingIn(units: readonly number[]): Promise<Map<number, RecordedLink[]>> {
    if (this.direction === 'backward' || units.length === 0) return new Map();
    const found = new Map<number, RecordedLink[]>(units.map((n) => [this.units[n]!, []]));
    for (const link of await linksInto(this.q, this.position, [...found.keys()])) found.get(link.output)!.push(link);
    return found;
  }
}

function modeOf(mode: number): 'consume' | 'install' {
  return mode === 0 ? 'consume' : 'install';
}

function outOf(link: RecordedLink): UnitStory['linksOut'][number] {
  const from = link.from ?? -Infinity;
  const until = link.statedUntil ?? Infinity;
  return {
    event: link.eventId,
    mode: modeOf(link.mode),
    from,
    until: from === -Infinity ? until : Math.max(until, from + 1),
  };
}
