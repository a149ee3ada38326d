/**
 * The order of draws within one instant: filling before drawing, so that a unit draws when all that flows into it has arrived.
 * Units in a circle of draws have no such order; they come as one group.
 */

export interface Flow {
  /** the units that take part in the instant */
  units: readonly number[];
  /** calls `to` for every unit that the unit draws into, once a draw */
  outputs: (unit: number, to: (output: number) => void) => void;
}

/** Scratch for plants of one size: filled and emptied again by every call. */
export class FlowOrder {
  private readonly waiting: Int32Array;
  private readonly place: Int32Array;

  constructor(unitCount: number) {
    this.waiting = new Int32Array(unitCount);
    this.place = new Int32Array(unitCount);
  }

  /** Calls `visit` with one unit, or with the units of a circle, in an order in which every unit is filled before it draws. */
  run(flow: Flow, visit: (group: readonly number[]) => void): void {
    const { waiting } = this;
    for (const unit of flow.units) flow.outputs(unit, (output) => waiting[output]!++);
    const ready = flow.units.filter((unit) => waiting[unit] === 0);
    for (let head = 0; head < ready.length; head++) {
      const unit = ready[head]!;
      visit([unit]);
      waiting[unit] = -1;
      flow.outputs(unit, (output) => {
        if (--waiting[output]! === 0) ready.push(output);
      });
    }
    if (ready.length < flow.units.length) {
      const left = flow.units.filter((unit) => waiting[unit]! > 0);
      for (const group of this.circles(left, flow)) visit(group);
    }
    for (const unit of flow.units) waiting[unit] = 0;
  }

  /** Strongly connected groups in the order of flow: Tarjan's algorithm with a stack of its own. */
  private circles(units: readonly number[], flow: Flow): number[][] {
    const { place, waiting } = this;
    const low: number[] = [];
    const open: number[] = [];
    const groups: number[][] = [];
    const closed = new Set<number>();
    let count = 0;
    const enter = (unit: number): Visit => {
      place[unit] = ++count;
      low[count] = count;
      open.push(unit);
      const outputs: number[] = [];
      flow.outputs(unit, (output) => {
        if (waiting[output]! > 0) outputs.push(output);
      });
      return { unit, outputs, next: 0 };
    };
    for (const start of units) {
      if (place[start] !== 0) continue;
      const path = [enter(start)];
      while (path.length > 0) {
        const visit = path[path.length - 1]!;
        const own = place[visit.unit]!;
        const output = visit.outputs[visit.next++];
        if (output !== undefined) {
          if (place[output] === 0) path.push(enter(output));
          else if (!closed.has(output)) low[own] = Math.min(low[own]!, place[output]!);
          continue;
        }
        path.pop();
        const above = path[path.length - 1];
        if (above) low[place[above.unit]!] = Math.min(low[place[above.unit]!]!, low[own]!);
        if (low[own] !== own) continue;
        const group = open.splice(open.lastIndexOf(visit.unit));
        for (const unit of group) closed.add(unit);
        groups.push(group);
      }
    }
    for (const unit of units) place[unit] = 0;
    return groups.reverse();
  }
}

interface Visit {
  unit: number;
  outputs: number[];
  next: number;
}
