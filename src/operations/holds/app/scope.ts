import { DomainError } from '@/kernel';
import {
  inWorkAt,
  placesBelow,
  readUnitName,
  type StockFilter,
  stockFilterOf,
  type StockUnit,
  stockUnits,
  type UnitName,
  type UnitNamed,
  unitsScanned,
} from '@/ledger';
import type { Settings } from '@/platform/config';
import type { Queryable } from '@/platform/db';
import { unitsByName } from '../queries';

/** What is to be held: exactly one way of saying it. */
export interface HoldScope {
  units?: UnitNamed[];
  container?: string;
  /** all stock there and below, and what is in work there */
  place?: string;
  /** the parameters of `GET /stock` */
  query?: Record<string, string>;
}

/** A unit of a scope, as an event names it; id null where nothing has recorded it yet. */
export interface ScopeUnit {
  unitId: number | null;
  name: Exclude<UnitName, { scan: string }>;
}

export interface FoundScope {
  /** for a container: what is in it now */
  units: ScopeUnit[];
  /** held through its container, so that what is in it at that time is held with it */
  container?: string;
}

/**
 * The units that a scope means now, each once, in the order of their ids: whoever locks them does so in one order. `zone`: whose
 * days are meant. Throws HOLD_SCOPE, HOLD_TOO_MANY, UNIT_UNKNOWN (a code that nothing bears), SCAN_UNREADABLE (several bear it),
 * and what the filters of stock throw.
 */
export async function findScope(q: Queryable, scope: HoldScope, settings: ScopeSettings): Promise<FoundScope> {
  const { units, container, place, query } = scope;
  if ([units, container, place, query].filter((way) => way !== undefined).length !== 1)
    throw new DomainError('HOLD_SCOPE');
  if (units !== undefined) return { units: await named(q, units) };
  if (container !== undefined) return { units: await stocked(q, { container, states: 'any' }, settings), container };
  if (place !== undefined) return { units: await standingAt(q, place, settings) };
  // Without any condition it would be the whole plant: nobody means that by saying nothing.
  if (query === undefined || Object.keys(query).length === 0) throw new DomainError('HOLD_SCOPE');
  return { units: await stocked(q, stockFilterOf(query, settings.timeZone), settings) };
}

type ScopeSettings = Pick<Settings, 'timeZone' | 'holdUnitsMax'>;

async function stocked(q: Queryable, filter: StockFilter, settings: ScopeSettings): Promise<ScopeUnit[]> {
  return counted(await stockUnits(q, filter, settings.holdUnitsMax + 1), settings);
}

/** What is loaded on a feeder there, or built into what stands there, has no place of its own: it is meant all the same. */
async function standingAt(q: Queryable, place: string, settings: ScopeSettings): Promise<ScopeUnit[]> {
  const stock = await stockUnits(q, { place }, settings.holdUnitsMax + 1);
  const inWork = await inWorkAt(
    q,
    await placesBelow(q, place),
    stock.map((unit) => unit.unitId),
  );
  const all = new Map([...stock, ...inWork].map((unit) => [unit.unitId, unit]));
  return counted(
    [...all.values()].sort((a, b) => a.unitId - b.unitId),
    settings,
  );
}

function counted(units: readonly StockUnit[], { holdUnitsMax }: ScopeSettings): ScopeUnit[] {
  if (units.length > holdUnitsMax)
    throw new DomainError('HOLD_TOO_MANY', { units: units.length, limit: holdUnitsMax, setting: 'HOLD_UNITS_MAX' });
  return units.map(({ unitId, ...name }) => ({ unitId, name }));
}

async function named(q: Queryable, units: readonly UnitNamed[]): Promise<ScopeUnit[]> {
  const names: ScopeUnit['name'][] = [];
  for (const [index, unit] of units.entries()) {
    const name = readUnitName(unit, `units[${index}]`);
    names.push('scan' in name ? await scanned(q, name.scan) : name);
  }
  const known = await unitsByName(q, names);
  const found = new Map<string, ScopeUnit>();
  for (const name of names) {
    const key = `${name.item}~${name.code}`;
    found.set(key, { unitId: known.get(key) ?? null, name });
  }
  return [...found.values()].sort((a, b) => (a.unitId ?? Infinity) - (b.unitId ?? Infinity));
}

async function scanned(q: Queryable, scan: string): Promise<ScopeUnit['name']> {
  const [unit, other] = await unitsScanned(q, scan);
  if (!unit) throw new DomainError('UNIT_UNKNOWN', { unit: scan });
  if (other)
    throw new DomainError('SCAN_UNREADABLE', {
      scan,
      reason: 'several units bear this code; scan the full code, or name the item.',
    });
  return { item: unit.item, kind: unit.kind, code: unit.code };
}
