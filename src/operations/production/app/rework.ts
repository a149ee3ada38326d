import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, toBase } from '@/kernel';
import { presentOf, RecordEvents, type UnitIdentity, unitRef } from '@/ledger';
import { acknowledge, type ShownInstruction } from '@/operations/instructions';
import { Context, Tx } from '@/platform/db';
import { bomsAt, itemsById } from '@/reference/catalog';
import { placeNames, placesByCode } from '@/reference/places';
import { makingsOf } from '../db/made';
import { beginOrder, orderByNumber } from '../db/orders';
import { unitMeant } from '../db/units';
import { Load, loadsIn } from '../db/work-centers';
import { compare, quantityOf } from '../domain/as-built';
import { pickRevision } from '../domain/bom-lines';
import { Asked, judge, lineStates, ONE, TakenPart } from '../domain/judge';
import { nextState } from '../domain/order-states';
import { movesTo, Taken } from './bring';
import { candidatesOf, hereOf } from './candidates';
import { Commands } from './commands';
import { linesOfBom } from './designs';

/** What becomes of a part that is taken out. */
export type Fate = 'stock' | 'scrap' | 'quarantine' | 'supplier';

interface Amount {
  value: string;
  uom: string;
}

export interface ReworkInput {
  id: string;
  /** the finished unit, as scanned */
  parent: string;
  remove?: { scan: string; fate: Fate; position?: string; quantity?: Amount }[];
  install?: { scan: string; position?: string; quantity?: Amount }[];
  inspect?: { characteristic: string; result: 'pass' | 'fail'; measured?: string }[];
  reason: string;
  workOrder?: string;
  place?: string;
  operator?: string;
  at?: string;
  check?: 'record' | 'live';
  accept?: string[];
  acknowledged?: string[];
}

interface Job {
  input: ReworkInput;
  parent: UnitIdentity;
  removed: { unit: UnitIdentity; position: string | null; fate: Fate; nano: bigint | null }[];
  installed: { unit: UnitIdentity; position: string | null; nano: bigint | null }[];
  place: { placeId: number | null; place: string | null };
  at: string;
  event: string;
}

/**
 * Works on a finished unit that keeps its identity: parts out, each with its fate, parts in, tests; all of it in one
 * transaction. A swap is one out and one in. A serial is made once, so nothing is produced a second time here.
 */
@Injectable()
export class Rework {
  constructor(
    private readonly commands: Commands,
    private readonly recordEvents: RecordEvents,
  ) {}

  /**
   * Throws PARENT_NOT_MADE, NOT_LOADED (what is taken out is not in it), PART_NOT_ON_BOM, LINE_FILLED, PART_REVISION,
   * ORDER_STATE, INSTRUCTION_UNACKNOWLEDGED, and what stands against a part now.
   */
  execute(ctx: Context, input: ReworkInput) {
    return this.commands.run(ctx, 'rework', input.id, input, async (tx) => {
      const job = await jobOf(tx, input);
      if (input.workOrder !== undefined) await begin(tx, input.workOrder);
      const loads = await loadsIn(tx, [job.parent.unitId]);
      if (input.check !== 'record') {
        await mustBeHere(tx, job.parent);
        for (const { unit } of job.removed) mustBeIn(job, loads, unit);
        await judgeParts(tx, job, loads);
      }
      const instructions = await acknowledge(
        tx,
        { units: [job.parent.unitId, ...job.installed.map((one) => one.unit.unitId)] },
        input.acknowledged ?? [],
        { command: job.event },
      );
      const taken: Taken[] = job.installed.map(({ unit, nano }) => ({ ...unit, quantity: nano ?? ONE }));
      const moves = await movesTo(tx, job.place, taken, { id: job.event, at: job.at, workOrder: input.workOrder });
      await this.recordEvents.within(tx, [...moves, ...eventsOf(job)], { check: input.check ?? 'live' });
      return { verdict: 'ok' as const, ...said(job, instructions) };
    });
  }
}

async function jobOf(tx: Tx, input: ReworkInput): Promise<Job> {
  if (!input.remove?.length && !input.install?.length && !input.inspect?.length)
    throw new DomainError('FIELD_REQUIRED', { field: 'remove, install or inspect' });
  const parent = await unitMeant(tx, input.parent);
  if (!(await makingsOf(tx, [parent.unitId])).has(parent.unitId))
    throw new DomainError('PARENT_NOT_MADE', { unit: label(parent) });
  const removed: Job['removed'] = [];
  for (const row of input.remove ?? []) {
    const unit = await unitMeant(tx, row.scan);
    removed.push({ unit, position: row.position ?? null, fate: row.fate, nano: await nanoOf(tx, unit, row.quantity) });
  }
  const installed: Job['installed'] = [];
  for (const [index, row] of (input.install ?? []).entries()) {
    const unit = await unitMeant(tx, row.scan);
    // What comes in for what went out goes where that was.
    const position = row.position ?? removed[index]?.position ?? null;
    installed.push({ unit, position, nano: await nanoOf(tx, unit, row.quantity) });
  }
  return {
    input,
    parent,
    removed,
    installed,
    place: await placeOf(tx, input, parent),
    at: input.at ?? formatTime(Date.now()),
    event: `rework:${input.id}`,
  };
}

async function nanoOf(tx: Tx, unit: UnitIdentity, quantity: Amount | undefined): Promise<bigint | null> {
  if (!quantity) return null;
  const item = (await itemsById(tx, [unit.itemId])).get(unit.itemId)!;
  return toBase(quantity.value, quantity.uom, { ...item, item: item.code });
}

/** Where it is done: the named place, else where the unit is. */
async function placeOf(tx: Tx, input: ReworkInput, parent: UnitIdentity): Promise<Job['place']> {
  if (input.place !== undefined) {
    const place = (await placesByCode(tx, [input.place])).get(input.place);
    if (!place) throw new DomainError('UNKNOWN_PLACE', { place: input.place });
    return { placeId: place.placeId, place: place.code };
  }
  const holdings = (await presentOf(tx, [parent.unitId])).get(parent.unitId)?.holdings ?? [];
  const placeId = holdings.find((h) => h.placeId !== null)?.placeId ?? null;
  const place = placeId === null ? null : ((await placeNames(tx, [placeId])).get(placeId)?.code ?? null);
  return { placeId, place };
}

async function begin(tx: Tx, number: string): Promise<void> {
  const order = await orderByNumber(tx, number, 'share');
  nextState(order.number, order.state, 'start');
  await beginOrder(tx, order.orderId);
}

async function mustBeHere(tx: Tx, parent: UnitIdentity): Promise<void> {
  const holdings = (await presentOf(tx, [parent.unitId])).get(parent.unitId)?.holdings ?? [];
  if (holdings.some((h) => ['in-stock', 'returned', 'in-work'].includes(h.state))) return;
  throw new DomainError('NOT_IN_HOUSE', { unit: label(parent), state: holdings[0]?.state ?? 'unknown' });
}

function mustBeIn(job: Job, loads: readonly Load[], unit: UnitIdentity): void {
  if (loads.some((load) => load.unitId === unit.unitId)) return;
  throw new DomainError('NOT_LOADED', {
    unit: label(unit),
    parent: label(job.parent),
    at: job.at,
    holds: loads.map((load) => `${load.item} ${load.code}`).join(', ') || 'nothing that can be taken out',
  });
}

/** What comes in is judged as in a build: by the lines of the revision that the unit was made by, without what goes out. */
async function judgeParts(tx: Tx, job: Job, loads: readonly Load[]): Promise<void> {
  if (job.installed.length === 0) return;
  const { parent } = job;
  const making = (await makingsOf(tx, [parent.unitId])).get(parent.unitId)!;
  const boms = (await bomsAt(tx, [parent.itemId], null)).get(parent.itemId) ?? [];
  const bom = pickRevision(boms, making.revision, making.atMs);
  if (!bom) return;
  const lines = await linesOfBom(tx, bom, parent.kind === 'serial' ? ONE : (making.quantity ?? ONE));
  const gone = new Set(job.removed.map((one) => one.unit.unitId));
  const kept = loads.filter((load) => !gone.has(load.unitId));
  const parts: TakenPart[] = compare(
    lines,
    kept.map((load) => ({
      ...load,
      label: `${load.item} ${load.code}`,
      quantity: quantityOf(load.kind, load.quantity),
      certain: true,
      run: null,
      revision: null,
      inForce: [],
    })),
  ).flatMap((row) => row.parts.map((part) => ({ ...part, line: row.line?.line ?? null })));
  const nowMs = Date.now();
  const candidates = await candidatesOf(
    tx,
    0,
    job.installed.map((one) => one.unit),
    nowMs,
  );
  const here = await hereOf(tx, job.place, candidates.values());
  for (const { unit, position, nano } of job.installed) {
    const asked: Asked = {
      line: undefined,
      position: undefined,
      quantity: nano ?? undefined,
      accept: job.input.accept ?? [],
      here,
      nowMs,
    };
    const fill = judge(parent.item, lineStates(lines, parts), parts, candidates.get(unit.unitId)!, asked);
    parts.push({ unitId: unit.unitId, itemId: unit.itemId, line: fill.line.line, position, quantity: fill.quantity });
  }
}

function eventsOf(job: Job): object[] {
  const { input, parent, place, at, event } = job;
  const common = {
    at,
    ...(place.place !== null && { place: place.place }),
    ...(input.workOrder && { workOrder: input.workOrder }),
    ...(input.operator && { operator: input.operator }),
  };
  const amount = (unit: UnitIdentity, nano: bigint | null) =>
    nano === null ? {} : { quantity: { value: formatDecimal(nano), uom: unit.uom } };
  const ref = (unit: UnitIdentity) => unitRef(unit.item, unit.kind, unit.code);
  const out = job.removed.flatMap(({ unit, position, fate, nano }, n) => {
    const what = { unit: ref(unit), ...amount(unit, nano) };
    const at = position === null ? {} : { position };
    return [
      {
        type: 'remove',
        id: `${event}:out${n + 1}`,
        ...common,
        parent: ref(parent),
        ...what,
        ...at,
        reason: input.reason,
      },
      ...fateOf(fate, `${event}:fate${n + 1}`, common, what, input),
    ];
  });
  const into = job.installed.map(({ unit, position, nano }, n) => ({
    type: 'install',
    id: `${event}:in${n + 1}`,
    ...common,
    parent: ref(parent),
    unit: ref(unit),
    ...amount(unit, nano),
    ...(position !== null && { position }),
    reason: input.reason,
  }));
  const tests = (input.inspect ?? []).map((test, n) => ({
    type: 'inspect',
    id: `${event}:test${n + 1}`,
    ...common,
    unit: ref(parent),
    ...test,
  }));
  return [...out, ...into, ...tests];
}

function fateOf(fate: Fate, id: string, common: object, what: { unit: object }, input: ReworkInput): object[] {
  if (fate === 'scrap') return [{ type: 'scrap', id, ...common, ...what, reason: input.reason }];
  if (fate === 'stock') return [];
  const reason = fate === 'supplier' ? `to go back to the supplier: ${input.reason}` : `quarantine: ${input.reason}`;
  return [
    { type: 'hold', id, ...common, units: [what.unit], reason, ...(input.workOrder && { ref: input.workOrder }) },
  ];
}

const FATES: Record<Fate, string> = {
  stock: 'is in stock again',
  scrap: 'is scrapped',
  quarantine: 'is on hold',
  supplier: 'is on hold until it goes back to the supplier',
};

function said(job: Job, instructions: ShownInstruction[]) {
  const parts = [
    ...job.removed.map(({ unit, fate }) => `${label(unit)} came out and ${FATES[fate]}`),
    ...job.installed.map(({ unit, position }) => `${label(unit)} is in it${position ? ` at ${position}` : ''}`),
    ...(job.input.inspect ?? []).map((test) => `${test.characteristic}: ${test.result}`),
  ];
  return {
    message: `${label(job.parent)}: ${parts.join('; ')}.`,
    unit: {
      id: job.parent.id,
      unit: unitRef(job.parent.item, job.parent.kind, job.parent.code),
      name: job.parent.name,
    },
    instructions,
    event: job.event,
  };
}

const label = (unit: UnitIdentity): string => `${unit.item} ${unit.code}`;
