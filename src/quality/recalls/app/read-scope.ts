import { Injectable } from '@nestjs/common';
import { Database } from '@/platform/db';
import { TraceQueries, type TraceSummary } from '@/trace';
import { type LeftOut, remaining, scopeCounts, type ScopeCounts } from '../domain/scope-counts';
import { type NamedUnit, type Resolved, scopeDigest, type ScopeRules } from '../domain/rules';
import { recallByKey } from '../queries';
import { scopeOf, whatIfOf } from '../scope-queries';

export interface WhatIfView {
  whatIf: string;
  status: 'running' | 'done' | 'failed';
  error: { code: string; message: string } | null;
  rules: ScopeRules;
  resolved: Resolved;
  trace: string;
  digest: string | null;
  position: number;
  counts: ScopeCounts | null;
  complete: boolean | null;
  difference: Difference | null;
}

export interface Difference {
  /** the version that it is compared with */
  against: number;
  added: number;
  removed: number;
  reclassified: number;
  lots: { before: number; after: number };
  customers: Moves;
  places: Moves;
}

interface Moves {
  added: string[];
  removed: string[];
}

/** A finished trace with the units that a scope leaves out. */
export interface ReadScope {
  digest: string;
  position: number;
  complete: boolean;
  counts: ScopeCounts;
  places: ReadonlyMap<string, number>;
  customers: ReadonlyMap<string, number>;
}

/** What a scope is by its trace: numbers, digest, and how it differs from another. */
@Injectable()
export class ReadScopes {
  constructor(
    private readonly db: Database,
    private readonly traces: TraceQueries,
  ) {}

  /** Throws NOT_FOUND. */
  async whatIf(key: string, id: string): Promise<WhatIfView> {
    const recall = await recallByKey(this.db, key);
    const { rules, resolved, trace } = await whatIfOf(this.db, recall.recallId, id);
    const summary = await this.traces.summary(trace);
    const view: WhatIfView = {
      whatIf: id,
      status: statusOf(summary.status),
      error: summary.error ?? (summary.status === 'cancelled' ? CANCELLED : null),
      rules,
      resolved,
      trace,
      digest: null,
      position: summary.ledgerPosition,
      counts: null,
      complete: null,
      difference: null,
    };
    if (view.status !== 'done') return view;
    const scope = await this.read(summary, resolved.excluded);
    const difference =
      recall.version === 0
        ? null
        : await this.difference(recall.recallId, recall.version, trace, resolved.excluded, scope);
    return { ...view, digest: scope.digest, counts: scope.counts, complete: scope.complete, difference };
  }

  /** `summary`: of a trace that is done. */
  async read(summary: TraceSummary, excluded: readonly NamedUnit[]): Promise<ReadScope> {
    const counts = summary.counts!;
    const left = (
      await this.traces.affectedOf(
        summary.id,
        excluded.map((u) => u.unitId),
      )
    ).map((unit): LeftOut => {
      const of = (field: 'place' | 'customer') => unit.holdings.map((h) => h[field]).filter((key) => key !== null);
      const kind = 'serial' in unit.unit ? 'serial' : 'lot' in unit.unit ? 'lot' : 'run';
      return { kind, certain: unit.certainty === 'certain', places: of('place'), customers: of('customer') };
    });
    return {
      digest: scopeDigest(summary.digest!, excluded),
      position: summary.ledgerPosition,
      complete: summary.complete!,
      counts: scopeCounts(counts, left),
      places: remaining(
        counts.byPlace,
        left.map((u) => u.places),
      ),
      customers: remaining(
        counts.byCustomer,
        left.map((u) => u.customers),
      ),
    };
  }

  /** How a scope that was read differs from a saved version. */
  async difference(
    recallId: number,
    version: number,
    trace: string,
    excluded: readonly NamedUnit[],
    after: ReadScope,
  ): Promise<Difference> {
    const saved = await scopeOf(this.db, recallId, version);
    const before = await this.read(await this.traces.summary(saved.trace), saved.excluded);
    const compared = await (await this.traces.compare(saved.trace, trace)).page(undefined, undefined, 1);
    // What both traces found counts as out, or as in, by the lists of units that are left out.
    const was = new Set(saved.excluded.map((u) => u.unitId));
    const is = new Set(excluded.map((u) => u.unitId));
    const both = await this.inBoth(saved.trace, trace, [...was, ...is]);
    let { added, removed } = compared.counts;
    for (const { unitId, before: wasFound, after: isFound } of both) {
      const wasIn = wasFound && !was.has(unitId);
      const isIn = isFound && !is.has(unitId);
      if (!wasFound && isFound && !isIn) added--;
      if (wasFound && !isFound && !wasIn) removed--;
      if (wasFound && isFound && isIn && !wasIn) added++;
      if (wasFound && isFound && wasIn && !isIn) removed++;
    }
    return {
      against: version,
      added,
      removed,
      reclassified: compared.counts.reclassified,
      lots: { before: before.counts.lots, after: after.counts.lots },
      customers: moves(before.customers, after.customers),
      places: moves(before.places, after.places),
    };
  }

  /** Of these units, in which of two traces each is affected. */
  private async inBoth(one: string, other: string, unitIds: readonly number[]) {
    const found = async (trace: string) =>
      new Set((await this.traces.affectedOf(trace, unitIds)).map((unit) => Number(unit.id.slice(1))));
    const [before, after] = [await found(one), await found(other)];
    return [...new Set(unitIds)].map((unitId) => ({ unitId, before: before.has(unitId), after: after.has(unitId) }));
  }
}

const CANCELLED = { code: 'TRACE_CANCELLED', message: 'Its trace was cancelled; ask again.' };

const statusOf = (status: TraceSummary['status']): WhatIfView['status'] =>
  status === 'done' ? 'done' : status === 'failed' || status === 'cancelled' ? 'failed' : 'running';

const moves = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Moves => ({
  added: [...after.keys()].filter((key) => !before.has(key)).sort(),
  removed: [...before.keys()].filter((key) => !after.has(key)).sort(),
});
