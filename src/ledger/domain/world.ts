/** What a segment of events needs to know, loaded beforehand, and what it adds. Rules read and change it in memory; nothing here does I/O. */
import { type AttributeDefinition, DomainError, formatDecimal, ItemUnits, readGs1, toBase } from '@/kernel';
import type { Amount, UnitKind, UnitName } from './event-shapes';
import { ContainerState } from './container';
import type { Draft } from './draft';
import type { Mark } from './installations';

export interface ItemInfo extends ItemUnits {
  id: number;
  tracking: 'serial' | 'lot' | 'none';
  category: string | null;
}
export interface PlaceInfo {
  id: number;
  zone: string | null;
}

/** A mark with what stands in the database of it: its links, and the end last derived. */
export interface StoredMark extends Mark {
  markId: number | null;
  eventId: number;
  links: { linkId: number }[];
  /** the end as stored, in a comparable text; null for a mark not stored yet */
  stored: string | null;
}

export class UnitState {
  readonly marks: StoredMark[] = [];
  /** an accepted fact names it, so it exists */
  exists = false;
  /** its row is in the database */
  stored = false;
  /** event keys that made it and count */
  makings: { eventId: number; key: string }[] = [];
  /** its installations must be derived again */
  changed = false;

  constructor(
    readonly id: number,
    readonly item: ItemInfo,
    public kind: UnitKind,
    readonly code: string,
  ) {}

  get serial(): boolean {
    return this.kind === 'serial';
  }

  get label(): string {
    return `${this.item.item} ${this.code}`;
  }
}

export interface TargetEvent {
  eventId: number;
  type: string;
  /** the type of what it says: of a correction, of what it put in place */
  said: string;
  voidedBy: string | null;
}

export class World {
  readonly items = new Map<string, ItemInfo>();
  /** GTIN-14 → item code */
  readonly gtins = new Map<string, string>();
  readonly places = new Map<string, PlaceInfo>();
  readonly partners = new Map<string, number>();
  /** definitions of own attributes, by name */
  readonly attributes = new Map<string, AttributeDefinition>();
  /** by item, then by code: no text has to be made of both to look one up */
  private readonly units = new Map<string, Map<string, UnitState>>();
  readonly unitsById = new Map<number, UnitState>();
  /** cleanings of a run or vessel, by its unit id */
  readonly cleans = new Map<number, StoredMark[]>();
  readonly targets = new Map<string, TargetEvent>();
  /** by code */
  readonly containers = new Map<string, ContainerState>();
  /** containers that the event held, or brought back on hold, which a release names by its client id */
  readonly heldContainers = new Map<string, { code: string; eventId: number }[]>();
  /** open holds that a release may name: by hold id `h1`, and by the client id of the event that placed them */
  readonly holds = new Map<string, { holdId: number; unitId: number; carried: boolean }[]>();
  /** by id: those of which these events may change what they hand on to what is split off; and those that are only named */
  readonly bequeathing: { surely: number[]; ifPacked: number[] } = { surely: [], ifPacked: [] };

  constructor(
    readonly zone: string,
    readonly linksPerEventMax: number,
  ) {}

  add(unit: UnitState): void {
    const { item } = unit.item;
    const known = this.units.get(item);
    if (known) known.set(unit.code, unit);
    else this.units.set(item, new Map([[unit.code, unit]]));
    this.unitsById.set(unit.id, unit);
  }

  find(item: string, code: string): UnitState | undefined {
    return this.units.get(item)?.get(code);
  }

  /** The unit that a name means. Throws UNKNOWN_ITEM, UNIT_NOT_TRACKED, UNIT_KIND, SCAN_UNREADABLE. */
  unit(name: UnitName): UnitState {
    const named = this.named(name);
    this.trackedItem(named);
    const { item, kind, code } = named;
    const unit = this.find(item, code);
    if (!unit) throw new Error(`unit ${item} ${code} was not loaded`);
    if (unit.kind !== kind) {
      if (unit.exists) throw new DomainError('UNIT_KIND', { item, code, actual: unit.kind, kind });
      unit.kind = kind;
    }
    return unit;
  }

  /** Item, kind and code of a name, with the item's tracking held to. */
  resolve(name: UnitName): { item: string; kind: UnitKind; code: string; info: ItemInfo } {
    const named = this.named(name);
    return { ...named, info: this.trackedItem(named) };
  }

  private named(name: UnitName): { item: string; kind: UnitKind; code: string } {
    return 'scan' in name ? this.scanned(name.scan) : name;
  }

  /** The item that it is a unit of, with the item's tracking held to. Throws UNKNOWN_ITEM, UNIT_NOT_TRACKED, UNIT_KIND. */
  private trackedItem(named: { item: string; kind: UnitKind; code: string }): ItemInfo {
    const info = this.items.get(named.item);
    if (!info) throw new DomainError('UNKNOWN_ITEM', { item: named.item });
    if (info.tracking === 'none') throw new DomainError('UNIT_NOT_TRACKED', { item: named.item });
    if (named.kind !== 'run' && named.kind !== info.tracking)
      throw new DomainError('UNIT_KIND', {
        item: named.item,
        code: named.code,
        actual: info.tracking,
        kind: named.kind,
      });
    return info;
  }

  private scanned(scan: string): { item: string; kind: UnitKind; code: string } {
    const name = scanName(scan);
    if ('error' in name) throw new DomainError('SCAN_UNREADABLE', { scan, reason: name.error });
    const item = this.gtins.get(name.gtin);
    if (!item) throw new DomainError('UNKNOWN_ITEM', { item: `GTIN ${name.gtin}` });
    return { item, kind: name.kind, code: name.code };
  }

  /** Throws UNKNOWN_ITEM. */
  item(code: string): ItemInfo {
    const info = this.items.get(code);
    if (!info) throw new DomainError('UNKNOWN_ITEM', { item: code });
    return info;
  }

  place(code: string | undefined): number | null {
    if (code === undefined) return null;
    const place = this.places.get(code);
    if (!place) throw new DomainError('UNKNOWN_PLACE', { place: code });
    return place.id;
  }

  container(code: string): ContainerState {
    const container = this.containers.get(code);
    if (!container) throw new Error(`container ${code} was not loaded`);
    return container;
  }

  zoneOf(place: string | undefined): string {
    return (place !== undefined ? this.places.get(place)?.zone : null) ?? this.zone;
  }

  partner(code: string | undefined): number | null {
    if (code === undefined) return null;
    const id = this.partners.get(code);
    if (id === undefined) throw new DomainError('UNKNOWN_PARTNER', { partner: code });
    return id;
  }

  /** Makes a draft part of the world. */
  commit(fact: { eventId: number; key: string }, draft: Draft): void {
    for (const { unit, role } of draft.movements) {
      unit.exists = true;
      if (role === 'made') unit.makings.push({ eventId: fact.eventId, key: fact.key });
    }
    for (const { container } of draft.containerFacts) container.exists = true;
    for (const { unit, mark } of draft.marks) {
      if (mark.kind === 'clean') {
        this.cleans.set(unit.id, [...(this.cleans.get(unit.id) ?? []), mark]);
        this.touchContentOf(unit.id);
      } else {
        unit.marks.push(mark);
        unit.changed = true;
      }
    }
    if (draft.voids) this.takeBack(draft.voids.eventId);
  }

  /** As if the event had never happened: its marks and makings are gone, and what they bounded is derived again. */
  private takeBack(eventId: number): void {
    for (const target of this.targets.values()) if (target.eventId === eventId) target.voidedBy = 'this request';
    for (const [runId, marks] of this.cleans) {
      const left = marks.filter((m) => m.eventId !== eventId);
      if (left.length === marks.length) continue;
      this.cleans.set(runId, left);
      this.touchContentOf(runId);
    }
    for (const unit of this.unitsById.values()) {
      unit.makings = unit.makings.filter((m) => m.eventId !== eventId);
      const left = unit.marks.filter((m) => m.eventId !== eventId);
      if (left.length === unit.marks.length) continue;
      unit.marks.splice(0, unit.marks.length, ...left);
      unit.changed = true;
    }
  }

  /** What `work` finds in a world where the event never happened; afterwards all is as before. */
  without<T>(eventId: number, work: () => T): T {
    const hidden = [...this.unitsById.values()].flatMap((unit) => {
      const marks = unit.marks.filter((m) => m.eventId === eventId);
      const makings = unit.makings.filter((m) => m.eventId === eventId);
      return marks.length + makings.length > 0 ? [{ unit, marks: [...unit.marks], makings: unit.makings }] : [];
    });
    for (const { unit } of hidden) {
      unit.marks.splice(0, unit.marks.length, ...unit.marks.filter((m) => m.eventId !== eventId));
      unit.makings = unit.makings.filter((m) => m.eventId !== eventId);
    }
    try {
      return work();
    } finally {
      for (const { unit, marks, makings } of hidden) {
        unit.marks.splice(0, unit.marks.length, ...marks);
        unit.makings = makings;
      }
    }
  }

  /** The cleanings of everything that the unit was ever in. */
  cleansOf(unit: UnitState): StoredMark[] {
    if (this.cleans.size === 0) return [];
    const parents = new Set(unit.marks.flatMap((m) => (m.kind === 'install' ? m.parents : [])));
    return [...parents].flatMap((p) => this.cleans.get(p) ?? []);
  }

  private touchContentOf(runId: number): void {
    for (const unit of this.unitsById.values()) {
      if (unit.marks.some((m) => m.kind === 'install' && m.parents.includes(runId))) unit.changed = true;
    }
  }

  /** A quantity of a unit in nanos of its base unit; a serial is one piece; null where none is given. */
  quantity(unit: UnitState, amount: Amount | undefined, of: keyof typeof ALLOWED = 'moved'): bigint | null {
    if (!amount) return unit.serial ? ONE_PIECE : null;
    const nano = this.amountOf(unit.item, amount, of);
    const piece = nano === ONE_PIECE || (of === 'counted' && nano === 0n) || (of === 'adjusted' && nano === -ONE_PIECE);
    if (unit.serial && !piece)
      throw new DomainError('QUANTITY_INVALID', {
        value: amount.value,
        reason: 'a serial is one piece and needs no quantity.',
      });
    return nano;
  }

  /** A quantity in nanos of the item's base unit; above zero, unless it is one of a count or an adjustment. */
  amountOf(item: ItemInfo, amount: Amount, of: keyof typeof ALLOWED = 'moved'): bigint {
    const nano = toBase(amount.value, amount.uom, item);
    const { holds, reason } = ALLOWED[of];
    if (!holds(nano)) throw new DomainError('QUANTITY_INVALID', { value: amount.value, reason });
    return nano;
  }
}

/** What a quantity may be: of a thing that moves above zero, of a count from zero on, of an adjustment either way but not zero. */
const ALLOWED = {
  moved: { holds: (n: bigint) => n > 0n, reason: 'it must be above zero.' },
  counted: { holds: (n: bigint) => n >= 0n, reason: 'a count cannot be below zero.' },
  adjusted: { holds: (n: bigint) => n !== 0n, reason: 'an adjustment of nothing changes nothing.' },
};

export const ONE_PIECE = 1_000_000_000n;
export const numeric = (nano: bigint | null): string | null => (nano === null ? null : formatDecimal(nano));

/** GTIN-14, kind and code that a GS1 scan names. */
export function scanName(scan: string): { gtin: string; kind: 'serial' | 'lot'; code: string } | { error: string } {
  const reading = readGs1(scan);
  if (!reading) return { error: 'it is no GS1 element string and no GS1 Digital Link.' };
  if ('error' in reading) return { error: `${reading.error}.` };
  const gtin = reading.elements.get('01');
  if (!gtin) return { error: 'it has no GTIN (01).' };
  const serial = reading.elements.get('21');
  const lot = reading.elements.get('10');
  if (serial !== undefined) return { gtin, kind: 'serial', code: serial };
  if (lot !== undefined) return { gtin, kind: 'lot', code: lot };
  return { error: 'it has neither a serial (21) nor a lot (10).' };
}
