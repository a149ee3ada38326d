import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { changesBetween, newestPosition } from '@/ledger';
import { type Context, Database, type Tx, UnitOfWork } from '@/platform/db';
import { forgetTrace, type ScopeColumns, TraceQueries } from '@/trace';
import { type Recall, recallFor } from '../queries';
import { type ScopeVersion, scopeVersion } from '../scope-versions';
import {
  type Difference,
  differenceOf,
  eventsBetween,
  moveWatch,
  nextWatched,
  noteLeaving,
  onlyMoved,
  type WatchedCase,
  watchStands,
} from '../watch-queries';
import { AdvanceRecall } from './advance-recall';
import { ApplyVersion } from './apply-version';
import { Retrace } from './retrace';
import { StopUnits } from './stop-units';

const WATCH: Context = { actor: 'system:recalls', source: 'system:recalls' };
/** So many events are looked through for what touches a case; of more, the trace itself is the quicker answer. */
const EVENTS_READ_MAX = 20_000;
/** What the last traces reach, so that it is not read again for every event. */
const CASES_KEPT = 8;

/** Keeps open cases as the ledger stands: whatever comes under the scope is in it, and on hold, without anybody's doing. */
@Injectable()
export class WatchRecalls {
  private readonly logger = new Logger('Recalls');
  private readonly reach = new Map<string, Int32Array>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly retrace: Retrace,
    private readonly traces: TraceQueries,
    private readonly apply: ApplyVersion,
    private readonly advance: AdvanceRecall,
    private readonly stop: StopUnits,
  ) {}

  /** Looks at each open case that nobody has looked at for `seconds`. */
  async execute(seconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const watched = await this.uow.run(WATCH, (tx) => nextWatched(tx, seconds));
      if (!watched) return;
      try {
        await this.look(watched, signal);
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof DomainError ? error.message : String(error);
        this.logger.error({ msg: 'the watch over a recall failed', recall: watched.key, err: reason });
        await this.db.query(`UPDATE recall_watch SET error = $2 WHERE recall_id = $1`, [watched.recallId, reason]);
      }
    }
  }

  private async look(watched: WatchedCase, signal: AbortSignal): Promise<void> {
    const newest = await newestPosition(this.db);
    if (newest <= watched.position) return;
    const [head] = await this.db.query<{ version: number }>(
      `SELECT max(version)::int AS version FROM recall_scope WHERE recall_id = $1`,
      [watched.recallId],
    );
    const scope = await scopeVersion(this.db, watched.recallId, head!.version);
    if (!scope) return;
    const touched = await this.touched(watched, newest);
    if (touched !== 'unknown' && (await this.isStillSo(watched, scope, newest, touched))) {
      const held = await this.uow.run(WATCH, (tx) => this.takeBack(tx, watched, newest, touched));
      if (held > 0) this.logger.log({ msg: 'came back under a recall', recall: watched.key, held });
      return;
    }
    const traceId = await this.retrace.ask(WATCH, scope.rules);
    await this.retrace.answered(traceId, signal);
    const columns = await this.traces.scopeColumns(traceId);
    const held = await this.uow.run(WATCH, (tx) => this.takeIn(tx, watched, scope, traceId, columns));
    this.remember(traceId, columns);
    if (held > 0) this.logger.log({ msg: 'came under a recall', recall: watched.key, held });
  }

  /** Of the units that the trace reached or left out, those of which something was recorded; unknown: too much was to be read. */
  private async touched({ position, traceId }: WatchedCase, newest: number): Promise<number[] | 'unknown'> {
    const events = await eventsBetween(this.db, position, newest, EVENTS_READ_MAX);
    if (events === 0) return [];
    if (events >= EVENTS_READ_MAX) return 'unknown';
    const { units } = await changesBetween(this.db, position, newest);
    if (units.size === 0) return [];
    const reach = this.reach.get(traceId) ?? (await this.read(traceId));
    return reach ? [...units.keys()].filter((unit) => isIn(reach, unit)) : 'unknown';
  }

  /** Whether the trace's answer is the same by all that was recorded: nothing that its question asks about was touched. */
  private async isStillSo(
    { position, traceId }: WatchedCase,
    { rules }: ScopeVersion,
    newest: number,
    touched: readonly number[],
  ): Promise<boolean> {
    if (!(await this.retrace.isStill(traceId, rules))) return false;
    if (touched.length === 0) return true;
    // Where it is and what was found in it decides as well.
    if (rules.at !== undefined || rules.thresholdShare !== undefined || (rules.barriers?.length ?? 0) > 0) return false;
    return onlyMoved(this.db, position, newest, touched);
  }

  /** What came back into the house is on hold again. Gives how many units. */
  private async takeBack(tx: Tx, watched: WatchedCase, newest: number, touched: readonly number[]): Promise<number> {
    const recall = await recallFor(tx, watched.key, 'widen');
    if (!(await watchStands(tx, watched))) return 0;
    const held = touched.length === 0 ? 0 : await this.stop.within(tx, recall, touched);
    await moveWatch(tx, recall.recallId, newest, watched.traceId);
    return held;
  }

  private async read(traceId: string): Promise<Int32Array | null> {
    try {
      return this.remember(traceId, await this.traces.scopeColumns(traceId));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'TRACE_EXPIRED') return null;
      throw error;
    }
  }

  /** Units by id: of 400,000 they are 1.6 MB, as a set they would be twenty times that. */
  private remember(traceId: string, { unitId, besidesId }: ScopeColumns): Int32Array {
    const reach = new Int32Array(unitId.length + besidesId.length);
    reach.set(unitId);
    reach.set(besidesId, unitId.length);
    reach.sort();
    this.reach.set(traceId, reach);
    for (const oldest of this.reach.keys()) {
      if (this.reach.size <= CASES_KEPT) break;
      this.reach.delete(oldest);
    }
    return reach;
  }

  /** Gives how many units were put on hold. */
  private async takeIn(
    tx: Tx,
    watched: WatchedCase,
    scope: ScopeVersion,
    traceId: string,
    columns: ScopeColumns,
  ): Promise<number> {
    const recall = await recallFor(tx, watched.key, 'widen');
    // Somebody saved a version meanwhile, or another worker was here: the next look starts from there.
    if (recall.version !== scope.version || !(await watchStands(tx, watched))) return 0;
    const left = scope.excluded.map((one) => one.unitId);
    const difference = await differenceOf(tx, recall.recallId, columns, left);
    const same = difference.added + difference.reclassified === 0;
    const version = same ? scope.version : await this.widen(tx, recall, scope, { traceId, difference });
    const { held } = await this.apply.within(tx, recall, { version, columns, excluded: new Set(left), same });
    await noteLeaving(tx, recall.recallId, columns, difference);
    await moveWatch(tx, recall.recallId, columns.position, traceId);
    // Its lists are as long as the scope, and an open case traces often.
    await forgetTrace(tx, watched.traceId);
    return held;
  }

  private async widen(tx: Tx, recall: Recall, scope: ScopeVersion, found: Found): Promise<number> {
    const { traceId, difference } = found;
    const note = changeSaid(difference);
    const version = await this.retrace.save(tx, recall, scope, { cause: 'ledger', traceId, reason: note });
    await this.advance.within(tx, recall, 'widen', { note, unattended: true });
    return version;
  }
}

interface Found {
  traceId: string;
  difference: Difference;
}

/** `sorted`: ascending. */
function isIn(sorted: Int32Array, unit: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < unit) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === unit;
}

function changeSaid({ added, reclassified, leaving }: Difference): string {
  const parts = [
    ...(added > 0 ? [`${count(added)} came under the scope`] : []),
    ...(reclassified > 0 ? [`${count(reclassified)} changed between certain and possible`] : []),
    ...(leaving > 0 ? [`${count(leaving)} would leave it, and stay until that is signed`] : []),
  ];
  return `The ledger moved on: ${parts.join('; ')}.`;
}

const count = (units: number): string => (units === 1 ? '1 unit' : `${units} units`);
