import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { sealLedger } from '@/ledger';
import { Context, Database, isAway, Tx, UnitOfWork } from '@/platform/db';
import { ProgressBus } from '@/platform/jobs';
import { LotColumns, measureLots, recallSizes } from './measure';
import { Plant, PlantReader } from './plant-at';

export const BLAST_QUEUE = 'blast-radius';

const RUNNER: Context = { actor: 'system:blast-radius', source: 'system:blast-radius' };

/** A run shows that it lives, and how far it is, this often; and hears that it was cancelled. */
const ALIVE_EVERY_MS = 1_000;
/** A run that nobody has seen alive for this long has lost its worker. */
const LOST_AFTER = '15 seconds';
const UNSENT_AFTER = '10 seconds';
/** Finished runs that are kept, with their lots. */
const RUNS_KEPT = 3;
const INSERT_ROWS = 50_000;

/** This run is no longer the one that counts: it was cancelled, or another worker has taken it over. */
class Superseded extends Error {}

interface Claim {
  run_no: number;
  attempt: number;
}

export function blastChannel(id: string): string {
  return `blast-radius:${id}`;
}

/** Computes the blast radius of all lots. Safe to run twice: only the attempt that stands finishes, in one transaction. */
@Injectable()
export class RunBlast {
  private readonly logger = new Logger('BlastRadius');

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly bus: ProgressBus,
    private readonly plants: PlantReader,
  ) {}

  /** Does nothing when the run is final or alive elsewhere. Throws what the queue should try again, and what `signal` aborts. */
  async execute(id: string, signal?: AbortSignal): Promise<void> {
    const claim = await this.claim(id);
    if (!claim) return;
    const run = new AbortController();
    const stop = () => run.abort(signal?.reason);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    const progress: Progress = { stage: 'starting', done: 0, total: null };
    const alive = setInterval(() => void this.tell(id, claim, progress, run), ALIVE_EVERY_MS);
    try {
      await this.compute(id, claim, progress, run.signal);
    } catch (error) {
      await this.failed(id, claim, signal, error);
    } finally {
      clearInterval(alive);
      signal?.removeEventListener('abort', stop);
      this.bus.publish(blastChannel(id), { status: 'ended' });
    }
  }

  async findLost(): Promise<string[]> {
    const rows = await this.db.query<{ run_id: string }>(
      `SELECT run_id FROM blast_run
        WHERE status = 'queued' AND created_at < clock_timestamp() - $1::interval
           OR status = 'running' AND seen_at < clock_timestamp() - $2::interval`,
      [UNSENT_AFTER, LOST_AFTER],
    );
    return rows.map((r) => r.run_id);
  }

  private async claim(id: string): Promise<Claim | undefined> {
    return this.uow.run(RUNNER, async (tx) => {
      const [claim] = await tx.query<Claim>(
        `UPDATE blast_run SET status = 'running', attempt = attempt + 1, seen_at = clock_timestamp(),
                started_at = coalesce(started_at, clock_timestamp()), stage = 'starting', done = 0, total = NULL
          WHERE run_id = $1 AND (status = 'queued' OR status = 'running' AND seen_at < clock_timestamp() - $2::interval)
          RETURNING run_no, attempt`,
        [id, LOST_AFTER],
      );
      return claim;
    });
  }

  private async compute(id: string, claim: Claim, progress: Progress, signal: AbortSignal): Promise<void> {
    const startedAt = Date.now();
    const position = await sealLedger(this.uow);
    const options = {
      signal,
      progress: (stage: string, done: number, total: number | null) => Object.assign(progress, { stage, done, total }),
    };
    const plant = await this.plants.at(position, options);
    const loadedAt = Date.now();
    const lots = await measureLots(plant, options);
    const measuredAt = Date.now();
    options.progress('storing', 0, plant.lots.length);
    signal.throwIfAborted();
    await this.uow.run(RUNNER, (tx) => this.store(tx, claim, position, plant, lots));
    this.logger.log({
      msg: 'blast radius computed',
      run: id,
      lots: plant.lots.length,
      units: plant.unitCount,
      links: plant.graph.input.length,
      source: plant.source,
      loadMs: loadedAt - startedAt,
      walkMs: measuredAt - loadedAt,
      storeMs: Date.now() - measuredAt,
    });
  }

  private async store(tx: Tx, claim: Claim, position: number, plant: Plant, columns: LotColumns): Promise<void> {
    const sizes = recallSizes(plant, columns);
    const mine = await tx.query(
      `UPDATE blast_run SET status = 'done', position = $3, lots = $4, worst = $5, mean = $6, median = $7,
              worst_unit_id = $8, stage = NULL, done = 0, total = NULL, finished_at = clock_timestamp()
        WHERE run_no = $1 AND attempt = $2 AND status = 'running' RETURNING run_no`,
      [claim.run_no, claim.attempt, position, sizes.lots, sizes.worst, sizes.mean, sizes.median, sizes.worstUnitId],
    );
    if (mine.length === 0) throw new Superseded();
    for (let from = 0; from < plant.lots.length; from += INSERT_ROWS) {
      const part = (column: Int32Array) => [...column.subarray(from, from + INSERT_ROWS)];
      await tx.query(
        `INSERT INTO blast_lot (run_no, unit_id, item_id, units, finished, customers, downward, upward)
         SELECT $1, * FROM unnest($2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[])`,
        [
          claim.run_no,
          part(plant.lots),
          part(plant.lotItems),
          part(columns.units),
          part(columns.finished),
          part(columns.customers),
          part(columns.downward),
          part(columns.upward),
        ],
      );
    }
    await forgetOldRuns(tx);
  }

  private async tell(id: string, claim: Claim, { stage, done, total }: Progress, run: AbortController): Promise<void> {
    try {
      const rows = await this.uow.run(RUNNER, (tx) =>
        tx.query(
          `UPDATE blast_run SET stage = $3, done = $4, total = $5, seen_at = clock_timestamp()
            WHERE run_no = $1 AND attempt = $2 AND status = 'running' RETURNING run_no`,
          [claim.run_no, claim.attempt, stage, done, total],
        ),
      );
      if (rows.length === 0) run.abort(new Superseded());
      this.bus.publish(blastChannel(id), { stage, done, total });
    } catch {
      // The database may be away for a moment: the next read of the run itself will say so.
    }
  }

  private async failed(id: string, claim: Claim, signal: AbortSignal | undefined, error: unknown): Promise<void> {
    if (error instanceof Superseded) return;
    if (signal?.aborted) {
      await this.db
        .query(
          `UPDATE blast_run SET status = 'queued', stage = NULL, done = 0, total = NULL
            WHERE run_no = $1 AND attempt = $2 AND status = 'running'`,
          [claim.run_no, claim.attempt],
        )
        // Then it is found as lost, a little later.
        .catch(() => undefined);
      throw error;
    }
    if (isAway(error)) throw error;
    if (!(error instanceof DomainError))
      this.logger.error({ msg: 'blast radius failed', run: id, err: String((error as Error).stack) });
    const { code, message } = error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: id });
    await this.db.query(
      `UPDATE blast_run SET status = 'failed', error_code = $3, error_message = $4, stage = NULL, finished_at = clock_timestamp()
        WHERE run_no = $1 AND attempt = $2 AND status = 'running'`,
      [claim.run_no, claim.attempt, code, message],
    );
  }
}

interface Progress {
  stage: string;
  done: number;
  total: number | null;
}

/** The last finished runs stay; what is older goes, finished or not. */
async function forgetOldRuns(tx: Tx): Promise<void> {
  const gone = await tx.query<{ run_no: number }>(
    `DELETE FROM blast_run WHERE status NOT IN ('queued', 'running')
        AND run_no < (SELECT min(run_no) FROM (SELECT run_no FROM blast_run WHERE status = 'done' ORDER BY run_no DESC LIMIT $1) kept)
      RETURNING run_no`,
    [RUNS_KEPT],
  );
  await tx.query('DELETE FROM blast_lot WHERE run_no = ANY ($1::int[])', [gone.map((r) => r.run_no)]);
}
