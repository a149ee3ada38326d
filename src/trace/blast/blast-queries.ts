import { Injectable } from '@nestjs/common';
import { DomainError } from '@/kernel';
import { itemsAt, movementsOf, unitsByIds } from '@/ledger';
import { Database, escapeLike } from '@/platform/db';
import { decodeCursor, encodeCursor, Page, pageSize } from '@/platform/http';
import { byUnit, foldUnit } from '../app/stories';
import { UnitRef, unitRefOf } from '../domain/question';

export type BlastStatus = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface BlastRunView {
  /** null, with the status none, where no run has been asked for yet */
  id: string | null;
  status: BlastStatus | 'none';
  progress: { stage: string | null; done: number; total: number | null };
  createdAt: string | null;
  createdBy: string | null;
  ledgerPosition: number | null;
  /** when it was finished */
  at: string | null;
  took_ms: number | null;
  lots: number | null;
  /** sizes are in finished units */
  worst: number | null;
  mean: number | null;
  median: number | null;
  worstLot: { id: string; unit: UnitRef } | null;
  error: { code: string; message: string } | null;
}

/** The last finished run, and the one that is under way. */
export interface BlastView extends BlastRunView {
  open: BlastRunView | null;
}

export interface BlastLotView {
  id: string;
  unit: UnitRef;
  name: string;
  units: number;
  finished: number;
  customers: number;
  downward: number;
  upward: number;
  /** where it is itself, at the run's position; null where parts of it are in several states */
  state: string | null;
  states: string[];
}

export const BLAST_SORTS = ['finished', 'units', 'customers', 'downward', 'upward'] as const;
export type BlastSort = (typeof BLAST_SORTS)[number] | `-${(typeof BLAST_SORTS)[number]}`;

export interface LotFilters {
  sort?: BlastSort | undefined;
  item?: string | undefined;
  q?: string | undefined;
}

interface RunRow {
  run_no: number;
  run_id: string;
  status: BlastStatus;
  created_at: Date;
  created_by: string;
  finished_at: Date | null;
  position: number | null;
  stage: string | null;
  done: number;
  total: number | null;
  error_code: string | null;
  error_message: string | null;
  lots: number | null;
  worst: number | null;
  mean: number | null;
  median: number | null;
  worst_unit_id: number | null;
}

interface LotRow {
  unit_id: number;
  item_id: number;
  units: number;
  finished: number;
  customers: number;
  downward: number;
  upward: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const STREAM_ROWS = 1_000;
const NONE: BlastRunView = {
  id: null,
  status: 'none',
  progress: { stage: null, done: 0, total: null },
  createdAt: null,
  createdBy: null,
  ledgerPosition: null,
  at: null,
  took_ms: null,
  lots: null,
  worst: null,
  mean: null,
  median: null,
  worstLot: null,
  error: null,
};

/** Where a page ends: in which run, of which list, and after which row. */
interface Place {
  run: string;
  of: string;
  after: [number, number];
}

const NO_LOT: LotRow = { unit_id: 0, item_id: 0, units: 0, finished: 0, customers: 0, downward: 0, upward: 0 };

function listOf({ sort, item, q }: LotFilters): string {
  return JSON.stringify([sort ?? null, item ?? null, q?.trim() ?? null]);
}

/** A cursor of another order or filter would skip rows in silence. */
function placeOf(cursor: string | undefined, filters: LotFilters): Place | null {
  const place = decodeCursor<Place>(cursor);
  if (!place) return null;
  const [first, second] = Array.isArray(place.after) ? place.after : [];
  if (place.of !== listOf(filters) || !Number.isSafeInteger(first) || !Number.isSafeInteger(second))
    throw otherCursor();
  return place;
}

function otherCursor(): DomainError {
  return new DomainError('BAD_REQUEST', {
    reason: 'the cursor belongs to another run, order or filter; start again without it.',
  });
}

@Injectable()
export class BlastQueries {
  constructor(private readonly db: Database) {}

  /** The last finished run; where there is none, the last that was asked for. */
  async latest(): Promise<BlastView> {
    const [[shown], [open]] = await Promise.all([
      this.runs(`ORDER BY (status = 'done') DESC, run_no DESC LIMIT 1`),
      this.runs(`WHERE status IN ('queued', 'running')`),
    ]);
    return { ...(shown ? await this.view(shown) : NONE), open: open ? await this.view(open) : null };
  }

  async one(id: string): Promise<BlastRunView> {
    return this.view(await this.run(id));
  }

  async lots(
    id: string | undefined,
    filters: LotFilters,
    cursor?: string,
    limit?: number,
  ): Promise<Page<BlastLotView>> {
    const place = placeOf(cursor, filters);
    // Pages go on in the run that the first one came from, even where a newer one is done.
    const run = await this.doneRun(id ?? place?.run);
    if (place && place.run !== run.run_id) throw otherCursor();
    const size = pageSize(limit);
    const rows = await this.lotRows(run, filters, place?.after ?? null, size + 1);
    const shown = rows.slice(0, size);
    const next: Place = { run: run.run_id, of: listOf(filters), after: keyOf(shown.at(-1) ?? NO_LOT, filters) };
    return { data: await this.lotViews(run, shown), nextCursor: rows.length > size ? encodeCursor(next) : null };
  }

  /** All of them, read a part at a time. */
  async lotStream(id: string | undefined, filters: LotFilters): Promise<AsyncIterable<BlastLotView>> {
    return this.streamOf(await this.doneRun(id), filters);
  }

  private async *streamOf(run: RunRow, filters: LotFilters): AsyncGenerator<BlastLotView> {
    for (let after: [number, number] | null = null; ;) {
      const rows: LotRow[] = await this.lotRows(run, filters, after, STREAM_ROWS);
      yield* await this.lotViews(run, rows);
      if (rows.length < STREAM_ROWS) return;
      after = keyOf(rows.at(-1)!, filters);
    }
  }

  private async run(id: string): Promise<RunRow> {
    const [row] = UUID.test(id) ? await this.runs('WHERE run_id = $1', [id]) : [];
    if (!row) throw new DomainError('NOT_FOUND', { what: 'blast radius run', key: id });
    return row;
  }

  private async doneRun(id: string | undefined): Promise<RunRow> {
    const run =
      id === undefined
        ? (await this.runs(`WHERE status = 'done' ORDER BY run_no DESC LIMIT 1`))[0]
        : await this.run(id);
    if (run?.status !== 'done') throw new DomainError('BLAST_NOT_DONE');
    return run;
  }

  private runs(rest: string, params: unknown[] = []): Promise<RunRow[]> {
    return this.db.query<RunRow>(
      `SELECT run_no, run_id, status, created_at, created_by, finished_at, position, stage, done, total,
              error_code, error_message, lots, worst, mean, median, worst_unit_id FROM blast_run ${rest}`,
      params,
    );
  }

  private async view(r: RunRow): Promise<BlastRunView> {
    return {
      id: r.run_id,
      status: r.status,
      progress: { stage: r.stage, done: r.done, total: r.total },
      createdAt: r.created_at.toISOString(),
      createdBy: r.created_by,
      ledgerPosition: r.position,
      at: r.finished_at?.toISOString() ?? null,
      took_ms: r.finished_at ? r.finished_at.getTime() - r.created_at.getTime() : null,
      lots: r.lots,
      worst: r.worst,
      mean: r.mean,
      median: r.median,
      worstLot: await this.worstOf(r),
      error: r.error_code === null ? null : { code: r.error_code, message: r.error_message ?? '' },
    };
  }

  private async worstOf({ worst_unit_id, position }: RunRow): Promise<BlastRunView['worstLot']> {
    if (worst_unit_id === null || position === null) return null;
    const [unit] = await unitsByIds(this.db, [worst_unit_id]);
    const items = await itemsAt(this.db, position, [unit!.itemId]);
    return { id: `u${worst_unit_id}`, unit: unitRefOf(items.get(unit!.itemId)!.code, unit!.kind, unit!.code) };
  }

  /** Rows after the key, in the order of the sort; the id decides between equals, in the same direction, as the index has it. */
  private lotRows(run: RunRow, filters: LotFilters, after: [number, number] | null, limit: number): Promise<LotRow[]> {
    const { column, descending } = sortOf(filters);
    const [compare, direction] = descending ? ['<', 'DESC'] : ['>', 'ASC'];
    const search = filters.q?.trim() ? `%${escapeLike(filters.q)}%` : null;
    return this.db.query<LotRow>(
      `SELECT l.unit_id, l.item_id, l.units, l.finished, l.customers, l.downward, l.upward
         FROM blast_lot l
        WHERE l.run_no = $1
          AND ($2::int IS NULL OR (l.${column}, l.unit_id) ${compare} ($2::int, $3::int))
          AND ($4::text IS NULL OR l.item_id = (SELECT i.item_id FROM item i WHERE i.code = $4))
          AND ($5::text IS NULL
               OR l.unit_id IN (SELECT u.unit_id FROM unit u WHERE u.code ILIKE $5)
               OR l.item_id IN (SELECT i.item_id FROM item i WHERE i.code ILIKE $5 OR i.name ILIKE $5))
        ORDER BY l.${column} ${direction}, l.unit_id ${direction} LIMIT $6`,
      [run.run_no, after?.[0] ?? null, after?.[1] ?? null, filters.item ?? null, search, limit],
    );
  }

  private async lotViews(run: RunRow, rows: readonly LotRow[]): Promise<BlastLotView[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((r) => r.unit_id);
    const position = run.position!;
    const [units, items, movements] = await Promise.all([
      unitsByIds(this.db, ids),
      itemsAt(this.db, position, [...new Set(rows.map((r) => r.item_id))]),
      movementsOf(this.db, position, ids, { types: false }),
    ]);
    const codes = new Map(units.map((u) => [u.unitId, u.code]));
    const stories = byUnit(movements);
    return rows.map((r) => {
      const item = items.get(r.item_id)!;
      const { holdings } = foldUnit(stories.get(r.unit_id) ?? [], 'lot');
      const states = [...new Set(holdings.map((h) => h.state))];
      return {
        id: `u${r.unit_id}`,
        unit: unitRefOf(item.code, 'lot', codes.get(r.unit_id)!),
        name: item.name,
        units: r.units,
        finished: r.finished,
        customers: r.customers,
        downward: r.downward,
        upward: r.upward,
        state: states.length === 1 ? states[0]! : null,
        states,
      };
    });
  }
}

/** The riskiest first, unless another order is asked for. */
function sortOf({ sort = '-finished' }: LotFilters) {
  const descending = sort.startsWith('-');
  return { column: (descending ? sort.slice(1) : sort) as (typeof BLAST_SORTS)[number], descending };
}

function keyOf(row: LotRow, filters: LotFilters): [number, number] {
  return [row[sortOf(filters).column], row.unit_id];
}
