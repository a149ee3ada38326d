import { Injectable } from '@nestjs/common';
import { type Context, RaceLost, type Tx, UnitOfWork } from '@/platform/db';
import { allPlaces } from '@/reference/places';
import { allRules, keysKnown, linesMade, lockRules, openLines, type RuleRecord, ruleOf } from '../db/rules';
import { heldStock, stockAtPlaces, stockOfItems } from '../db/stock';
import { insertTask } from '../db/tasks';
import { inWalkingOrder, PlaceTree } from '../domain/place-tree';
import { narrowestFirst, plan, type Planned, type RulePlace } from '../domain/rules';
import type { StockRow } from '../domain/stock';

/** Looks at what lies where, and makes the tasks that the rules ask for; twice at once, or again, it makes none twice. */
@Injectable()
export class RunRules {
  constructor(private readonly uow: UnitOfWork) {}

  /** All active rules, or one. Gives the tasks that were made. */
  execute(ctx: Context, only?: string): Promise<{ tasks: string[] }> {
    return this.uow.run(ctx, async (tx) => {
      await lockRules(tx);
      const records = new Map(
        (await allRules(tx)).filter((rule) => rule.active && (!only || rule.code === only)).map((r) => [r.ruleId, r]),
      );
      const tasks: string[] = [];
      if (records.size === 0) return { tasks };
      const tree = new PlaceTree<RulePlace>(await allPlaces(tx));
      for (const rule of narrowestFirst([...records.values()].map(ruleOf))) {
        const record = records.get(rule.ruleId)!;
        const wanted = plan(rule, {
          tree,
          stock: await this.stockFor(tx, tree, record),
          // Read for each: what the rule before has planned is under way.
          open: await openLines(tx),
          made: await linesMade(tx),
          nowMs: Date.now(),
        });
        // What was asked for before and taken back by somebody is not asked for again.
        const known = await keysKnown(
          tx,
          wanted.map((one) => one.key),
        );
        const planned = wanted.filter((one) => !known.has(one.key));
        const task = planned.length > 0 ? await this.make(tx, tree, record, planned) : null;
        if (task) tasks.push(task);
      }
      return { tasks };
    });
  }

  private async stockFor(tx: Tx, tree: PlaceTree<RulePlace>, rule: RuleRecord): Promise<StockRow[]> {
    if (rule.kind === 'sweep') return heldStock(tx);
    if (rule.kind === 'replenish') return rule.itemId === null ? [] : stockOfItems(tx, [rule.itemId]);
    const below = (placeId: number): number[] => tree.within(placeId).map((place) => place.placeId);
    // How full the places above the target are decides too.
    const top = tree.up(rule.toPlaceId).at(-1)?.placeId ?? rule.toPlaceId;
    const places = new Set([...below(top), ...(rule.fromPlaceId === null ? [] : below(rule.fromPlaceId))]);
    return stockAtPlaces(tx, [...places]);
  }

  private async make(
    tx: Tx,
    tree: PlaceTree<RulePlace>,
    rule: RuleRecord,
    planned: readonly Planned[],
  ): Promise<string | null> {
    const lines = inWalkingOrder(tree, planned, (one) => one.row.placeId);
    const what = lines.length === 1 ? '1 unit' : `${lines.length} units`;
    const titles = {
      putaway: `Put away ${what}`,
      replenish: `Refill ${rule.to} with ${rule.item ?? what}`,
      sweep: `Fetch ${what} on hold to ${rule.to}`,
    };
    const { taskId, lines: written } = await insertTask(
      tx,
      {
        kind: rule.kind,
        title: titles[rule.kind],
        priority: rule.priority,
        instruction: rule.instruction,
        assignee: null,
        role: rule.role,
        dueMs: null,
        ref: null,
        placeId: null,
        itemId: rule.kind === 'replenish' ? rule.itemId : null,
        toPlaceId: rule.kind === 'putaway' ? null : rule.toPlaceId,
        ruleId: rule.ruleId,
      },
      lines.map((one) => ({
        unitId: one.row.unitId,
        itemId: null,
        fromPlaceId: one.row.placeId,
        toPlaceId: one.toPlaceId,
        quantity: one.row.kind === 'serial' ? null : one.quantity,
        ruleKey: one.key,
      })),
    );
    // Nobody else runs rules now, so all of them are new.
    if (written !== lines.length) throw new RaceLost(`lines of rule ${rule.code}`);
    const task = `T-${taskId}`;
    await tx.audit({ action: 'create-task', subject: `task:${task}`, after: { rule: rule.code, lines: written } });
    return task;
  }
}
