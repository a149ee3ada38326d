/** From what people and scanners call a unit to the unit that is stored; makes none. */
import { DomainError, readGs1 } from '@/kernel';
import type { Queryable } from '@/platform/db';
import type { UnitName } from './domain/event-shapes';
import { scanName } from './domain/world';
import { identities, type UnitIdentity } from './queries';

/** A unit as the body of a request names it, of any module. */
export interface UnitNamed {
  item?: string;
  lot?: string;
  serial?: string;
  run?: string;
  scan?: string;
}

/** The name in the ledger's form. Throws FIELD_INVALID where it is not exactly one. */
export function readUnitName(named: UnitNamed, field = 'unit'): UnitName {
  const kinds = (['lot', 'serial', 'run'] as const).filter((kind) => named[kind] !== undefined);
  const [kind] = kinds;
  if (named.scan !== undefined && kind === undefined && named.item === undefined) return { scan: named.scan };
  if (named.scan !== undefined || named.item === undefined || kind === undefined || kinds.length > 1)
    throw new DomainError('FIELD_INVALID', {
      field,
      reason: 'name the unit by "scan", or by "item" and exactly one of "serial", "lot" or "run".',
    });
  return { item: named.item, kind, code: named[kind]! };
}

/** The unit of a name. Throws UNIT_UNKNOWN, SCAN_UNREADABLE; several that a scan may mean count as none. */
export async function unitNamed(q: Queryable, name: UnitName): Promise<UnitIdentity> {
  if ('scan' in name) {
    const [unit, other] = await unitsScanned(q, name.scan);
    if (!unit) throw new DomainError('UNIT_UNKNOWN', { unit: name.scan });
    if (other)
      throw new DomainError('SCAN_UNREADABLE', {
        scan: name.scan,
        reason: 'several units bear this code; scan the full code, or name the item.',
      });
    return unit;
  }
  const rows = await q.query<{ unit_id: number }>(
    `SELECT u.unit_id FROM unit u JOIN item i USING (item_id) WHERE i.code = $1 AND u.kind = $2 AND u.code = $3`,
    [name.item, name.kind, name.code],
  );
  const unit = rows[0] && (await identities(q, [rows[0].unit_id])).get(rows[0].unit_id);
  if (!unit) throw new DomainError('UNIT_UNKNOWN', { unit: `${name.item} ${name.code}` });
  return unit;
}

const SCANNED_MAX = 50;

/**
 * Every unit that a scanned or typed text may mean: a GS1 code names it by GTIN and serial or lot, any other text by its own
 * code or another name of it, whatever the case. In the order in which they came into being, at most 50.
 */
export async function unitsScanned(q: Queryable, scanned: string): Promise<UnitIdentity[]> {
  const gs1 = readGs1(scanned);
  if (gs1 && 'elements' in gs1) {
    const name = scanName(scanned);
    if ('error' in name) return [];
    return found(
      q,
      `SELECT u.unit_id FROM unit u JOIN item i USING (item_id) WHERE i.gtin = $1 AND u.code = $2 ORDER BY 1 LIMIT ${SCANNED_MAX}`,
      [name.gtin, name.code],
    );
  }
  // A wedge scanner may add control characters around the code; they are no part of it.
  const text = scanned.replace(/[\u0000-\u001f\u007f]/g, '').trim(); // eslint-disable-line no-control-regex
  if (text === '') return [];
  return found(
    q,
    `SELECT unit_id FROM unit WHERE lower(code) = lower($1)
     UNION
     SELECT a.unit_id FROM unit_alias a WHERE lower(a.alias) = lower($1)
       AND NOT EXISTS (SELECT 1 FROM event_void v WHERE v.event_id = a.event_id)
     ORDER BY unit_id LIMIT ${SCANNED_MAX}`,
    [text],
  );
}

async function found(q: Queryable, sql: string, params: unknown[]): Promise<UnitIdentity[]> {
  const rows = await q.query<{ unit_id: number }>(sql, params);
  const ids = rows.map((r) => r.unit_id);
  const units = await identities(q, ids);
  return ids.map((id) => units.get(id)!);
}
