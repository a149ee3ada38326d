import type { UnitOfWork } from '@/platform/db';
import { asSealed, CHAINS, FactTable, factTables } from './chains';
import { Finding, Say } from './finding';
import { findOrphans } from './orphans';
import { verifySeals } from './verify-seals';
import { verifyTable } from './verify-rows';

/** A root that somebody kept: the hashes of both chains at some position. */
export interface KeptRoot {
  position: number;
  ledgerHash: string;
  auditPosition: number;
  auditHash: string;
}

export interface VerifyOptions {
  /** findings that are kept; all are counted */
  findingsMax: number;
  signal?: AbortSignal | undefined;
  progress?: ((stage: string, done: number, total: number | null) => void) | undefined;
  root?: KeptRoot | undefined;
}

export interface Verification {
  ok: boolean;
  /** the newest positions when it began */
  position: number;
  auditPosition: number;
  ledgerHash: string | null;
  auditHash: string | null;
  /** sealed rows that were compared */
  rows: number;
  tables: string[];
  findings: Finding[];
  findingCount: number;
}

/**
 * Reads everything that was sealed and compares it with its seals, in constant memory and while the plant runs. What is recorded
 * after it began is not looked at: it is pending, or at a later position.
 */
export async function verify(uow: UnitOfWork, options: VerifyOptions): Promise<Verification> {
  const result: Verification = {
    ok: true,
    position: 0,
    auditPosition: 0,
    ledgerHash: null,
    auditHash: null,
    rows: 0,
    tables: [],
    findings: [],
    findingCount: 0,
  };
  const say: Say = (finding) => {
    result.ok = false;
    result.findingCount++;
    if (result.findings.length < options.findingsMax) result.findings.push(finding);
  };
  const total = await sealedRows(uow);
  for (const chain of CHAINS) {
    options.signal?.throwIfAborted();
    const [newest] = await asSealed(uow, (q) =>
      q.query<{ position: number | null }>(`SELECT max(position) AS position FROM ${chain.seals}`),
    );
    const until = newest?.position ?? 0;
    options.progress?.(`seals of the ${chain.name}`, result.rows, total);
    const kept = options.root && (chain.name === 'ledger' ? options.root : auditOf(options.root));
    let last: Buffer | null = null;
    await verifySeals(uow, chain, until, say, (position, hash) => {
      last = hash;
      if (kept && position === kept.position && hash.toString('hex') !== kept.ledgerHash)
        say(otherRoot(chain.name, position, `The ${chain.name} hash at position ${position} is not that of the root.`));
    });
    if (kept && kept.position > until)
      say(otherRoot(chain.name, kept.position, `The ${chain.name} ends at ${until}; the root is of ${kept.position}.`));
    if (chain.name === 'ledger') [result.position, result.ledgerHash] = [until, hexOf(last)];
    else [result.auditPosition, result.auditHash] = [until, hexOf(last)];

    const adoption = chain.name === 'ledger' ? await adoptionOf(uow) : 0;
    for (const revisions of byTable(await asSealed(uow, (q) => factTables(q, chain)))) {
      const table = revisions.at(-1)!;
      result.tables.push(table.table);
      await verifyTable(uow, { chain, until, adoption }, revisions, say, (rows) => {
        options.signal?.throwIfAborted();
        result.rows += rows;
        options.progress?.(table.table, result.rows, total);
      });
      await findOrphans(uow, chain, table, say);
    }
  }
  return result;
}

function auditOf(root: KeptRoot): { position: number; ledgerHash: string } {
  return { position: root.auditPosition, ledgerHash: root.auditHash };
}

function otherRoot(chain: Finding['chain'], position: number, message: string): Finding {
  const none = { table: null, id: null, name: null, recordedAt: null, actor: null };
  return { ...none, kind: 'root-differs', chain, position, message };
}

const hexOf = (hash: Buffer | null): string | null => (hash === null ? null : hash.toString('hex'));

function byTable(tables: readonly FactTable[]): FactTable[][] {
  const groups = new Map<string, FactTable[]>();
  for (const t of tables) groups.set(t.table, [...(groups.get(t.table) ?? []), t]);
  return [...groups.values()];
}

async function sealedRows(uow: UnitOfWork): Promise<number> {
  const [row] = await asSealed(uow, (q) =>
    q.query<{ n: number }>(
      `SELECT (SELECT coalesce(sum(rows), 0) FROM ledger_leaf) + (SELECT coalesce(sum(rows), 0) FROM audit_leaf) AS n`,
    ),
  );
  return Number(row!.n);
}

async function adoptionOf(uow: UnitOfWork): Promise<number> {
  const [row] = await asSealed(uow, (q) =>
    q.query<{ position: number | null }>(
      'SELECT max(position) AS position FROM ledger_seal WHERE adopts_until IS NOT NULL',
    ),
  );
  return row?.position ?? 0;
}
