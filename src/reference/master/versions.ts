import { auditAll } from '@/platform/audit';
import type { Tx } from '@/platform/db';
import type { Change } from './put';

export type MasterKind = 'item' | 'place' | 'partner' | 'bom' | 'attribute';

const LOCKS: Record<MasterKind, number> = {
  item: 7_424_021,
  place: 7_424_022,
  partner: 7_424_023,
  bom: 7_424_024,
  attribute: 7_424_025,
};

/**
 * Writers of one kind of master data take turns until they commit: checks against other rows (circles of places, two versions
 * at once) then hold, and versions follow each other in the order of their commits. Facts are not held up by it.
 */
export async function lockMaster(tx: Tx, kind: MasterKind): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCKS[kind]]);
}

/** Appends a version of each change in one ledger batch, so that a trace at a position sees names and BOMs as of it. */
export async function recordVersions<B extends object>(
  tx: Tx,
  kind: MasterKind,
  changes: readonly Change<B>[],
): Promise<void> {
  if (changes.length === 0) return;
  const [batch] = await tx.query<{ batch_id: number }>('SELECT ledger_open_batch($1, $2, $3) AS batch_id', [
    tx.ctx.source,
    tx.ctx.actor,
    tx.ctx.requestId ?? null,
  ]);
  await tx.query(
    `INSERT INTO master_version (batch_id, kind, key, body)
     SELECT $1, $2, r.key, r.body FROM jsonb_to_recordset($3::jsonb) AS r(key text, body jsonb)`,
    [batch?.batch_id, kind, JSON.stringify(changes.map(({ key, after }) => ({ key, body: after })))],
  );
  await auditAll(
    tx,
    changes.map(({ key, before, after }) => ({
      action: before === null ? `create-${kind}` : `change-${kind}`,
      subject: `${kind}:${subjectOf(kind, key)}`,
      before: before ?? undefined,
      after,
    })),
  );
}

/** A BOM's key is a JSON array; people look for `bom:FG-1/A`. */
function subjectOf(kind: MasterKind, key: string): string {
  return kind === 'bom' ? (JSON.parse(key) as string[]).join('/') : key;
}
