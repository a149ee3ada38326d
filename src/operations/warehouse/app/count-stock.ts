import { Injectable } from '@nestjs/common';
import { DomainError, formatDecimal, parseDecimal } from '@/kernel';
import { identities, RecordEvents, unitRef, type UnitIdentity, unitsScanned } from '@/ledger';
import { Settings } from '@/platform/config';
import { once } from '@/platform/commands';
import { type Context, type Queryable, type Tx, UnitOfWork } from '@/platform/db';
import { allPlaces, type Place } from '@/reference/places';
import { instructionsFor } from '../../instructions';
import { entriesOf, writeDifferences, writeEntry } from '../db/counts';
import { stockAtPlaces, stockOfItems } from '../db/stock';
import { lockTask, setClosed, setStatus, taskByRef, type TaskRecord } from '../db/tasks';
import { type Difference, differences } from '../domain/count';
import { PlaceTree } from '../domain/place-tree';
import { checkTransition } from '../domain/task';
import { nameOf, refuseIfTaken } from './change-task';
import { placeNamed } from './create-task';
import { refusalSaid, type Verdict } from './verdict';

export interface CountScan {
  id: string;
  scan: string;
  place: string;
  /** in the base unit of the item; a serial needs none; "0": it is not there */
  quantity?: string;
}

export interface CountClosed {
  /** again: somebody else is to count; confirm: the differences wait for a yes; done: nothing differs */
  outcome: 'again' | 'confirm' | 'done';
  round: number;
  differences: DifferenceView[];
}

export interface DifferenceView {
  id: string;
  unit: object;
  place: string;
  expected: { value: string; uom: string } | null;
  counted: { value: string; uom: string };
  over: boolean;
}

const ONE_PIECE = 1_000_000_000n;

/**
 * Counts blind: whoever counts is not told what the record says. Differences are shown when the count is closed, counted
 * again by somebody else where they are large, and become `count` events once they are confirmed.
 */
@Injectable()
export class CountStock {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly recordEvents: RecordEvents,
    private readonly settings: Settings,
  ) {}

  /** One scan of a count; what is wrong with it is a verdict. Throws NOT_FOUND, COMMAND_ID_REUSED. */
  async scan(ctx: Context, ref: string, scan: CountScan): Promise<Verdict> {
    try {
      return await this.uow.run(ctx, (tx) => {
        const { id, ...content } = scan;
        return once(tx, { id, verb: 'scan-count', content: { ref, ...content } }, () => this.scanWithin(tx, ref, scan));
      });
    } catch (error) {
      const foreign =
        !(error instanceof DomainError) || error.code === 'NOT_FOUND' || error.code === 'COMMAND_ID_REUSED';
      if (foreign) throw error;
      return refusalSaid(error);
    }
  }

  private async scanWithin(tx: Tx, ref: string, scan: CountScan): Promise<Verdict> {
    const task = await lockTask(tx, ref);
    await this.mayCount(tx, task);
    const tree = new PlaceTree(await allPlaces(tx));
    const place = placeNamed(tree, scan.place)!;
    if (task.placeId !== null && !tree.isWithin(place.placeId, task.placeId))
      throw new DomainError('COUNT_NOT_HERE', { place: place.code, counted: task.place });
    const found = (await unitsScanned(tx, scan.scan)).filter((one) => one.kind !== 'run');
    const own = found.filter((one) => task.itemId === null || one.itemId === task.itemId);
    const [unit] = own;
    if (!unit) throw new DomainError('UNIT_UNKNOWN', { unit: scan.scan });
    const instructions = await instructionsFor(tx, { units: [unit.unitId], places: [place.placeId] });
    const label = `${unit.item} ${unit.code}`;
    const said = { unit: unitRef(unit.item, unit.kind, unit.code), instructions };
    if (unit.kind === 'lot' && scan.quantity === undefined)
      return {
        ...said,
        verdict: 'ask',
        message: `How much of ${label} is at ${place.code}?`,
        next: `Enter the quantity in ${unit.uom}.`,
      };
    const quantity = scan.quantity === undefined ? ONE_PIECE : parseDecimal(scan.quantity);
    if (quantity < 0n || (unit.kind === 'serial' && quantity > ONE_PIECE))
      throw new DomainError('QUANTITY_INVALID', {
        value: scan.quantity,
        reason: 'count what is there: none, or more; a serial is one piece.',
      });
    await writeEntry(tx, task.taskId, task.round, { unitId: unit.unitId, placeId: place.placeId, quantity });
    await setStatus(tx, task.taskId, 'in-progress', { assignee: nameOf(tx.ctx.actor) });
    await setClosed(tx, task.taskId, false);
    return { ...said, verdict: 'ok', message: `${label}: ${formatDecimal(quantity)} ${unit.uom} at ${place.code}` };
  }

  /** Throws TASK_STATE, TASK_TAKEN, TASK_SCANS_NOTHING, COUNT_SAME_PERSON. */
  private async mayCount(tx: Tx, task: TaskRecord): Promise<void> {
    if (task.kind !== 'count')
      throw new DomainError('TASK_SCANS_NOTHING', { kind: task.kind, instead: 'the scans of the task' });
    checkTransition(`T-${task.taskId}`, task.status, 'in-progress');
    refuseIfTaken(task, tx.ctx.actor);
    if (task.round === 1) return;
    const first = await entriesOf(tx, task.taskId, 1);
    if (first.some((entry) => entry.countedBy === tx.ctx.actor))
      throw new DomainError('COUNT_SAME_PERSON', { who: nameOf(tx.ctx.actor) });
  }

  /** Ends a round. Large differences in the first one open a second one, for somebody else. */
  close(ctx: Context, ref: string, id: string, nothing: boolean): Promise<CountClosed> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'close-count', content: { ref, nothing } }, async () => {
        const task = await lockTask(tx, ref);
        await this.mayCount(tx, task);
        const { found, view } = await this.compare(tx, task);
        const entries = await entriesOf(tx, task.taskId, task.round);
        if (entries.length === 0 && !nothing) throw new DomainError('COUNT_EMPTY');
        const again = task.round === 1 && found.some((one) => one.over);
        if (again) await setStatus(tx, task.taskId, 'open', { assignee: null, round: 2 });
        else if (found.length === 0) await setStatus(tx, task.taskId, 'done', { assignee: nameOf(tx.ctx.actor) });
        await setClosed(tx, task.taskId, !again);
        const outcome = again ? 'again' : found.length === 0 ? 'done' : 'confirm';
        await tx.audit({
          action: 'close-count',
          subject: `task:T-${task.taskId}`,
          after: { outcome, round: task.round, differences: view },
        });
        // A second count is blind too.
        return { outcome, round: again ? 2 : task.round, differences: again ? [] : view };
      }),
    );
  }

  /**
   * The differences become facts of the moment when they were counted, with who counted and why. Throws COUNT_AGAIN, COUNT_OPEN,
   * TASK_STATE.
   */
  confirm(ctx: Context, ref: string, id: string, reason: string): Promise<CountClosed> {
    return this.uow.run(ctx, (tx) =>
      once(tx, { id, verb: 'confirm-count', content: { ref, reason } }, async () => {
        const task = await lockTask(tx, ref);
        const name = `T-${task.taskId}`;
        checkTransition(name, task.status, 'done');
        const { found, view, units, tree, countedAt } = await this.compare(tx, task);
        if (task.round === 1 && found.some((one) => one.over))
          throw new DomainError('COUNT_AGAIN', { limit: this.settings.countSecondPercent });
        // What nobody has counted to the end is not taken for missing.
        if (task.closedAt === null) throw new DomainError('COUNT_OPEN', { round: task.round });
        const events = found.map((one, index) => {
          const unit = units.get(one.unitId)!;
          return {
            type: 'count',
            id: `count:${id}:${index}`,
            at: countedAt(one, units.get(one.unitId)!.kind).toISOString(),
            place: tree.get(one.placeId)!.code,
            unit: unitRef(unit.item, unit.kind, unit.code),
            quantity: { value: formatDecimal(one.counted), uom: unit.uom },
            reason,
            refs: { task: name },
          };
        });
        if (events.length > 0) await this.recordEvents.within(tx, events);
        await writeDifferences(tx, task.taskId, found, reason);
        await setStatus(tx, task.taskId, 'done', { reason });
        await tx.audit({ action: 'confirm-count', subject: `task:${name}`, after: { reason, differences: view } });
        return { outcome: 'done', round: task.round, differences: view };
      }),
    );
  }

  /** What differs of a count that was closed; who counts has not seen it before. */
  async differencesOf(q: Queryable, ref: string): Promise<DifferenceView[]> {
    return (await this.compare(q, await taskByRef(q, ref))).view;
  }

  private async compare(
    q: Queryable,
    task: TaskRecord,
  ): Promise<{
    found: Difference[];
    view: DifferenceView[];
    units: Map<number, UnitIdentity>;
    tree: PlaceTree<Place>;
    /** when this was so: a draw after it is taken off what was counted */
    countedAt: (one: Difference, kind: UnitIdentity['kind']) => Date;
  }> {
    const tree = new PlaceTree(await allPlaces(q));
    const below = task.placeId === null ? null : tree.within(task.placeId).map((place) => place.placeId);
    const stock = below ? await stockAtPlaces(q, below) : await stockOfItems(q, [task.itemId!]);
    const entries = await entriesOf(q, task.taskId, task.round);
    const entryOf = new Map(entries.map((entry) => [`${entry.unitId} ${entry.placeId}`, entry]));
    const begun = entries.reduce(
      (min, { countedAt }) => (countedAt < min ? countedAt : min),
      task.closedAt ?? new Date(),
    );
    // What came in since the count began is not missing: nobody was asked to count it.
    const uncounted = stock.flatMap(({ unitId, placeId, itemId, quantity, movedMs }) =>
      placeId !== null &&
      (task.itemId === null || itemId === task.itemId) &&
      !entryOf.has(`${unitId} ${placeId}`) &&
      (movedMs === null || movedMs <= begun.getTime())
        ? [{ unitId, placeId, quantity }]
        : [],
    );
    const known = entries.map(({ unitId, placeId, expected }) => ({ unitId, placeId, quantity: expected }));
    const found = differences([...uncounted, ...known], entries, this.settings.countSecondPercent);
    // A serial that is missing here was so from the beginning: where it was found, it is since.
    const countedAt = (one: Difference, kind: UnitIdentity['kind']): Date =>
      entryOf.get(`${one.unitId} ${one.placeId}`)?.countedAt ?? (kind === 'serial' ? begun : new Date());
    const units = await identities(
      q,
      found.map((one) => one.unitId),
    );
    const view = found.map((one): DifferenceView => {
      const unit = units.get(one.unitId)!;
      const quantity = (nanos: bigint) => ({ value: formatDecimal(nanos), uom: unit.uom });
      return {
        id: unit.id,
        unit: unitRef(unit.item, unit.kind, unit.code),
        place: tree.get(one.placeId)?.code ?? '',
        expected: one.expected === null ? null : quantity(one.expected),
        counted: quantity(one.counted),
        over: one.over,
      };
    });
    return { found, view, units, tree, countedAt };
  }
}
