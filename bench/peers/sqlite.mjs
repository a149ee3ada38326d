/** SQLite, in memory: the recursive CTE over a table that is its own covering index. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';

const closure = `WITH RECURSIVE reached (unit) AS (
  SELECT CAST(? AS INTEGER) UNION SELECT l.output FROM reached r JOIN link l ON l.input = r.unit)`;

export async function open({ links }) {
  const db = new Database(':memory:');
  db.pragma('cache_size = -1048576');
  // Links of one fact can name the same two units: in the tree by (input, output), which is all that is asked, they are one.
  db.exec('CREATE TABLE link (input INTEGER, output INTEGER, PRIMARY KEY (input, output)) WITHOUT ROWID');
  const insert = db.prepare('INSERT OR IGNORE INTO link VALUES (?, ?)');
  db.exec('BEGIN');
  for await (const line of createInterface({ input: createReadStream(links) })) {
    const comma = line.indexOf(',');
    insert.run(Number(line.slice(0, comma)), Number(line.slice(comma + 1)));
  }
  db.exec('COMMIT; ANALYZE');
  const count = db.prepare(`${closure} SELECT count(*) AS count FROM reached`);
  const ids = db.prepare(`${closure} SELECT unit FROM reached`).pluck();
  return {
    version: db.prepare('SELECT sqlite_version() AS version').get().version,
    count: async (_, seed) => count.get(seed).count,
    ids: async (_, seed) => ids.all(seed),
  };
}
