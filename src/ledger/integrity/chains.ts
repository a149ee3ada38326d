/** The two chains of seals: over facts, and over audit lines; and how their rows are read exactly as they were hashed. */
import { Context, Queryable, UnitOfWork } from '@/platform/db';

export interface Chain {
  name: 'ledger' | 'audit';
  seals: string;
  leaves: string;
  /** which row stands at which position: by its batch, or by itself */
  positions: string;
  pending: string;
  key: 'batch_id' | 'audit_id';
}

export const CHAINS: readonly Chain[] = [
  {
    name: 'ledger',
    seals: 'ledger_seal',
    leaves: 'ledger_leaf',
    positions: 'ledger_position',
    pending: 'ledger_pending',
    key: 'batch_id',
  },
  {
    name: 'audit',
    seals: 'audit_seal',
    leaves: 'audit_leaf',
    positions: 'audit_position',
    pending: 'audit_pending',
    key: 'audit_id',
  },
];

/** A table of facts with the columns that one revision of its leaves covers. */
export interface FactTable {
  table: string;
  revision: number;
  key: string | null;
  columns: string[];
}

export async function factTables(q: Queryable, chain: Chain): Promise<FactTable[]> {
  return q.query<FactTable>(
    `SELECT table_name AS table, revision, key, columns FROM ledger_fact WHERE (table_name = 'audit_line') = $1 ORDER BY table_name, revision`,
    [chain.name === 'audit'],
  );
}

const VERIFIER: Context = { actor: 'system:integrity', source: 'system:integrity' };

/** Reads with the settings under which sealing writes values as text: what they say must not hang on who asks. */
export function asSealed<T>(uow: UnitOfWork, read: (q: Queryable) => Promise<T>): Promise<T> {
  return uow.run(
    VERIFIER,
    async (tx) => {
      await tx.query(
        `SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1`,
      );
      return read(tx);
    },
    { readOnly: true },
  );
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** SQL: the id and the hash of a row `t` of the table, as leaves have them. */
export function idAndHash({ key, columns }: FactTable): { id: string; hash: string } {
  const hash = `sha256(convert_to(ROW(${columns.map((c) => `t.${quoted(c)}`).join(', ')})::text, 'UTF8'))`;
  return {
    hash,
    id: key === null ? `('x' || encode(substr(${hash}, 1, 8), 'hex'))::bit(64)::bigint` : `t.${quoted(key)}::bigint`,
  };
}
