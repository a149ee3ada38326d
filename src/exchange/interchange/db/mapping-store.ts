import type { Queryable, Tx } from '@/platform/db';
import type { Mapping, NamedMapping } from '../domain/mapping';

export interface MappingRecord {
  import_mapping_id: number;
  name: string;
  body: Mapping;
  header_key: string | null;
  updated_at: Date;
  updated_by: string;
}

export async function findMapping(q: Queryable, name: string): Promise<MappingRecord | null> {
  const [row] = await q.query<MappingRecord>(`SELECT * FROM import_mapping WHERE name = $1`, [name]);
  return row ?? null;
}

/** The mapping that was saved last for exactly these headers. */
export async function mappingForHeaders(q: Queryable, headerKey: string): Promise<NamedMapping | null> {
  const [row] = await q.query<MappingRecord>(
    `SELECT * FROM import_mapping WHERE header_key = $1 ORDER BY updated_at DESC LIMIT 1`,
    [headerKey],
  );
  return row ? { ...row.body, name: row.name } : null;
}

export function allMappings(q: Queryable, after: string, limit: number): Promise<MappingRecord[]> {
  return q.query<MappingRecord>(`SELECT * FROM import_mapping WHERE name > $1 ORDER BY name LIMIT $2`, [after, limit]);
}

export async function saveMapping(tx: Tx, name: string, body: Mapping, headerKey: string | null): Promise<void> {
  await tx.query(
    `INSERT INTO import_mapping (name, kind, body, header_key, created_by, updated_by) VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, body = excluded.body,
       header_key = coalesce(excluded.header_key, import_mapping.header_key), updated_at = now(), updated_by = excluded.updated_by`,
    [name, body.kind, JSON.stringify(body), headerKey, tx.ctx.actor],
  );
}

export async function deleteMapping(tx: Tx, name: string): Promise<void> {
  await tx.query(`DELETE FROM import_mapping WHERE name = $1`, [name]);
}
