import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import { type Holding, presentOf, RecordEvents } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { placeNames } from '@/reference/places';
import { dispositionId, type DispositionRecord, type UnitToDo, unitsToDo } from '../disposition-queries';
import { endsThere, frees, heirCode, step } from '../domain/disposition';
import { openHolds, unitsByName } from '../queries';
import { lockDisposition } from './decide-disposition';
import { ReleaseHolds } from './release-holds';

export interface CarryOutAnswer {
  disposition: string;
  state: 'done';
  units: number;
  /** lots that parts were split off into */
  heirs: { from: string; lot: string }[];
}

/** What is in house of a unit, in one place. */
interface Here {
  place: string | null;
  quantity: bigint | null;
}

/**
 * Does what was decided, in one transaction: all of its facts and its state, or nothing. A part of a lot is split off first as
 * a lot of its own, so that the rest keeps its hold and the part has a history of its own.
 */
@Injectable()
export class CarryOutDisposition {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly releaseHolds: ReleaseHolds,
  ) {}

  /** Throws NOT_FOUND, DISPOSITION_STATE, DISPOSITION_SHORT, DISPOSITION_HELD_OTHERWISE, and what the ledger refuses. */
  execute(ctx: Context, input: { id: string; disposition: string }): Promise<CarryOutAnswer> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'carry-out', content: input }, async () => {
        const record = await lockDisposition(tx, input.disposition);
        step(input.disposition, record.state, 'done');
        const heirs: CarryOutAnswer['heirs'] = [];
        const units = await unitsToDo(tx, dispositionId(input.disposition));
        const nowMs = Date.now();
        for (const unit of units) {
          const todo = unit.quantity === null ? unit : await this.splitOff(tx, record, unit, nowMs, heirs);
          await this.carryOut(tx, record, todo, nowMs + 1);
        }
        await tx.query(
          `UPDATE disposition SET state = 'done', done_by = $2, done_at = now() WHERE disposition_id = $1`,
          [record.disposition_id, tx.ctx.actor],
        );
        await tx.audit({
          action: 'disposition-done',
          subject: `disposition:${input.disposition}`,
          before: { state: record.state },
          after: { state: 'done', heirs },
        });
        return { disposition: input.disposition, state: 'done' as const, units: units.length, heirs };
      }),
    );
  }

  /** The part becomes a lot of its own, from one place that has enough of it; it inherits every open hold. */
  private async splitOff(
    tx: Tx,
    record: DispositionRecord,
    unit: UnitToDo,
    atMs: number,
    heirs: CarryOutAnswer['heirs'],
  ): Promise<UnitToDo> {
    const wanted = parseDecimal(unit.quantity!);
    const here = await this.whereIs(tx, unit.unitId);
    const from = here.find((one) => one.quantity !== null && one.quantity >= wanted);
    if (!from) throw this.short(unit, here, formatDecimal(wanted));
    const code = heirCode(unit.code, record.disposition_id);
    const quantity = { value: formatDecimal(wanted), uom: unit.uom };
    const holdsBefore = new Set(unit.holdIds);
    const reasons = await openHolds(tx, { units: [unit.unitId] });
    // A held lot may not be drawn from at work; that it is split here is what was decided.
    await this.recordEvents.within(tx, [
      {
        type: 'split',
        id: `disposition:${record.disposition_id}:split:${unit.unitId}`,
        at: new Date(atMs).toISOString(),
        ...(from.place !== null && { place: from.place }),
        from: [{ unit: { item: unit.item, lot: unit.code }, quantity }],
        to: [{ unit: { item: unit.item, lot: code }, quantity }],
        refs: { disposition: `D${record.disposition_id}` },
      },
    ]);
    const heirId = (await unitsByName(tx, [{ item: unit.item, kind: 'lot', code }])).get(`${unit.item}~${code}`)!;
    await tx.query(`UPDATE disposition_unit SET heir_id = $3 WHERE disposition_id = $1 AND unit_id = $2`, [
      record.disposition_id,
      unit.unitId,
      heirId,
    ]);
    heirs.push({ from: unit.code, lot: code });
    // Of the copies, those of the holds that the decision is about.
    const about = reasons.filter((hold) => holdsBefore.has(hold.holdId));
    const copies = await openHolds(tx, { units: [heirId] });
    const holdIds = copies
      .filter((copy) => about.some((hold) => hold.reason === copy.reason && hold.ref === copy.ref))
      .map((copy) => copy.holdId);
    return { ...unit, unitId: heirId, code, quantity: null, holdIds };
  }

  private async carryOut(tx: Tx, record: DispositionRecord, unit: UnitToDo, atMs: number): Promise<void> {
    const about = new Set(unit.holdIds);
    const open = await openHolds(tx, { units: [unit.unitId] });
    const other = open.find((hold) => !about.has(hold.holdId));
    if (other && endsThere(record.kind))
      throw new DomainError('DISPOSITION_HELD_OTHERWISE', { unit: `${unit.item} ${unit.code}`, reason: other.reason });
    const at = (ms: number): string => new Date(ms).toISOString();
    const command = `disposition:${record.disposition_id}:${unit.unitId}`;
    if (frees(record.kind)) {
      await this.releaseHolds.release(
        tx,
        open.filter((hold) => about.has(hold.holdId)),
        { command, reason: `D${record.disposition_id}: ${record.reason}`, at: at(atMs) },
      );
    }
    if (record.kind === 'use-as-is') return;
    const here = await this.whereIs(tx, unit.unitId);
    if (here.length === 0) throw this.short(unit, here, 'all');
    const events = here.flatMap((one, index) => {
      const event = this.eventOf(record, unit, one);
      if (!event) return [];
      const id = `${command}:${record.kind}:${index}`;
      return [{ ...event, id, at: at(atMs + 1), refs: { disposition: `D${record.disposition_id}` } }];
    });
    // Where it is was read just now, in this transaction. What has expired may go back or be scrapped all the same.
    if (events.length > 0) await this.recordEvents.within(tx, events);
  }

  private eventOf(record: DispositionRecord, unit: UnitToDo, here: Here): Record<string, unknown> | null {
    const name = { item: unit.item, [unit.kind]: unit.code };
    const quantity =
      unit.kind === 'serial' || here.quantity === null
        ? {}
        : { quantity: { value: formatDecimal(here.quantity), uom: unit.uom } };
    const place = here.place === null ? {} : { place: here.place };
    switch (record.kind) {
      case 'scrap':
        return { type: 'scrap', unit: name, ...quantity, ...place, reason: record.reason };
      case 'return-to-supplier':
        return {
          type: 'ship',
          units: [{ unit: name, ...quantity }],
          ...place,
          customer: record.partner,
          shipment: `RTS-D${record.disposition_id}`,
          note: record.reason,
        };
      default:
        if (here.place === record.place) return null;
        return {
          type: 'move',
          unit: name,
          ...quantity,
          ...(here.place !== null && { from: here.place }),
          to: record.place,
          note: record.reason,
        };
    }
  }

  private async whereIs(tx: Tx, unitId: number): Promise<Here[]> {
    // Whoever takes from it meanwhile waits: the lock that every writer of the unit takes.
    await tx.query(`SELECT 1 FROM unit_lock WHERE unit_id = $1 FOR UPDATE`, [unitId]);
    const present = (await presentOf(tx, [unitId])).get(unitId);
    const inHouse = (present?.holdings ?? []).filter(
      (one: Holding) => one.state === 'in-stock' || one.state === 'returned',
    );
    const places = await placeNames(
      tx,
      inHouse.flatMap((one) => (one.placeId === null ? [] : [one.placeId])),
    );
    return inHouse.map((one) => ({
      place: one.placeId === null ? null : (places.get(one.placeId)?.code ?? null),
      quantity: one.quantity,
    }));
  }

  private short(unit: UnitToDo, here: readonly Here[], wanted: string): DomainError {
    const most = here.reduce((max, one) => (one.quantity !== null && one.quantity > max ? one.quantity : max), 0n);
    return new DomainError('DISPOSITION_SHORT', {
      unit: `${unit.item} ${unit.code}`,
      there: formatDecimal(most),
      uom: unit.uom,
      wanted,
    });
  }
}
