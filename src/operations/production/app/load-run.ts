import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, parseDecimal, toBase } from '@/kernel';
import { identities, RecordEvents, type UnitIdentity, unitRef } from '@/ledger';
import { acknowledge, type ShownInstruction } from '@/operations/instructions';
import { Context, type Queryable, Tx } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { cleanText, unitMeant, unitsMeant } from '../db/units';
import { centerOfRun, loadsIn, runsNamed } from '../db/work-centers';
import { runView } from '../queries';
import { movesTo } from './bring';
import { Commands } from './commands';

export interface LoadInput {
  id: string;
  /** the feeder, vessel or line position: its code, its position, or `item~run~code` */
  run: string;
  scan?: string;
  quantity?: { value: string; uom: string };
  /** of what is unloaded whole: how much is left of it; the rest was used there */
  left?: { value: string; uom: string };
  position?: string;
  at?: string;
  place?: string;
  operator?: string;
  workOrder?: string;
  reason?: string;
  check?: 'record' | 'live';
  acknowledged?: string[];
}

interface Run {
  unitId: number | null;
  itemId: number;
  item: string;
  kind: 'run' | 'lot';
  code: string;
  position: string | null;
  place: string | null;
  placeId: number | null;
  workCenter: string | null;
}

export type LoadVerb = 'load' | 'unload' | 'clean' | 'top-up';

export interface LoadVerdict {
  verdict: 'ok';
  message: string;
  next: string;
  unit: { id: string; unit: ReturnType<typeof unitRef>; name: string } | null;
  instructions: ShownInstruction[];
  substitutes: [];
  run: ReturnType<typeof runView>;
}

/** Puts material on a run, takes it off, cleans it, or fills a vessel up: one event each, by scanning. */
@Injectable()
export class LoadRun {
  constructor(
    private readonly commands: Commands,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws RUN_NEEDED, PART_UNKNOWN, PART_AMBIGUOUS, NOT_LOADED, INSTRUCTION_UNACKNOWLEDGED and what stands against the unit now. */
  execute(ctx: Context, verb: LoadVerb, input: LoadInput): Promise<LoadVerdict> {
    return this.commands.run(ctx, verb, input.id, input, (tx) => this.record(tx, verb, input));
  }

  private async record(tx: Tx, verb: LoadVerb, input: LoadInput): Promise<LoadVerdict> {
    const run = await runOf(tx, input.run, verb);
    const unit = verb === 'clean' ? null : await unitMeant(tx, input.scan ?? '');
    const at = input.at ?? formatTime(Date.now());
    const place = input.place ?? run.place ?? undefined;
    const id = `${verb}:${input.id}`;
    const item = unit && (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
    const nano =
      item && input.quantity ? toBase(input.quantity.value, input.quantity.uom, { ...item, item: item.code }) : null;
    const amount = nano === null ? {} : { quantity: { value: formatDecimal(nano), uom: unit!.uom } };
    if (verb === 'unload') await mustBeOn(tx, run, unit!, at);
    const instructions = unit
      ? await acknowledge(
          tx,
          { units: [unit.unitId], ...(run.placeId !== null && { places: [run.placeId] }) },
          input.acknowledged ?? [],
          { command: id },
        )
      : [];
    const ref = unitRef(run.item, run.kind, run.code);
    const common = {
      at,
      ...(place !== undefined && { place }),
      ...(input.operator && { operator: input.operator }),
      ...(input.workOrder && { workOrder: input.workOrder }),
      ...(run.workCenter !== null && { workCenter: run.workCenter }),
    };
    const position = input.position ?? (verb === 'load' || verb === 'unload' ? run.position : null);
    const what =
      verb === 'clean'
        ? { run: ref, ...(input.reason && { reason: input.reason }) }
        : verb === 'top-up'
          ? { vessel: ref, unit: unitRef(unit!.item, unit!.kind, unit!.code), ...amount }
          : {
              run: ref,
              unit: unitRef(unit!.item, unit!.kind, unit!.code),
              ...amount,
              ...(position !== null && { position }),
              ...(input.reason && { reason: input.reason }),
            };
    const brought =
      unit && verb !== 'unload' && place === run.place && nano !== null
        ? await movesTo(tx, run, [{ ...unit, quantity: nano }], { id, at, workOrder: input.workOrder })
        : [];
    const used =
      input.left && unit && item
        ? await usedOn(tx, run, unit, toBase(input.left.value, input.left.uom, { ...item, item: item.code }))
        : null;
    const after =
      used === null || !unit
        ? []
        : [
            {
              type: 'adjust',
              id: `${id}:used`,
              ...common,
              unit: unitRef(unit.item, unit.kind, unit.code),
              quantity: { value: formatDecimal(-used), uom: unit.uom },
              reason: `used on ${run.item} ${run.code}`,
            },
          ];
    await this.recordEvents.within(tx, [...brought, { type: verb, id, ...common, ...what }, ...after], {
      check: input.check ?? 'live',
    });
    return this.verdict(tx, verb, run, unit, instructions);
  }

  private async verdict(
    tx: Tx,
    verb: LoadVerb,
    run: Run,
    unit: UnitIdentity | null,
    instructions: ShownInstruction[],
  ): Promise<LoadVerdict> {
    const [now] = await unitsMeant(tx, `${run.item}~${run.kind}~${run.code}`);
    const loads = now ? await loadsIn(tx, [now.unitId]) : [];
    const name = `${run.item} ${run.code}`;
    const label = unit ? `${unit.item} ${unit.code}` : '';
    const said: Record<LoadVerb, string> = {
      load: `${label} is on ${name} now.`,
      unload: `${label} is off ${name}.`,
      clean: `${name} is clean: nothing is in it.`,
      'top-up': `${label} went into ${name}.`,
    };
    const on = loads.map((load) => `${load.item} ${load.code}`);
    return {
      verdict: 'ok',
      message: said[verb],
      next: on.length > 0 ? `On ${name}: ${on.join(', ')}.` : `Nothing is on ${name}.`,
      unit: unit && { id: unit.id, unit: unitRef(unit.item, unit.kind, unit.code), name: unit.name },
      instructions,
      substitutes: [],
      run: runView({ ...run, workCenterId: 0, unitId: now?.unitId ?? null, loads }),
    };
  }
}

/** The run that is meant: one of a work centre, or a unit that is one. A top-up may go into a lot too. Throws RUN_NEEDED. */
async function runOf(tx: Queryable, scanned: string, verb: LoadVerb): Promise<Run> {
  const text = cleanText(scanned);
  const named = await runsNamed(tx, text);
  const units = named.length > 0 ? [] : await unitsMeant(tx, scanned);
  const wanted = units.filter((u) => u.kind === 'run' || (verb === 'top-up' && u.kind === 'lot'));
  const exact = named.filter((run) => run.code.toLowerCase() === text.toLowerCase());
  const found = (exact.length === 1 ? exact : named)[0] ?? wanted[0];
  if (!found) throw new DomainError('RUN_NEEDED', { scan: text });
  if (exact.length !== 1 && named.length + wanted.length > 1)
    throw new DomainError('PART_AMBIGUOUS', { scan: text, count: named.length + wanted.length });
  const center = await centerOfRun(tx, found.itemId, found.code);
  return {
    unitId: found.unitId,
    itemId: found.itemId,
    item: found.item,
    kind: 'kind' in found && found.kind === 'lot' ? 'lot' : 'run',
    code: found.code,
    position: 'position' in found ? found.position : null,
    place: center?.place ?? null,
    placeId: center?.placeId ?? null,
    workCenter: center?.code ?? null,
  };
}

/** How much of what was loaded is used up, when so much is left. Null where nothing is; throws FIELD_INVALID where it cannot be told. */
async function usedOn(tx: Tx, run: Run, unit: UnitIdentity, left: bigint): Promise<bigint | null> {
  const loads = (run.unitId === null ? [] : await loadsIn(tx, [run.unitId])).filter((l) => l.unitId === unit.unitId);
  const wrong = (reason: string) => new DomainError('FIELD_INVALID', { field: 'left', reason });
  if (loads.some((load) => load.quantity === null))
    throw wrong('it was not recorded how much was loaded: unload all of it, then count what is there.');
  const loaded = loads.reduce((sum, load) => sum + parseDecimal(load.quantity!), 0n);
  if (left > loaded || left < 0n) throw wrong(`only ${formatDecimal(loaded)} ${unit.uom} were loaded.`);
  return left === loaded ? null : loaded - left;
}

async function mustBeOn(tx: Tx, run: Run, unit: UnitIdentity, at: string): Promise<void> {
  const loads = run.unitId === null ? [] : await loadsIn(tx, [run.unitId]);
  if (loads.some((load) => load.unitId === unit.unitId)) return;
  throw new DomainError('NOT_LOADED', {
    unit: `${unit.item} ${unit.code}`,
    parent: `${run.item} ${run.code}`,
    at,
    holds: loads.map((load) => `${load.item} ${load.code}`).join(', ') || 'nothing',
  });
}

/** What is on the run that a scan names, now. Throws RUN_NEEDED. */
export async function runNow(tx: Queryable, scanned: string) {
  const run = await runOf(tx, scanned, 'top-up');
  const loads = run.unitId === null ? [] : await loadsIn(tx, [run.unitId]);
  const name = run.unitId === null ? undefined : (await identities(tx, [run.unitId])).get(run.unitId)?.name;
  return {
    ...runView({ ...run, workCenterId: 0, loads }),
    kind: run.kind,
    name: name ?? run.item,
    workCenter: run.workCenter,
    place: run.place,
  };
}
