/** What the rules build their drafts from: units by name, movements, links and marks, with the refusals that hang on them. */
import { DomainError, formatTime, parsePeriod, Period } from '@/kernel';
import { containerCode, ContainerFactRow, ContainerRole } from './container';
import { Draft, emptyDraft, MovementRow, Role } from './draft';
import type { Amount, EventOf, ParsedEvent, UnitName } from './event-shapes';
import type { Mark } from './installations';
import { orderPart } from './order-part';
import { ONE_PIECE, UnitState, World } from './world';

export interface Fact {
  eventId: number;
  /** natural key: source and client id */
  key: string;
  at: Period;
  event: ParsedEvent;
}

/** How an input is in its outputs. */
export interface Entry {
  /** its own times, where it states some */
  from: Period | null;
  until: Period | null;
  quantity: bigint | null;
  typed: Amount | null;
  slot: string | null;
}

export class DraftBuilder {
  readonly draft: Draft = emptyDraft();

  constructor(
    protected readonly world: World,
    protected readonly fact: Fact,
  ) {}

  protected unit(name: UnitName): UnitState {
    return this.world.unit(name);
  }

  protected needed(unit: UnitState, amount: Amount | undefined): bigint | null {
    if (!amount && unit.kind === 'lot') throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
    return this.world.quantity(unit, amount);
  }

  protected expiry(text: string | undefined, place: string | undefined): number | null {
    if (text === undefined) return null;
    const p = parsePeriod(text, this.world.zoneOf(place), 'expires');
    return p.coarse ? p.until : p.from;
  }

  protected rows(rows: EventOf<'ship'>['units']): { unit: UnitState; quantity: bigint | null }[] {
    if (!rows || rows.length === 0) throw new DomainError('FIELD_REQUIRED', { field: 'units' });
    return rows.map((r) => {
      const unit = this.unit(r.unit);
      return { unit, quantity: this.world.quantity(unit, r.quantity) };
    });
  }

  protected movement(unit: UnitState, role: Role, quantity: bigint | null, rest: Partial<MovementRow> = {}): void {
    const { at, eventId, event } = this.fact;
    const row: MovementRow = {
      eventId,
      unit,
      role,
      from: at.from,
      until: at.until,
      quantity,
      placeId: this.world.place(event.place),
      partnerId: null,
      document: documentOf(event),
      expires: null,
      containerId: null,
      parents: null,
      slot: null,
    };
    this.draft.movements.push(Object.assign(row, rest));
    const part = orderPart(this.fact, row);
    if (part) this.draft.orderParts.push(part);
  }

  /** Says something of a container as a whole. */
  protected containerFact(name: string, role: ContainerRole, rest: Partial<ContainerFactRow> = {}): void {
    const { at, eventId, event } = this.fact;
    const container = this.world.container(containerCode(name));
    this.draft.containerFacts.push({
      eventId,
      container,
      role,
      from: at.from,
      until: at.until,
      placeId: this.world.place(event.place),
      partnerId: null,
      document: null,
      reason: null,
      ref: null,
      holdEventId: null,
      ...rest,
    });
    // What was in it may turn out later: the part is of whatever the container carries.
    const part = orderPart(this.fact, { unit: null, role, quantity: null });
    if (part) this.draft.orderParts.push(part);
  }

  protected make(unit: UnitState, quantity: bigint | null, rest: Partial<MovementRow> & { at?: Period } = {}): void {
    const { at, ...row } = rest;
    if (unit.serial) {
      const other =
        unit.makings[0]?.key ??
        (this.draft.movements.some((m) => m.unit === unit && m.role === 'made') ? this.fact.key : undefined);
      if (other !== undefined) throw new DomainError('SERIAL_EXISTS', { unit: unit.label, event: clientId(other) });
    }
    this.movement(unit, 'made', quantity, {
      ...row,
      from: at?.from ?? this.fact.at.from,
      until: at?.until ?? this.fact.at.until,
    });
  }

  protected consume(unit: UnitState, outputs: UnitState[], certain: boolean, input: Entry): void {
    const { at } = this.fact;
    const from = input.from?.from ?? at.from;
    // without `until` it ends at the later of from + 1 and the end of the event's time (or of the day that `from` names).
    const until = input.until
      ? input.until.coarse
        ? input.until.until
        : input.until.from
      : Math.max(from + 1, at.until, input.from?.until ?? 0);
    // Only a time known by its day is unsure; a stated stretch of time is one through which it was drawn.
    const coarse = (input.from ?? at).coarse || (input.until?.coarse ?? false);
    const mark = this.mark('consume', unit, outputs, { from, until: Math.max(until, from + 1) });
    if (unit.serial) this.add(unit, mark);
    for (const output of outputs) {
      // a lot's link to itself has no effect.
      if (output === unit) continue;
      this.draft.links.push({
        linkId: 0,
        eventId: this.fact.eventId,
        input: unit,
        output,
        mode: 0,
        certain,
        from,
        statedUntil: Math.max(until, from + 1),
        sureFrom: coarse ? until - 1 : null,
        sureUntil: null,
        quantity: input.quantity,
        typed: input.typed,
        slot: input.slot,
      });
    }
  }

  protected installIn(unit: UnitState, parents: UnitState[], certain: boolean, input: Entry): void {
    const start = input.from ?? this.fact.at;
    const statedUntil = input.until ? (input.until.coarse ? input.until.until : input.until.from) : null;
    const others = parents.filter((p) => p !== unit);
    const mark = this.mark('install', unit, others, {
      from: start.from,
      until: start.until,
      slot: input.slot,
      quantity: input.quantity,
    });
    mark.statedUntil = statedUntil;
    mark.statedSureUntil = input.until?.coarse ? input.until.from : null;
    for (const output of others) {
      const row = {
        linkId: 0,
        eventId: this.fact.eventId,
        input: unit,
        output,
        mode: 1 as const,
        certain,
        from: start.from,
        statedUntil,
        sureFrom: start.coarse ? start.until - 1 : null,
        sureUntil: input.until?.coarse ? input.until.from : null,
        quantity: input.quantity,
        typed: input.typed,
        slot: input.slot,
      };
      this.draft.links.push(row);
      mark.links.push(row);
    }
    if (others.length > 0) this.add(unit, mark);
  }

  /** What a lot went into or came out of; a serial is in one thing at a time, whatever it is. */
  protected seat(
    unit: UnitState,
    parents: readonly UnitState[],
    slot: string | null | undefined,
  ): Partial<MovementRow> {
    const others = parents.filter((p) => p !== unit).map((p) => p.id);
    return unit.serial || others.length === 0 ? {} : { parents: others, slot: slot ?? null };
  }

  protected mark(
    kind: Mark['kind'],
    unit: UnitState,
    parents: UnitState[],
    rest: { from: number; until: number; slot?: string | null; quantity?: bigint | null },
  ) {
    return {
      kind,
      key: this.fact.key,
      from: rest.from,
      until: rest.until,
      parents: parents.map((p) => p.id),
      slot: rest.slot ?? null,
      quantity: unit.serial ? ONE_PIECE : (rest.quantity ?? null),
      statedUntil: null as number | null,
      statedSureUntil: null as number | null,
      markId: null,
      eventId: this.fact.eventId,
      links: [] as { linkId: number }[],
      stored: null,
    };
  }

  /** Adds a mark, after the few refusals that no third fact could reconcile (docs/LEDGER.md, promise 4). */
  protected add(unit: UnitState, mark: ReturnType<DraftBuilder['mark']>): void {
    if (unit.serial) {
      for (const other of [...unit.marks, ...this.draft.marks.filter((m) => m.unit === unit).map((m) => m.mark)])
        contradicts(unit, mark, other);
    }
    this.draft.marks.push({ unit, mark });
  }
}

function contradicts(unit: UnitState, a: Mark, b: Mark): void {
  if (a.kind === 'consume' && b.kind === 'consume')
    throw new DomainError('SERIAL_CONSUMED', { unit: unit.label, event: clientId(b.key), at: formatTime(b.from) });
  const [install, consume] = a.kind === 'install' ? [a, b] : [b, a];
  if (install.kind === 'install' && consume.kind === 'consume') {
    // Known by its day alone, either could be the earlier one: only a later day contradicts.
    const precise = install.until - install.from === 1 && consume.until - consume.from === 1;
    if (install.from >= (precise ? consume.from : consume.until)) {
      throw new DomainError('SERIAL_INSTALLED_AFTER_CONSUMED', {
        unit: unit.label,
        at: formatTime(consume.from),
        event: clientId(b.key),
      });
    }
  }
  if (
    a.kind === 'install' &&
    b.kind === 'install' &&
    a.from === b.from &&
    a.until - a.from === 1 &&
    b.until - b.from === 1
  ) {
    const same =
      a.parents.length === b.parents.length && a.parents.every((p) => b.parents.includes(p)) && a.slot === b.slot;
    if (!same) throw new DomainError('SERIAL_TWO_PLACES', { unit: unit.label, event: clientId(b.key) });
  }
}

const KEY_SEPARATOR = '\u001f';

/** The natural key of an event: its source and the client's id. */
export function eventKey(source: string, id: string): string {
  return source + KEY_SEPARATOR + id;
}

/** The client's id in an event key. */
export function clientId(key: string): string {
  return key.slice(key.indexOf(KEY_SEPARATOR) + 1);
}

export function documentOf(e: { refs?: Record<string, string | number | boolean>; workOrder?: string }): string | null {
  const ref = e.workOrder ?? e.refs?.shipment ?? e.refs?.purchaseOrder ?? e.refs?.workOrder;
  return ref === undefined ? null : String(ref);
}
