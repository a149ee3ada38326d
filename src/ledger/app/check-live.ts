import { DomainError, formatTime } from '@/kernel';
import type { Tx } from '@/platform/db';
import type { Draft, MovementRow } from '../domain/draft';
import type { UnitState, World } from '../domain/world';
import { HOLD_IS_OPEN } from '../db/load';

const LEAVING = new Set(['used', 'installed', 'shipped']);

/**
 * What a scanner at the moment of work is refused besides: on the present state, under the units' row locks. Names the fact
 * that is missing. Throws UNIT_ON_HOLD, UNIT_EXPIRED, ALREADY_INSTALLED.
 */
export async function checkLive(tx: Tx, world: World, draft: Draft, now: number): Promise<void> {
  const leaving = draft.movements.filter((m) => LEAVING.has(m.role) && m.unit.stored);
  if (leaving.length === 0) return;
  const ids = [...new Set(leaving.map((m) => m.unit.id))];
  const facts = await tx.query<{ unit_id: number; reason: string | null; expires: number | null }>(
    `SELECT x.unit_id,
            (SELECT h.reason FROM hold h WHERE h.unit_id = x.unit_id AND ${HOLD_IS_OPEN} ORDER BY h.hold_id LIMIT 1) AS reason,
            (SELECT min(m.expires_ms) FROM movement m WHERE m.unit_id = x.unit_id AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = m.event_id)) AS expires
       FROM unnest($1::int[]) AS x(unit_id)`,
    [ids],
  );
  const byId = new Map(facts.map((f) => [f.unit_id, f]));
  for (const m of leaving) {
    const fact = byId.get(m.unit.id);
    if (fact?.reason) throw new DomainError('UNIT_ON_HOLD', { unit: m.unit.label, reason: fact.reason });
    if (fact?.expires != null && fact.expires <= now)
      throw new DomainError('UNIT_EXPIRED', { unit: m.unit.label, expires: formatTime(fact.expires) });
    notInstalledElsewhere(world, m);
  }
}

function notInstalledElsewhere(world: World, m: MovementRow): void {
  const open = m.unit.serial ? openInstallation(m.unit) : undefined;
  if (!open) return;
  const parents = open.parents.map((p) => world.unitsById.get(p)?.label ?? `u${p}`);
  throw new DomainError('ALREADY_INSTALLED', { unit: m.unit.label, parent: parents.join(', ') });
}

function openInstallation(unit: UnitState) {
  return unit.marks.find((m) => m.kind === 'install' && m.stored?.startsWith('open|') && m.statedUntil === null);
}
