import { DomainError, formatDecimal } from '@/kernel';
import { identities, presentOf, unitRef } from '@/ledger';
import type { ProposeDisposition } from '@/operations/holds';
import type { Tx } from '@/platform/db';

/** What is rejected is proposed to go back to who sent it; another person approves that. */
export async function proposeReturn(
  tx: Tx,
  propose: ProposeDisposition,
  about: { id: string; receipt: string; supplier: string | null },
  rejected: readonly { unitId: number | null; quantity: bigint }[],
): Promise<void> {
  if (about.supplier === null) return;
  const units = await identities(
    tx,
    rejected.flatMap((row) => row.unitId ?? []),
  );
  const present = await presentOf(tx, [...units.keys()]);
  const parts = [...units.values()].map((unit) => {
    const came = rejected.filter((row) => row.unitId === unit.unitId).reduce((sum, row) => sum + row.quantity, 0n);
    const here = present.get(unit.unitId)?.holdings ?? [];
    const all = here.reduce((sum, h) => sum + (h.quantity ?? 0n), 0n);
    // What came of this lot before is not a part of this delivery.
    const part = unit.kind === 'lot' && all > came;
    return {
      unit: unitRef(unit.item, unit.kind, unit.code),
      ...(part && { quantity: { value: formatDecimal(came), uom: unit.uom } }),
    };
  });
  if (parts.length === 0) return;
  try {
    await propose.within(tx, {
      id: about.id,
      kind: 'return-to-supplier',
      reason: `rejected at receipt ${about.receipt}`,
      supplier: about.supplier,
      units: parts,
    });
  } catch (error) {
    // Somebody decides about it already.
    if (!(error instanceof DomainError) || error.code !== 'DISPOSITION_OPEN') throw error;
  }
}
