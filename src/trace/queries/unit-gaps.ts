import {
  findUnit,
  Gap,
  holdsOf,
  identities,
  linksInto,
  linksOutOf,
  movementsOf,
  RecordedLink,
  sealLedger,
  unitGaps,
  UnitStory,
} from '@/ledger';
import type { Database, UnitOfWork } from '@/platform/db';
import { bomsAt } from '@/reference/catalog';
import { unitText } from '../domain/question';
import { nanos } from '../app/stories';

/** What the record cannot tell about one unit, as everybody knows it now: the gaps that any trace through it would show. */
export async function gapsOfUnit(db: Database, uow: UnitOfWork, ref: string): Promise<Gap[]> {
  const unit = await findUnit(db, ref);
  const position = await sealLedger(uow);
  const ids = [unit.unitId];
  const movements = await movementsOf(db, position, ids);
  const holds = await holdsOf(db, position, ids);
  const out = await linksOutOf(db, position, ids);
  const into = await linksInto(db, position, ids);
  const boms = await bomsAt(db, [unit.itemId], position);
  const odd = out.filter((l) => l.end?.cause === 'implied' || l.end?.cause === 'orphan');
  const parents = await identities(
    db,
    odd.map((l) => l.output),
  );
  const parentText = (l: RecordedLink) => {
    const p = parents.get(l.output)!;
    return unitText(p.item, p.kind, p.code);
  };
  const story: UnitStory = {
    name: unitText(unit.item, unit.kind, unit.code),
    kind: unit.kind,
    uom: unit.uom,
    movements: movements.map((m) => ({
      event: m.eventId,
      type: m.eventType,
      role: m.role,
      from: m.atFrom,
      until: m.atUntil,
      quantity: m.quantity === null ? null : nanos(m.quantity),
      placeId: m.placeId,
      partnerId: m.partnerId,
    })),
    linksOut: out.map((l) => ({
      event: l.eventId,
      mode: l.mode === 0 ? ('consume' as const) : ('install' as const),
      from: l.from ?? -Infinity,
      until: l.from === null ? (l.statedUntil ?? Infinity) : Math.max(l.statedUntil ?? Infinity, l.from + 1),
    })),
    linksIn: into.map((l) => ({ event: l.eventId, mode: l.mode === 0 ? ('consume' as const) : ('install' as const) })),
    ends: odd.map((l) => ({
      event: l.eventId,
      cause: l.end!.cause as 'implied' | 'orphan',
      at: l.end!.until ?? Infinity,
      parent: parentText(l),
    })),
    holds: holds.map((h) => ({ from: h.atMs, until: h.releasedMs ?? Infinity, reason: h.reason })),
    bomTracked: (boms.get(unit.itemId) ?? []).some((b) => b.lines.some((line) => line.tracking !== 'none')),
  };
  return unitGaps(story);
}
