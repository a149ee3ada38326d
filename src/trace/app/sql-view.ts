import { Housed, linksOutOf, mayBeInstalled, Stay, staysOf } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { ResolvedQuestion } from '../domain/question';
import { reach } from './reach';
import { readFacts } from './read-facts';
import { holdingsOf } from './answer';
import { ColumnsBuilder, kindAt, shipmentsAt, UnitColumns } from './unit-columns';
import type { Parents, View } from './view';
import { walkGraph } from './walk-graph';

export interface SqlViewOptions {
  linksMax: number;
  signal?: AbortSignal | undefined;
  progress?: (stage: string, done: number, total: number | null) => void;
}

/** Fetches what plain reachability reaches, level by level, and what is known of it: needs memory for the answer alone. */
export async function sqlView(
  q: Queryable,
  position: number,
  question: ResolvedQuestion,
  options: SqlViewOptions,
): Promise<View> {
  const seeds = question.seeds.map((s) => s.unitId);
  const reached = await reach(q, position, seeds, question.direction, {
    linksMax: options.linksMax,
    signal: options.signal,
    onLevel: (_, links) => options.progress?.('links', links, null),
  });
  const { units, dense } = reached;
  const columns = await readFacts(q, position, units, {
    signal: options.signal,
    progress: (done) => options.progress?.('facts', done, units.length),
  });
  const made = columns.madeMs;
  const { graph } = walkGraph(reached, (n) => (Number.isNaN(made[n]!) ? undefined : made[n]!));
  return {
    position,
    graph,
    numberOf: (unitId) => dense.get(unitId)!,
    unitIdOf: (number) => units[number]!,
    facts: (numbers) => {
      const builder = new ColumnsBuilder(numbers.length);
      numbers.forEach((number, row) => builder.copy(row, columns, number));
      return Promise.resolve(builder.build());
    },
    parentsOf: (unitIds) => loadParents(q, position, unitIds),
  };
}

/** Finds what these units were ever installed in, and those in turn, until nothing new comes up: one query a level. */
async function loadParents(q: Queryable, position: number, unitIds: readonly number[]): Promise<Parents> {
  const units = new Map<number, Housed>();
  const stays = new Map<number, Stay[]>();
  let open = [...unitIds];
  const seen = new Set(open);
  while (open.length > 0) {
    for (const link of await linksOutOf(q, position, open)) {
      if (link.mode !== 1) continue;
      const own = stays.get(link.input);
      if (own) own.push(...staysOf(link));
      else stays.set(link.input, staysOf(link));
    }
    const above = new Set(open.flatMap((id) => (stays.get(id) ?? []).map((s) => s.parent)));
    const found = [...above].filter((id) => !seen.has(id));
    for (const id of found) seen.add(id);
    const columns = await readFacts(q, position, found);
    found.forEach((id, row) => units.set(id, housedAt(columns, row)));
    open = found.filter((id) => mayBeInstalled(units.get(id)!));
  }
  return { unit: (id) => units.get(id), stays: (id) => stays.get(id) ?? [] };
}

export function housedAt(columns: UnitColumns, row: number): Housed {
  return {
    kind: kindAt(columns, row),
    holdings: holdingsOf(columns, row),
    shipments: shipmentsAt(columns, row),
  };
}
