/** Reads of saved mappings. */
import { DomainError } from '@/kernel';
import type { Queryable } from '@/platform/db';
import { decodeCursor, Page, pageSize, toPage } from '@/platform/http';
import { allMappings, findMapping, MappingRecord } from './db/mapping-store';
import type { Mapping, NamedMapping } from './domain/mapping';

export interface MappingView extends Mapping {
  name: string;
  updatedAt: string;
  updatedBy: string;
}

export function mappingView(row: MappingRecord): MappingView {
  return { name: row.name, ...row.body, updatedAt: row.updated_at.toISOString(), updatedBy: row.updated_by };
}

/** Throws NOT_FOUND. */
export async function mappingByName(q: Queryable, name: string): Promise<NamedMapping> {
  const row = await findMapping(q, name);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'mapping', key: name });
  return { ...row.body, name: row.name };
}

export async function mappingRecord(q: Queryable, name: string): Promise<MappingRecord> {
  const row = await findMapping(q, name);
  if (!row) throw new DomainError('NOT_FOUND', { what: 'mapping', key: name });
  return row;
}

/** By name. */
export async function listMappings(q: Queryable, cursor?: string, limit?: number): Promise<Page<MappingView>> {
  const size = pageSize(limit);
  const rows = await allMappings(q, decodeCursor<string>(cursor) ?? '', size + 1);
  return toPage(rows, size, (row) => row.name, mappingView);
}
