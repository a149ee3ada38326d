/** From events to what mixing reads, straight from EVENTS.md and SETTLED.md: moves and draws with their quantities. */
import type { MixedDraw, MixedMove, MixedPlant, MixedUnit } from './amounts';
import { keyOf, MasterData, ReferenceFacts, SentEvent, UnitName } from './plant';

const PIECE = 1_000_000_000n;
const DAY = 86_400_000;

interface Row {
  unit: UnitName;
  quantity?: { value: string };
  mode?: string;
  for?: number[];
  from?: string;
  until?: string;
}

/** Draws of one event of which the rules leave open what went where: the same lot in several rows. */
export function isUnclear(e: SentEvent): boolean {
  const fact = e.type === 'correct' ? (e.with as SentEvent) : e;
  const inputs = (fact.inputs ?? []) as Row[];
  return new Set(inputs.map((i) => keyOf(i.unit))).size < inputs.length;
}

export function mixedPlant(master: MasterData, facts: ReferenceFacts, events: readonly SentEvent[]): MixedPlant {
  const gone = new Set(events.filter((e) => e.type === 'void' || e.type === 'correct').map((e) => e.event));
  const standing = events
    .filter((e) => !gone.has(e.id) && e.type !== 'void')
    .map((e) => (e.type === 'correct' ? { at: e.at, ...(e.with as SentEvent), id: e.id } : e));
  const moves: MixedMove[] = [];
  const draws: MixedDraw[] = [];
  const kind = (unit: string): MixedUnit['kind'] => (JSON.parse(unit) as [string, MixedUnit['kind']])[1];
  const amount = (row: { unit: UnitName; quantity?: { value: string } }): bigint | null =>
    kind(keyOf(row.unit)) === 'serial' ? PIECE : row.quantity ? BigInt(row.quantity.value) * PIECE : null;
  const start = (text: string): number => Date.parse(text);
  const end = (text: string): number => start(text) + (text.length === 10 ? DAY : 1);

  const draw = (row: Row, from: number, until: number, targets: Row[]): void => {
    const input = keyOf(row.unit);
    const others = targets.filter((t) => keyOf(t.unit) !== input);
    const back = others.length < targets.length || targets.length === 0;
    draws.push({
      input,
      from,
      until,
      // Worked up into itself and into others: how much went where is not said.
      quantity: back && others.length > 0 ? null : amount(row),
      targets: others.map((t) => ({ unit: keyOf(t.unit), made: amount(t) })),
    });
  };
  const move = (row: Row, at: number, role: MixedMove['role'], quantity: MixedMove['quantity'] = amount(row)): void =>
    void moves.push({ unit: keyOf(row.unit), at, role, quantity });

  for (const e of standing) {
    const at = start(e.at!);
    const row = e as unknown as Row;
    switch (e.type) {
      case 'receive':
        move(row, at, 'made');
        break;
      case 'create':
        move(row, Math.min(at, e.madeAt ? start(e.madeAt as string) : at), 'made');
        break;
      case 'produce': {
        const outputs = e.outputs as Row[];
        for (const o of merged(outputs, amount)) move(o, at, 'made', o.made);
        for (const i of (e.inputs ?? []) as Row[]) {
          const serial = kind(keyOf(i.unit)) === 'serial';
          if ((i.mode ?? (serial ? 'install' : 'consume')) !== 'consume') continue;
          const from = i.from ? start(i.from) : at;
          const until = i.until
            ? i.until.length === 10
              ? end(i.until)
              : start(i.until)
            : Math.max(from + 1, end(e.at!), i.from ? end(i.from) : 0);
          const asked = (i.for ?? [...outputs.keys()]).map((n) => keyOf(outputs[n]!.unit));
          const whole = merged(outputs, amount);
          const itself = whole.some((o) => keyOf(o.unit) === keyOf(i.unit));
          const targets = whole.filter((o) => asked.includes(keyOf(o.unit)));
          const input = keyOf(i.unit);
          const others = targets.filter((t) => keyOf(t.unit) !== input);
          draws.push({
            input,
            from,
            until,
            quantity: itself && others.length > 0 ? null : amount(i),
            targets: others.map((t) => ({ unit: keyOf(t.unit), made: t.made })),
          });
        }
        break;
      }
      case 'split':
      case 'merge': {
        const targets = e.to as Row[];
        for (const t of targets) move(t, at, 'made');
        for (const f of e.from as Row[]) draw(f, at, end(e.at!), targets);
        break;
      }
      case 'top-up': {
        const vessel = { unit: e.vessel as UnitName, quantity: row.quantity };
        move(vessel, at, 'made');
        draw(row, at, end(e.at!), [vessel]);
        break;
      }
      case 'ship':
      case 'return':
      case 'scrap': {
        const role = ({ ship: 'shipped', return: 'returned', scrap: 'scrapped' } as const)[e.type];
        for (const r of e.type === 'scrap' ? [row] : (e.units as Row[])) {
          const unit = keyOf(r.unit);
          const single = e.type === 'return' ? customers(unit, standing) <= 1 : places(unit, standing) <= 1;
          move(r, at, role, amount(r) ?? (single ? 'all' : null));
        }
        break;
      }
    }
  }

  const units = new Map<string, MixedUnit>();
  for (const name of facts.units.keys())
    units.set(name, { kind: kind(name), uom: master.items.find((i) => i.item === facts.units.get(name)!.item)!.uom });
  for (const d of draws) {
    // SETTLED 5
    const made = Math.min(Infinity, ...moves.filter((m) => m.role === 'made' && m.unit === d.input).map((m) => m.at));
    if (made < Infinity && d.until <= made) d.until = made + 1;
  }
  const stays = facts.links.filter((l) => l.mode === 'install');
  return { units, moves, draws, stays };
}

/** The outputs of an event, each once, with all that was made of it. */
function merged(rows: Row[], amount: (row: Row) => bigint | null): (Row & { made: bigint | null })[] {
  const found = new Map<string, Row & { made: bigint | null }>();
  for (const row of rows) {
    const same = found.get(keyOf(row.unit));
    const made = amount(row);
    if (!same) found.set(keyOf(row.unit), { ...row, made });
    else same.made = same.made === null || made === null ? null : same.made + made;
  }
  return [...found.values()];
}

/** In how many places the unit ever came up: "" stands for none named. */
function places(unit: string, events: readonly SentEvent[]): number {
  const found = new Set<string>();
  for (const e of events) {
    const named = (rows: unknown): boolean => ((rows ?? []) as Row[]).some((r) => keyOf(r.unit) === unit);
    const itself = e.unit !== undefined && keyOf(e.unit as UnitName) === unit;
    const place = (e.place as string | undefined) ?? '';
    if (itself && ['receive', 'create', 'remove', 'unload'].includes(e.type)) found.add(place);
    if (e.type === 'produce' && named(e.outputs)) found.add(place);
    if ((e.type === 'split' || e.type === 'merge') && named(e.to)) found.add(place);
    if (e.type === 'top-up' && keyOf(e.vessel as UnitName) === unit) found.add(place);
    if (e.type === 'return' && named(e.units)) found.add(place);
    if (e.type === 'move' && itself) found.add(e.to as string);
  }
  return found.size;
}

function customers(unit: string, events: readonly SentEvent[]): number {
  const to = events.filter((e) => e.type === 'ship' && (e.units as Row[]).some((r) => keyOf(r.unit) === unit));
  return new Set(to.map((e) => e.customer)).size;
}
