import { Injectable } from '@nestjs/common';
import { DomainError, parsePeriod } from '@/kernel';
import { placesBelow, readUnitName, unitNamed } from '@/ledger';
import { Settings } from '@/platform/config';
import { Database } from '@/platform/db';
import { itemsByCode } from '@/reference/catalog';
import type { QuestionInput } from '@/trace';
import { inRange } from '../domain/code-range';
import { listedCodes } from '../domain/listed-codes';
import { readLotText } from '../domain/lot-text';
import type { NamedUnit, Resolved, ScopeRules, UnitNamed } from '../domain/rules';
import { madeUnits, unitsByCode, unitsOfItem, unitsOfLength } from '../rule-queries';

export interface ResolvedRules {
  question: QuestionInput;
  resolved: Resolved;
}

interface ReadUnits extends Pick<Resolved, 'unread' | 'warnings'> {
  units: NamedUnit[];
  unmatched: string[];
}

type SeedName = NonNullable<ScopeRules['seeds']>[number];

/** Turns rules into one question: the units that they name, as the plant has them now. */
@Injectable()
export class ResolveRules {
  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
  ) {}

  /**
   * Throws SCOPE_EMPTY where no rule names a unit, SCOPE_TOO_MANY_SEEDS, UNKNOWN_ITEM, UNKNOWN_PLACE, UNIT_UNKNOWN (a seed or an
   * excluded unit that nothing bears), TIME_RANGE. What a text says and nobody bears is no error: it is told.
   */
  async execute(rules: ScopeRules): Promise<ResolvedRules> {
    const seeds = new Map<string, SeedName>();
    const add = (unit: NamedUnit): void => {
      seeds.set(String(unit.unitId), { unit: { item: unit.item, [unit.kind]: unit.code } });
      if (seeds.size > this.settings.scopeSeedsMax)
        throw new DomainError('SCOPE_TOO_MANY_SEEDS', {
          limit: this.settings.scopeSeedsMax,
          setting: 'SCOPE_SEEDS_MAX',
        });
    };
    const unread: Resolved['unread'] = [];
    const warnings: string[] = [];
    const unmatched: Resolved['unmatched'] = [];
    for (const rule of rules.made ?? []) for (const unit of await this.made(rule)) add(unit);
    for (const { item } of rules.items ?? [])
      for (const unit of await unitsOfItem(this.db, await this.itemId(item), this.settings.scopeSeedsMax + 1))
        add(unit);
    for (const { text, item } of rules.texts ?? []) {
      const read = await this.text(text, await this.itemId(item));
      for (const unit of read.units) add(unit);
      unread.push(...read.unread);
      warnings.push(...read.warnings);
      for (const code of read.unmatched) unmatched.push({ item, code });
    }
    // A seed with a window of its own stands beside what the other rules name.
    const named = (rules.seeds ?? []).map(({ unit, from, until }): SeedName => ({
      unit: namedSo(unit),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    }));
    const all = [...named, ...seeds.values()];
    if (all.length === 0) throw new DomainError('SCOPE_EMPTY');
    const excluded: Resolved['excluded'] = [];
    for (const { unit, reason } of rules.exclude ?? []) excluded.push({ ...(await this.unit(unit)), reason });
    const { at, certainty, barriers, thresholdShare, justification } = rules;
    const question: QuestionInput = {
      direction: 'forward',
      seeds: all,
      priority: 'recall',
      ...(at !== undefined && { at }),
      ...(certainty !== undefined && { certainty }),
      ...(barriers !== undefined && { barriers }),
      ...(thresholdShare !== undefined && { thresholdShare }),
      ...(justification !== undefined && { justification }),
    };
    return { question, resolved: { seeds: all.length, excluded, unread, warnings, unmatched } };
  }

  /** Codes that the plant knows, in a list of single words, are what they say; all else is read as people write lots. */
  private async text(text: string, itemId: number): Promise<ReadUnits> {
    const plain = listedCodes(text);
    const known = await unitsByCode(this.db, itemId, plain);
    const units = [...known.values()].flat();
    const others = plain.filter((code) => !known.has(code));
    if (units.length > 0 && others.length === 0) return { units, unread: [], warnings: [], unmatched: [] };
    // Where there are no more words than codes there is no "except" either, that would take one back.
    const isList = plain.every((code) => !/\s/.test(code));
    const read = await this.written(isList ? others.join(', ') : text, itemId);
    return isList ? { ...read, units: [...units, ...read.units] } : read;
  }

  private async written(text: string, itemId: number): Promise<ReadUnits> {
    const { lots, ranges, all, unread, warnings } = readLotText(text);
    const limit = this.settings.scopeSeedsMax + 1;
    const units: NamedUnit[] = all ? await unitsOfItem(this.db, itemId, limit) : [];
    const unmatched: string[] = [];
    const codes = lots.map((lot) => lot.code);
    const single = await unitsByCode(this.db, itemId, codes);
    for (const code of codes) {
      const found = single.get(code);
      if (found) units.push(...found);
      else unmatched.push(code);
    }
    for (const range of ranges) {
      const found = (await unitsOfLength(this.db, itemId, range.from.length)).filter(({ asked }) =>
        inRange(asked, range),
      );
      units.push(...found);
      if (found.length === 0) unmatched.push(`${range.from} – ${range.to}`);
    }
    return { units, unread, warnings, unmatched };
  }

  private async made(rule: NonNullable<ScopeRules['made']>[number]): Promise<NamedUnit[]> {
    const zone = this.settings.timeZone;
    const { from } = parsePeriod(rule.from, zone, 'made.from');
    const end = parsePeriod(rule.until, zone, 'made.until');
    const until = end.coarse ? end.until : end.from;
    if (from >= until) throw new DomainError('TIME_RANGE', { from: rule.from, until: rule.until });
    return madeUnits(this.db, {
      from,
      until,
      workCenter: rule.workCenter ?? null,
      placeIds: rule.place === undefined ? null : await placesBelow(this.db, rule.place),
      itemId: rule.item === undefined ? null : await this.itemId(rule.item),
      limit: this.settings.scopeSeedsMax + 1,
    });
  }

  private async itemId(item: string): Promise<number> {
    const known = (await itemsByCode(this.db, [item])).get(item);
    if (!known) throw new DomainError('UNKNOWN_ITEM', { item });
    return known.itemId;
  }

  private async unit(named: UnitNamed): Promise<NamedUnit> {
    const { unitId, item, kind, code } = await unitNamed(this.db, readUnitName(namedSo(named), 'exclude.unit'));
    return { unitId, item, kind, code };
  }
}

/** Only what was said: an absent field is left out. */
function namedSo(unit: UnitNamed): UnitNamed {
  return Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== undefined));
}
