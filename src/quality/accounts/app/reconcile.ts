import { Injectable } from '@nestjs/common';
import { formatDecimal, parseDecimal } from '@/kernel';
import { readUnitName, unitNamed, type UnitNamed } from '@/ledger';
import { Database, type Queryable, UnitOfWork } from '@/platform/db';
import type { Recall } from '@/quality/recalls';
import { massBalance } from '@/trace';
import { accountDigest, isBalanced, type Missing, missingSaid, type Sums } from '../domain/balance';
import { checksMissing } from '../queries/checks';
import { type ItemAccount, type PendingParts, wholeAccount } from '../queries/reconciliation';

export interface Reconciliation {
  recall: string;
  drill: boolean;
  version: number;
  /** SHA-256 in hex over all of it: what closing signs */
  digest: string;
  /** everything is accounted for and nothing contradicts itself */
  balanced: boolean;
  /** of the units, with one decimal, never rounded up */
  percent: number;
  /** what keeps the case from being closed */
  missing: string[];
  /** a row a unit of measure */
  sums: Sums[];
  items: ItemAccount[];
  /** why what is pending is pending */
  pending: PendingParts[];
}

type Suspect = Awaited<ReturnType<typeof massBalance>>;

const SUSPECTS_MAX = 10;
const AMOUNTS = [
  'scope',
  'inHouse',
  'recovered',
  'remedied',
  'destroyed',
  'used',
  'passedOn',
  'notFound',
  'pending',
] as const;

export async function reconciliationOf(
  q: Queryable,
  recall: Recall,
): Promise<{ view: Reconciliation; missing: Missing }> {
  const { items, pending, contradictions } = await wholeAccount(q, recall);
  const sums = sumsOf(items);
  const units = count(items, 'units');
  const missing: Missing = {
    pending: sums.flatMap((sum) => (sum.pending === '0' ? [] : [{ uom: sum.uom, quantity: sum.pending }])),
    unknown: count(items, 'unknown'),
    contradictions,
    ...(await checksMissing(q, recall)),
  };
  const view: Reconciliation = {
    recall: recall.key,
    drill: recall.drill,
    version: recall.version,
    digest: accountDigest(recall.key, recall.version, items),
    balanced: isBalanced(missing),
    percent: units === 0 ? 100 : Math.floor((1_000 * count(items, 'balanced')) / units) / 10,
    missing: missingSaid(missing),
    sums,
    items,
    pending,
  };
  return { view, missing };
}

/** Over several items of one unit of measure, exact. */
function sumsOf(items: readonly ItemAccount[]): Sums[] {
  const uoms = [...new Set(items.map((item) => item.uom))].sort();
  return uoms.map((uom) => {
    const own = items.filter((item) => item.uom === uom);
    const sum = (name: (typeof AMOUNTS)[number]) =>
      formatDecimal(own.reduce((total, item) => total + parseDecimal(item[name]), 0n));
    return {
      uom,
      units: count(own, 'units'),
      unknown: count(own, 'unknown'),
      balanced: count(own, 'balanced'),
      ...(Object.fromEntries(AMOUNTS.map((name) => [name, sum(name)])) as Record<(typeof AMOUNTS)[number], string>),
    };
  });
}

const count = (rows: readonly Sums[], name: 'units' | 'unknown' | 'balanced'): number =>
  rows.reduce((sum, row) => sum + row[name], 0);

/** What a case adds up to, with the mass balance of the suspects themselves beside it. */
@Injectable()
export class Reconcile {
  constructor(
    private readonly db: Database,
    private readonly uow: UnitOfWork,
  ) {}

  async execute(recall: Recall): Promise<Reconciliation & { suspects: Suspect[] }> {
    const { view } = await reconciliationOf(this.db, recall);
    return { ...view, suspects: await this.suspects(recall) };
  }

  /** Of the units that the newest version's rules name one by one; the first ten. */
  private async suspects({ recallId, version }: Recall): Promise<Suspect[]> {
    const [scope] = await this.db.query<{ seeds: { unit: UnitNamed }[] | null }>(
      `SELECT rules->'seeds' AS seeds FROM recall_scope WHERE recall_id = $1 AND version = $2`,
      [recallId, version],
    );
    const balances: Suspect[] = [];
    for (const { unit } of (scope?.seeds ?? []).slice(0, SUSPECTS_MAX)) {
      const { id } = await unitNamed(this.db, readUnitName(unit));
      balances.push(await massBalance(this.db, this.uow, id, undefined));
    }
    return balances;
  }
}
