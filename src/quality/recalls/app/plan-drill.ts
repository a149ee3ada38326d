import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError, parsePeriod } from '@/kernel';
import { readUnitName, unitNamed } from '@/ledger';
import { once } from '@/platform/commands';
import { Settings } from '@/platform/config';
import { type Context, Database, type Queryable, UnitOfWork } from '@/platform/db';
import { type Goals, goalsOf } from '../domain/case';
import { draw } from '../domain/draw';
import { drillGoals, type PickedBy, type Standard } from '../domain/drill';
import type { ScopeRules, UnitNamed } from '../domain/rules';
import { type Candidate, lotsMade, lotsOfSupplier, widestLots } from '../drill-queries';
import { AskWhatIf } from './ask-what-if';

export interface PlanDrillInput {
  id: string;
  by: PickedBy;
  /** with the same candidates it picks the same lot; made up unless said */
  seed?: string | undefined;
  supplier?: string | undefined;
  from?: string | undefined;
  until?: string | undefined;
  unit?: UnitNamed | undefined;
  standard?: Standard | undefined;
  goals?: Partial<Goals> | undefined;
  title?: string | undefined;
}

export interface PlannedDrill {
  recall: string;
  seed: string;
  candidates: number;
  lot: { id: string; item: string; lot: string };
  rules: ScopeRules;
  standard: Standard;
  goals: Goals;
}

/** Picks a lot by lot and opens a drill over it: from then on it is a case as any other, which stops and tells nobody. */
@Injectable()
export class PlanDrill {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly whatIf: AskWhatIf,
  ) {}

  /**
   * With the what-if of its scope, asked for at once. Throws DRILL_NO_LOT, BLAST_NOT_DONE, NOT_FOUND, UNIT_UNKNOWN, FIELD_REQUIRED,
   * TIME_RANGE, RECALL_GOAL, COMMAND_ID_REUSED.
   */
  async execute(ctx: Context, input: PlanDrillInput): Promise<PlannedDrill & { whatIf: string }> {
    const planned = await this.uow.run(ctx, (tx) =>
      once(tx, { id: input.id, verb: 'plan-drill', content: input }, async (): Promise<PlannedDrill> => {
        const { lot, candidates, seed } = await this.pick(tx, input);
        const standard = input.standard ?? 'brcgs';
        const goals = goalsOf(drillGoals(standard, input.goals));
        const rules: ScopeRules = { seeds: [{ unit: { item: lot.item, lot: lot.code } }] };
        const [row] = await tx.query<{ key: string; id: number }>(
          `WITH next AS (SELECT nextval(pg_get_serial_sequence('recall', 'recall_id'))::int AS id)
           INSERT INTO recall (recall_id, key, drill, title, jurisdiction, language, four_eyes, details, goals, created_by)
           SELECT id, 'D' || id, true, $1, 'other', 'en', false, '{}', $2, $3 FROM next RETURNING key, recall_id AS id`,
          [input.title ?? `Drill: ${lot.item} ${lot.code}`, JSON.stringify(goals), ctx.actor],
        );
        const { key, id } = row!;
        const { id: _, ...asked } = input;
        await tx.query(
          `INSERT INTO recall_drill (recall_id, picked_by, asked, seed, candidates, unit_id, standard, rules, planned_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            ...[id, input.by, JSON.stringify(asked), seed, candidates, lot.unitId, standard, JSON.stringify(rules)],
            ctx.actor,
          ],
        );
        const named = { id: `u${lot.unitId}`, item: lot.item, lot: lot.code };
        await tx.audit({
          action: 'plan-drill',
          subject: `recall:${key}`,
          after: { ...asked, seed, candidates, lot: named },
        });
        return { recall: key, seed, candidates, lot: named, rules, standard, goals };
      }),
    );
    return { ...planned, whatIf: await this.ask(ctx, planned) };
  }

  /** Asked once, also where the command is sent again. */
  private async ask(ctx: Context, { recall, rules }: PlannedDrill): Promise<string> {
    const [asked] = await this.db.query<{ id: string }>(
      `SELECT w.what_if_id AS id FROM recall_what_if w JOIN recall r USING (recall_id) WHERE r.key = $1 ORDER BY w.created_at LIMIT 1`,
      [recall],
    );
    return asked?.id ?? this.whatIf.execute(ctx, recall, rules);
  }

  private async pick(
    q: Queryable,
    input: PlanDrillInput,
  ): Promise<{ lot: Candidate; candidates: number; seed: string }> {
    const found = await this.candidates(q, input);
    const seed = input.seed ?? randomUUID();
    const byKey = new Map(found.map((one) => [`${one.item}~lot~${one.code}`, one]));
    const [key] = draw(seed, [...byKey.keys()], 1);
    if (key === undefined)
      throw new DomainError('DRILL_NO_LOT', { reason: 'nothing fits what was asked for; ask for more.' });
    return { lot: byKey.get(key)!, candidates: found.length, seed };
  }

  private async candidates(q: Queryable, { by, supplier, from, until, unit }: PlanDrillInput): Promise<Candidate[]> {
    switch (by) {
      case 'blast-radius':
        return widestLots(q);
      case 'supplier':
        return lotsOfSupplier(q, needed(supplier, 'supplier'));
      case 'date': {
        const begin = parsePeriod(needed(from, 'from'), this.settings.timeZone, 'from');
        const end = until === undefined ? begin : parsePeriod(until, this.settings.timeZone, 'until');
        if (begin.from >= end.until) throw new DomainError('TIME_RANGE', { from: from ?? '', until: until ?? '' });
        return lotsMade(q, begin.from, end.until);
      }
      case 'lot': {
        const named = Object.fromEntries(Object.entries(needed(unit, 'unit')).filter(([, v]) => v !== undefined));
        const { unitId, item, kind, code } = await unitNamed(q, readUnitName(named));
        if (kind !== 'lot') throw new DomainError('DRILL_NO_LOT', { reason: `${item} ${code} is no lot.` });
        return [{ unitId, item, code }];
      }
    }
  }
}

function needed<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new DomainError('FIELD_REQUIRED', { field });
  return value;
}
