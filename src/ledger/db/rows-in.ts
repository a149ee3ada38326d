import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from '@/platform/db';

/** A column of a set-based insert: its name and the PostgreSQL type of its values. */
export type Column = readonly [name: string, type: string];

/** Rows in their order. An array of rows is one; of many rows each is better made only when it is written: `lazyRows`. */
export interface Rows extends Iterable<readonly unknown[]> {
  readonly length: number;
}

/** What `toRow` makes of each item, when its turn comes: a hundred thousand rows at once are what the garbage collector is slow with. */
export function lazyRows<T>(items: readonly T[], toRow: (item: T) => readonly unknown[]): Rows {
  return {
    length: items.length,
    *[Symbol.iterator]() {
      for (const item of items) yield toRow(item);
    },
  };
}

/** Below this, one statement costs less than the three messages of a COPY; above, COPY takes a third less time of the server. */
const COPY_FROM_ROWS = 200;
const COPY_CHARACTERS = 128 * 1024;

/** Inserts many rows at once: few by one statement, many by COPY. Both write the rows in the order given. */
export async function insertRows(tx: Tx, table: string, columns: readonly Column[], rows: Rows): Promise<void> {
  if (rows.length === 0) return;
  if (rows.length < COPY_FROM_ROWS) await insertFew(tx, table, columns, [...rows]);
  else await copyMany(tx, table, columns, rows);
}

/** One statement, column by column through unnest. Array-typed columns travel as text. */
async function insertFew(
  tx: Tx,
  table: string,
  columns: readonly Column[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const isList = (type: string) => type.endsWith('[]');
  const names = columns.map(([name]) => name);
  const parameters = columns.map(([, type], i) => `$${i + 1}::${isList(type) ? 'text' : type}[]`);
  const selected = columns.map(([name, type]) => (isList(type) ? `x.${name}::${type}` : `x.${name}`));
  const values = columns.map(([, type], c) =>
    rows.map((row) => (isList(type) && row[c] !== null ? `{${(row[c] as number[]).join(',')}}` : row[c])),
  );
  await tx.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${selected.join(', ')} FROM unnest(${parameters.join(', ')}) AS x(${names.join(', ')})`,
    values,
  );
}

async function copyMany(tx: Tx, table: string, columns: readonly Column[], rows: Rows): Promise<void> {
  const names = columns.map(([name]) => name).join(', ');
  await pipeline(
    Readable.from(copyText(rows), { objectMode: false }),
    tx.raw.query(copyFrom(`COPY ${table} (${names}) FROM STDIN`)),
  );
}

/** Rows in COPY's text format, in pieces. */
function* copyText(rows: Rows): Generator<Buffer> {
  let text = '';
  for (const row of rows) {
    for (let c = 0; c < row.length; c++) {
      if (c > 0) text += '\t';
      text += copyValue(row[c]);
    }
    text += '\n';
    if (text.length < COPY_CHARACTERS) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPED: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function copyValue(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'string':
      return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPED[character]!) : value;
    default:
      if (value === null || value === undefined) return '\\N';
      if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
      if (Array.isArray(value)) return `{${value.join(',')}}`;
      throw new TypeError(`a ${typeof value} is no value of a column`);
  }
}

/** Takes `count` ids from an identity column's sequence, in ascending order. */
export async function takeIds(tx: Tx, table: string, column: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  // They come as runs of consecutive numbers: where nobody else takes ids at the same time, as one.
  const runs = await tx.query<{ low: number; high: number }>(
    `WITH taken AS MATERIALIZED (
       SELECT nextval(s) AS id FROM (SELECT pg_get_serial_sequence($1, $2)::regclass AS s OFFSET 0) q, generate_series(1, $3)),
     whole AS (SELECT min(id) AS low, max(id) AS high FROM taken)
     SELECT low, high FROM whole WHERE high - low + 1 = $3
     UNION ALL
     SELECT min(id), max(id) FROM (SELECT id, id - row_number() OVER (ORDER BY id) AS run FROM taken
                                    WHERE (SELECT high - low + 1 <> $3 FROM whole)) numbered
      GROUP BY run ORDER BY 1`,
    [table, column, count],
  );
  const ids: number[] = [];
  for (const { low, high } of runs) for (let id = low; id <= high; id++) ids.push(id);
  return ids;
}
