import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager, QueryFailedError } from 'typeorm';
import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';

/** Who acts, and under which name their facts and keys are kept. Comes in from the edge; domain code never makes one. */
export interface Context {
  /** the person or key, for people to read: `user:anna`, `key:erp` */
  actor: string;
  /** the namespace of client event ids; by default the same as the actor */
  source: string;
  requestId?: string;
  /** a rehearsal: whatever is done in this name is done in its transaction, which is taken back in the end */
  rehearsal?: Tx;
}

/** What changed, for the audit: written in the transaction that changes it. */
export interface AuditLine {
  action: string;
  subject: string;
  before?: unknown;
  after?: unknown;
}

/** An open transaction. Repositories take it as a parameter; none works without one. */
export class Tx {
  constructor(
    readonly ctx: Context,
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  /** Runs one statement and gives its rows. */
  async query<R = Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<R[]> {
    return (await this.client.query(sql, params)).rows as R[];
  }

  /** The same transaction in another's name. */
  for(ctx: Context): Tx {
    return new Tx(ctx, this.runner, this.client);
  }

  /** The raw connection, for COPY streams. */
  get raw(): PoolClient {
    return this.client;
  }

  /** Leaves an audit line for a change of what is no fact. */
  async audit(line: AuditLine): Promise<void> {
    await this.query(
      'INSERT INTO audit_line (actor, action, subject, before, after, request_id) VALUES ($1, $2, $3, $4, $5, $6)',
      [
        this.ctx.actor,
        line.action,
        line.subject,
        line.before === undefined ? null : JSON.stringify(line.before),
        line.after === undefined ? null : JSON.stringify(line.after),
        this.ctx.requestId ?? null,
      ],
    );
  }
}

export interface RunOptions {
  isolation?: 'READ COMMITTED' | 'REPEATABLE READ';
  readOnly?: boolean;
}

/** 40001 serialization failure, 40P01 deadlock: the whole transaction is tried again, here and nowhere else. */
const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS_MAX = 8;
/** Who lost a race waits a little, each for another time: two that only tried again at once would meet again. */
const WAIT_MS_MAX = 25;

/** A transaction that lost a race it can win the next time (a unique key that another one took first). */
export class RaceLost extends Error {}

class TakenBack<T> extends Error {
  constructor(readonly result: T) {
    super('a rehearsal is taken back');
  }
}

@Injectable()
export class UnitOfWork {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` with a context whose every `run` is a step of one transaction, and takes all of it back: what would happen is
   * known, and nothing has. What it locks stays locked until it ends, so it has to be short.
   */
  async rehearse<T>(ctx: Context, work: (ctx: Context) => Promise<T>): Promise<T> {
    const taken = await this.run(ctx, async (tx) => {
      throw new TakenBack(await work({ ...ctx, rehearsal: tx }));
    }).catch((error: unknown) => {
      if (error instanceof TakenBack) return error as TakenBack<T>;
      throw error;
    });
    return taken.result;
  }

  /**
   * Runs `work` in one transaction and commits it. Serialization failures, deadlocks and RaceLost run the whole of it
   * again, at most eight times; any other error rolls back and is thrown.
   */
  async run<T>(ctx: Context, work: (tx: Tx) => Promise<T>, options: RunOptions = {}): Promise<T> {
    if (ctx.rehearsal) return rehearsed(ctx, ctx.rehearsal, work);
    for (let attempt = 1; ; attempt++) {
      const runner = this.dataSource.createQueryRunner();
      try {
        const client = (await runner.connect()) as PoolClient;
        await runner.startTransaction(options.isolation ?? 'READ COMMITTED');
        if (options.readOnly) await client.query('SET TRANSACTION READ ONLY');
        try {
          const result = await work(new Tx(ctx, runner, client));
          await runner.commitTransaction();
          return result;
        } catch (error) {
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          throw error;
        }
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
      } finally {
        await runner.release();
      }
      // 25, 50, 100 … ms at most.
      await setTimeout(Math.random() * WAIT_MS_MAX * 2 ** (attempt - 1));
    }
  }
}

/** A step of a rehearsal: what it did is seen by the steps after it, and is gone where it throws. */
async function rehearsed<T>(ctx: Context, whole: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await whole.query('SAVEPOINT rehearsed_step');
    try {
      const result = await work(whole.for(ctx));
      await whole.query('RELEASE SAVEPOINT rehearsed_step');
      return result;
    } catch (error) {
      await whole.query('ROLLBACK TO SAVEPOINT rehearsed_step');
      if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}

function isRetryable(error: unknown): boolean {
  if (error instanceof RaceLost) return true;
  const code =
    error instanceof QueryFailedError
      ? (error.driverError as { code?: string }).code
      : (error as { code?: string } | null)?.code;
  return code !== undefined && RETRYABLE.has(code);
}
