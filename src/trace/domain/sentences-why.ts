/** What would settle a unit that is only possible, and why an excluded one is out, as sentences for a person. Pure. */
import { capital, shortTime } from './sentences';
import { UnitKind, unitText } from './question';

export interface NamedUnit {
  item: string;
  kind: UnitKind;
  code: string;
}

/** An event as sentences name it. */
export interface NamedEvent {
  /** the client's own key */
  clientId: string;
  workOrder: string | null;
}

const LISTED_MAX = 5;

/** "lot A L1, lot A L2 and 3 others" */
export function listed(units: readonly NamedUnit[], last: 'and' | 'or' = 'and'): string {
  const names = units.slice(0, LISTED_MAX).map(named);
  if (units.length > LISTED_MAX) names.push(`${units.length - LISTED_MAX} others`);
  const end = names.pop()!;
  return names.length === 0 ? end : `${names.join(', ')} ${last} ${end}`;
}

const named = ({ item, kind, code }: NamedUnit): string => unitText(item, kind, code);

function eventText({ clientId, workOrder }: NamedEvent): string {
  return workOrder ? `event ${clientId} (work order ${workOrder})` : `event ${clientId}`;
}

/** Several units of one item went into an event with several outputs, or one serial into one of several. */
export function whichOutput(link: {
  input: NamedUnit;
  output: NamedUnit;
  /** all units of that item that went into the event */
  inputs: readonly NamedUnit[];
  outputs: readonly NamedUnit[];
  event: NamedEvent;
  at: number;
}): string {
  const { input, inputs, outputs, event, at } = link;
  const remedy = `Correct that event: name the outputs of each input with "for".`;
  const when = `on ${shortTime(at)}, ${eventText(event)}`;
  if (inputs.length > 1)
    return `${capital(listed(inputs))} went into ${listed(outputs)} ${when}: which of them went into which was not recorded. ${remedy}`;
  return `${capital(named(input))} went into ${listed(outputs, 'or')} ${when}: into which of them was not recorded. ${remedy}`;
}

export function statedPossible(input: NamedUnit, output: NamedUnit, event: NamedEvent): string {
  return `${capital(eventText(event))} says itself that it is only possible that ${named(input)} went into ${named(output)}. Correct that event once it is known.`;
}

/** Seen elsewhere, or used up, without a record of leaving. */
export function removalMissing(input: NamedUnit, output: NamedUnit, since: number, elsewhere: NamedUnit[]): string {
  const seen = elsewhere.length > 0 ? `in ${listed(elsewhere, 'or')}` : 'seen elsewhere';
  return `The removal of ${named(input)} from ${named(output)} was not recorded, and on ${shortTime(since)} it was ${seen}. Record when it left ${named(output)} ("${leaving(output)}").`;
}

/** Taken out without ever having been put in. */
export function installationMissing(input: NamedUnit, output: NamedUnit, until: number): string {
  const [out, put] = output.kind === 'run' ? ['taken off', 'load'] : ['taken out of', 'install'];
  return `${capital(named(input))} was ${out} ${named(output)} on ${shortTime(until)}, but when it came there was not recorded. Record that ("${put}").`;
}

const leaving = (parent: NamedUnit): string => (parent.kind === 'run' ? 'unload' : 'remove');

/** A unit that surely was exposed, but surely not at the time asked. */
export function surelyNotThen(unit: NamedUnit, sure: readonly (readonly [number, number])[]): string {
  const spans = sure.map(([from, until]) => spanText(from, until)).join(', ');
  return `${capital(named(unit))} surely was affected ${spans}, but at the time asked about only possibly.`;
}

// ------------------------------------------------------------ excluded

/** A time that was asked about. */
export type AskedTime =
  | { kind: 'now' }
  | { kind: 'period'; from: number; until: number }
  | { kind: 'shipment'; from: number; document: string | null };

function askedText(asked: AskedTime, unit: NamedUnit): string {
  if (asked.kind === 'now') return 'now';
  if (asked.kind === 'period') return `at the time asked about (${spanText(asked.from, asked.until)})`;
  return `when ${named(unit)} was shipped on ${shortTime(asked.from)}${asked.document ? ` (${asked.document})` : ''}`;
}

/** The link missed the exposure of its near end in time: `by` milliseconds before it began, or after it had ended. */
export function missedIt(miss: {
  near: NamedUnit;
  side: 'before' | 'after';
  by: number;
  /** when the exposure began, or ended */
  at: number;
  /** the near end is what was asked about */
  seed: boolean;
  backward: boolean;
}): string {
  const { near, side, by, at, seed, backward } = miss;
  const that = by === 0 ? 'That was just' : `That was ${duration(by)}`;
  const state = backward ? 'mattered' : 'was affected';
  const what = seed ? `the time asked about of ${named(near)}` : `${named(near)} ${state}`;
  if (side === 'before') return `${that} before ${what}${seed ? ' begins' : ''} (from ${shortTime(at)} on).`;
  return `${that} after ${seed ? `${what} ends` : `${named(near)} no longer ${backward ? 'mattered' : 'was affected'}`} (until ${shortTime(at)}).`;
}

/** The unit is affected only from a time on that is after what was asked. */
export function onlyLater(unit: NamedUnit, from: number, asked: AskedTime): string {
  return `${capital(named(unit))} is affected only from ${shortTime(from)} on, so not yet ${askedText(asked, unit)}.`;
}

/** The unit was affected until a time before what was asked. */
export function noLonger(unit: NamedUnit, until: number, asked: AskedTime): string {
  const gap = asked.kind === 'now' ? 0 : asked.from - until;
  const later = gap > 0 ? `, ${duration(gap)} later` : '';
  return `${capital(named(unit))} was affected until ${shortTime(until)}, and no longer ${askedText(asked, unit)}${later}.`;
}

export function stoppedByItem(unit: NamedUnit): string {
  return `The risk was said to stop at item ${unit.item}, and so at ${named(unit)}.`;
}

export function stoppedByInspection(unit: NamedUnit, characteristic: string, at: number): string {
  return `${capital(named(unit))} passed the inspection "${characteristic}" on ${shortTime(at)}, after that and before it was used or shipped, and the risk was said to stop there.`;
}

export function onlyPossible(links: number): string {
  const others = links > 1 ? `, as are ${links - 1} more on this way` : '';
  return `This is only possible${others}, and only what is certain was asked for.`;
}

export function belowThreshold(unit: NamedUnit, share: string | null, limit: string, reason: string | null): string {
  const held = share === null ? '' : ` (now ${share})`;
  return `The share of the suspect material in ${named(unit)}${held} was at all times below the limit of ${limit} that was set${reason ? `: ${reason}` : '.'}`;
}

function spanText(from: number, until: number): string {
  if (until - from === 1) return `on ${shortTime(from)}`;
  if (from === -Infinity) return until === Infinity ? 'at all times' : `until ${shortTime(until)}`;
  return until === Infinity ? `from ${shortTime(from)} on` : `from ${shortTime(from)} until ${shortTime(until)}`;
}

const UNITS_OF_TIME: readonly (readonly [ms: number, one: string, many: string])[] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
  [1_000, 'second', 'seconds'],
  [1, 'millisecond', 'milliseconds'],
];

/** "2 days", "3 hours 15 minutes": the two largest units. */
export function duration(ms: number): string {
  const first = UNITS_OF_TIME.findIndex(([size]) => ms >= size);
  let rest = ms;
  const parts: string[] = [];
  for (const [size, one, many] of UNITS_OF_TIME.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${count === 1 ? one : many}`);
  }
  return parts.join(' ');
}
