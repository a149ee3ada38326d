/**
 * What each event means: state in, rows out. Pure. A rule throws a DomainError and leaves no trace, or returns its draft.
 */
import { DomainError, formatDecimal, parsePeriod, Period, toBase } from '@/kernel';
import { containerCode } from './container';
import type { Draft } from './draft';
import { documentOf, DraftBuilder, Fact } from './draft-builder';
import type { EventOf, ParsedEvent, UnitName } from './event-shapes';
import { ProduceRule } from './produce-rule';
import { AmendRule, describe, OrderRule } from './terms-rule';
import type { UnitState, World } from './world';

/** Applies one event's rule. The draft is not yet part of the world: `commit` makes it so. */
export function draftEvent(world: World, fact: Fact): Draft {
  const draft = ruled(world, fact);
  describe(world, fact, draft);
  return draft;
}

function ruled(world: World, fact: Fact): Draft {
  const { event } = fact;
  switch (event.type) {
    case 'produce': {
      const rule = new ProduceRule(world, fact);
      rule.run(event);
      return rule.draft;
    }
    case 'order':
    case 'expect': {
      const rule = new OrderRule(world, fact);
      rule.run(event, event.type === 'order' ? 'ordered' : 'expected');
      return rule.draft;
    }
    case 'amend': {
      const rule = new AmendRule(world, fact);
      rule.run(event);
      return rule.draft;
    }
    default: {
      const rule = new Rule(world, fact);
      rule.run(event);
      return rule.draft;
    }
  }
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
    case 'pack':
    case 'unpack':
      return (event.units ?? []).map((u) => u.unit);
    case 'order':
    case 'expect':
      return event.lines.flatMap((l) => (l.unit ? [l.unit] : []));
    default:
      return [event.unit];
  }
}

/** The containers that an event names, as it names them. */
export function containersNamed(event: ParsedEvent): string[] {
  const named =
    event.type === 'order' || event.type === 'expect' ? undefined : (event as { container?: string }).container;
  return named === undefined ? [] : [named];
}

class Rule extends DraftBuilder {
  run(e: Exclude<ParsedEvent, { type: 'produce' | 'order' | 'expect' | 'amend' }>): void {
    switch (e.type) {
      case 'pack':
        return this.pack(e);
      case 'unpack':
        return this.unpack(e);
      case 'receive':
        return this.receive(e);
      case 'create':
        return this.create(e);
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
      case 'adjust':
        return this.correctStock(e, 'adjusted');
      case 'count':
        return this.correctStock(e, 'counted');
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
    this.movement(unit, 'installed', quantity, this.seat(unit, [parent], e.position));
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
    this.movement(unit, 'removed', quantity, this.seat(unit, [parent], e.position));
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
    if (rows.length === 0 && e.container === undefined) throw new DomainError('FIELD_REQUIRED', { field: 'unit' });
    const to = this.world.place(e.to);
    const from = this.world.place(e.from);
    if (e.container !== undefined) this.containerFact(e.container, 'moved', { placeId: to, document: documentOf(e) });
    for (const row of rows) {
      const unit = this.unit(row.unit);
      const quantity = this.world.quantity(unit, row.quantity);
      this.movement(unit, 'moved-out', quantity, { placeId: from });
      this.movement(unit, 'moved-in', quantity, { placeId: to });
    }
  }

  private ship(e: EventOf<'ship'>): void {
    const partnerId = this.world.partner(e.customer);
    const document = e.shipment ?? documentOf(e);
    if (e.container !== undefined) this.containerFact(e.container, 'shipped', { partnerId, document });
    for (const { unit, quantity } of this.named(e)) this.movement(unit, 'shipped', quantity, { partnerId, document });
  }

  private takeBack(e: EventOf<'return'>): void {
    const partnerId = this.world.partner(e.customer);
    const document = e.shipment ?? documentOf(e);
    const reason = e.condition ? `returned: ${e.condition}` : 'returned';
    const ref = e.shipment ?? null;
    if (e.container !== undefined) this.containerFact(e.container, 'returned', { partnerId, document, reason, ref });
    for (const { unit, quantity } of this.named(e)) {
      this.movement(unit, 'returned', quantity, { partnerId, document });
      this.draft.holds.push({ unit, atMs: this.fact.at.until - 1, reason, ref });
    }
  }

  /** The units that an event names beside its container; without one it must name some. */
  private named(e: { units?: EventOf<'ship'>['units']; container?: string | undefined }): ReturnType<typeof this.rows> {
    return e.container !== undefined && !e.units ? [] : this.rows(e.units);
  }

  // ------------------------------------------------------------ in and out of containers

  private pack(e: EventOf<'pack'>): void {
    const document = documentOf(e);
    this.containerFact(e.container, 'packed', { document });
    this.packing(e, 'packed', document);
  }

  private unpack(e: EventOf<'unpack'>): void {
    const document = documentOf(e);
    this.containerFact(e.container, e.units ? 'unpacked' : 'emptied', { document });
    if (e.units) this.packing(e, 'unpacked', document);
  }

  private packing(
    e: { container: string; units?: EventOf<'ship'>['units'] },
    role: 'packed' | 'unpacked',
    document: string | null,
  ): void {
    const containerId = this.world.container(containerCode(e.container)).id;
    for (const { unit, quantity } of this.rows(e.units)) {
      if (unit.kind === 'run')
        throw new DomainError('UNIT_KIND', {
          item: unit.item.item,
          code: unit.code,
          actual: 'run',
          kind: 'serial or lot',
        });
      this.movement(unit, role, quantity, { containerId, document });
    }
  }

  private scrap(e: EventOf<'scrap'>): void {
    const unit = this.unit(e.unit);
    this.movement(unit, 'scrapped', this.world.quantity(unit, e.quantity));
  }

  /** A count says how much is there, an adjustment how much more or less. */
  private correctStock(e: EventOf<'adjust'> | EventOf<'count'>, role: 'adjusted' | 'counted'): void {
    const unit = this.unit(e.unit);
    if (unit.kind === 'run')
      throw new DomainError('UNIT_KIND', {
        item: unit.item.item,
        code: unit.code,
        actual: 'run',
        kind: 'serial or lot',
      });
    this.movement(unit, role, this.world.quantity(unit, e.quantity, role), { document: documentOf(e) });
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
    const ref = e.ref ?? null;
    if (e.container !== undefined) this.containerFact(e.container, 'held', { reason: e.reason, ref });
    for (const { unit } of this.named(e)) {
      this.draft.holds.push({ unit, atMs: this.fact.at.until - 1, reason: e.reason, ref });
      this.movement(unit, 'held', null);
    }
  }

  private release(e: EventOf<'release'>): void {
    const holds = this.world.holds.get(e.hold) ?? [];
    // What was held in a container is derived, and so is its release: it may turn out later what else was in it.
    const containers = this.world.heldContainers.get(e.hold) ?? [];
    for (const { code, eventId } of containers) this.containerFact(code, 'released', { holdEventId: eventId });
    if (holds.length + containers.length === 0) throw new DomainError('NOT_FOUND', { what: 'hold', key: e.hold });
    for (const { holdId, unitId, carried } of holds) {
      if (carried && containers.length > 0) continue;
      this.draft.releases.push({ holdId, atMs: this.fact.at.from });
      const unit = this.world.unitsById.get(unitId);
      if (unit) this.movement(unit, 'released', null);
    }
  }

  // ------------------------------------------------------------ taking back

  private void(e: EventOf<'void'> | EventOf<'correct'>): void {
    const target = this.world.targets.get(e.event);
    if (!target) throw new DomainError('EVENT_UNKNOWN', { event: e.event });
    // a void of a void is refused; a correction can be voided: what it put in counts no more, what it took back stays taken back.
    if (target.type === 'void') throw new DomainError('VOID_OF_VOID', { event: e.event });
    if (target.voidedBy !== null) throw new DomainError('EVENT_ALREADY_VOID', { event: e.event, by: target.voidedBy });
    this.draft.voids = { eventId: target.eventId, reason: e.reason };
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

/** The period of an event: `at`, in the zone of its place. Throws UNKNOWN_PLACE first, since the zone hangs on it. */
export function periodOf(world: World, event: ParsedEvent, recordedAt: number): Period {
  world.place(event.place);
  if (event.at === undefined) return { from: recordedAt, until: recordedAt + 1, coarse: false };
  return parsePeriod(event.at, world.zoneOf(event.place));
}
