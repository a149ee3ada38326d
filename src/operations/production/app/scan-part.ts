import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, toBase } from '@/kernel';
import { type UnitIdentity, unitRef } from '@/ledger';
import { acknowledge, instructionsFor, type ShownInstruction } from '@/operations/instructions';
import { Context, Tx } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { Build, buildByRef, buildName, deletePart, insertParts, partsOf } from '../db/builds';
import { unitsMeant } from '../db/units';
import { Fill, judge, takes } from '../domain/judge';
import { filledSaid, nextSaid, offersOthers, refusalSaid, Said } from '../domain/verdict';
import { BuildNow, buildNow, BuildView, buildView, takenParts } from '../queries';
import { candidatesOf, hereOf } from './candidates';
import { Commands, Nothing } from './commands';
import { Offer, offersFor } from './offers';

export interface ScanInput {
  id: string;
  scan: string;
  /** of a lot; absent: what its line still needs */
  quantity?: { value: string; uom: string };
  line?: number;
  position?: string;
  /** codes that the person confirmed: PART_REVISION */
  accept?: string[];
  /** instructions that the person has read: ids as they were shown */
  acknowledged?: string[];
}

interface ShownUnit {
  id: string;
  unit: ReturnType<typeof unitRef>;
  name: string;
}

export interface ScanVerdict extends Said {
  unit: ShownUnit | null;
  /** where the scan may be any of several */
  choices: ShownUnit[];
  instructions: ShownInstruction[];
  substitutes: Offer[];
  build: BuildView;
}

/** Judges a scanned component and takes it for the build. What stops is an answer too, and changes nothing. */
@Injectable()
export class ScanPart {
  constructor(private readonly commands: Commands) {}

  /** Throws NOT_FOUND and BUILD_STATE; all that concerns the component is in the verdict. */
  execute(ctx: Context, ref: string, input: ScanInput): Promise<ScanVerdict> {
    return this.commands.run(ctx, 'scan-part', input.id, { ...input, build: ref }, (tx) => this.scan(tx, ref, input));
  }

  /** Takes a part out again that was scanned wrongly; nothing was recorded of it. Throws NOT_FOUND and BUILD_STATE. */
  takeOut(ctx: Context, ref: string, partId: number, input: { id: string }): Promise<BuildView> {
    return this.commands.run(ctx, 'take-out', input.id, { ...input, build: ref, partId }, async (tx) => {
      const build = await buildByRef(tx, ref, true);
      mustBeOpen(build, 'give a part back');
      const part = (await partsOf(tx, [build.buildId])).find((one) => one.partId === partId);
      if (!part) throw new DomainError('NOT_FOUND', { what: 'part', key: String(partId) });
      await deletePart(tx, build.buildId, partId);
      await tx.audit({
        action: 'take-part-out',
        subject: `build:${buildName(build.buildId)}`,
        before: { unit: `${part.item} ${part.code}`, line: part.line, quantity: part.quantity },
      });
      return buildView(await buildNow(tx, build));
    });
  }

  private async scan(tx: Tx, ref: string, input: ScanInput): Promise<ScanVerdict> {
    const build = await buildByRef(tx, ref, true);
    mustBeOpen(build, 'take a part');
    const now = await buildNow(tx, build);
    const found = await unitsMeant(tx, input.scan);
    const unit = oneOf(found, now);
    try {
      if (found.length === 0) throw new DomainError('PART_UNKNOWN', { scan: input.scan });
      if (!unit) throw new DomainError('PART_AMBIGUOUS', { scan: input.scan, count: found.length });
      const fill = await judged(tx, now, unit, input);
      const instructions = await acknowledge(tx, { units: [unit.unitId] }, input.acknowledged ?? [], {
        command: `build:${buildName(build.buildId)}`,
      });
      await insertParts(tx, build.buildId, [partOf(unit, fill)]);
      const after = await buildNow(tx, build);
      return {
        ...filledSaid(`${unit.item} ${unit.code}`, fill, after.states),
        unit: shown(unit),
        choices: [],
        instructions,
        substitutes: [],
        build: buildView(after),
      };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      throw new Nothing(await stopped(tx, now, unit, found, error));
    }
  }
}

async function judged(tx: Tx, now: BuildNow, unit: UnitIdentity, input: ScanInput): Promise<Fill> {
  const { build, parts, states } = now;
  const nowMs = Date.now();
  const candidates = await candidatesOf(tx, build.buildId, [unit], nowMs);
  const candidate = candidates.get(unit.unitId);
  if (!candidate) throw new DomainError('UNIT_NOT_TRACKED', { item: unit.item });
  const item = input.quantity && (await itemsById(tx, [unit.itemId])).get(unit.itemId);
  return judge(build.item, states, takenParts(parts), candidate, {
    line: input.line,
    position: input.position,
    quantity: item && toBase(input.quantity!.value, input.quantity!.uom, { ...item, item: item.code }),
    accept: input.accept ?? [],
    here: await hereOf(tx, build, candidates.values()),
    nowMs,
  });
}

/** The verdict where nothing was taken: why, what to do about it, and what would do instead. */
async function stopped(
  tx: Tx,
  now: BuildNow,
  unit: UnitIdentity | null,
  found: readonly UnitIdentity[],
  error: DomainError,
): Promise<ScanVerdict> {
  const line = unit && now.states.find((s) => s.open > 0n && takes(s).includes(unit.itemId));
  return {
    ...refusalSaid(error),
    next: nextSaid(now.states),
    unit: unit && shown(unit),
    choices: unit ? [] : found.map(shown),
    instructions: unit ? await instructionsFor(tx, { units: [unit.unitId] }) : [],
    substitutes: line && offersOthers(error) ? await offersFor(tx, now.build, line, unit.unitId) : [],
    build: buildView(now),
  };
}

export function mustBeOpen(build: Build, verb: string): void {
  if (build.state !== 'open')
    throw new DomainError('BUILD_STATE', {
      build: buildName(build.buildId),
      unit: `${build.item} ${build.code}`,
      state: build.state,
      verb,
    });
}

/** Of several units with the same code, the one whose item an open line wants, where there is just one. */
function oneOf(found: readonly UnitIdentity[], now: BuildNow): UnitIdentity | null {
  if (found.length <= 1) return found[0] ?? null;
  const wanted = found.filter((unit) => now.states.some((s) => s.open > 0n && takes(s).includes(unit.itemId)));
  return wanted.length === 1 ? wanted[0]! : null;
}

const shown = (unit: UnitIdentity): ShownUnit => ({
  id: `u${unit.unitId}`,
  unit: unitRef(unit.item, unit.kind, unit.code),
  name: unit.name,
});

const partOf = (unit: UnitIdentity, fill: Fill) => ({
  line: fill.line.line,
  position: fill.position,
  unitId: unit.unitId,
  quantity: formatDecimal(fill.quantity),
  certainty: 'certain' as const,
  via: 'scan' as const,
  serial: unit.kind === 'serial',
});
