/** What waits for an inspection: for the list of work to do, and for the form of one of them. */
import { DomainError, formatDecimal, formatTime, parseDecimal } from '@/kernel';
import { presentOf, readUnitName, unitNamed, type UnitNamed, unitRef } from '@/ledger';
import { instructionsFor, type ShownInstruction } from '@/operations/instructions';
import type { Queryable } from '@/platform/db';
import { decodeCursor, type Page, pageSize, toPage } from '@/platform/http';
import { placeNames } from '@/reference/places';
import { linesDelivered, type PendingInspection, pendingInspections } from '../db/inspections';
import { type Characteristic, planDue } from '../domain/inspection';
import { type Verdict, verdictOf } from '../domain/verdict';

export interface InspectionView {
  receipt: string;
  supplier: string | null;
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
  quantity: { value: string; uom: string };
  supplierLot: string | null;
  /** where it is now; null where it is in several places, or in none */
  place: string | null;
  since: string;
  /** what is still to be looked at, with its limits */
  missing: Characteristic[];
  /** whether the plan lets it be skipped, with a reason */
  skippable: boolean;
}

async function views(q: Queryable, rows: readonly PendingInspection[]): Promise<InspectionView[]> {
  const present = await presentOf(q, [...new Set(rows.map((row) => row.unitId))]);
  const placesOf = (unitId: number): number[] => [
    ...new Set((present.get(unitId)?.holdings ?? []).flatMap((one) => one.placeId ?? [])),
  ];
  const names = await placeNames(q, [...new Set(rows.flatMap((row) => placesOf(row.unitId)))]);
  return rows.map((row) => {
    const due = planDue(row.plan, row.pending);
    const [place, other] = placesOf(row.unitId);
    return {
      receipt: row.receipt,
      supplier: row.supplier,
      id: `u${row.unitId}`,
      unit: unitRef(row.item, row.kind, row.code),
      name: row.name,
      quantity: { value: formatDecimal(parseDecimal(row.quantity)), uom: row.uom },
      supplierLot: row.supplierLot,
      place: place === undefined || other !== undefined ? null : (names.get(place)?.code ?? null),
      since: formatTime(row.atMs),
      missing: due.characteristics.filter((one) => !row.passed.includes(one.name)),
      skippable: due.skippable,
    };
  });
}

/** What waits and is in house, the oldest first. */
export async function listInspections(
  q: Queryable,
  filter: { q: string },
  cursor: string | undefined,
  limit: number | undefined,
): Promise<Page<InspectionView>> {
  const size = pageSize(limit);
  const after = decodeCursor<[number, number]>(cursor);
  const rows = await pendingInspections(q, { ...filter, inHouse: true, after, limit: size + 1 });
  const page = toPage(
    rows,
    size,
    (row) => [row.atMs, row.lineId],
    (row) => row,
  );
  return { ...page, data: await views(q, page.data) };
}

export type InspectionsFound = Verdict<ShownInstruction> & {
  /** one for each receipt that the unit waits for, the oldest first; `line`: how many units of its delivered line still wait */
  pending: (InspectionView & { line: number })[];
};

/** What a scan at inspection means: the form that its plan asks for, and how it is to be treated. Changes nothing. */
export async function checkInspection(q: Queryable, named: UnitNamed): Promise<InspectionsFound> {
  let shown: ShownInstruction[] = [];
  try {
    const unit = await unitNamed(q, readUnitName(named));
    const label = `${unit.item} ${unit.code}`;
    const rows = await pendingInspections(q, { units: [unit.unitId] });
    const partners = rows.flatMap((row) => row.supplierId ?? []);
    shown = await instructionsFor(q, { units: [unit.unitId], items: [unit.itemId], partners });
    const [first] = rows;
    if (!first) throw new DomainError('INSPECTION_NOT_PENDING', { unit: label });
    const pending = await views(q, rows);
    const line = await Promise.all(
      rows.map(async (row) => pendingInspections(q, { lines: await linesDelivered(q, row) })),
    );
    return {
      verdict: 'ok',
      message: `${label} came with ${first.receipt}; to be looked at: ${pending[0]!.missing.map((one) => one.name).join(', ')}.`,
      next: 'Enter what you found.',
      unit: { id: unit.id, ...unitRef(unit.item, unit.kind, unit.code) },
      instructions: shown,
      pending: pending.map((one, n) => ({ ...one, line: line[n]!.length })),
    };
  } catch (error) {
    return { ...verdictOf(error, shown), pending: [] };
  }
}
