/** A link as a sentence for a person. Pure. */
import { formatTime } from '@/kernel';
import { UnitKind, unitText } from './question';
import type { Quantity } from './tally';

export interface TellableLink {
  input: { item: string; kind: UnitKind; code: string };
  output: { item: string; kind: UnitKind; code: string };
  mode: 'consume' | 'install';
  certain: boolean;
  /** ms UTC, infinite where open */
  from: number;
  until: number;
  coarse: boolean;
  quantity: Quantity | null;
  /** the quantity went into several outputs, and how much into this one is not recorded */
  shared: boolean;
  position: string | null;
  type: string;
  place: string | null;
  workOrder: string | null;
  document: string | null;
}

const VERBS: Record<string, string> = {
  split: 'was split into',
  merge: 'was merged into',
  'top-up': 'was topped up into',
  load: 'was loaded on',
  install: 'was installed in',
};

/** "Lot RM-100 L-1 (12.5 kg) was consumed into lot SUB-2 L-9 on 2026-03-02 08:15 UTC at LYON.L2 by work order WO-7 (certain)." */
export function sentenceOf(link: TellableLink): string {
  const { input, output, mode, from, until } = link;
  const quantity =
    link.quantity && input.kind !== 'serial'
      ? ` (${link.shared ? 'up to ' : ''}${link.quantity.value} ${link.quantity.uom})`
      : '';
  const verb = VERBS[link.type] ?? (mode === 'consume' ? 'was consumed into' : 'was installed in');
  const parts = [
    capital(unitText(input.item, input.kind, input.code)) + quantity,
    verb,
    unitText(output.item, output.kind, output.code),
    ...(link.position ? [`at position ${link.position}`] : []),
    mode === 'consume' ? consumed(link) : lasted(from, until),
    ...(link.place ? [`at ${link.place}`] : []),
    ...(link.workOrder ? [`by work order ${link.workOrder}`] : []),
    ...(link.document && link.document !== link.workOrder ? [`(document ${link.document})`] : []),
    link.certain ? '(certain).' : '(possible).',
  ];
  return parts.join(' ');
}

function consumed({ from, until, coarse }: TellableLink): string {
  if (coarse) return days(from, until);
  return until - from > 1 ? `from ${shortTime(from)} to ${shortTime(until)}` : `on ${shortTime(from)}`;
}

function lasted(from: number, until: number): string {
  const start = from === -Infinity ? 'from an unknown time' : `from ${shortTime(from)}`;
  return until === Infinity ? `${start} on` : `${start} until ${shortTime(until)}`;
}

const HOUR = 3_600_000;

/**
 * A day of a plant begins at its own midnight, which in UTC can still be the day before: 13 hours later it is that day's date
 * in UTC too, for every zone from -10:00 to +13:00. The end is the next midnight, so 11 hours before it.
 */
function days(from: number, until: number): string {
  const [first, last] = [dayOf(from + 13 * HOUR), dayOf(until - 11 * HOUR)];
  if (first === null || last === null || last <= first)
    return `on ${first ?? last ?? 'an unknown day'} (only the day is known)`;
  return `from ${first} to ${last} (only the days are known)`;
}

function dayOf(ms: number): string | null {
  return formatTime(ms)?.slice(0, 10) ?? null;
}

/** "2026-03-02 08:15 UTC", with seconds and milliseconds where they are not zero. */
export function shortTime(ms: number): string {
  const iso = formatTime(ms);
  if (!iso) return 'an unknown time';
  return `${iso.replace('T', ' ').replace(/(:00)?\.000Z$|Z$/, '')} UTC`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
