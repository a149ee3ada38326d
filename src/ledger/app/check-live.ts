import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import type { Tx } from '@/platform/db';
import { HOLD_IS_OPEN } from '../db/load';
import type { Draft, MovementRow, Role } from '../domain/draft';
import { foldHoldings, Holding, HoldingMovement } from '../domain/holdings';
import type { UnitState, World } from '../domain/world';
import { identities } from '../queries';

/** What takes a unit away from where it is. Scrapping and moving are allowed on hold: that is how held stock is dealt with. */
const TAKES: Role[] = ['used', 'installed', 'shipped', 'scrapped', 'moved-out'];
const FREE_ONLY: Role[] = ['used', 'installed', 'shipped'];

interface Present {
  holdings: Holding[];
  hold: string | null;
  expires: number | null;
}

/**
 * What a scanner at the moment of work is refused besides: judged on the present state, under the units' row locks. Each
 * error names the fact that is missing. Throws UNIT_ON_HOLD, UNIT_EXPIRED, ALREADY_INSTALLED, NOT_IN_HOUSE, NOT_HERE, STOCK_SHORT.
 */
export async function checkLive(tx: Tx, world: World, draft: Draft, now: number): Promise<void> {
  const taken = draft.movements.filter((m) => TAKES.includes(m.role) && m.unit.kind !== 'run');
  if (taken.length === 0) return;
  const present = await readPresent(tx, [...new Set(taken.map((m) => m.unit))]);
  const wanted = new Map<string, bigint>();
  for (const m of taken) {
    const { holdings, hold, expires } = present.get(m.unit)!;
    if (FREE_ONLY.includes(m.role)) {
      if (hold !== null) throw new DomainError('UNIT_ON_HOLD', { unit: m.unit.label, reason: hold });
      if (expires !== null && expires <= now) {
        throw new DomainError('UNIT_EXPIRED', { unit: m.unit.label, expires: formatTime(expires) });
      }
    }
    if (m.unit.serial) await serialIsHere(tx, world, m, holdings[0]!);
    else lotIsHere(world, m, holdings, wanted);
  }
}

async function serialIsHere(tx: Tx, world: World, m: MovementRow, where: Holding): Promise<void> {
  if (where.state === 'in-work') {
    const open = m.unit.marks.find((k) => k.kind === 'install' && k.stored?.startsWith('open|'));
    const parents = await identities(tx, open?.parents ?? []);
    const parent = [...parents.values()].map((p) => `${p.item} ${p.code}`).join(', ');
    throw new DomainError('ALREADY_INSTALLED', { unit: m.unit.label, parent });
  }
  if (where.state !== 'in-stock' && where.state !== 'returned') {
    const state = where.state === 'unknown' ? 'nothing recorded says where it came from' : where.state;
    throw new DomainError('NOT_IN_HOUSE', { unit: m.unit.label, state });
  }
  if (m.placeId !== null && where.placeId !== null && m.placeId !== where.placeId) {
    throw new DomainError('NOT_HERE', {
      unit: m.unit.label,
      place: codeOf(world, m.placeId),
      actual: codeOf(world, where.placeId),
    });
  }
}

/** Several rows of one event that take from one lot are added up: together they cannot take more than is there. */
function lotIsHere(world: World, m: MovementRow, holdings: Holding[], wanted: Map<string, bigint>): void {
  const stock = holdings.filter((h) => h.state === 'in-stock' || h.state === 'returned');
  if (stock.length === 0) {
    throw new DomainError('NOT_IN_HOUSE', { unit: m.unit.label, state: holdings[0]?.state ?? 'unknown' });
  }
  const here = m.placeId === null ? stock : stock.filter((h) => h.placeId === m.placeId || h.placeId === null);
  if (here.length === 0) {
    const actual = stock.map((h) => codeOf(world, h.placeId)).join(', ');
    throw new DomainError('NOT_HERE', { unit: m.unit.label, place: codeOf(world, m.placeId), actual });
  }
  if (m.quantity === null || here.some((h) => h.quantity === null)) return;
  const available = here.reduce((sum, h) => sum + h.quantity!, 0n);
  const key = `${m.unit.id}|${m.placeId}`;
  const sum = (wanted.get(key) ?? 0n) + m.quantity;
  wanted.set(key, sum);
  if (sum > available) {
    throw new DomainError('STOCK_SHORT', {
      unit: m.unit.label,
      available: formatDecimal(available),
      wanted: formatDecimal(sum),
      uom: m.unit.item.uom,
    });
  }
}

function codeOf(world: World, placeId: number | null): string {
  if (placeId === null) return 'no recorded place';
  return [...world.places].find(([, p]) => p.id === placeId)?.[0] ?? `place ${placeId}`;
}

async function readPresent(tx: Tx, units: readonly UnitState[]): Promise<Map<UnitState, Present>> {
  const ids = units.map((u) => u.id);
  const rows = await tx.query<{
    unit_id: number;
    event_id: number;
    role: Role;
    at_from: number;
    at_until: number;
    quantity: string | null;
    place_id: number | null;
    partner_id: number | null;
    expires_ms: number | null;
  }>(
    `SELECT m.unit_id, m.event_id, m.role, m.at_from, m.at_until, m.quantity, m.place_id, m.partner_id, m.expires_ms FROM movement m
      WHERE m.unit_id = ANY ($1) AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id) ORDER BY m.movement_id`,
    [ids],
  );
  const holds = await tx.query<{ unit_id: number; reason: string }>(
    `SELECT DISTINCT ON (h.unit_id) h.unit_id, h.reason FROM hold h WHERE h.unit_id = ANY ($1) AND ${HOLD_IS_OPEN} ORDER BY h.unit_id, h.hold_id`,
    [ids],
  );
  const held = new Map(holds.map((h) => [h.unit_id, h.reason]));
  return new Map(
    units.map((unit) => {
      const own = rows.filter((r) => r.unit_id === unit.id);
      const movements: HoldingMovement[] = own.map((r) => ({
        eventId: r.event_id,
        role: r.role,
        atFrom: r.at_from,
        atUntil: r.at_until,
        quantity: r.quantity === null ? null : parseDecimal(r.quantity),
        placeId: r.place_id,
        partnerId: r.partner_id,
      }));
      const expiries = own.flatMap((r) => (r.expires_ms === null ? [] : [r.expires_ms]));
      const expires = expiries.length > 0 ? Math.min(...expiries) : null;
      return [
        unit,
        { holdings: foldHoldings(movements, unit.kind).holdings, hold: held.get(unit.id) ?? null, expires },
      ];
    }),
  );
}
