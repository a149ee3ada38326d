import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { type Context, Database, isAway, type Tx, UnitOfWork } from '@/platform/db';
import { Outbox } from '@/platform/outbox';
import { type ScopeColumns, TraceQueries } from '@/trace';
import { scopeDigest } from '../domain/rules';
import type { ChangedScope } from '../initiation-queries';
import { type Recall, recallFor } from '../queries';
import { type ScopeVersion, scopeVersion } from '../scope-versions';
import { countsInHouse } from '../stop-queries';
import { AdvanceRecall } from './advance-recall';
import { ApplyVersion } from './apply-version';
import { ReadScopes } from './read-scope';
import { Retrace } from './retrace';

/** A run shows so often that it lives. */
const ALIVE_EVERY_MS = 1_000;
/** A run that nobody has seen alive for this long has lost its worker. */
const LOST_AFTER = '15 seconds';
/** One that waits for longer than this has lost its job. */
const UNSENT_AFTER = '10 seconds';

interface Claim {
  initiationId: number;
  recallId: number;
  key: string;
  version: number;
  digest: string;
  signatureId: number;
  requestedBy: string;
  attempt: number;
  traceId: string | null;
}

/** This run is no longer the one that counts. */
class Superseded extends Error {}

/**
 * Initiates a case: traces again and, where the scope is the one that was signed, stops everything in one transaction. Safe to run
 * twice: until that transaction commits nothing has happened, and afterwards nothing is left to do.
 */
@Injectable()
export class RunInitiation {
  private readonly logger = new Logger('Recalls');

  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly retrace: Retrace,
    private readonly traces: TraceQueries,
    private readonly scopes: ReadScopes,
    private readonly apply: ApplyVersion,
    private readonly advance: AdvanceRecall,
  ) {}

  /** Does nothing when it is final or alive elsewhere. Throws what the queue should try again, and what `signal` aborts. */
  async execute(initiationId: number, signal: AbortSignal): Promise<void> {
    const claim = await this.claim(initiationId);
    if (!claim) return;
    const ctx: Context = { actor: claim.requestedBy, source: 'system:recalls' };
    const alive = setInterval(() => {
      this.db
        .query(`UPDATE recall_initiation SET seen_at = clock_timestamp() WHERE initiation_id = $1 AND attempt = $2`, [
          initiationId,
          claim.attempt,
        ])
        // The database may be away for a moment: the run itself will say so.
        .catch(() => undefined);
    }, ALIVE_EVERY_MS);
    try {
      await this.run(ctx, claim, signal);
    } catch (error) {
      await this.failed(claim, signal, error);
    } finally {
      clearInterval(alive);
    }
  }

  async findLost(): Promise<number[]> {
    const rows = await this.db.query<{ id: number }>(
      `SELECT initiation_id AS id FROM recall_initiation
        WHERE status = 'queued' AND requested_at < clock_timestamp() - $1::interval
           OR status = 'running' AND seen_at < clock_timestamp() - $2::interval`,
      [UNSENT_AFTER, LOST_AFTER],
    );
    return rows.map((row) => row.id);
  }

  private claim(initiationId: number): Promise<Claim | undefined> {
    return this.uow.run({ actor: 'system:recalls', source: 'system:recalls' }, async (tx) => {
      const [claim] = await tx.query<Claim>(
        `UPDATE recall_initiation i SET status = 'running', attempt = attempt + 1, seen_at = clock_timestamp()
           FROM recall r
          WHERE i.initiation_id = $1 AND r.recall_id = i.recall_id
            AND (i.status = 'queued' OR i.status = 'running' AND i.seen_at < clock_timestamp() - $2::interval)
          RETURNING i.initiation_id AS "initiationId", i.recall_id AS "recallId", r.key, i.version, encode(i.digest, 'hex') AS digest,
            i.signature_id AS "signatureId", i.requested_by AS "requestedBy", i.attempt, i.trace_id AS "traceId"`,
        [initiationId, LOST_AFTER],
      );
      return claim;
    });
  }

  private async run(ctx: Context, claim: Claim, signal: AbortSignal): Promise<void> {
    const scope = await scopeVersion(this.db, claim.recallId, claim.version);
    if (!scope) throw new Superseded();
    const traceId = claim.traceId ?? (await this.ask(ctx, claim, scope));
    await this.retrace.answered(traceId, signal);
    const columns = await this.traces.scopeColumns(traceId);
    const digest = scopeDigest(columns.digest, scope.excluded);
    signal.throwIfAborted();
    const found = { scope, traceId, columns, digest };
    if (digest === claim.digest) await this.stopAll(ctx, claim, found);
    else await this.tellChanged(claim, await this.difference(claim, found));
  }

  /** The trace is kept with the initiation: a worker that takes it over waits for the same one. */
  private async ask(ctx: Context, claim: Claim, scope: ScopeVersion): Promise<string> {
    const traceId = await this.retrace.ask(ctx, scope.rules);
    await this.update(claim, `trace_id = $3`, [traceId]);
    return traceId;
  }

  private async stopAll(ctx: Context, claim: Claim, found: Found): Promise<void> {
    const { scope, traceId, columns } = found;
    const startedAt = Date.now();
    const result = await this.uow.run(ctx, async (tx) => {
      const recall = await recallFor(tx, claim.key, 'initiate');
      if (recall.version !== claim.version) throw new Superseded();
      const version = found.digest === scope.digest ? scope.version : await this.acknowledged(tx, recall, found);
      const excluded = new Set(scope.excluded.map((one) => one.unitId));
      const { added: units, held } = await this.apply.within(tx, recall, { version, columns, excluded });
      await this.advance.within(tx, recall, 'initiate', { signature: { signatureId: claim.signatureId } });
      await tx.query(
        `INSERT INTO recall_watch (recall_id, position, trace_id) VALUES ($1, $2, $3)
         ON CONFLICT (recall_id) DO UPDATE SET position = excluded.position, trace_id = excluded.trace_id, checked_at = now()`,
        [recall.recallId, columns.position, traceId],
      );
      // Drafting notices is the room of notices' own job.
      await this.outbox.enqueue(tx, 'notices', recall.key);
      const counted = { units, held, ...(await countsInHouse(tx, recall.recallId)), tookMs: Date.now() - startedAt };
      const mine = await tx.query(
        `UPDATE recall_initiation SET status = 'done', result = $3, finished_at = clock_timestamp()
          WHERE initiation_id = $1 AND attempt = $2 AND status = 'running' RETURNING 1`,
        [claim.initiationId, claim.attempt, JSON.stringify(counted)],
      );
      if (mine.length === 0) throw new Superseded();
      return counted;
    });
    this.logger.log({ msg: 'recall initiated', recall: claim.key, ...result, tookMs: Date.now() - startedAt });
  }

  private acknowledged(tx: Tx, recall: Recall, { scope, traceId }: Found): Promise<number> {
    return this.retrace.save(tx, recall, scope, {
      cause: 'initiation',
      traceId,
      reason: 'The ledger had moved on; the difference was acknowledged at initiation.',
    });
  }

  private async difference(claim: Claim, { scope, traceId, digest, columns }: Found): Promise<ChangedScope> {
    const after = await this.scopes.read(await this.traces.summary(traceId), scope.excluded);
    const difference = await this.scopes.difference(claim.recallId, scope.version, traceId, scope.excluded, after);
    return { digest, trace: traceId, position: columns.position, ...difference };
  }

  private async tellChanged(claim: Claim, changed: ChangedScope): Promise<void> {
    await this.update(claim, `status = 'changed', changed = $3, finished_at = clock_timestamp()`, [
      JSON.stringify(changed),
    ]);
  }

  private async failed(claim: Claim, signal: AbortSignal, error: unknown): Promise<void> {
    if (signal.aborted) {
      // Handed back: the next worker begins at once. Where that fails it is found as lost, a little later.
      await this.update(claim, `status = 'queued', seen_at = NULL`).catch(() => undefined);
      throw error;
    }
    if (isAway(error)) throw error;
    // Another version was saved, or the case went another way: what was signed is not there any more.
    const over = error instanceof Superseded || (error instanceof DomainError && error.code === 'RECALL_STATE');
    if (over) return this.update(claim, `status = 'superseded', finished_at = clock_timestamp()`);
    if (!(error instanceof DomainError))
      this.logger.error({ msg: 'initiation failed', recall: claim.key, err: String((error as Error).stack) });
    const { code, message } =
      error instanceof DomainError ? error : new DomainError('INTERNAL', { requestId: claim.key });
    await this.update(
      claim,
      `status = 'failed', error_code = $3, error_message = $4, finished_at = clock_timestamp()`,
      [code, message],
    );
  }

  private async update(claim: Claim, set: string, values: unknown[] = []): Promise<void> {
    await this.db.query(
      `UPDATE recall_initiation SET ${set} WHERE initiation_id = $1 AND attempt = $2 AND status = 'running'`,
      [claim.initiationId, claim.attempt, ...values],
    );
  }
}

interface Found {
  scope: ScopeVersion;
  traceId: string;
  columns: ScopeColumns;
  digest: string;
}
