import { DomainError } from '@/kernel';
import { readUnitName, type UnitName, type UnitNamed, unitsScanned } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { unitsByName } from '../queries';

/** What is to be held: exactly one way of saying it. */
export interface HoldScope {
  units?: UnitNamed[];
  container?: string;
}

/** A unit of a scope, as an event names it; id null where nothing has recorded it yet. */
export interface ScopeUnit {
  unitId: number | null;
  name: Exclude<UnitName, { scan: string }>;
}

export interface FoundScope {
  units: ScopeUnit[];
  /** held through its container, so that what is in it at that time is held with it */
  container?: string;
}

/**
 * The units that a scope means now, each once, known ones in the order of their ids: whoever locks them does so in one order.
 * Throws HOLD_SCOPE, UNIT_UNKNOWN (a code that nothing bears), SCAN_UNREADABLE (several bear it).
 */
export async function findScope(q: Queryable, scope: HoldScope): Promise<FoundScope> {
  const said = (['units', 'container'] as const).filter((way) => scope[way] !== undefined);
  if (said.length !== 1) throw new DomainError('HOLD_SCOPE');
  if (scope.container !== undefined) return { units: [], container: scope.container };
  return { units: await named(q, scope.units ?? []) };
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
