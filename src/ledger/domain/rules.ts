/**
 * What each event means: state in, rows out. Pure. A rule throws a DomainError and leaves no trace, or returns its draft.
 * The numbers in comments are the rules of docs/LEDGER.md that decide hard cases.
 */
import { DomainError, formatDecimal, formatTime, parsePeriod, Period, toBase } from '@/kernel';
import type { Amount, EventOf, ParsedEvent, UnitName } from './event-shapes';
import { Draft, emptyDraft, MovementRow, Role } from './draft';
import type { Mark } from './installations';
import { ONE_PIECE, UnitState, World } from './world';

export interface Fact {
  eventId: number;
  /** natural key: source and client id */
  key: string;
  at: Period;
  event: ParsedEvent;
}

/** Applies one event's rule. The draft is not yet part of the world: `commit` makes it so. */
export function draftEvent(world: World, fact: Fact): Draft {
  const rule = new Rule(world, fact);
  rule.run();
  return rule.draft;
}

/** The units that an event names, for loading them beforehand. */
export function unitsNamed(event: ParsedEvent): UnitName[] {
  switch (event.type) {
    case 'produce':
      return [...(event.outputs ?? []), ...(event.inputs ?? [])].map((x) => x.unit);
    case 'load':
    case 'unload':
      return [event.run, event.unit];
    case 'install':
    case 'remove':
      return [event.parent, event.unit];
    case 'clean':
      return [event.run];
    case 'split':
    case 'merge':
      return [...event.from, ...event.to].map((x) => x.unit);
    case 'top-up':
      return [event.vessel, event.unit];
    case 'move':
      return [...(event.unit ? [event.unit] : []), ...(event.units ?? []).map((u) => u.unit)];
    case 'ship':
    case 'return':
    case 'hold':
      return (event.units ?? []).map((u) => u.unit);
    case 'release':
    case 'void':
    case 'correct':
      return [];
    default:
      return [event.unit];
  }
}

interface Input {
  unit: UnitState;
  targets: Set<UnitState>;
  quantity: bigint | null;
  typed: Amount | null;
  slot: string | null;
  mode: 'consume' | 'install';
  certainty: 'certain' | 'possible' | undefined;
  from: Period | null;
  until: Period | null;
}

class Rule {
  readonly draft = emptyDraft();

  constructor(
    private readonly world: World,
    private readonly fact: Fact,
  ) {}

  run(): void {
    const e = this.fact.event;
    switch (e.type) {
      case 'receive':
        return this.receive(e);
      case 'create':
        return this.create(e);
      case 'produce':
        return this.produce(e);
      case 'load':
        return this.install(this.unit(e.run), e);
      case 'install':
        return this.install(this.unit(e.parent), e);
      case 'unload':
        return this.remove(this.unit(e.run), e);
      case 'remove':
        return this.remove(this.unit(e.parent), e);
      case 'clean':
        return this.clean(e);
      case 'split':
      case 'merge':
        return this.split(e);
      case 'top-up':
        return this.topUp(e);
      case 'move':
        return this.move(e);
      case 'ship':
        return this.ship(e);
      case 'return':
        return this.takeBack(e);
      case 'scrap':
        return this.scrap(e);
      case 'inspect':
        return this.inspect(e);
      case 'hold':
        return this.hold(e);
      case 'release':
        return this.release(e);
      case 'void':
      case 'correct':
        return this.void(e);
    }
  }

  // ------------------------------------------------------------ coming into being

  private receive(e: EventOf<'receive'>): void {
    const unit = this.unit(e.unit);
    const partnerId = this.world.partner(e.supplier);
    this.make(unit, this.needed(unit, e.quantity), {
      partnerId,
      document: documentOf(e),
      expires: this.expiry(e.expires, e.place),
    });
    if (e.supplierLot) this.draft.aliases.push({ unit, alias: e.supplierLot, kind: 'supplier-lot', partnerId });
  }

  private create(e: EventOf<'create'>): void {
    const unit = this.unit(e.unit);
    const made = e.madeAt === undefined ? null : parsePeriod(e.madeAt, this.world.zoneOf(e.place), 'madeAt');
    // It was there from when it was made, if that is earlier than when it was found.
    const at = made && made.from < this.fact.at.from ? made : this.fact.at;
    this.make(unit, this.needed(unit, e.quantity), { expires: this.expiry(e.expires, e.place), at });
  }

  private make(unit: UnitState, quantity: bigint | null, rest: Partial<MovementRow> & { at?: Period } = {}): void {
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

  // ------------------------------------------------------------ produce

  private produce(e: EventOf<'produce'>): void {
    const outputRows = (e.outputs ?? []).map((o) => ({ ...o, state: this.unit(o.unit) }));
    if (outputRows.length === 0) {
      if ((e.inputs ?? []).length > 0) throw new DomainError('INPUTS_WITHOUT_OUTPUTS');
      throw new DomainError('FIELD_REQUIRED', { field: 'outputs' });
    }
    const outputs = new Set(outputRows.map((o) => o.state));
    const inputs = this.inputs(
      e,
      outputRows.map((o) => o.state),
    );
    for (const input of inputs) {
      if (input.unit.serial && outputs.has(input.unit))
        throw new DomainError('INPUT_IS_OUTPUT', { unit: input.unit.label });
    }
    const count = inputs.reduce((n, i) => n + i.targets.size, 0);
    if (count > this.world.linksPerEventMax)
      throw new DomainError('EVENT_TOO_WIDE', {
        count,
        limit: this.world.linksPerEventMax,
        setting: 'LINKS_PER_EVENT_MAX',
      });

    for (const o of outputRows)
      this.make(o.state, this.world.quantity(o.state, o.quantity), { document: e.workOrder ?? documentOf(e) });
    const unitsOfItem = new Map<number, Set<UnitState>>();
    for (const { unit } of inputs)
      unitsOfItem.set(unit.item.id, (unitsOfItem.get(unit.item.id) ?? new Set()).add(unit));
    for (const input of inputs) {
      // 13: units are counted, not rows; a stated certainty wins.
      const alone = unitsOfItem.get(input.unit.item.id)!.size === 1;
      const certain = input.certainty
        ? input.certainty === 'certain'
        : input.targets.size === 1 || (input.unit.kind === 'lot' && alone);
      if (input.mode === 'consume') this.consume(input.unit, [...input.targets], certain, input);
      else this.installIn(input.unit, [...input.targets], certain, input);
      const drawn = this.span(input.from, input.until);
      this.movement(input.unit, input.mode === 'consume' ? 'used' : 'installed', input.quantity, {
        ...drawn,
        document: e.workOrder ?? documentOf(e),
      });
    }
  }

  private inputs(e: EventOf<'produce'>, outputs: UnitState[]): Input[] {
    const zone = this.world.zoneOf(e.place);
    const rows: Input[] = [];
    for (const [i, row] of (e.inputs ?? []).entries()) {
      const unit = this.unit(row.unit);
      const targets = new Set<UnitState>();
      for (const index of row.for ?? outputs.keys()) {
        const target = outputs[index];
        if (!target)
          throw new DomainError('FIELD_INVALID', {
            field: `inputs[${i}].for`,
            reason: `there is no output ${index}; outputs are counted from 0.`,
          });
        targets.add(target);
      }
      const from = row.from === undefined ? null : parsePeriod(row.from, zone, `inputs[${i}].from`);
      const until = row.until === undefined ? null : parsePeriod(row.until, zone, `inputs[${i}].until`);
      const start = from?.from ?? this.fact.at.from;
      const end = until === null ? null : until.coarse ? until.until : until.from;
      if (end !== null && start >= end)
        throw new DomainError('TIME_RANGE', { from: formatTime(start), until: formatTime(end) });
      const input: Input = {
        unit,
        targets,
        quantity: this.world.quantity(unit, row.quantity),
        typed: row.quantity ?? null,
        slot: row.position ?? null,
        mode: row.mode ?? (unit.serial ? 'install' : 'consume'),
        certainty: row.certainty,
        from,
        until,
      };
      // One serial named in several rows is one piece: it is in one of all the outputs that they name.
      const same = unit.serial ? rows.find((r) => r.unit === unit) : undefined;
      if (same) for (const t of targets) same.targets.add(t);
      else rows.push(input);
    }
    return rows;
  }

  /** A movement's period for an input with its own times: 4. */
  private span(from: Period | null, until: Period | null): { from: number; until: number } {
    const start = from?.from ?? this.fact.at.from;
    const end = until ? (until.coarse ? until.until : until.from) : (from?.until ?? this.fact.at.until);
    return { from: start, until: Math.max(end, start + 1) };
  }

  private consume(
    unit: UnitState,
    outputs: UnitState[],
    certain: boolean,
    input: Pick<Input, 'from' | 'until' | 'quantity' | 'typed' | 'slot'>,
  ): void {
    const { at } = this.fact;
    const from = input.from?.from ?? at.from;
    // 4: without `until` it ends at the later of from + 1 and the end of the event's time (or of the day that `from` names).
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
      // 16: a lot's link to itself has no effect.
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

  private installIn(
    unit: UnitState,
    parents: UnitState[],
    certain: boolean,
    input: Pick<Input, 'from' | 'until' | 'quantity' | 'typed' | 'slot'>,
  ): void {
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

  // ------------------------------------------------------------ in and out of a parent

  private install(parent: UnitState, e: EventOf<'install'> | EventOf<'load'>): void {
    const unit = this.unit(e.unit);
    if (parent === unit) throw new DomainError('INPUT_IS_OUTPUT', { unit: unit.label });
    const quantity = this.world.quantity(unit, e.quantity);
    this.installIn(unit, [parent], true, {
      from: null,
      until: null,
      quantity,
      typed: e.quantity ?? null,
      slot: e.position ?? null,
    });
    this.movement(unit, 'installed', quantity);
    this.movement(parent, 'parent', null);
  }

  private remove(parent: UnitState, e: EventOf<'remove'> | EventOf<'unload'>): void {
    const unit = this.unit(e.unit);
    if (parent === unit) throw new DomainError('INPUT_IS_OUTPUT', { unit: unit.label });
    const quantity = this.world.quantity(unit, e.quantity);
    const { from, until } = this.fact.at;
    this.add(
      unit,
      this.mark('remove', unit, [parent], {
        from,
        until,
        slot: e.position ?? null,
        quantity: unit.serial ? null : quantity,
      }),
    );
    this.movement(unit, 'removed', quantity);
    this.movement(parent, 'parent', null);
  }

  private clean(e: EventOf<'clean'>): void {
    const run = this.unit(e.run);
    const { from, until } = this.fact.at;
    this.add(run, this.mark('clean', run, [run], { from, until }));
    this.movement(run, 'cleaned', null);
  }

  // ------------------------------------------------------------ lots into lots

  private split(e: EventOf<'split'> | EventOf<'merge'>): void {
    const read = (rows: typeof e.from) => rows.map((r) => ({ unit: this.unit(r.unit), quantity: r.quantity }));
    const sources = read(e.from);
    const targets = read(e.to);
    for (const [field, rows] of [
      ['from', sources],
      ['to', targets],
    ] as const) {
      if (rows.length === 0) throw new DomainError('FIELD_REQUIRED', { field });
      for (const { unit } of rows) if (unit.serial) throw new DomainError('SERIAL_NOT_DIVISIBLE', { unit: unit.label });
    }
    for (const { unit } of targets)
      if (unit.makings.length > 0) throw new DomainError('UNIT_EXISTS', { unit: unit.label });
    const count = sources.length * targets.length;
    if (count > this.world.linksPerEventMax)
      throw new DomainError('EVENT_TOO_WIDE', {
        count,
        limit: this.world.linksPerEventMax,
        setting: 'LINKS_PER_EVENT_MAX',
      });
    const outputs = [...new Set(targets.map((t) => t.unit))];
    for (const { unit, quantity } of targets) this.make(unit, this.needed(unit, quantity));
    for (const { unit, quantity } of sources) {
      const nano = this.needed(unit, quantity);
      this.consume(unit, outputs, true, {
        from: null,
        until: null,
        quantity: nano,
        typed: quantity ?? null,
        slot: null,
      });
      this.movement(unit, 'used', nano);
    }
    this.draft.heirs.push({ from: sources.map((s) => s.unit), to: outputs });
  }

  private topUp(e: EventOf<'top-up'>): void {
    const vessel = this.unit(e.vessel);
    const unit = this.unit(e.unit);
    if (vessel.serial)
      throw new DomainError('UNIT_KIND', {
        item: vessel.item.item,
        code: vessel.code,
        actual: 'serial',
        kind: 'lot or run',
      });
    const quantity = this.needed(unit, e.quantity);
    this.consume(unit, [vessel], true, { from: null, until: null, quantity, typed: e.quantity ?? null, slot: null });
    this.movement(unit, 'used', quantity);
    this.make(vessel, quantity === null ? null : gain(quantity, unit, vessel));
  }

  // ------------------------------------------------------------ places and partners

  private move(e: EventOf<'move'>): void {
    const rows = [...(e.unit ? [{ unit: e.unit, quantity: e.quantity }] : []), ...(e.units ?? [])];
    if (rows.length === 0) throw new DomainError('FIELD_REQUIRED', { field: 'unit' });
    const to = this.world.place(e.to);
    const from = this.world.place(e.from);
    for (const row of rows) {
      const unit = this.unit(row.unit);
      const quantity = this.world.quantity(unit, row.quantity);
      this.movement(unit, 'moved-out', quantity, { placeId: from });
      this.movement(unit, 'moved-in', quantity, { placeId: to });
    }
  }

  private ship(e: EventOf<'ship'>): void {
    const partnerId = this.world.partner(e.customer);
    for (const { unit, quantity } of this.rows(e.units))
      this.movement(unit, 'shipped', quantity, { partnerId, document: e.shipment ?? documentOf(e) });
  }

  private takeBack(e: EventOf<'return'>): void {
    const partnerId = this.world.partner(e.customer);
    for (const { unit, quantity } of this.rows(e.units)) {
      this.movement(unit, 'returned', quantity, { partnerId, document: e.shipment ?? documentOf(e) });
      this.draft.holds.push({
        unit,
        atMs: this.fact.at.from,
        reason: e.condition ? `returned: ${e.condition}` : 'returned',
        ref: e.shipment ?? null,
      });
    }
  }

  private scrap(e: EventOf<'scrap'>): void {
    const unit = this.unit(e.unit);
    this.movement(unit, 'scrapped', this.world.quantity(unit, e.quantity));
  }

  private rows(rows: EventOf<'ship'>['units']): { unit: UnitState; quantity: bigint | null }[] {
    if (!rows || rows.length === 0) throw new DomainError('FIELD_REQUIRED', { field: 'units' });
    return rows.map((r) => {
      const unit = this.unit(r.unit);
      return { unit, quantity: this.world.quantity(unit, r.quantity) };
    });
  }

  // ------------------------------------------------------------ opinions about a unit

  private inspect(e: EventOf<'inspect'>): void {
    const unit = this.unit(e.unit);
    const { from, until } = this.fact.at;
    const low = e.limits?.low ?? e.limits?.min ?? null;
    const high = e.limits?.high ?? e.limits?.max ?? null;
    this.draft.inspections.push({
      unit,
      characteristic: e.characteristic,
      passed: e.result === 'pass',
      from,
      until,
      measured: e.measured ?? null,
      low,
      high,
    });
    this.movement(unit, 'inspected', null);
  }

  private hold(e: EventOf<'hold'>): void {
    for (const { unit } of this.rows(e.units)) {
      this.draft.holds.push({ unit, atMs: this.fact.at.from, reason: e.reason, ref: e.ref ?? null });
      this.movement(unit, 'held', null);
    }
  }

  private release(e: EventOf<'release'>): void {
    const holds = this.world.holds.get(e.hold);
    if (!holds || holds.length === 0) throw new DomainError('NOT_FOUND', { what: 'hold', key: e.hold });
    for (const { holdId, unitId } of holds) {
      this.draft.releases.push({ holdId, atMs: this.fact.at.from });
      const unit = this.world.unitsById.get(unitId);
      if (unit) this.movement(unit, 'released', null);
    }
  }

  // ------------------------------------------------------------ taking back

  private void(e: EventOf<'void'> | EventOf<'correct'>): void {
    const target = this.world.targets.get(e.event);
    if (!target) throw new DomainError('EVENT_UNKNOWN', { event: e.event });
    // 20: a void of a void is refused; a correction can be voided: what it put in counts no more, what it took back stays taken back.
    if (target.type === 'void') throw new DomainError('VOID_OF_VOID', { event: e.event });
    if (target.voidedBy !== null) throw new DomainError('EVENT_ALREADY_VOID', { event: e.event, by: target.voidedBy });
    this.draft.voids = { eventId: target.eventId, reason: e.reason };
  }

  // ------------------------------------------------------------ pieces

  private unit(name: UnitName): UnitState {
    return this.world.unit(name);
  }

  private needed(unit: UnitState, amount: Amount | undefined): bigint | null {
    if (!amount && unit.kind === 'lot') throw new DomainError('FIELD_REQUIRED', { field: 'quantity' });
    return this.world.quantity(unit, amount);
  }

  private expiry(text: string | undefined, place: string | undefined): number | null {
    if (text === undefined) return null;
    const p = parsePeriod(text, this.world.zoneOf(place), 'expires');
    return p.coarse ? p.until : p.from;
  }

  private movement(unit: UnitState, role: Role, quantity: bigint | null, rest: Partial<MovementRow> = {}): void {
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
      document: null,
      expires: null,
    };
    this.draft.movements.push(Object.assign(row, rest));
  }

  private mark(
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
  private add(unit: UnitState, mark: ReturnType<Rule['mark']>): void {
    if (unit.serial) {
      for (const other of [...unit.marks, ...this.draft.marks.filter((m) => m.unit === unit).map((m) => m.mark)])
        contradicts(unit, mark, other);
    }
    this.draft.marks.push({ unit, mark });
  }
}

/** What a vessel gains is counted in its own unit of measure where that can be converted exactly, else unknown. */
function gain(quantity: bigint, unit: UnitState, vessel: UnitState): bigint | null {
  try {
    return toBase(formatDecimal(quantity), unit.item.uom, vessel.item);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
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

function documentOf(e: { refs?: Record<string, string | number | boolean>; workOrder?: string }): string | null {
  const ref = e.workOrder ?? e.refs?.shipment ?? e.refs?.purchaseOrder ?? e.refs?.workOrder;
  return ref === undefined ? null : String(ref);
}

/** The period of an event: `at`, in the zone of its place. Throws UNKNOWN_PLACE first, since the zone hangs on it. */
export function periodOf(world: World, event: ParsedEvent, recordedAt: number): Period {
  world.place(event.place);
  if (event.at === undefined) return { from: recordedAt, until: recordedAt + 1, coarse: false };
  return parsePeriod(event.at, world.zoneOf(event.place));
}
