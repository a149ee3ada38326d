/** The mass balance of one unit at a ledger position: where all of it came from and went. */
import { DomainError, formatDecimal } from '@/kernel';
import {
  findUnit,
  foldHoldings,
  holdingMovements,
  identities,
  linkParts,
  linksOutOf,
  movementsOf,
  partnersAt,
  placesAt,
  RecordedLink,
  RecordedMovement,
  sealLedger,
  unitRef,
  unitsKnownAt,
} from '@/ledger';
import type { Database, Queryable, UnitOfWork } from '@/platform/db';
import { BalanceDraw, balanceOf, BalanceStay } from '../domain/balance';
import { drawsOf } from '../domain/draws';
import { nanos } from './stories';

/** Outputs that are listed one by one; the others are counted and summed up. */
const OUTPUTS_LISTED_MAX = 1_000;

export async function massBalance(db: Database, uow: UnitOfWork, ref: string, asked: number | undefined) {
  const unit = await findUnit(db, ref);
  const newest = await sealLedger(uow);
  const position = asked ?? newest;
  if (position > newest) throw new DomainError('POSITION_AHEAD', { position: newest, asked: position });
  if (!(await unitsKnownAt(db, position, [unit.unitId])).has(unit.unitId))
    throw new DomainError('NOT_FOUND', { what: 'unit', key: ref });

  const movements = await movementsOf(db, position, [unit.unitId]);
  const links = await linksOutOf(db, position, [unit.unitId]);
  const outputs = await identities(db, [...new Set([unit.unitId, ...links.map((l) => l.output)])]);
  const draws = await consumptions(db, position, movements, links, (id) => outputs.get(id)!.uom);
  const { holdings, corrections } = foldHoldings(holdingMovements(movements), unit.kind);
  const balance = balanceOf({
    unit: unit.unitId,
    uom: unit.uom,
    serial: unit.kind === 'serial',
    movements: movements.map((m) => ({
      event: m.eventId,
      type: m.eventType,
      role: m.role,
      at: m.atFrom,
      quantity: quantity(m),
      customerId: m.partnerId,
    })),
    draws,
    stays: openStays(links),
    holdings,
    corrections,
  });

  const places = await placesAt(db, position, known(balance.inStock.map((s) => s.placeId)));
  const partners = await partnersAt(db, position, known(balance.shipped.map((s) => s.customerId)));
  const used = balance.used
    .map((row) => ({ ...row, ...outputs.get(row.unit)! }))
    .sort((a, b) => largestFirst(a.quantity, b.quantity) || (a.item + a.code < b.item + b.code ? -1 : 1));
  const listed = used.slice(0, OUTPUTS_LISTED_MAX);
  const more = used.slice(OUTPUTS_LISTED_MAX);
  const moreSum = more.some((r) => r.quantity === null) ? null : more.reduce((sum, r) => sum + r.quantity!, 0n);
  return {
    id: unit.id,
    unit: unitRef(unit.item, unit.kind, unit.code),
    name: unit.name,
    uom: unit.uom,
    ledgerPosition: position,
    in: Object.fromEntries(Object.entries(balance.in).map(([from, n]) => [from, text(n)])),
    usedIn: listed.map((r) => ({
      id: r.id,
      unit: unitRef(r.item, r.kind, r.code),
      name: r.name,
      mode: r.mode,
      quantity: text(r.quantity),
    })),
    usedInMore: more.length === 0 ? null : { units: more.length, quantity: text(moreSum) },
    usedTotal: text(balance.usedTotal),
    inStock: balance.inStock.map(({ placeId, quantity }) => ({
      place: placeId === null ? null : (places.get(placeId)?.code ?? null),
      quantity: text(quantity),
    })),
    shipped: balance.shipped.map(({ customerId, quantity }) => ({
      customer: customerId === null ? null : (partners.get(customerId)?.code ?? null),
      quantity: text(quantity),
    })),
    scrapped: text(balance.scrapped),
    adjusted: text(balance.adjusted),
    unexplained: text(balance.unexplained),
    balanced: balance.unexplained === 0n,
    unknown: balance.unknown,
  };
}

const text = (nano: bigint | null): string | null => (nano === null ? null : formatDecimal(nano));
const quantity = (row: { quantity: string | null }): bigint | null =>
  row.quantity === null ? null : nanos(row.quantity);

function largestFirst(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a > b ? -1 : a < b ? 1 : 0;
}

function known(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids.filter((id) => id !== null))];
}

/** The unit's consumptions, draw by draw, with what their events made of each output. */
async function consumptions(
  q: Queryable,
  position: number,
  movements: readonly RecordedMovement[],
  links: readonly RecordedLink[],
  uomOf: (unitId: number) => string,
): Promise<BalanceDraw[]> {
  const consumed = groupBy(
    links.filter((l) => l.mode === 0),
    (l) => l.eventId,
  );
  const ownMaking = new Set(movements.filter((m) => m.role === 'made').map((m) => m.eventId));
  const used = groupBy(
    movements.filter((m) => m.role === 'used'),
    (m) => m.eventId,
  );
  const found = [...used].flatMap(([event, rows]) => {
    const at = rows[0]!.atFrom;
    const into = (consumed.get(event) ?? []).map((l) => ({
      output: l.output,
      from: l.from!,
      until: l.statedUntil!,
      quantity: quantity(l),
      slot: l.slot,
    }));
    const drawn = rows.map((m) => ({ quantity: quantity(m) }));
    return drawsOf(drawn, into, ownMaking.has(event), at).map((draw) => ({ event, at, draw }));
  });
  const dividing = found.filter((d) => d.draw.outputs.length > 1);
  const made = await madeBy(q, position, dividing);
  return found.map(({ event, at, draw }) => ({
    event,
    at,
    quantity: draw.quantity,
    outputs: draw.outputs.map((id) => ({ unit: id, made: made.get(`${event} ${id}`) ?? null, uom: uomOf(id) })),
    undivided: draw.undivided === true,
  }));
}

async function madeBy(
  q: Queryable,
  position: number,
  draws: readonly { event: number; draw: { outputs: readonly number[] } }[],
): Promise<Map<string, bigint | null>> {
  const events = new Set(draws.map((d) => d.event));
  const units = [...new Set(draws.flatMap((d) => d.draw.outputs))];
  const made = new Map<string, bigint | null>();
  for (const m of await movementsOf(q, position, units, { types: false })) {
    if (m.role !== 'made' || !events.has(m.eventId)) continue;
    const key = `${m.eventId} ${m.unitId}`;
    const sum = made.get(key);
    const own = quantity(m);
    made.set(key, sum === undefined ? own : sum === null || own === null ? null : sum + own);
  }
  return made;
}

function openStays(links: readonly RecordedLink[]): BalanceStay[] {
  return links
    .filter((l) => l.mode === 1)
    .flatMap((l) =>
      linkParts(l, undefined)
        .filter((part) => part.until === Infinity)
        .map(({ certain }) => ({ parent: l.output, certain, quantity: quantity(l) })),
    );
}

function groupBy<T>(rows: readonly T[], key: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const own = groups.get(key(row));
    if (own) own.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
