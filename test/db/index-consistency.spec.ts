import { writeFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { sealLedger } from '@/ledger';
import { createDataSource, Database, UnitOfWork } from '@/platform/db';
import { sqlView } from '@/trace/app/sql-view';
import { loadBase } from '@/trace/resident/load-base';
import { ResidentIndex } from '@/trace/resident/resident-index';
import { Prng } from '../scenarios/prng';
import { waitFor } from '../support';
import { Cluster } from './consistency/cluster';
import { answerLines, randomQuestion, rowsIn } from './consistency/traces';
import { FAMILY_UNITS, masterData, SETUP } from './consistency/transactions';
import { difference, linksInGraph, linksInSql, NaiveCursor } from './consistency/truth';
import { Writers } from './consistency/writers';

/** `npm run bench -- --consistency` asks for a million, and reads the figures. */
const TRANSACTIONS = Number(process.env.CONSISTENCY_TRANSACTIONS ?? 100_000);
const REPORT = process.env.CONSISTENCY_REPORT;

const FAMILIES = Math.ceil(TRANSACTIONS / FAMILY_UNITS);
const LOAD = { families: FAMILIES, quick: 6, slow: 3 };
const CHECK_EVERY = Math.max(250, TRANSACTIONS / 120);
/** The checks are slower than the writers, who get no further ahead than this. */
const AHEAD_MAX = 2 * CHECK_EVERY;
const WHOLE_CHECKS = 16;
const TRACES_PER_CHECK = 3;
const INDEX_BYTES_MAX = 4 * 2 ** 30;

/** What happens to the server and to the worker's index while all goes on, at which share of the transactions. */
const MISHAPS: { at: number; what: 'crash' | 'restart' | 'new index' }[] = [
  { at: 0.15, what: 'crash' },
  { at: 0.3, what: 'new index' },
  { at: 0.45, what: 'restart' },
  { at: 0.6, what: 'crash' },
  { at: 0.75, what: 'new index' },
];

describe(`the resident index, under ${TRANSACTIONS} transactions that abort, go back to savepoints and commit late`, () => {
  const prng = new Prng(20_260_303);
  const figures = { traces: 0, units: 0, positions: 0, wholeChecks: 0, crashes: 0, newIndexes: 0 };
  let cluster: Cluster;
  let dataSource: DataSource;
  let db: Database;
  let uow: UnitOfWork;

  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.asOwner(SETUP);
    await cluster.asOwner(masterData(FAMILIES));
    dataSource = await createDataSource({ url: cluster.url, as: 'app' }).initialize();
    db = new Database(dataSource);
    uow = new UnitOfWork(dataSource);
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await cluster?.stop();
  });

  /** As a worker does when it starts: everything by COPY, then fed by positions. */
  async function newIndex(): Promise<ResidentIndex> {
    const position = await sealLedger(uow);
    const runner = dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      return new ResidentIndex(db, await loadBase(client, { position, bytesMax: INDEX_BYTES_MAX }));
    } finally {
      await runner.release();
    }
  }

  /** The whole answers to some questions, from both sources at one position. */
  async function checkTraces(index: ResidentIndex, position: number): Promise<void> {
    for (let n = 0; n < TRACES_PER_CHECK; n++) {
      const question = await randomQuestion(db, position, FAMILIES, prng);
      if (!question) continue;
      const view = index.viewAt(
        position,
        question.seeds.map((s) => s.unitId),
      );
      const fromIndex = await answerLines(db, question, view);
      const sql = await sqlView(db, position, question, { linksMax: 10_000_000 });
      const fromSql = await answerLines(db, question, sql);
      expect({ position, question, ...difference(fromIndex, fromSql) }).toMatchObject({ lost: [], invented: [] });
      figures.traces++;
      figures.units += rowsIn(fromSql);
    }
    figures.positions++;
  }

  /** Every link there is, with both readings of its times. */
  async function checkLinks(index: ResidentIndex, position: number): Promise<void> {
    const fromIndex = linksInGraph(index.graphAt(position), (number) => number);
    const fromSql = await linksInSql(db, position);
    expect({ position, ...difference(fromIndex, fromSql) }).toEqual({ position, lost: [], invented: [] });
    figures.wholeChecks++;
  }

  it(
    'is what SQL is at every position, while a cursor on ids loses links',
    async () => {
      const began = Date.now();
      const naive = new NaiveCursor(db);
      const writers = new Writers({ ...LOAD, url: cluster.url }, TRANSACTIONS, prng);
      const mishaps = [...MISHAPS];
      let index = await newIndex();
      let checks = 0;
      writers.start();
      while (writers.done < TRANSACTIONS) {
        writers.allow(writers.done + AHEAD_MAX);
        await writers.reached(writers.done + CHECK_EVERY);
        const due = mishaps.length > 0 && mishaps[0]!.at * TRANSACTIONS <= writers.done;
        const mishap = due ? mishaps.shift() : undefined;
        if (mishap?.what === 'new index') {
          index = await newIndex();
          figures.newIndexes++;
        } else if (mishap) {
          figures.crashes++;
          // In the middle of being fed, too: an index that was not told everything is told again.
          const feeding = sealLedger(uow).then((position) => index.advanceTo(position));
          await Promise.allSettled([feeding, mishap.what === 'crash' ? cluster.crash() : cluster.restart()]);
        }
        const position = await waitFor(() => sealLedger(uow), { what: 'the ledger to be sealed' });
        await waitFor(() => index.advanceTo(position).then(() => true), { what: 'the index to be fed' });
        await naive.advance();
        await checkTraces(index, position);
        if (++checks % Math.ceil(TRANSACTIONS / CHECK_EVERY / WHOLE_CHECKS) === 0) await checkLinks(index, position);
        // As it was known at any position that the index still holds.
        await checkTraces(index, prng.int(Math.max(1, index.base.position), position));
      }
      await writers.end();

      const last = await sealLedger(uow);
      await index.advanceTo(last);
      await naive.advance();
      await checkLinks(index, last);
      await checkTraces(index, last);
      const fresh = await newIndex();
      await checkLinks(fresh, last);
      await checkTraces(fresh, last);

      const cursor = await naive.lost();
      const [unplaced] = await db.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ledger_batch b LEFT JOIN ledger_position p USING (batch_id) WHERE p.position IS NULL`,
      );
      expect(unplaced!.count).toBe(0);
      expect(writers.done).toBeGreaterThanOrEqual(TRANSACTIONS);
      expect(figures.traces).toBeGreaterThan(50);
      expect(figures.units / figures.traces).toBeGreaterThan(10);
      expect(cursor.lost).toBeGreaterThan(0);
      if (!REPORT) return;
      const more = {
        transactions: writers.done,
        connections: LOAD.quick + LOAD.slow,
        slowCommits: writers.slowCommits,
      };
      const counted = {
        lostByIndex: 0,
        lostByCursor: cursor.lost,
        links: cursor.of,
        seconds: (Date.now() - began) / 1_000,
      };
      writeFileSync(REPORT, JSON.stringify({ ...figures, ...more, ...counted }));
    },
    600_000 + TRANSACTIONS * 6,
  );
});
