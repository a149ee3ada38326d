import type { Queryable } from '@/platform/db';

/** The container of this code, whatever the case, and the units in it now. */
export async function containerNamed(q: Queryable, scanned: string): Promise<{ code: string; units: number[] } | null> {
  // An SSCC may come as a GS1 element string: (00) and 18 digits, or the digits alone.
  const code = /^\(?00\)?(\d{18})$/.exec(scanned.trim())?.[1] ?? scanned.trim();
  const [row] = await q.query<{ container_id: number; code: string }>(
    `SELECT container_id, code FROM container WHERE lower(code) = lower($1)`,
    [code],
  );
  if (!row) return null;
  const units = await q.query<{ unit_id: number }>(
    `SELECT DISTINCT unit_id FROM holding WHERE container_id = $1 ORDER BY unit_id`,
    [row.container_id],
  );
  return { code: row.code, units: units.map((one) => one.unit_id) };
}
