/**
 * From events to links, intervals and gaps, written straight from EVENTS.md, SETTLED.md and LEDGER.md: all facts at once, in
 * the order of their own times, no state kept between them. Dates are days in UTC.
 */
import type { ReferenceLink, ReferencePlant, ReferenceUnit, Span } from './trace';
import { installationsOfLot, installationsOfSerial, Mark } from './installations';

// ---------------------------------------------------------------- what goes in

export interface MasterData {
  items: { item: string; tracking: string; uom: string }[];
  /** items with a bill of materials that has tracked lines */
  withBom: string[];
}

export type UnitName = { item: string; lot: string } | { item: string; serial: string } | { item: string; run: string };

/** An event of EVENTS.md as a client would send it. Quantities are whole numbers of the item's base unit. */
export interface SentEvent {
  type: string;
  id: string;
  at?: string;
  [field: string]: unknown;
}

export interface ReferenceFacts extends ReferencePlant {
  gaps: { unit: string; kind: string }[];
  /** packed or counted: where they are is not worked out here */
  unclear: Set<string>;
  /** a serial's times known by their day allow several equally good orders: nothing can be compared then */
  ambiguous: boolean;
}

interface Row {
  unit: UnitName;
  quantity?: { value: string };
  [field: string]: unknown;
}

interface Period {
  from: number;
  until: number;
  coarse: boolean;
}

/** A natural key: the item, the kind and the code. */
export function keyOf(unit: UnitName): string {
  const [kind, code] =
    'lot' in unit ? ['lot', unit.lot] : 'serial' in unit ? ['serial', unit.serial] : ['run', unit.run];
  return JSON.stringify([unit.item, kind, code]);
}

const kindOf = (key: string): string => (JSON.parse(key) as string[])[1]!;
const itemOf = (key: string): string => (JSON.parse(key) as string[])[0]!;

/** `2026-03-02` is that day, `2026-03-02T08:00:00Z` one millisecond. */
function periodOf(at: string): Period {
  const from = Date.parse(at);
  const coarse = at.length === 10;
  return { from, until: from + (coarse ? 86_400_000 : 1), coarse };
}

/** The facts that count: voided ones are gone, corrected ones are replaced. */
function standing(events: readonly SentEvent[]): SentEvent[] {
  const gone = new Set(events.filter((e) => e.type === 'void' || e.type === 'correct').map((e) => e.event as string));
  return events
    .filter((e) => !gone.has(e.id) && e.type !== 'void')
    .map((e) => (e.type === 'correct' ? { at: e.at, ...(e.with as SentEvent), id: e.id } : e));
}

// ---------------------------------------------------------------- one movement of one unit, for stock and gaps

interface Movement {
  event: string;
  type: string;
  role: 'made' | 'used' | 'installed' | 'removed' | 'shipped' | 'returned' | 'scrapped' | 'moved';
  span: Span;
  quantity: number | null;
}

class Plant {
  readonly movements = new Map<string, Movement[]>();
  readonly marks = new Map<string, Mark[]>();
  readonly cleans: { run: string; span: Span }[] = [];
  readonly consumed: (ReferenceLink & { event: string })[] = [];
  readonly inspections = new Map<string, NonNullable<ReferenceUnit['inspections']>>();
  readonly held = new Map<string, { event: string; from: number }[]>();
  readonly released = new Map<string, number>();
  readonly named = new Set<string>();
  readonly unclear = new Set<string>();

  constructor(events: readonly SentEvent[]) {
    for (const e of events) this.read(e, periodOf(e.at!));
  }

  private read(e: SentEvent, at: Period): void {
    const unit = e.unit ? this.name(e.unit as UnitName) : '';
    const units = (e.units as Row[] | undefined) ?? [];
    switch (e.type) {
      case 'receive':
        return this.move(e, unit, 'made', at, e as unknown as Row);
      case 'create': {
        const madeAt = e.madeAt ? periodOf(e.madeAt as string) : at;
        return this.move(e, unit, 'made', madeAt.from < at.from ? madeAt : at, e as unknown as Row);
      }
      case 'produce':
        return this.produce(e, at);
      case 'load':
      case 'install': {
        const parent = this.name((e.run ?? e.parent) as UnitName);
        this.mark(unit, {
          kind: 'install',
          event: e.id,
          parents: [parent],
          ...markTimes(at),
          ...slotOf(e),
          quantity: amount(e),
          certain: true,
        });
        return this.move(e, unit, 'installed', at, e as unknown as Row);
      }
      case 'unload':
      case 'remove': {
        const parent = this.name((e.run ?? e.parent) as UnitName);
        this.mark(unit, {
          kind: 'remove',
          event: e.id,
          parents: [parent],
          ...markTimes(at),
          ...slotOf(e),
          quantity: amount(e),
          certain: true,
        });
        return this.move(e, unit, 'removed', at, e as unknown as Row);
      }
      case 'clean':
        this.cleans.push({ run: this.name(e.run as UnitName), span: [at.from, at.until] });
        return;
      case 'split':
      case 'merge': {
        const [from, to] = [e.from as Row[], e.to as Row[]];
        for (const target of to) this.move(e, this.name(target.unit), 'made', at, target);
        for (const source of from) {
          this.move(e, this.name(source.unit), 'used', at, source);
          for (const target of to) this.consume(e, this.name(source.unit), this.name(target.unit), true, at);
        }
        return;
      }
      case 'top-up':
        this.move(e, unit, 'used', at, e as unknown as Row);
        this.move(e, this.name(e.vessel as UnitName), 'made', at, e as unknown as Row);
        return this.consume(e, unit, this.name(e.vessel as UnitName), true, at);
      case 'move':
        return unit ? this.move(e, unit, 'moved', at, e as unknown as Row) : undefined;
      case 'pack':
      case 'unpack':
      case 'count':
      case 'adjust':
        for (const name of [...units.map((row) => this.name(row.unit)), ...(unit ? [unit] : [])])
          this.unclear.add(name);
        return;
      case 'ship':
        for (const row of units) this.move(e, this.name(row.unit), 'shipped', at, row);
        return;
      case 'return':
        for (const row of units) {
          this.move(e, this.name(row.unit), 'returned', at, row);
          this.hold(e, this.name(row.unit), at);
        }
        return;
      case 'scrap':
        return this.move(e, unit, 'scrapped', at, e as unknown as Row);
      case 'hold':
        for (const row of units) this.hold(e, this.name(row.unit), at);
        return;
      case 'release':
        this.released.set(e.hold as string, Math.min(at.from, this.released.get(e.hold as string) ?? Infinity));
        return;
      case 'inspect':
        push(this.inspections, unit, {
          name: e.characteristic as string,
          passed: e.result === 'pass',
          span: [at.from, at.until],
        });
        return;
      default:
        throw new Error(`The reference does not know the event type ${e.type}.`);
    }
  }

  private produce(e: SentEvent, at: Period): void {
    const outputs = (e.outputs as Row[]).map((o) => this.name(o.unit));
    const inputs =
      (e.inputs as
        (Row & { for?: number[]; mode?: string; certainty?: string; from?: string; until?: string })[] | undefined) ??
      [];
    for (const o of e.outputs as Row[]) this.move(e, this.name(o.unit), 'made', at, o);
    for (const row of inputs) {
      const input = this.name(row.unit);
      const serial = kindOf(input) === 'serial';
      const targets = [...new Set((row.for ?? [...outputs.keys()]).map((i) => outputs[i]!))];
      // SETTLED 13: units are counted, not rows.
      const others = inputs.some((other) => this.name(other.unit) !== input && other.unit.item === row.unit.item);
      const sole = targets.length === 1 || (kindOf(input) === 'lot' && !others);
      const certain = row.certainty ? row.certainty === 'certain' : sole;
      const start = row.from ? periodOf(row.from) : at;
      const stated = row.until ? periodOf(row.until) : null;
      const end = stated && (stated.coarse ? stated.until : stated.from);
      const mode = row.mode ?? (serial ? 'install' : 'consume');
      // SETTLED 4
      const until = end ?? Math.max(start.from + 1, at.until, start.until);
      // An installation happens at its start; a draw may take its time.
      if (mode === 'consume') this.move(e, input, 'used', { from: start.from, until, coarse: false }, row);
      else this.move(e, input, 'installed', start, row);
      if (mode === 'consume') {
        const coarse = start.coarse || (stated?.coarse ?? false);
        for (const target of targets) this.consume(e, input, target, certain, { from: start.from, until, coarse });
        if (serial)
          this.mark(input, {
            kind: 'consume',
            event: e.id,
            parents: targets,
            from: start.from,
            until,
            slot: null,
            quantity: null,
            certain,
          });
      } else {
        const parents = targets.filter((t) => t !== input);
        if (parents.length === 0) continue;
        this.mark(input, {
          kind: 'install',
          event: e.id,
          parents,
          ...markTimes(start),
          ...slotOf(row),
          quantity: amount(row),
          certain,
          statedUntil: stated ? { until: end!, sureUntil: stated.from } : undefined,
        });
      }
    }
  }

  private consume(e: SentEvent, input: string, output: string, certain: boolean, at: Period): void {
    const link = { event: e.id, input, output, mode: 'consume' as const, certain, from: at.from, until: at.until };
    if (input !== output) this.consumed.push(at.coarse ? { ...link, sureFrom: at.until - 1 } : link);
  }

  private hold(e: SentEvent, unit: string, at: Period): void {
    // Known by its day, a hold surely stands only at the day's end.
    push(this.held, unit, { event: e.id, from: at.until - 1 });
  }

  private move(e: SentEvent, unit: string, role: Movement['role'], at: Period, row: Row): void {
    push(this.movements, unit, {
      event: e.id,
      type: e.type,
      role,
      span: [at.from, at.until],
      quantity: kindOf(unit) === 'serial' ? 1 : amount(row),
    });
  }

  private mark(unit: string, mark: Mark): void {
    push(this.marks, unit, mark);
  }

  private name(unit: UnitName): string {
    const key = keyOf(unit);
    this.named.add(key);
    return key;
  }
}

const markTimes = (at: Period): Span2 => ({ from: at.from, until: at.until });
type Span2 = { from: number; until: number };
const slotOf = (row: object): { slot: string | null } => ({
  slot: (row as { position?: string }).position ?? null,
});
function amount(row: object): number | null {
  const { quantity } = row as { quantity?: { value: string } };
  return quantity ? Number(quantity.value) : null;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  map.set(key, [...(map.get(key) ?? []), value]);
}

// ---------------------------------------------------------------- what comes out

/** The plant that these events tell of, whatever their order. */
export function referencePlant(master: MasterData, events: readonly SentEvent[]): ReferenceFacts {
  const facts = standing(events);
  const plant = new Plant(facts);
  const gaps: ReferenceFacts['gaps'] = [];
  const firstMade = (unit: string): number =>
    Math.min(Infinity, ...(plant.movements.get(unit) ?? []).filter((m) => m.role === 'made').map((m) => m.span[0]));

  const links: ReferenceLink[] = plant.consumed.map(({ event: _event, ...link }) => {
    // SETTLED 5: a draw dated before its source was made is widened to reach one millisecond past the making.
    const made = firstMade(link.input);
    if (made === Infinity || link.until > made) return link;
    gaps.push({ unit: link.input, kind: 'before-it-existed' });
    return { ...link, until: made + 1 };
  });
  let ambiguous = false;
  for (const [unit, marks] of plant.marks) {
    const derive = kindOf(unit) === 'serial' ? installationsOfSerial : installationsOfLot;
    const derived = derive(unit, marks, plant.cleans);
    ambiguous ||= derived.ambiguous;
    links.push(...derived.links);
    for (const kind of derived.gaps) gaps.push({ unit, kind });
  }

  // A unit is known once an event that counts names it; one that was named by a voided event alone stays known, without facts.
  const units = new Map<string, ReferenceUnit>();
  const everNamed = new Set([
    ...plant.named,
    ...new Plant(events.filter((e) => e.type !== 'void' && e.type !== 'correct')).named,
  ]);
  for (const unit of everNamed) {
    const movements = plant.movements.get(unit) ?? [];
    units.set(unit, {
      item: itemOf(unit),
      shipments: movements.filter((m) => m.role === 'shipped').map((m) => m.span),
      inHouse: kindOf(unit) === 'serial' ? serialInHouse(movements) : lotInHouse(movements),
      inspections: plant.inspections.get(unit) ?? [],
    });
    gaps.push(...gapsOf(master, plant, unit, movements, links).map((kind) => ({ unit, kind })));
  }
  const distinct = new Map(gaps.map((g) => [JSON.stringify(g), g]));
  return { units, links, gaps: [...distinct.values()], unclear: plant.unclear, ambiguous };
}

const ORDER: Movement['role'][] = ['made', 'removed', 'moved', 'installed', 'used', 'shipped', 'returned', 'scrapped'];
const inTime = (movements: readonly Movement[]): Movement[] =>
  [...movements].sort((a, b) => a.span[0] - b.span[0] || ORDER.indexOf(a.role) - ORDER.indexOf(b.role));

/** A serial's movements one after the other; of those that may be next (a day leaves that open) one that fits where it is. */
function serialInHouse(movements: readonly Movement[]): boolean {
  let rest = [...movements];
  let where: 'nowhere' | 'stock' | 'work' | 'customer' | 'gone' = 'nowhere';
  const fits = ({ role }: Movement): boolean =>
    where === ({ made: 'nowhere', removed: 'work', returned: 'customer' } as Record<string, string>)[role] ||
    (where === 'stock' && !['made', 'removed', 'returned'].includes(role));
  while (rest.length > 0) {
    const possible = rest
      .filter((m) => rest.every((other) => m.span[0] < other.span[1]))
      .sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role));
    const next = possible.find(fits) ?? possible[0]!;
    const { role } = next;
    rest = rest.filter((m) => m !== next);
    if (role === 'installed') where = 'work';
    else if (role === 'shipped') where = 'customer';
    else if (role === 'used' || role === 'scrapped') where = 'gone';
    else if (role !== 'made' || where === 'nowhere') where = 'stock';
  }
  return where === 'stock' || where === 'work';
}

/** Quantities are all known here: what is in stock, or installed and not shipped under its own name. */
function lotInHouse(movements: readonly Movement[]): boolean {
  let stock = 0;
  let installed = 0;
  for (const { role, quantity } of inTime(movements)) {
    const q = quantity ?? 0;
    if (role === 'made' || role === 'returned') stock += q;
    else if (role === 'removed') [stock, installed] = [stock + q, Math.max(0, installed - q)];
    else if (role === 'installed') [stock, installed] = [stock - q, installed + q];
    // More was moved than was there: what arrived is there all the same.
    else if (role === 'moved') stock = Math.max(stock, q);
    else stock -= q;
  }
  return stock > 0 || installed > 0;
}

const DIVIDES = new Set(['split', 'merge']);
const WHILE_HELD: Partial<Record<Movement['role'], string>> = {
  shipped: 'shipped-while-held',
  used: 'used-while-held',
  installed: 'installed-while-held',
};

/** What was installed in a unit at a time, and in that, and so on. */
function contentAt(links: readonly ReferenceLink[], unit: string, time: number): string[] {
  const inside = new Set([unit]);
  for (const within of inside)
    for (const l of links)
      if (l.mode === 'install' && l.output === within && l.from <= time && time < l.until) inside.add(l.input);
  inside.delete(unit);
  return [...inside];
}

function gapsOf(
  master: MasterData,
  plant: Plant,
  unit: string,
  movements: readonly Movement[],
  links: readonly ReferenceLink[],
): string[] {
  const gaps: string[] = [];
  const made = movements.filter((m) => m.role === 'made');
  const kind = kindOf(unit);
  if (made.length === 0 && kind !== 'run') gaps.push('no-origin');

  const consumptions = plant.consumed.filter((l) => l.output === unit);
  const bare = made.some((m) => m.type === 'produce' && !consumptions.some((l) => l.event === m.event));
  if (master.withBom.includes(itemOf(unit)) && bare && links.every((l) => l.output !== unit || l.mode === 'consume'))
    gaps.push('no-inputs');

  const shipments = movements.filter((m) => m.role === 'shipped');
  if (movements.some((m) => m.role === 'returned' && !shipments.some((s) => s.span[0] < m.span[1])))
    gaps.push('returned-without-shipment');
  const heldAt = (held: string, [from, until]: Span): boolean =>
    (plant.held.get(held) ?? []).some((h) => h.from <= from && until <= (plant.released.get(h.event) ?? Infinity));
  for (const { role, type, span } of movements) {
    const gap = WHILE_HELD[role];
    if (!gap) continue;
    // Dividing what is on hold is no use of it: its parts are on hold.
    const own = !DIVIDES.has(type) && heldAt(unit, span);
    if (own || contentAt(links, unit, span[0]).some((inside) => heldAt(inside, span))) gaps.push(gap);
  }
  if (
    made.length > 0 &&
    movements.some(
      (m) => ['shipped', 'scrapped', 'installed'].includes(m.role) && made.every((x) => m.span[1] <= x.span[0]),
    )
  ) {
    gaps.push('before-it-existed');
  }
  return gaps;
}
