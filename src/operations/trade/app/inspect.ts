import { Injectable } from '@nestjs/common';
import { DomainError, formatTime, parseDecimal, parsePeriod } from '@/kernel';
import {
  HOLD_IS_OPEN,
  readUnitName,
  RecordEvents,
  type UnitIdentity,
  unitNamed,
  type UnitNamed,
  unitRef,
} from '@/ledger';
import { ProposeDisposition } from '@/operations/holds';
import { acknowledge, type ShownInstruction } from '@/operations/instructions';
import { once } from '@/platform/commands';
import { Settings } from '@/platform/config';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import {
  endInspections,
  linesDelivered,
  lockInspections,
  type PendingInspection,
  pendingInspections,
} from '../db/inspections';
import { type Decision, type Outcome, outcomeOf, planDue, type Result } from '../domain/inspection';
import type { Verdict } from '../domain/verdict';
import { inspectEvent } from './inspect-event';
import { proposeReturn } from './propose-return';

export interface InspectInput {
  id: string;
  unit: UnitNamed;
  /** which delivery, where the lot came with several that wait */
  receipt?: string;
  /** the results count for all units of the delivered line that still wait */
  line?: boolean;
  inspection?: { characteristic: string; measured?: string; result?: 'pass' | 'fail' }[];
  skipInspection?: string;
  decision?: 'hold' | 'reject';
  reason?: string;
  at?: string;
  note?: string;
  acknowledged?: string[];
}

export interface Inspected extends Verdict<ShownInstruction> {
  receipt: string;
  decision: Decision;
  /** how many units it was about */
  units: number;
  /** what is still to be looked at */
  missing: string[];
  /** why it is on hold now; none: it is free */
  holds: string[];
}

interface Done {
  row: PendingInspection;
  outcome: Outcome;
}

/**
 * Brings the results that a receipt waited for, in one transaction with what follows: passed, and the hold of that receipt for
 * that inspection is taken off, no other one; failed, and a hold that says so stands in its place; partly, and it goes on waiting.
 */
@Injectable()
export class Inspect {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly proposeDisposition: ProposeDisposition,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws UNIT_UNKNOWN, INSPECTION_NOT_PENDING, INSPECTION_AMBIGUOUS, INSPECTION_INCOMPLETE (nothing was said, or a skip that the
   * plan does not allow), FIELD_INVALID (a result against its limits), REASON_REQUIRED, INSTRUCTION_UNACKNOWLEDGED.
   */
  execute(ctx: Context, input: InspectInput): Promise<Inspected> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'inspect', content: input }, () => this.inspect(tx, input)),
    );
  }

  private async inspect(tx: Tx, input: InspectInput): Promise<Inspected> {
    const unit = await unitNamed(tx, readUnitName(input.unit));
    const rows = await this.lock(tx, unit, input);
    const [first] = rows as [PendingInspection];
    const done = rows.map((row) => ({ row, outcome: judge(row, input) }));
    await this.record(tx, done, input);
    for (const { row, outcome } of done)
      if (outcome.pending.length === 0)
        await endInspections(tx, [row.lineId], {
          decision: outcome.decision,
          reason: outcome.hold ?? input.skipInspection ?? input.reason ?? null,
        });
    const rejected = done.filter(({ outcome }) => outcome.decision === 'reject');
    await proposeReturn(
      tx,
      this.proposeDisposition,
      { id: `inspect:${input.id}`, receipt: first.receipt, supplier: first.supplier },
      rejected.map(({ row }) => ({ unitId: row.unitId, quantity: parseDecimal(row.quantity) })),
    );
    const unitIds = rows.map((row) => row.unitId);
    const partners = first.supplierId === null ? [] : [first.supplierId];
    const touched = { units: unitIds, items: [first.itemId], partners };
    const instructions = await acknowledge(tx, touched, input.acknowledged ?? [], { command: `inspect:${input.id}` });
    await tx.audit({
      action: 'inspect',
      subject: `receipt:${first.receipt}`,
      after: {
        unit: `${unit.item} ${unit.code}`,
        units: rows.length,
        decision: done[0]!.outcome.decision,
        skip: input.skipInspection,
      },
    });
    const holds = await openReasons(tx, unitIds);
    return { ...said(unit, done, holds), instructions };
  }

  /** What waits, under lock, as it is once nobody else is at it. */
  private async lock(tx: Tx, unit: UnitIdentity, input: InspectInput): Promise<PendingInspection[]> {
    const label = `${unit.item} ${unit.code}`;
    const of = (rows: PendingInspection[]) =>
      rows.filter((row) => input.receipt === undefined || row.receipt === input.receipt);
    const found = of(await pendingInspections(tx, { units: [unit.unitId] }));
    const receipts = [...new Set(found.map((row) => row.receipt))];
    if (receipts.length > 1)
      throw new DomainError('INSPECTION_AMBIGUOUS', { unit: label, receipts: receipts.join(', ') });
    const [first] = found;
    if (first) {
      const lines = input.line ? await linesDelivered(tx, first) : [first.lineId];
      await lockInspections(tx, first.receiptId, lines);
      const rows = await pendingInspections(tx, { lines });
      if (rows.some((row) => row.lineId === first.lineId)) return rows;
    }
    throw new DomainError('INSPECTION_NOT_PENDING', { unit: label });
  }

  private async record(tx: Tx, done: readonly Done[], input: InspectInput): Promise<void> {
    const at = input.at ?? new Date().toISOString();
    const period = parsePeriod(at, this.settings.timeZone);
    // A date covers its day: held from its beginning, free from its end, and never free between one hold and the next.
    const from = formatTime(period.from);
    const freed = formatTime(Math.max(period.from, Math.min(period.until - 1, Date.now())));
    const key = `inspect:${input.id}`;
    const note = input.note === undefined ? {} : { note: input.note };
    const events = done.flatMap(({ row, outcome }, n) => {
      const unit = unitRef(row.item, row.kind, row.code);
      const receipt = row.receipt;
      const hold = {
        type: 'hold',
        id: `${key}:${n}:hold`,
        at: from,
        units: [unit],
        reason: outcome.hold,
        ref: receipt,
      };
      const reason = outcome.decision === 'accept' ? (input.skipInspection ?? 'inspection passed') : outcome.hold;
      const refs = { receipt };
      const release = { type: 'release', id: `${key}:${n}:release`, at: freed, hold: `h${row.holdId}`, reason, refs };
      return [
        ...outcome.judged.map((judged, i) => ({
          ...inspectEvent(judged, { id: `${key}:${n}:i${i}`, at, unit, receipt }),
          ...note,
        })),
        ...(outcome.hold === null ? [] : [hold]),
        ...(outcome.pending.length > 0 ? [] : [release]),
      ];
    });
    if (events.length > 0) await this.recordEvents.within(tx, events, { check: 'record' });
  }
}

/** By the plan as it is now. Throws INSPECTION_INCOMPLETE where nothing was said that counts. */
function judge(row: PendingInspection, input: InspectInput): Outcome {
  const label = `${row.item} ${row.code}`;
  const results: Result[] = (input.inspection ?? []).map((r) => ({
    characteristic: r.characteristic,
    measured: r.measured ?? null,
    result: r.result ?? null,
  }));
  const outcome = outcomeOf(label, row.item, planDue(row.plan, row.pending), {
    results,
    decision: input.decision ?? null,
    reason: input.reason ?? null,
    skip: input.skipInspection ?? null,
    passed: row.passed,
  });
  if (
    outcome.pending.length > 0 &&
    outcome.hold === null &&
    (results.length === 0 || input.skipInspection !== undefined)
  )
    throw new DomainError('INSPECTION_INCOMPLETE', { item: row.item, characteristics: outcome.pending.join(', ') });
  return outcome;
}

async function openReasons(tx: Tx, unitIds: readonly number[]): Promise<string[]> {
  const rows = await tx.query<{ reason: string }>(
    `SELECT DISTINCT h.reason FROM hold h WHERE h.unit_id = ANY ($1::int[]) AND ${HOLD_IS_OPEN} ORDER BY 1`,
    [unitIds],
  );
  return rows.map((row) => row.reason);
}

function said(unit: UnitIdentity, done: readonly Done[], holds: string[]): Omit<Inspected, 'instructions'> {
  const { row, outcome } = done[0]!;
  const what =
    done.length === 1 ? `${unit.item} ${unit.code}` : `${unit.item}, ${done.length} units of ${row.receipt},`;
  const missing = [...new Set(done.flatMap((one) => one.outcome.pending))];
  const free = holds.length === 0;
  const message =
    outcome.decision === 'accept'
      ? `${what} passed${free ? ' and is free' : `; still on hold: ${holds.join('; ')}`}.`
      : missing.length > 0
        ? `The results of ${what} are kept; still to be looked at: ${missing.join(', ')}.`
        : `${what} stays on hold: ${outcome.hold}.`;
  return {
    verdict: free ? 'ok' : 'warn',
    message,
    ...(outcome.decision !== 'accept' && missing.length === 0 && { next: 'Put it where held goods are kept.' }),
    unit: { id: unit.id, ...unitRef(unit.item, unit.kind, unit.code) },
    receipt: row.receipt,
    decision: outcome.decision,
    units: done.length,
    missing,
    holds,
  };
}
