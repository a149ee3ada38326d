/**
 * The recursive CTE in the PostgreSQL that holds the plant: over the ledger's own link table with its indexes, and over a
 * table of two columns whose index covers them, which is the best that one could make for it.
 */
import { createRequire } from 'node:module';

const { Client } = createRequire(import.meta.url)('pg');

const closure = (table, seed) => `WITH RECURSIVE reached (unit) AS (
  SELECT ${Number(seed) + 1} UNION SELECT l.output FROM reached r JOIN ${table} l ON l.input = r.unit)`;
const tables = { ledger: 'link', covering: 'bench_edge' };

export async function open({ url }) {
  const client = new Client({ connectionString: url });
  await client.connect();
  // The whole set fits: no run writes temporary files.
  await client.query(`SET work_mem = '512MB'`);
  await client.query(`SET hash_mem_multiplier = 2`);
  const { rows } = await client.query('SHOW server_version');
  return {
    version: rows[0].server_version,
    async count(variant, seed) {
      const result = await client.query(`${closure(tables[variant], seed)} SELECT count(*)::int AS count FROM reached`);
      return result.rows[0].count;
    },
    async ids(variant, seed) {
      const result = await client.query({
        text: `${closure(tables[variant], seed)} SELECT unit FROM reached`,
        rowMode: 'array',
      });
      return result.rows.map(([unit]) => unit - 1);
    },
  };
}
