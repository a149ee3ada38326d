/** What would settle a unit that is only possible: for each link of its surest chain that is, the fact that is missing. */
import { formatTime } from '@/kernel';
import { EventLink, LinkEvent, linksOfEvents, linksOutOf, RecordedLink } from '@/ledger';
import type { Queryable } from '@/platform/db';
import { installationMissing, removalMissing, statedPossible, whichOutput } from '../domain/sentences-why';
import { LinkTeller, recordedOf, UnitNames, WhyLinkView, WhyUnitView } from './why-links';
import type { Ways } from './why-ways';

export interface MissingFact {
  /**
   * which-output: several units of an item went into several outputs, or one serial into one of several; stated-possible: the
   * event says so itself; removal, installation: it is known that it was there, and not until when, or since when
   */
  fact: 'which-output' | 'stated-possible' | 'removal' | 'installation';
  sentence: string;
  /** the link of the chain that is only possible for want of it */
  link: WhyLinkView;
  /** the event to correct, or from which the missing one is known; its client's own key and its time */
  event: { id: string; clientId: string; type: string; at: string | null };
  /** which-output: who may have gone into whom; removal: where it was seen next */
  inputs: WhyUnitView[];
  outputs: WhyUnitView[];
}

interface Open {
  number: number;
  link: RecordedLink;
  event: LinkEvent;
}

export async function missingFacts(
  q: Queryable,
  position: number,
  ways: Ways,
  possible: readonly number[],
  teller: LinkTeller,
): Promise<MissingFact[]> {
  const open = [...new Set(possible)].map((number): Open => {
    const link = recordedOf(ways, number);
    return { number, link, event: teller.eventOf(link) };
  });
  const uncertain = open.filter(({ link }) => !link.certain && link.end?.cause !== 'orphan');
  const made = await linksOfEvents(
    q,
    position,
    uncertain.map(({ link }) => link.eventId),
  );
  const tails = open.filter((o) => isTail(ways, o));
  const next = await nextMarks(
    q,
    position,
    tails.map((o) => o.link),
  );
  const units = await UnitNames.read(q, position, [
    ...open.flatMap(({ link }) => [link.input, link.output]),
    ...made.flatMap((l) => [l.input, l.output]),
    ...[...next.values()].flat(),
  ]);
  return open.flatMap((o) => {
    const facts: MissingFact[] = [];
    if (o.link.end?.cause === 'orphan') facts.push(installation(ways, o, units, teller));
    else if (!o.link.certain) facts.push(whichOrStated(o, made, units, teller));
    if (isTail(ways, o)) facts.push(removal(o, next.get(o.link.linkId) ?? [], units, teller));
    return facts;
  });
}

/** The part of an installation after the moment at which its unit was seen elsewhere. */
function isTail({ graph }: Ways, { number, link }: Open): boolean {
  return link.end?.cause === 'implied' && link.end.until !== null && graph.from[number]! >= link.end.until;
}

/** Where a unit was seen at the moment at which an installation of it is taken to have ended. */
async function nextMarks(
  q: Queryable,
  position: number,
  tails: readonly RecordedLink[],
): Promise<Map<number, number[]>> {
  if (tails.length === 0) return new Map();
  const out = await linksOutOf(q, position, [...new Set(tails.map((l) => l.input))]);
  const nextOf = (l: RecordedLink) =>
    out.filter((n) => n.input === l.input && n.linkId !== l.linkId && n.from === l.end!.until).map((n) => n.output);
  return new Map(tails.map((l) => [l.linkId, [...new Set(nextOf(l))]]));
}

function whichOrStated(o: Open, made: readonly EventLink[], units: UnitNames, teller: LinkTeller): MissingFact {
  const { input, output, eventId } = o.link;
  const item = units.known(input).itemId;
  const own = made.filter((l) => l.eventId === eventId && units.known(l.input).itemId === item);
  const outputs = [...new Set(own.filter((l) => l.input === input).map((l) => l.output))];
  const inputs = [...new Set(own.filter((l) => outputs.includes(l.output)).map((l) => l.input))];
  const alone = outputs.length === 1 || (inputs.length === 1 && units.known(input).kind === 'lot');
  const [from, into] = [units.named(input), units.named(output)];
  if (alone || statesIt(o.event, from)) {
    return { ...view(o, teller, statedPossible(from, into, o.event)), fact: 'stated-possible' };
  }
  const sentence = whichOutput({
    input: from,
    output: into,
    inputs: inputs.map((id) => units.named(id)),
    outputs: outputs.map((id) => units.named(id)),
    event: o.event,
    at: o.link.from ?? NaN,
  });
  return {
    ...view(o, teller, sentence),
    fact: 'which-output',
    inputs: inputs.map((id) => units.view(id)),
    outputs: outputs.map((id) => units.view(id)),
  };
}

/** The event's row of this input says "possible" itself. */
function statesIt({ body }: LinkEvent, { item, kind, code }: { item: string; kind: string; code: string }): boolean {
  const rows = Array.isArray(body.inputs) ? (body.inputs as Record<string, unknown>[]) : [];
  return rows.some((row) => {
    const unit = (row.unit ?? {}) as Record<string, unknown>;
    return row.certainty === 'possible' && unit.item === item && unit[kind] === code;
  });
}

function removal(o: Open, next: readonly number[], units: UnitNames, teller: LinkTeller): MissingFact {
  const { input, output, end } = o.link;
  const elsewhere = next.filter((id) => id !== output);
  const sentence = removalMissing(
    units.named(input),
    units.named(output),
    end!.until!,
    elsewhere.map((id) => units.named(id)),
  );
  return { ...view(o, teller, sentence), fact: 'removal', outputs: elsewhere.map((id) => units.view(id)) };
}

function installation({ graph }: Ways, o: Open, units: UnitNames, teller: LinkTeller): MissingFact {
  const { input, output } = o.link;
  const sentence = installationMissing(units.named(input), units.named(output), graph.until[o.number]!);
  return { ...view(o, teller, sentence), fact: 'installation' };
}

function view(o: Open, teller: LinkTeller, sentence: string): Omit<MissingFact, 'fact'> {
  const { eventId, clientId, type, body, at } = o.event;
  return {
    sentence,
    link: teller.tell(o.number).link,
    event: { id: `e${eventId}`, clientId, type, at: sentAt(body.at ?? at) ?? formatTime(o.link.from) },
    inputs: [],
    outputs: [],
  };
}

/** The time of an event as it was sent: a day alone stays a day. */
function sentAt(at: unknown): string | null {
  return typeof at === 'string' ? at : null;
}
