import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, toBase } from '@/kernel';
import { identities, readUnitName, RecordEvents, unitNamed, type UnitNamed, unitRef } from '@/ledger';
import { acknowledge, type ShownInstruction } from '@/operations/instructions';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { Context, Tx, UnitOfWork } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { containersOf } from '../db/containers';
import { linesOfPick, lockPick, type StoredPickLine } from '../db/picks';
import { nextSsccSerial } from '../db/shipments';
import { candidatesOf } from '../db/stock';
import { containerCode, ssccOf } from '../domain/sscc';
import type { Verdict } from '../domain/verdict';

export interface PackInput {
  id: string;
  /** scanned or typed; one is made where absent */
  container?: string;
  /** all that this pick picked and nobody packed yet */
  pick?: string;
  units?: { unit: UnitNamed; quantity?: { value: string; uom: string } }[];
  at?: string;
  place?: string;
  acknowledged?: string[];
}

type Answer = Verdict<ShownInstruction> & { container: string };

/** Units go into a container, and travel with it from then on. Live: nothing on hold is packed. */
@Injectable()
export class PackUnits {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  /** Throws SSCC_INVALID, SSCC_PREFIX_MISSING, FIELD_REQUIRED (nothing to pack), UNIT_ON_HOLD and what the ledger refuses live. */
  execute(ctx: Context, input: PackInput): Promise<Answer> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'pack', content: input }, () => this.pack(tx, input)),
    );
  }

  private async pack(tx: Tx, input: PackInput): Promise<Answer> {
    const container = input.container === undefined ? await this.newContainer(tx) : containerCode(input.container);
    const rows = await this.rowsOf(tx, input);
    if (rows.length === 0) throw new DomainError('FIELD_REQUIRED', { field: 'units' });
    // A lot in several places is packed where the pick took it from.
    const places = [...new Set(rows.map((r) => r.place))];
    const at = input.at ?? new Date().toISOString();
    await this.recordEvents.within(
      tx,
      places.map((place, i) => ({
        type: 'pack',
        id: i === 0 ? `pack:${input.id}` : `pack:${input.id}:${i}`,
        at,
        container,
        ...(place !== undefined && { place }),
        units: rows.filter((r) => r.place === place).map(({ event }) => event),
      })),
      { check: 'live' },
    );
    const instructions = await acknowledge(tx, { units: rows.map((r) => r.unitId) }, input.acknowledged ?? [], {
      command: `pack:${input.id}`,
    });
    await tx.audit({
      action: 'pack',
      subject: `container:${container}`,
      after: { units: rows.length, pick: input.pick },
    });
    return {
      verdict: 'ok',
      message: `${rows.length} ${rows.length === 1 ? 'unit' : 'units'} in ${container}.`,
      container,
      instructions,
    };
  }

  private async newContainer(tx: Tx): Promise<string> {
    const prefix = this.settings.ssccPrefix;
    if (prefix === undefined) throw new DomainError('SSCC_PREFIX_MISSING', { setting: 'SSCC_PREFIX' });
    return ssccOf(prefix, await nextSsccSerial(tx));
  }

  private async rowsOf(
    tx: Tx,
    input: PackInput,
  ): Promise<{ unitId: number; event: object; place: string | undefined }[]> {
    const rows: { unitId: number; event: object; place: string | undefined }[] = [];
    for (const { unit: named, quantity } of input.units ?? []) {
      const unit = await unitNamed(tx, readUnitName(named));
      const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
      if (quantity) toBase(quantity.value, quantity.uom, { item: item.code, uom: item.uom, factors: item.factors });
      rows.push({
        unitId: unit.unitId,
        place: input.place,
        event: { unit: unitRef(unit.item, unit.kind, unit.code), ...(unit.kind === 'lot' && quantity && { quantity }) },
      });
    }
    if (input.pick !== undefined) {
      const lines = (await linesOfPick(tx, (await lockPick(tx, input.pick)).pickId)).filter(
        (l) => l.state === 'picked',
      );
      const ids = lines.map((l) => l.unitId);
      const units = await identities(tx, ids);
      const packed = await containersOf(tx, ids);
      const places = await this.placesOf(tx, lines);
      for (const line of lines) {
        if (packed.has(line.unitId)) continue;
        const unit = units.get(line.unitId)!;
        const quantity = { value: formatDecimal(line.picked ?? line.quantity), uom: unit.uom };
        rows.push({
          unitId: line.unitId,
          place: input.place ?? places.get(line.pickLineId),
          event: { unit: unitRef(unit.item, unit.kind, unit.code), ...(unit.kind === 'lot' && { quantity }) },
        });
      }
    }
    return rows;
  }

  /** Codes of the places of picked lots that lie in several, by pick line. */
  private async placesOf(tx: Tx, lines: readonly StoredPickLine[]): Promise<Map<number, string>> {
    const lots = lines.filter((l) => !l.serial && l.placeId !== null);
    const stock = await candidatesOf(
      tx,
      lots.map((l) => l.unitId),
    );
    const places = new Map<number, string>();
    for (const line of lots) {
      const at = stock.filter((c) => c.unitId === line.unitId);
      const here = at.find((c) => c.placeId === line.placeId);
      if (at.length > 1 && here?.place != null) places.set(line.pickLineId, here.place);
    }
    return places;
  }
}
