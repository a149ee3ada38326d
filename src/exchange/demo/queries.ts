import type { Queryable } from '@/platform/db';

/** What the audit says of the work of a demo plant: the day it was begun with, and whether all of it is there. */
export async function workSoFar(q: Queryable, subject: string): Promise<{ day: string | null; whole: boolean }> {
  const rows = await q.query<{ action: string; day: string | null }>(
    `SELECT action, after->>'day' AS day FROM audit_line
      WHERE subject = $1 AND actor = 'system:demo' AND action IN ('begin-demo-work', 'end-demo-work') ORDER BY audit_id`,
    [subject],
  );
  const begun = rows.find((row) => row.action === 'begin-demo-work');
  return { day: begun?.day ?? null, whole: rows.some((row) => row.action === 'end-demo-work') };
}

/** An import that went through says so in the list of imports. */
export async function importedWhole(q: Queryable, name: string): Promise<boolean> {
  const rows = await q.query(`SELECT 1 FROM import_run WHERE name = $1 AND status = 'done' AND refused = 0 LIMIT 1`, [
    name,
  ]);
  return rows.length > 0;
}
