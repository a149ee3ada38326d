import { Injectable } from '@nestjs/common';
import { DomainError, parseDecimal } from '@/kernel';
import { presentOf, unitRef, type UnitIdentity, unitsScanned } from '@/ledger';
import { once } from '@/platform/commands';
import { type Context, type Tx, UnitOfWork } from '@/platform/db';
import { allPlaces, type Place } from '@/reference/places';
import { acknowledge, type ShownInstruction } from '../../instructions';
import { doLine, insertUnexpected, type LineRecord, linesOf, lockTask, type TaskRecord } from '../db/tasks';
import { PlaceTree } from '../domain/place-tree';
import { checkTransition, type Line, lineOf, nextSaid } from '../domain/task';
import { finishOrGoOn, refuseIfTaken } from './change-task';
import { MoveUnits } from './move-units';
import { refusalSaid, type Verdict } from './verdict';

export interface TaskScan {
  id: string;
  /** what the scanner sent: a place, or a unit */
  scan: string;
  /** the place that was scanned before it */
  place?: string;
  /** another destination than the task says */
  to?: string;
  /** in the base unit of the item; absent: all that the line asks for */
  quantity?: string;
  /** when it was done, ISO 8601; absent: now */
  at?: string;
  /** ids of instructions that were read */
  acknowledged?: string[];
}

export type TaskScanned = Verdict & {
  /** the place that is scanned from now on */
  place?: string;
  done: boolean;
};

/** One scan for a task: a place says where one stands, a unit does its line and records the move as a fact. */
@Injectable()
export class ScanTask {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly moveUnits: MoveUnits,
  ) {}

  /** What is wrong with the scan is a verdict, and has changed nothing; throws where there is no such task, or the id was used. */
  async execute(ctx: Context, ref: string, scan: TaskScan): Promise<TaskScanned> {
    try {
      return await this.uow.run(ctx, (tx) => {
        const { id, acknowledged, ...content } = scan;
        return once(tx, { id, verb: 'scan-task', content: { ref, ...content } }, () =>
          this.within(tx, ref, { id, ...content, acknowledged: acknowledged ?? [] }),
        );
      });
    } catch (error) {
      const foreign =
        !(error instanceof DomainError) || error.code === 'NOT_FOUND' || error.code === 'COMMAND_ID_REUSED';
      if (foreign) throw error;
      return { ...refusalSaid(error, await this.nextOf(ctx, ref)), done: false };
    }
  }

  private nextOf(ctx: Context, ref: string): Promise<string | undefined> {
    return this.uow.run(ctx, async (tx) => {
      const task = await lockTask(tx, ref);
      return nextSaid(await linesOf(tx, [task.taskId]));
    });
  }

  private async within(tx: Tx, ref: string, scan: TaskScan): Promise<TaskScanned> {
    const task = await lockTask(tx, ref);
    checkTransition(`T-${task.taskId}`, task.status, 'in-progress');
    refuseIfTaken(task, tx.ctx.actor);
    if (task.kind === 'count')
      throw new DomainError('TASK_SCANS_NOTHING', { kind: task.kind, instead: 'the count of the task' });
    const tree = new PlaceTree(await allPlaces(tx));
    const lines = await linesOf(tx, [task.taskId]);
    const units = await unitsScanned(tx, scan.scan);
    const place = placeScanned(tree, scan.scan);
    // A bin may bear the code of a unit: what is on the list is meant.
    const wanted = units.find((unit) => lines.some((line) => line.unitId === unit.unitId)) ?? units[0];
    if (place && !lines.some((line) => line.unitId !== null && line.unitId === wanted?.unitId))
      return placeSaid(tree, lines, place);
    if (!wanted) throw new DomainError('UNIT_UNKNOWN', { unit: scan.scan });
    return this.takeUnit(tx, tree, task, lines, wanted, scan);
  }

  private async takeUnit(
    tx: Tx,
    tree: PlaceTree<Place>,
    task: TaskRecord,
    lines: readonly LineRecord[],
    unit: UnitIdentity,
    scan: TaskScan,
  ): Promise<TaskScanned> {
    const label = `${unit.item} ${unit.code}`;
    const from = scan.place === undefined ? undefined : placeScanned(tree, scan.place);
    if (scan.place !== undefined && !from) throw new DomainError('UNKNOWN_PLACE', { place: scan.place });
    const onList = lines.some(
      (line) => line.unitId === unit.unitId || (line.unitId === null && line.itemId === unit.itemId),
    );
    const unexpected = task.kind === 'sweep' && !onList;
    if (unexpected && ((await presentOf(tx, [unit.unitId])).get(unit.unitId)?.holds.length ?? 0) === 0)
      throw new DomainError('TASK_NOT_HELD', { unit: label });
    const line = unexpected
      ? null
      : lineOf(lines, { unitId: unit.unitId, itemId: unit.itemId, label }, from?.placeId ?? null, from?.code ?? null);
    const to =
      scan.to === undefined ? placeOf(tree, line?.toPlaceId ?? task.toPlaceId) : (placeScanned(tree, scan.to) ?? null);
    if (scan.to !== undefined && !to) throw new DomainError('UNKNOWN_PLACE', { place: scan.to });
    const fromPlace = from ?? placeOf(tree, line?.fromPlaceId ?? null);
    const left = line?.quantity == null ? null : line.quantity - line.doneQuantity;
    const quantity = scan.quantity === undefined ? left : parseDecimal(scan.quantity);
    const instructions = await acknowledge(
      tx,
      { units: [unit.unitId], places: [fromPlace, to].flatMap((one) => one?.placeId ?? []) },
      scan.acknowledged ?? [],
      { command: `task-scan:${scan.id}` },
    );
    const crowded =
      to && task.kind !== 'inspect'
        ? await this.moveUnits.within(tx, tree, {
            event: `task-scan:${scan.id}`,
            at: scan.at,
            unit,
            quantity,
            from: fromPlace,
            to,
            refs: { task: `T-${task.taskId}` },
          })
        : null;
    const all = left === null || quantity === null || quantity >= left;
    if (line) await doLine(tx, line.lineId, quantity, all, to?.placeId ?? null);
    else
      await insertUnexpected(tx, {
        taskId: task.taskId,
        unitId: unit.unitId,
        fromPlaceId: fromPlace?.placeId ?? null,
        toPlaceId: to?.placeId ?? null,
        quantity,
      });
    const done = await finishOrGoOn(tx, task);
    const now = await linesOf(tx, [task.taskId]);
    return said({ unit, label, to, unexpected, crowded, instructions, done, next: nextSaid(now), place: from?.code });
  }
}

function placeOf(tree: PlaceTree<Place>, placeId: number | null): Place | null {
  return placeId === null ? null : (tree.get(placeId) ?? null);
}

/** By its code, whatever the case. */
export function placeScanned(tree: PlaceTree<Place>, text: string): Place | undefined {
  const code = text.replace(/[\u0000-\u001f\u007f]/g, '').trim(); // eslint-disable-line no-control-regex
  return tree.named(code) ?? tree.named(code.toUpperCase());
}

/** Where one stands: right when something of the task is there, or in a place below. */
function placeSaid(tree: PlaceTree<Place>, lines: readonly Line[], place: Place): TaskScanned {
  const open = lines.filter((line) => line.status === 'open');
  const here = open.filter((line) => line.fromPlaceId !== null && tree.isWithin(line.fromPlaceId, place.placeId));
  const target = open.some((line) => line.toPlaceId === place.placeId);
  if (here.length === 0 && !target)
    throw new DomainError('TASK_WRONG_PLACE', { place: place.code, wanted: open[0]?.from ?? 'where the next line is' });
  const first = here[0]?.unit ?? null;
  return {
    verdict: 'ok',
    message:
      here.length > 0
        ? `${place.code}: ${here.length === 1 ? '1 unit' : `${here.length} units`} to fetch`
        : `${place.code}: put it here`,
    ...(first && { next: `Scan ${first}.` }),
    place: place.code,
    instructions: [],
    done: false,
  };
}

function said(one: {
  unit: UnitIdentity;
  label: string;
  to: Place | null;
  unexpected: boolean;
  crowded: DomainError | null;
  instructions: readonly ShownInstruction[];
  done: boolean;
  next: string | undefined;
  place: string | undefined;
}): TaskScanned {
  const where = one.to ? ` to ${one.to.code}` : '';
  const message = one.unexpected
    ? `${one.label} is held too and was not expected here: take it along${where}`
    : `${one.label}${where}`;
  return {
    verdict: one.unexpected || one.crowded ? 'warn' : 'ok',
    ...(one.crowded && { code: one.crowded.code }),
    message: one.crowded ? `${message}. ${one.crowded.message}` : message,
    next: one.done ? 'The task is done.' : (one.next ?? 'Nothing is left on the list: finish the task.'),
    unit: unitRef(one.unit.item, one.unit.kind, one.unit.code),
    ...(one.place !== undefined && { place: one.place }),
    instructions: one.instructions,
    done: one.done,
  };
}
