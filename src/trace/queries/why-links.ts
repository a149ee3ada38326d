/** Links of a graph as the API shows them: each as data and as a sentence. */
import { formatTime } from '@/kernel';
import { KnownUnit, LinkEvent, linkEvents, RecordedLink, unitsByIds } from '@/ledger';
import type { Queryable } from '@/platform/db';
import type { Certainty, UnitRef } from '../domain/question';
import { sentenceOf } from '../domain/sentences';
import type { NamedUnit } from '../domain/sentences-why';
import type { Quantity } from '../domain/tally';
import { Names } from './views';
import type { Ways } from './why-ways';

export interface WhyUnitView {
  id: string;
  unit: UnitRef;
}

export interface WhyLinkView {
  input: WhyUnitView;
  output: WhyUnitView;
  mode: 'consume' | 'install';
  certainty: Certainty;
  from: string | null;
  until: string | null;
  coarse: boolean;
  quantity: Quantity | null;
  position: string | null;
  event: string;
  type: string;
  document: string | null;
  place: string | null;
  workOrder: string | null;
}

export interface ToldLink {
  link: WhyLinkView;
  sentence: string;
}

/** Units by name. */
export class UnitNames {
  private constructor(
    private readonly units: ReadonlyMap<number, KnownUnit>,
    readonly names: Names,
  ) {}

  static async read(q: Queryable, position: number, unitIds: readonly number[]): Promise<UnitNames> {
    const units = new Map((await unitsByIds(q, [...new Set(unitIds)])).map((u) => [u.unitId, u]));
    return new UnitNames(units, await Names.read(q, position, { items: [...units.values()].map((u) => u.itemId) }));
  }

  known(id: number): KnownUnit {
    return this.units.get(id)!;
  }

  named(id: number): NamedUnit {
    const u = this.known(id);
    return { item: this.names.items.get(u.itemId)!.code, kind: u.kind, code: u.code };
  }

  view(id: number): WhyUnitView {
    const u = this.known(id);
    return { id: `u${id}`, unit: this.names.ref(u.itemId, u.kind, u.code) };
  }
}

/** Tells links of the ways to a unit; `tell` takes those that it was made for, by their number in the graph. */
export class LinkTeller {
  private constructor(
    private readonly ways: Ways,
    private readonly units: UnitNames,
    private readonly events: ReadonlyMap<number, LinkEvent>,
  ) {}

  static async read(q: Queryable, position: number, ways: Ways, links: readonly number[]): Promise<LinkTeller> {
    const recorded = links.map((link) => recordedOf(ways, link));
    const units = await UnitNames.read(
      q,
      position,
      recorded.flatMap((l) => [l.input, l.output]),
    );
    const events = await linkEvents(
      q,
      recorded.map((l) => l.eventId),
    );
    return new LinkTeller(ways, units, events);
  }

  eventOf(link: RecordedLink): LinkEvent {
    return this.events.get(link.eventId)!;
  }

  tell(link: number): ToldLink {
    const { graph } = this.ways;
    const { units } = this;
    const recorded = recordedOf(this.ways, link);
    const { type, place, workOrder, document } = this.eventOf(recorded);
    const from = graph.from[link]!;
    const until = graph.until[link]!;
    const certain = graph.certain[link] === 1;
    const told = {
      mode: recorded.mode === 0 ? ('consume' as const) : ('install' as const),
      from,
      until,
      coarse: graph.sureFrom[link]! > from,
      quantity: units.names.quantity(units.known(recorded.input).itemId, recorded.quantity),
      position: recorded.slot,
      type,
      place,
      workOrder,
      document,
    };
    const view: WhyLinkView = {
      input: units.view(recorded.input),
      output: units.view(recorded.output),
      certainty: certain ? 'certain' : 'possible',
      event: `e${recorded.eventId}`,
      ...told,
      from: formatTime(from),
      until: formatTime(until),
    };
    const sentence = sentenceOf({
      ...told,
      input: units.named(recorded.input),
      output: units.named(recorded.output),
      certain,
      // What was recorded as only possible may be in another output, in part or whole.
      shared: !recorded.certain,
    });
    return { link: view, sentence };
  }
}

/** The recorded link that a link of the graph stands for, or is a part of. */
export function recordedOf({ reached, stored }: Ways, link: number): RecordedLink {
  return reached.links.get(stored[link]!, reached.units);
}
