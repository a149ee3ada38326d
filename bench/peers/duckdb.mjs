/** DuckDB, in memory: its keyed recursive CTE (USING KEY), and the plain one. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const closures = {
  keyed: (seed) => `WITH RECURSIVE reached (unit) USING KEY (unit) AS (
    SELECT ${seed}::INTEGER UNION SELECT l.output FROM reached r JOIN link l ON l.input = r.unit
     WHERE NOT EXISTS (SELECT 1 FROM recurring.reached k WHERE k.unit = l.output))`,
  plain: (seed) => `WITH RECURSIVE reached (unit) AS (
    SELECT ${seed}::INTEGER UNION SELECT l.output FROM reached r JOIN link l ON l.input = r.unit)`,
};

export async function open({ folder, links, cores }) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(cores),
    temp_directory: join(folder, 'duckdb'),
  });
  const db = await instance.connect();
  await db.run(
    `CREATE TABLE link AS SELECT * FROM read_csv('${links}', header = false, columns = {'input': 'INTEGER', 'output': 'INTEGER'})`,
  );
  const rows = async (sql) => (await db.runAndReadAll(sql)).getRows();
  return {
    version: (await rows('SELECT version()'))[0][0],
    count: async (variant, seed) =>
      (await rows(`${closures[variant](Number(seed))} SELECT count(*) FROM reached`))[0][0],
    ids: async (variant, seed) =>
      (await rows(`${closures[variant](Number(seed))} SELECT unit FROM reached`)).map(([unit]) => unit),
  };
}
