/** Compares the rows of a table with the hashes that were sealed, a window of some ten thousand rows at a time. */
import { createHash } from 'node:crypto';
import type { Queryable, UnitOfWork } from '@/platform/db';
import { asSealed, Chain, FactTable, idAndHash } from './chains';
import { Finding, Say } from './finding';
import { NamedRow, nameRows } from './name-rows';

/** Rows compared at a time; a leaf holds at most 10,000. */
const WINDOW_ROWS = 20_000;
const LEAVES_READ = 2_000;
const HASH_BYTES = 8;

/** Positions above `from` and up to `until`; where one position is taken in parts, ids above `idFrom` and up to `idUntil`. */
interface Window {
  from: number;
  until: number;
  first: [position: number, part: number];
  last: [position: number, part: number];
  idFrom: number | null;
  idUntil: number | null;
  revision: number;
  rows: number;
}

interface LeafHead {
  position: number;
  part: number;
  rows: number;
  revision: number;
}

export interface Scope {
  chain: Chain;
  /** the newest position when the verification began */
  until: number;
  /** the seal that holds the rows of all positions before it; 0 where there is none */
  adoption: number;
}

/** Verifies one table; `tables` are its revisions. Tells how many rows were read as it goes. */
export async function verifyTable(
  uow: UnitOfWork,
  scope: Scope,
  tables: readonly FactTable[],
  say: Say,
  progress: (rows: number) => void,
): Promise<void> {
  for await (const window of windowsOf(uow, scope, tables)) {
    const table = tables.find((t) => t.revision === window.revision)!;
    const differing = await asSealed(uow, (q) => compare(q, scope, table, window, say)).catch((error: unknown) => {
      // A column that was hashed is not there any more.
      if ((error as { code?: string }).code !== '42703') throw error;
      say(notVerifiable(scope, table, window));
      return [];
    });
    await tell(uow, scope, table, differing, say);
    progress(window.rows);
  }
  await unsealed(uow, scope, tables.at(-1)!, say);
}

/** All positions in order, gaps between leaves included: a row where there is no leaf was put in later. */
async function* windowsOf(uow: UnitOfWork, scope: Scope, tables: readonly FactTable[]): AsyncGenerator<Window> {
  const { chain, until } = scope;
  let from = 0;
  let open: Window | null = null;
  const newest = tables.at(-1)!;
  for await (const leaves of byPosition(uow, chain, newest.table, until)) {
    const { position, revision } = leaves[0];
    const rows = leaves.reduce((sum, l) => sum + l.rows, 0);
    if (open && (rows + open.rows > WINDOW_ROWS || open.revision !== revision)) {
      yield open;
      from = open.until;
      open = null;
    }
    if (rows > WINDOW_ROWS) {
      if (position - 1 > from && from >= scope.adoption) yield empty(from, position - 1, revision);
      yield* splitOf(uow, chain, newest.table, leaves, position <= scope.adoption ? 0 : position - 1);
      from = position;
      continue;
    }
    open ??= { ...empty(from, position, revision), first: [position, leaves[0].part] };
    open.until = position;
    open.last = [position, leaves.at(-1)!.part];
    open.rows += rows;
  }
  if (open) {
    yield { ...open, until };
    return;
  }
  if (from < until) yield empty(from, until, newest.revision);
}

function empty(from: number, until: number, revision: number): Window {
  return { from, until, first: [until, 0], last: [until, -1], idFrom: null, idUntil: null, revision, rows: 0 };
}

async function* splitOf(
  uow: UnitOfWork,
  chain: Chain,
  table: string,
  leaves: readonly LeafHead[],
  from: number,
): AsyncGenerator<Window> {
  let idFrom: number | null = null;
  for (const [i, { position, part, rows, revision }] of leaves.entries()) {
    const [row] = await asSealed(uow, (q) =>
      q.query<{ last: number }>(
        `SELECT ids[rows] AS last FROM ${chain.leaves} WHERE position = $1 AND table_name = $2 AND part = $3`,
        [position, table, part],
      ),
    );
    const idUntil = i === leaves.length - 1 ? null : row!.last;
    yield { from, until: position, first: [position, part], last: [position, part], idFrom, idUntil, revision, rows };
    idFrom = idUntil;
  }
}

/** The leaves of a table, those of one position together. */
async function* byPosition(
  uow: UnitOfWork,
  chain: Chain,
  table: string,
  until: number,
): AsyncGenerator<[LeafHead, ...LeafHead[]]> {
  let group: LeafHead[] = [];
  for (let after: [number, number] = [0, -1]; ;) {
    const heads = await asSealed(uow, (q) =>
      q.query<LeafHead>(
        `SELECT position, part, rows, revision FROM ${chain.leaves}
          WHERE table_name = $1 AND (position, part) > ($2, $3) AND position <= $4 ORDER BY position, part LIMIT ${LEAVES_READ}`,
        [table, ...after, until],
      ),
    );
    for (const head of heads) {
      if (group.length > 0 && group[0]!.position !== head.position) {
        yield group as [LeafHead, ...LeafHead[]];
        group = [];
      }
      group.push(head);
    }
    const last = heads.at(-1);
    if (!last) break;
    after = [last.position, last.part];
  }
  if (group.length > 0) yield group as [LeafHead, ...LeafHead[]];
}

interface Differing {
  kind: 'row-changed' | 'row-missing' | 'row-inserted';
  id: number;
  position: number;
}

async function compare(q: Queryable, scope: Scope, table: FactTable, window: Window, say: Say): Promise<Differing[]> {
  const { chain, adoption } = scope;
  const { id, hash } = idAndHash(table);
  const leaves = await q.query<{ position: number; part: number; root: Buffer; ids: number[]; hashes: Buffer }>(
    `SELECT position, part, root, ids, hashes FROM ${chain.leaves}
      WHERE table_name = $1 AND (position, part) >= ($2, $3) AND (position, part) <= ($4, $5) ORDER BY position, part`,
    [table.table, ...window.first, ...window.last],
  );
  const rows = await q.query<{ position: number; ids: number[]; hashes: Buffer }>(
    `SELECT r.position, array_agg(r.id ORDER BY r.id, r.h) AS ids, string_agg(r.h, ''::bytea ORDER BY r.id, r.h) AS hashes
       FROM (SELECT greatest(p.position, $3) AS position, ${id} AS id, ${hash} AS h
               FROM ${chain.positions} p JOIN "${table.table}" t ON t.${chain.key} = p.${chain.key}
              WHERE p.position > $1 AND p.position <= $2
                AND ($4::bigint IS NULL OR ${id} > $4) AND ($5::bigint IS NULL OR ${id} <= $5)) r
      GROUP BY r.position`,
    [window.from, window.until, adoption, window.idFrom, window.idUntil],
  );
  const found = new Map(rows.map((r) => [r.position, r]));
  const differing: Differing[] = [];
  const seen = new Map<number, number>();
  for (const leaf of leaves) {
    const there = found.get(leaf.position);
    const from = seen.get(leaf.position) ?? 0;
    const isLast = leaves.findLast((l) => l.position === leaf.position) === leaf;
    const upTo = isLast ? Infinity : (leaf.ids.at(-1) ?? -Infinity);
    const [own, next] = within(there, from, upTo);
    seen.set(leaf.position, next);
    const before = differing.length;
    merge(leaf, own, (kind, rowId) => differing.push({ kind, id: rowId, position: leaf.position }));
    if (differing.length === before && !rootOf(own).equals(leaf.root)) say(leafChanged(chain, table, leaf));
    if (isLast) found.delete(leaf.position);
  }
  for (const [position, { ids }] of found)
    for (const rowId of ids) differing.push({ kind: 'row-inserted', id: rowId, position });
  return differing;
}

interface Hashed {
  ids: readonly number[];
  hashes: Buffer;
}

const SHA_BYTES = 32;

/** Of the rows of a position, those from a place on whose ids are at most `upTo`; and the place behind them. */
function within(rows: Hashed | undefined, from: number, upTo: number): [Hashed, number] {
  if (!rows) return [{ ids: [], hashes: Buffer.alloc(0) }, from];
  let until = from;
  while (until < rows.ids.length && rows.ids[until]! <= upTo) until++;
  return [
    { ids: rows.ids.slice(from, until), hashes: rows.hashes.subarray(from * SHA_BYTES, until * SHA_BYTES) },
    until,
  ];
}

/** Both sides in the order of ids: what differs, what is gone, what came in. */
function merge(leaf: Hashed, rows: Hashed, differs: (kind: Differing['kind'], id: number) => void): void {
  let i = 0;
  let j = 0;
  while (i < leaf.ids.length || j < rows.ids.length) {
    const sealed = leaf.ids[i] ?? Infinity;
    const there = rows.ids[j] ?? Infinity;
    if (sealed < there) {
      differs('row-missing', sealed);
      i++;
    } else if (there < sealed) {
      differs('row-inserted', there);
      j++;
    } else {
      const was = leaf.hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES);
      if (!was.equals(rows.hashes.subarray(j * SHA_BYTES, j * SHA_BYTES + HASH_BYTES))) differs('row-changed', sealed);
      i++;
      j++;
    }
  }
}

function rootOf({ ids, hashes }: Hashed): Buffer {
  const hash = createHash('sha256');
  const id = Buffer.alloc(8);
  for (const [i, value] of ids.entries()) {
    id.writeBigInt64BE(BigInt(value));
    hash.update(id);
    hash.update(hashes.subarray(i * SHA_BYTES, (i + 1) * SHA_BYTES));
  }
  return hash.digest();
}

const HAPPENED = {
  'row-changed': 'says something else than was sealed',
  'row-missing': 'was sealed and is gone',
  'row-inserted': 'was put in after its position had been sealed',
} as const;

async function tell(
  uow: UnitOfWork,
  { chain }: Scope,
  table: FactTable,
  differing: readonly Differing[],
  say: Say,
): Promise<void> {
  if (differing.length === 0) return;
  const ids = differing.flatMap((d) => (d.kind === 'row-missing' ? [] : [d.id]));
  const named =
    table.key === null || ids.length === 0
      ? new Map<number, NamedRow>()
      : await asSealed(uow, (q) => nameRows(q, table.table, table.key!, ids));
  const positions = [...new Set(differing.map((d) => d.position))];
  const sealed = new Map(
    (
      await asSealed(uow, (q) =>
        q.query<{ position: number; sealed_at: Date }>(
          `SELECT position, sealed_at FROM ${chain.seals} WHERE position = ANY ($1::bigint[])`,
          [positions],
        ),
      )
    ).map((r) => [r.position, r.sealed_at.toISOString()]),
  );
  for (const { kind, id, position } of differing) {
    const row = named.get(id);
    say({
      kind,
      chain: chain.name,
      table: table.table,
      id: String(id),
      name: row?.name ?? null,
      position,
      recordedAt: row?.recordedAt ?? sealed.get(position) ?? null,
      actor: row?.actor ?? null,
      message: `${table.table} ${id}${row ? ` (${row.name})` : ''} at position ${position} ${HAPPENED[kind]}.`,
    });
  }
}

function leafChanged(chain: Chain, table: FactTable, leaf: { position: number; part: number }): Finding {
  return {
    ...none(chain),
    kind: 'leaf-changed',
    table: table.table,
    position: leaf.position,
    message: `The sealed hashes of ${table.table} at position ${leaf.position} (part ${leaf.part}) were changed: its rows are not those of its root.`,
  };
}

function notVerifiable({ chain }: Scope, table: FactTable, window: Window): Finding {
  return {
    ...none(chain),
    kind: 'not-verifiable',
    table: table.table,
    position: window.until,
    message: `${table.table} has lost a column that was sealed; its rows at positions ${window.from + 1} to ${window.until} cannot be compared.`,
  };
}

export function none(chain: Chain): Omit<Finding, 'kind' | 'message'> {
  return { chain: chain.name, table: null, id: null, name: null, position: null, recordedAt: null, actor: null };
}

const UNSEALED_MAX = 1_000;

/** Rows that are neither sealed nor wait for it: their batch was never opened, or its position was taken away. */
async function unsealed(uow: UnitOfWork, { chain }: Scope, table: FactTable, say: Say): Promise<void> {
  const { id } = idAndHash(table);
  const rows = await asSealed(uow, (q) =>
    q.query<{ id: number }>(
      `SELECT ${id} AS id FROM "${table.table}" t
        WHERE NOT EXISTS (SELECT FROM ${chain.positions} p WHERE p.${chain.key} = t.${chain.key})
          AND NOT EXISTS (SELECT FROM ${chain.pending} p WHERE p.${chain.key} = t.${chain.key}) LIMIT ${UNSEALED_MAX}`,
    ),
  );
  if (rows.length === 0) return;
  const ids = rows.map((r) => r.id);
  const named = table.key === null ? null : await asSealed(uow, (q) => nameRows(q, table.table, table.key!, ids));
  for (const rowId of ids) {
    const row = named?.get(rowId);
    say({
      ...none(chain),
      kind: 'row-unsealed',
      table: table.table,
      id: String(rowId),
      name: row?.name ?? null,
      recordedAt: row?.recordedAt ?? null,
      actor: row?.actor ?? null,
      message: `${table.table} ${rowId}${row ? ` (${row.name})` : ''} has no position and does not wait for one: it was put in behind the ledger's back, or its position was taken away.`,
    });
  }
}
