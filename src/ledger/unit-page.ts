/** What one unit is, at a ledger position: for the unit's page and for whoever scans it. */
import { formatDecimal, formatTime, parseDecimal } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { heldInside } from './db/inside';
import { foldHoldings, Holding, HoldingMovement } from './domain/holdings';
import {
  Components,
  holdsOf,
  Housed,
  linkEvents,
  linksOutOf,
  mayBeInstalled,
  movementsOf,
  partnersAt,
  placesAt,
  RecordedMovement,
  Stay,
  staysOf,
  unitsByIds,
} from './genealogy';
import { attributesOf } from './attributes';
import { UnitIdentity, unitRef } from './queries';

const ORIGIN: Record<string, string> = {
  receive: 'received',
  create: 'created',
  produce: 'produced',
  split: 'split',
  merge: 'merged',
  'top-up': 'topped-up',
  correct: 'corrected',
};

export function holdingMovements(movements: readonly RecordedMovement[]): HoldingMovement[] {
  return movements.map((m) => ({
    eventId: m.eventId,
    role: m.role,
    atFrom: m.atFrom,
    atUntil: m.atUntil,
    quantity: m.quantity === null ? null : parseDecimal(m.quantity),
    placeId: m.placeId,
    partnerId: m.partnerId,
    containerId: m.containerId,
    parents: m.parents,
    slot: m.slot,
  }));
}

export async function unitPage(q: Queryable, unit: UnitIdentity, position: number) {
  const movements = await movementsOf(q, position, [unit.unitId]);
  const folded = foldHoldings(holdingMovements(movements), unit.kind);
  const holdings = await outermost(q, position, unit, folded.holdings);
  const made = movements.find((m) => m.role === 'made');
  const receipt = movements.find((m) => m.role === 'made' && m.eventType === 'receive');
  const places = await placesAt(q, position, known(holdings.map((h) => h.placeId)));
  const partners = await partnersAt(
    q,
    position,
    known([...holdings.map((h) => h.customerId), receipt?.partnerId ?? null]),
  );
  const aliases = await q.query<{ alias: string; kind: string; partner: string | null; event_id: number }>(
    `SELECT a.alias, a.kind, p.code AS partner, a.event_id FROM unit_alias a LEFT JOIN partner p USING (partner_id)
      WHERE a.unit_id = $1 AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id) ORDER BY a.unit_alias_id`,
    [unit.unitId],
  );
  const [expiry] = await q.query<{ expires: number | null }>(
    `SELECT expires_ms AS expires FROM holding WHERE unit_id = $1 LIMIT 1`,
    [unit.unitId],
  );
  const holds = (await holdsOf(q, position, [unit.unitId])).filter((h) => h.releasedMs === null);
  const within = (await heldInside(q, [unit.unitId])).get(unit.unitId);
  const shown = holdings.map((h) => ({
    state: h.state,
    place: h.placeId === null ? null : (places.get(h.placeId)?.code ?? null),
    customer: h.customerId === null ? null : (partners.get(h.customerId)?.code ?? null),
    quantity: h.quantity === null ? null : { value: formatDecimal(h.quantity), uom: unit.uom },
  }));
  const only = <K extends 'state' | 'place' | 'customer'>(key: K) =>
    new Set(shown.map((h) => h[key])).size === 1 ? shown[0]![key] : null;
  const here = holdings.filter((h) => h.state !== 'scrapped' && h.state !== 'used');
  // A piece that may be in either of two places is one piece all the same.
  const onePiece = unit.kind === 'serial' && here.length > 1 && here.length === holdings.length;
  const total = onePiece
    ? folded.holdings[0]!.quantity
    : here.some((h) => h.quantity === null)
      ? null
      : here.reduce((sum, h) => sum + h.quantity!, 0n);
  return {
    id: unit.id,
    unit: unitRef(unit.item, unit.kind, unit.code),
    name: unit.name,
    kind: unit.kind,
    made: made ? formatTime(made.atFrom) : null,
    /** only the day is known; as it was written */
    madeCoarse: made !== undefined && made.atUntil - made.atFrom > 1,
    madeDay: await madeDay(q, made),
    origin: made ? (ORIGIN[made.eventType] ?? made.eventType) : 'mentioned',
    supplier: receipt?.partnerId != null ? (partners.get(receipt.partnerId)?.code ?? null) : null,
    supplierLot: aliases.find((a) => a.kind === 'supplier-lot')?.alias ?? null,
    expires: formatTime(expiry?.expires ?? null),
    aliases: aliases.map(({ alias, kind, partner }) => ({ alias, kind, partner })),
    attributes: await attributesOf(q, unit.unitId),
    state: only('state'),
    place: only('place'),
    customer: only('customer'),
    quantity: total === null ? null : { value: formatDecimal(total), uom: unit.uom },
    holdings: shown,
    holds: holds.map((h) => ({ id: `h${h.holdId}`, reason: h.reason, ref: h.ref, at: formatTime(h.atMs) })),
    /** the first open hold on what is, or may still be, in it: it goes nowhere with that */
    heldInside: within ? { unit: within['unit'], reason: within['reason'] } : null,
    ledgerPosition: position,
  };
}

function known(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids.filter((id) => id !== null))];
}

/**
 * A component is where its outermost parent is: with that parent's customer once that has been shipped. Where the record
 * cannot tell which of several parents it is in, it has a holding for each place that it can be.
 */
async function outermost(
  q: Queryable,
  position: number,
  { unitId, kind }: UnitIdentity,
  holdings: Holding[],
): Promise<readonly Holding[]> {
  const units = new Map<number, Housed>([[unitId, { kind, holdings, shipments: [] }]]);
  const stays = new Map<number, Stay[]>();
  let open = [unitId].filter((id) => holdings.some((h) => h.state === 'in-work') && mayBeInstalled(units.get(id)!));
  if (open.length === 0) return holdings;
  while (open.length > 0) {
    for (const link of await linksOutOf(q, position, open)) {
      if (link.mode !== 1) continue;
      const own = stays.get(link.input);
      if (own) own.push(...staysOf(link));
      else stays.set(link.input, staysOf(link));
    }
    const above = new Set(open.flatMap((id) => (stays.get(id) ?? []).map((s) => s.parent)));
    const found = [...above].filter((id) => !units.has(id));
    const movements = await movementsOf(q, position, found, { types: false });
    for (const u of await unitsByIds(q, found)) {
      const own = holdingMovements(movements.filter((m) => m.unitId === u.unitId));
      units.set(u.unitId, { kind: u.kind, holdings: foldHoldings(own, u.kind).holdings, shipments: [] });
    }
    open = found.filter((id) => mayBeInstalled(units.get(id)!));
  }
  const components = new Components(
    (id) => units.get(id)!,
    (id) => stays.get(id) ?? [],
  );
  return components.place(unitId).holdings;
}

/** The day as it was written, where a making is known by its day alone. */
async function madeDay(q: Queryable, made: RecordedMovement | undefined): Promise<string | null> {
  if (!made || made.atUntil - made.atFrom === 1) return null;
  const event = (await linkEvents(q, [made.eventId])).get(made.eventId)!;
  const days = [event.body.madeAt, event.body.at, event.at].filter(
    (at): at is string => typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at),
  );
  // A unit that was there before the event that tells of it: the day that its making covers.
  return days.sort()[0] ?? null;
}
