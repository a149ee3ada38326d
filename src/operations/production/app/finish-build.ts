import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, formatTime, parseDecimal, parsePeriod, toBase } from '@/kernel';
import { RecordEvents, unitRef } from '@/ledger';
import { acknowledge } from '@/operations/instructions';
import { Context, Tx } from '@/platform/db';
import { itemsById } from '@/reference/catalog';
import { acknowledgedIn, Build, buildByRef, buildName, endBuild, insertParts, Part, partsOf } from '../db/builds';
import { LineState, lineStates, ONE, openInWords, takes } from '../domain/judge';
import { BuildNow, buildNow, BuildRun, BuildView, buildView, loadedItems, takenParts } from '../queries';
import { movesTo } from './bring';
import { Commands } from './commands';
import { mustBeOpen } from './scan-part';

export interface FinishInput {
  id: string;
  /** when it was finished; absent: now */
  at?: string;
  /** how much of a lot came out; absent: what it was begun for */
  quantity?: { value: string; uom: string };
  /** why it is finished with open lines */
  reason?: string;
  operator?: string;
  shift?: string;
  tool?: string;
  /** instructions that came after the scans, or that no scan has shown */
  acknowledged?: string[];
}

/**
 * Finishes a build: one event says what is in what, in the transaction in which the build ends. Everything is judged again here,
 * under the locks of the units: what was said at the scan was only advice.
 */
@Injectable()
export class FinishBuild {
  constructor(
    private readonly commands: Commands,
    private readonly recordEvents: RecordEvents,
  ) {}

  /** Throws BUILD_STATE, LINES_OPEN, LINES_OPEN_REASON, INSTRUCTION_UNACKNOWLEDGED, and what stands against a component now (UNIT_ON_HOLD, …). */
  execute(ctx: Context, ref: string, input: FinishInput): Promise<BuildView> {
    return this.commands.run(ctx, 'finish-build', input.id, { ...input, build: ref }, (tx) =>
      this.finish(tx, ref, input),
    );
  }

  private async finish(tx: Tx, ref: string, input: FinishInput): Promise<BuildView> {
    const build = await buildByRef(tx, ref, true);
    mustBeOpen(build, 'be finished');
    if (input.quantity) build.quantity = await cameOut(tx, build, input.quantity);
    const now = await buildNow(tx, build);
    checkOpen(now.build, now.states, input.reason);
    const eventId = `build:${buildName(build.buildId)}`;
    const nowMs = Date.now();
    const at = input.at === undefined ? formatTime(nowMs) : input.at;
    if (input.at !== undefined) parsePeriod(input.at, 'UTC');
    // What must be read may have come after the scan; of what was taken by quantity nothing was shown yet.
    const units = now.parts.map((part) => part.unitId);
    await acknowledge(
      tx,
      { units },
      [...(await acknowledgedIn(tx, build.buildId, eventId)), ...(input.acknowledged ?? [])],
      {
        command: eventId,
      },
    );
    await insertParts(tx, build.buildId, fromRuns(now));
    await this.recordEvents.within(
      tx,
      [
        ...(await movesTo(tx, build, takenOf(now.parts), { id: eventId, at, workOrder: build.order })),
        produced(now, eventId, at, input),
      ],
      {
        check: 'live',
      },
    );
    await endBuild(tx, build.buildId, 'finished', {
      reason: input.reason ?? null,
      eventClientId: eventId,
      quantity: build.quantity,
    });
    await tx.audit({
      action: 'finish-build',
      subject: `build:${buildName(build.buildId)}`,
      after: {
        workOrder: build.order,
        unit: `${build.item} ${build.code}`,
        event: eventId,
        ...(input.reason && { reason: input.reason, open: openInWords(now.states) }),
      },
    });
    const [parts, endedAt] = [await partsOf(tx, [build.buildId]), new Date(nowMs)];
    const ended: Build = { ...build, state: 'finished', reason: input.reason ?? null, eventClientId: eventId, endedAt };
    return buildView({ build: ended, parts, runs: [], states: lineStates(build.lines, takenParts(parts)) });
  }
}

/** What comes out of a mixer is seldom what was planned: the fact bears what was weighed. Throws QUANTITY_INVALID. */
async function cameOut(tx: Tx, build: Build, amount: { value: string; uom: string }): Promise<string> {
  const item = (await itemsById(tx, [build.itemId])).get(build.itemId)!;
  const nano = toBase(amount.value, amount.uom, { ...item, item: item.code });
  const reason = build.kind === 'serial' ? 'a serial is one piece.' : 'it must be above zero.';
  if (build.kind === 'serial' || nano <= 0n) throw new DomainError('QUANTITY_INVALID', { value: amount.value, reason });
  return formatDecimal(nano);
}

function checkOpen(build: Build, states: readonly LineState[], reason: string | undefined): void {
  const lines = openInWords(states);
  if (lines === 'nothing') return;
  if (build.openLines === 'refuse') throw new DomainError('LINES_OPEN', { lines, number: build.order });
  if (!reason) throw new DomainError('LINES_OPEN_REASON', { lines, unit: `${build.item} ${build.code}` });
}

/** Lines that a loaded run fills, so that the build tells later where they came from. */
function fromRuns({ build, parts, runs, states }: BuildNow) {
  const loaded = loadedItems(build, runs);
  return states.flatMap((s) => {
    if (parts.some((part) => part.line === s.line) || !takes(s).some((itemId) => loaded.has(itemId))) return [];
    return runs
      .filter((run) => run.loads.some((load) => takes(s).includes(load.itemId)))
      .map((run) => ({
        line: s.line,
        position: s.position ?? run.position,
        unitId: run.unitId!,
        quantity: null,
        certainty: 'certain' as const,
        via: 'run' as const,
        serial: false,
      }));
  });
}

const takenOf = (parts: readonly Part[]) =>
  parts.map((part) => ({ ...part, quantity: part.quantity === null ? ONE : parseDecimal(part.quantity) }));

function produced({ build, parts, runs }: BuildNow, eventId: string, at: string, input: FinishInput) {
  const operator = input.operator ?? build.operator;
  return {
    type: 'produce',
    id: eventId,
    at,
    ...(build.place !== null && { place: build.place }),
    workOrder: build.order,
    ...(build.workCenter !== null && { workCenter: build.workCenter }),
    ...(operator && { operator }),
    ...(input.shift && { shift: input.shift }),
    ...(input.tool && { tool: input.tool }),
    ...(input.reason && { note: input.reason }),
    refs: { build: buildName(build.buildId), ...(build.revision !== null && { bomRevision: build.revision }) },
    outputs: [
      {
        unit: unitRef(build.item, build.kind, build.code),
        ...(build.kind === 'lot' && {
          quantity: { value: formatDecimal(parseDecimal(build.quantity)), uom: build.uom },
        }),
      },
    ],
    inputs: [...parts.map(inputOf), ...runInputs(build, parts, runs)],
  };
}

function inputOf(part: Part) {
  return {
    unit: unitRef(part.item, part.kind, part.code),
    ...(part.kind === 'lot' && { quantity: { value: formatDecimal(parseDecimal(part.quantity!)), uom: part.uom } }),
    ...(part.position !== null && { position: part.position }),
    certainty: part.certainty,
  };
}

/** A run with something in it goes in whole: what was loaded then is found through it. */
function runInputs(build: Build, parts: readonly Part[], runs: readonly BuildRun[]) {
  if (!build.takesRuns) return [];
  return runs
    .filter((run) => run.loads.length > 0 && !parts.some((part) => part.unitId === run.unitId))
    .map((run) => ({ unit: unitRef(run.item, 'run', run.code), certainty: 'certain' }));
}
