import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, toBase } from '@/kernel';
import {
  identities,
  type Present,
  presentOf,
  readUnitName,
  RecordEvents,
  type UnitIdentity,
  unitNamed,
  type UnitNamed,
  unitRef,
  unitsScanned,
  heldBy,
  heldInside,
} from '@/ledger';
import { acknowledge, instructionsFor, type ShownInstruction } from '@/operations/instructions';
import { once } from '@/platform/commands';
import { Context, Queryable, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { partnersById } from '@/reference/partners';
import { placesById } from '@/reference/places';
import {
  linesKeeping,
  linesOfPick,
  lockPick,
  markPicked,
  setLineStates,
  settlePick,
  type StoredPick,
  type StoredPickLine,
} from '../db/picks';
import { lockUnits } from '../db/stock';
import { orderNamed } from '../db/orders';
import { type Verdict, verdictOf } from '../domain/verdict';
import { dryRun } from './dry-run';

export interface ScanPickInput {
  id: string;
  pick: string;
  unit: UnitNamed;
  quantity?: { value: string; uom: string };
  /** why another one than proposed is taken, or less */
  reason?: string;
  at?: string;
  acknowledged?: string[];
}

type Answer = Verdict<ShownInstruction>;
const DAY_MS = 86_400_000;

/** A unit is fetched for a pick: the right one, free, fresh enough, and kept back by nobody else. */
@Injectable()
export class ScanPick {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
  ) {}

  /**
   * Throws PICK_NOT_OPEN, NOT_ON_PICK, PICK_NAMED_UNIT, PICK_OTHER_UNIT (needs a reason), PICK_DONE_ALREADY, UNIT_RESERVED,
   * UNIT_ON_HOLD, UNIT_EXPIRED, LIFE_TOO_SHORT, NOT_IN_HOUSE, STOCK_SHORT, INSTRUCTION_UNACKNOWLEDGED.
   */
  execute(ctx: Context, input: ScanPickInput): Promise<Answer> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'pick', content: input }, () => this.pick(tx, input)),
    );
  }

  /** What the scan would be answered; nothing is recorded. */
  async check(ctx: Context, input: ScanPickInput): Promise<Answer> {
    let shown: ShownInstruction[] = [];
    try {
      return await dryRun(this.uow, ctx, async (tx) => {
        const pick = await lockPick(tx, input.pick);
        const unit = await this.unitOf(tx, input.unit, await linesOfPick(tx, pick.pickId));
        shown = await instructionsFor(tx, { units: [unit.unitId], partners: [pick.customerId] });
        return this.pick(tx, { ...input, acknowledged: shown.map((s) => s.id) });
      });
    } catch (error) {
      return verdictOf(error, shown);
    }
  }

  private async pick(tx: Tx, input: ScanPickInput): Promise<Answer> {
    const pick = await lockPick(tx, input.pick);
    if (pick.state !== 'open') throw new DomainError('PICK_NOT_OPEN', { pick: `p${pick.pickId}`, state: pick.state });
    const lines = await linesOfPick(tx, pick.pickId);
    const unit = await this.unitOf(tx, input.unit, lines);
    await lockUnits(tx, [unit.unitId]);
    const line = await this.lineFor(tx, pick, lines, unit, input.reason);
    const present = (await presentOf(tx, [unit.unitId])).get(unit.unitId)!;
    await this.mustBeFree(tx, pick, line, unit, present);
    const { quantity, placeId } = await this.howMuch(tx, line, unit, present, input);
    const to = await this.bring(tx, pick, unit, { input, quantity, placeId });
    await markPicked(tx, line, {
      unitId: unit.unitId,
      placeId: to ?? placeId,
      quantity,
      reason: input.reason ?? null,
    });
    await settlePick(tx, pick.pickId);
    const instructions = await acknowledge(
      tx,
      { units: [unit.unitId], places: placeId === null ? [] : [placeId], partners: [pick.customerId] },
      input.acknowledged ?? [],
      { command: `pick:${input.id}` },
    );
    await tx.audit({
      action: 'pick',
      subject: `pick:p${pick.pickId}`,
      after: { unit: `${unit.item} ${unit.code}`, quantity: formatDecimal(quantity), reason: input.reason },
    });
    return {
      verdict: 'ok',
      message: `${unit.item} ${unit.code}: ${formatDecimal(quantity)} ${unit.uom} picked.`,
      ...(await this.next(tx, pick)),
      unit: { id: unit.id, ...unitRef(unit.item, unit.kind, unit.code) },
      instructions,
    };
  }

  /** Of several units that a scan may mean, the one that the pick wants. */
  private async unitOf(q: Queryable, named: UnitNamed, lines: readonly StoredPickLine[]): Promise<UnitIdentity> {
    const name = readUnitName(named);
    if (!('scan' in name)) return unitNamed(q, name);
    const units = await unitsScanned(q, name.scan);
    const own = units.filter((u) => lines.some((l) => l.unitId === u.unitId));
    const items = units.filter((u) => lines.some((l) => l.itemId === u.itemId));
    const found = own.length === 1 ? own : items.length === 1 ? items : units;
    const [unit, other] = found;
    if (!unit) throw new DomainError('UNIT_UNKNOWN', { unit: name.scan });
    if (other)
      throw new DomainError('SCAN_UNREADABLE', {
        scan: name.scan,
        reason: 'several units bear this code; name the item.',
      });
    return unit;
  }

  /** The line that this unit is taken for: its own, else one of its item, with a reason. */
  private async lineFor(
    tx: Tx,
    pick: StoredPick,
    lines: readonly StoredPickLine[],
    unit: UnitIdentity,
    reason: string | undefined,
  ): Promise<StoredPickLine> {
    const own = lines.find((l) => l.unitId === unit.unitId && l.state === 'proposed');
    if (own) return own;
    const label = `${unit.item} ${unit.code}`;
    if (lines.some((l) => l.unitId === unit.unitId && l.state === 'picked'))
      throw new DomainError('PICK_DONE_ALREADY', { unit: label });
    const wanted = lines.filter((l) => l.itemId === unit.itemId && l.state === 'proposed');
    const [first] = wanted;
    if (!first) throw new DomainError('NOT_ON_PICK', { unit: label, pick: `p${pick.pickId}` });
    const proposed = await this.labelOf(tx, first.unitId);
    const order = await orderNamed(tx, 'sales', pick.salesOrder);
    const free = wanted.find((l) => (order.lines.find((o) => o.line === l.orderLine)?.unitIds ?? []).length === 0);
    if (!free || pick.strategy === 'named') throw new DomainError('PICK_NAMED_UNIT', { proposed, unit: label });
    const others = (await linesKeeping(tx, [unit.unitId])).filter(
      (l) => l.pickId !== pick.pickId && unit.kind === 'serial',
    );
    if (others[0]) throw new DomainError('UNIT_RESERVED', { unit: label, pick: `p${others[0].pickId}` });
    if (reason === undefined) throw new DomainError('PICK_OTHER_UNIT', { proposed, unit: label });
    return free;
  }

  private async labelOf(q: Queryable, unitId: number): Promise<string> {
    const unit = (await identities(q, [unitId])).get(unitId)!;
    return `${unit.item} ${unit.code}`;
  }

  private async mustBeFree(
    tx: Tx,
    pick: StoredPick,
    line: StoredPickLine,
    unit: UnitIdentity,
    present: Present,
  ): Promise<void> {
    const label = `${unit.item} ${unit.code}`;
    const now = Date.now();
    if (present.holds[0]) throw new DomainError('UNIT_ON_HOLD', heldBy(label, present.holds[0]));
    const within = (await heldInside(tx, [unit.unitId])).get(unit.unitId);
    if (within) throw new DomainError('UNIT_ON_HOLD', within);
    const { expiresMs } = present;
    if (expiresMs !== null && expiresMs <= now)
      throw new DomainError('UNIT_EXPIRED', { unit: label, expires: formatTime(expiresMs) });
    // What was proposed has enough life left; what is taken instead must have it as well.
    const days = pick.lifeDaysMin;
    if (expiresMs !== null && line.unitId !== unit.unitId && expiresMs - now < days * DAY_MS) {
      const customer = (await partnersById(tx, [pick.customerId])).get(pick.customerId);
      throw new DomainError('LIFE_TOO_SHORT', {
        unit: label,
        expires: formatTime(expiresMs),
        customer: customer?.code ?? '',
        days,
      });
    }
  }

  private async howMuch(
    tx: Tx,
    line: StoredPickLine,
    unit: UnitIdentity,
    present: Present,
    input: ScanPickInput,
  ): Promise<{ quantity: bigint; placeId: number | null }> {
    const label = `${unit.item} ${unit.code}`;
    const here = present.holdings.filter((h) => h.state === 'in-stock' || h.state === 'returned');
    if (here.length === 0)
      throw new DomainError('NOT_IN_HOUSE', { unit: label, state: present.holdings[0]?.state ?? 'unknown' });
    const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
    const given =
      input.quantity &&
      toBase(input.quantity.value, input.quantity.uom, { item: item.code, uom: item.uom, factors: item.factors });
    const quantity = given ?? line.quantity;
    if (quantity <= 0n || quantity > line.quantity)
      throw new DomainError('QUANTITY_INVALID', {
        value: formatDecimal(quantity),
        reason: `the pick asks for ${formatDecimal(line.quantity)} ${unit.uom}.`,
      });
    const at = here.find((h) => h.placeId === line.placeId) ?? here[0]!;
    const there = here
      .filter((h) => h.placeId === at.placeId)
      .reduce<bigint | null>((sum, h) => (sum === null || h.quantity === null ? null : sum + h.quantity), 0n);
    const others = (await linesKeeping(tx, [unit.unitId]))
      .filter((l) => l.pickLineId !== line.pickLineId && l.placeId === at.placeId)
      .reduce((sum, l) => sum + (l.picked ?? l.quantity), 0n);
    if (there !== null && there - others < quantity)
      throw new DomainError('STOCK_SHORT', {
        unit: label,
        available: formatDecimal(there - others),
        wanted: formatDecimal(quantity),
        uom: unit.uom,
      });
    return { quantity, placeId: at.placeId };
  }

  /** Moves what is picked to where the pick is gathered; null where it stays. */
  private async bring(
    tx: Tx,
    pick: StoredPick,
    unit: UnitIdentity,
    what: { input: ScanPickInput; quantity: bigint; placeId: number | null },
  ): Promise<number | null> {
    if (pick.toPlaceId === null || pick.toPlaceId === what.placeId) return null;
    const places = await placesById(tx, [pick.toPlaceId, ...(what.placeId === null ? [] : [what.placeId])]);
    const from = what.placeId === null ? undefined : places.get(what.placeId)?.code;
    await this.recordEvents.within(
      tx,
      [
        {
          type: 'move',
          id: `pick:${what.input.id}`,
          at: what.input.at ?? new Date().toISOString(),
          unit: unitRef(unit.item, unit.kind, unit.code),
          ...(unit.kind === 'lot' && { quantity: { value: formatDecimal(what.quantity), uom: unit.uom } }),
          ...(from !== undefined && { from }),
          to: places.get(pick.toPlaceId)!.code,
          refs: { salesOrder: pick.salesOrder, pick: `p${pick.pickId}` },
        },
      ],
      { check: 'live' },
    );
    return pick.toPlaceId;
  }

  private async next(tx: Tx, pick: StoredPick): Promise<{ next: string }> {
    const line = (await linesOfPick(tx, pick.pickId)).find((l) => l.state === 'proposed');
    if (!line) return { next: 'All is picked: pack and ship it.' };
    const places = await placesById(tx, line.placeId === null ? [] : [line.placeId]);
    const place = line.placeId === null ? 'no recorded place' : places.get(line.placeId)!.code;
    return { next: `Next: ${await this.labelOf(tx, line.unitId)} at ${place}.` };
  }

  /** What cannot be found or must not be taken is given up; what is left goes on. Throws PICK_NOT_OPEN, NOT_FOUND. */
  async giveUp(
    ctx: Context,
    input: { id: string; pick: string; pickLine: string; reason: string },
  ): Promise<{ pick: string }> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'pick-short', content: input }, async () => {
        const pick = await lockPick(tx, input.pick);
        if (pick.state !== 'open')
          throw new DomainError('PICK_NOT_OPEN', { pick: `p${pick.pickId}`, state: pick.state });
        const line = (await linesOfPick(tx, pick.pickId)).find(
          (l) => `pl${l.pickLineId}` === input.pickLine && (l.state === 'proposed' || l.state === 'picked'),
        );
        if (!line) throw new DomainError('NOT_FOUND', { what: 'open pick line', key: input.pickLine });
        await setLineStates(tx, [line.pickLineId], line.state === 'picked' ? 'released' : 'short', input.reason);
        await settlePick(tx, pick.pickId);
        await tx.audit({
          action: 'pick-short',
          subject: `pick:p${pick.pickId}`,
          after: { pickLine: input.pickLine, reason: input.reason },
        });
        return { pick: `p${pick.pickId}` };
      }),
    );
  }
}
