import { findUnit, readGaps, sealLedger } from '@/ledger';
import type { Database, UnitOfWork } from '@/platform/db';

/** What the record cannot tell about one unit, as everybody knows it now: the gaps that any trace through it shows of it. */
export async function gapsOfUnit(db: Database, uow: UnitOfWork, ref: string) {
  const { unitId } = await findUnit(db, ref);
  return (await readGaps(db, await sealLedger(uow), [unitId])).gaps;
}
