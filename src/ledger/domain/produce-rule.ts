/** The rule of `produce`: inputs into outputs, certain where the record can tell, possible where it cannot. */
import { DomainError, formatTime, parsePeriod } from '@/kernel';
import { documentOf, DraftBuilder, Entry } from './draft-builder';
import type { EventOf } from './event-shapes';
import type { UnitState } from './world';

interface Input extends Entry {
  unit: UnitState;
  targets: Set<UnitState>;
  mode: 'consume' | 'install';
  certainty: 'certain' | 'possible' | undefined;
}

export class ProduceRule extends DraftBuilder {
  run(e: EventOf<'produce'>): void {
    const outputRows = (e.outputs ?? []).map((o) => ({ ...o, state: this.unit(o.unit) }));
    if (outputRows.length === 0) {
      if ((e.inputs ?? []).length > 0) throw new DomainError('INPUTS_WITHOUT_OUTPUTS');
      throw new DomainError('FIELD_REQUIRED', { field: 'outputs' });
    }
    const outputs = new Set(outputRows.map((o) => o.state));
    const inputs = this.inputs(
      e,
      outputRows.map((o) => o.state),
    );
    for (const input of inputs) {
      if (input.unit.serial && outputs.has(input.unit))
        throw new DomainError('INPUT_IS_OUTPUT', { unit: input.unit.label });
    }
    const count = inputs.reduce((n, i) => n + i.targets.size, 0);
    if (count > this.world.linksPerEventMax)
      throw new DomainError('EVENT_TOO_WIDE', {
        count,
        limit: this.world.linksPerEventMax,
        setting: 'LINKS_PER_EVENT_MAX',
      });

    for (const o of outputRows)
      this.make(o.state, this.world.quantity(o.state, o.quantity), { document: e.workOrder ?? documentOf(e) });
    const unitsOfItem = new Map<number, Set<UnitState>>();
    for (const { unit } of inputs)
      unitsOfItem.set(unit.item.id, (unitsOfItem.get(unit.item.id) ?? new Set()).add(unit));
    for (const input of inputs) {
      // units are counted, not rows; a stated certainty wins.
      const alone = unitsOfItem.get(input.unit.item.id)!.size === 1;
      const certain = input.certainty
        ? input.certainty === 'certain'
        : input.targets.size === 1 || (input.unit.kind === 'lot' && alone);
      if (input.mode === 'consume') this.consume(input.unit, [...input.targets], certain, input);
      else this.installIn(input.unit, [...input.targets], certain, input);
      const drawn = this.span(input);
      this.movement(input.unit, input.mode === 'consume' ? 'used' : 'installed', input.quantity, {
        ...drawn,
        ...(input.mode === 'install' ? this.seat(input.unit, [...input.targets], input.slot) : {}),
        document: e.workOrder ?? documentOf(e),
      });
    }
  }

  private inputs(e: EventOf<'produce'>, outputs: UnitState[]): Input[] {
    const zone = this.world.zoneOf(e.place);
    const rows: Input[] = [];
    for (const [i, row] of (e.inputs ?? []).entries()) {
      const unit = this.unit(row.unit);
      const targets = new Set<UnitState>();
      for (const index of row.for ?? outputs.keys()) {
        const target = outputs[index];
        if (!target)
          throw new DomainError('FIELD_INVALID', {
            field: `inputs[${i}].for`,
            reason: `there is no output ${index}; outputs are counted from 0.`,
          });
        targets.add(target);
      }
      const from = row.from === undefined ? null : parsePeriod(row.from, zone, `inputs[${i}].from`);
      const until = row.until === undefined ? null : parsePeriod(row.until, zone, `inputs[${i}].until`);
      const start = from?.from ?? this.fact.at.from;
      const end = until === null ? null : until.coarse ? until.until : until.from;
      if (end !== null && start >= end)
        throw new DomainError('TIME_RANGE', { from: formatTime(start), until: formatTime(end) });
      const input: Input = {
        unit,
        targets,
        quantity: this.world.quantity(unit, row.quantity),
        typed: row.quantity ?? null,
        slot: row.position ?? null,
        mode: row.mode ?? (unit.serial ? 'install' : 'consume'),
        certainty: row.certainty,
        from,
        until,
      };
      // One serial named in several rows is one piece: it is in one of all the outputs that they name.
      const same = unit.serial ? rows.find((r) => r.unit === unit) : undefined;
      if (same) for (const t of targets) same.targets.add(t);
      else rows.push(input);
    }
    return rows;
  }

  /** When an input moved: an installation happens at its start; a draw may take its time. */
  private span({ mode, from, until }: Input): { from: number; until: number } {
    const { at } = this.fact;
    const start = from ?? at;
    if (mode === 'install') return { from: start.from, until: start.until };
    const end = until ? (until.coarse ? until.until : until.from) : Math.max(at.until, start.until);
    return { from: start.from, until: Math.max(end, start.from + 1) };
  }
}
