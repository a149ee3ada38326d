import type { Tx } from '@/platform/db';

/** A column of a set-based insert: its name and the PostgreSQL type of its values. */
export type Column = readonly [name: string, type: string];

/** Inserts many rows in one statement, column by column through unnest. Array-typed columns travel as text. */
export async function insertRows(
  tx: Tx,
  table: string,
  columns: readonly Column[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const isList = (type: string) => type.endsWith('[]');
  const names = columns.map(([name]) => name);
  const parameters = columns.map(([, type], i) => `$${i + 1}::${isList(type) ? 'text' : type}[]`);
  const selected = columns.map(([name, type]) => (isList(type) ? `x.${name}::${type}` : `x.${name}`));
  const values = columns.map(([, type], c) =>
    rows.map((row) => (isList(type) ? `{${(row[c] as number[]).join(',')}}` : row[c])),
  );
  await tx.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${selected.join(', ')} FROM unnest(${parameters.join(', ')}) AS x(${names.join(', ')})`,
    values,
  );
}

/** Takes `count` ids from an identity column's sequence, in ascending order. */
export async function takeIds(tx: Tx, table: string, column: string, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await tx.query<{ id: number }>(
    `SELECT nextval(pg_get_serial_sequence($1, $2)) AS id FROM generate_series(1, $3)`,
    [table, column, count],
  );
  return rows.map((r) => r.id).sort((a, b) => a - b);
}
