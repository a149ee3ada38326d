/** Containers: how an event names one, and what it says of it. */
import { DomainError, readGs1 } from '@/kernel';

/**
 * What was said of a container as a whole. `unpacked`: units that were named; `emptied`: all that was in it. `released`: the hold
 * that one of its own events placed.
 */
export type ContainerRole = 'packed' | 'unpacked' | 'emptied' | 'moved' | 'shipped' | 'returned' | 'held' | 'released';

export class ContainerState {
  /** an accepted fact names it, so it exists */
  exists = false;
  /** its row is in the database */
  stored = false;

  constructor(
    readonly id: number,
    readonly code: string,
  ) {}
}

export interface ContainerFactRow {
  eventId: number;
  container: ContainerState;
  role: ContainerRole;
  from: number;
  until: number;
  /** where it was packed or unpacked, moved to, or came back to */
  placeId: number | null;
  partnerId: number | null;
  document: string | null;
  /** of a hold, or of what came back */
  reason: string | null;
  ref: string | null;
  /** the event whose hold was released */
  holdEventId: number | null;
}

/** The code of a container: the SSCC of a scan (its check digit held to), or the text as it is. Throws SCAN_UNREADABLE. */
export function containerCode(text: string): string {
  const reading = readGs1(text);
  if (!reading) return text;
  if ('error' in reading) {
    if (/^(\](?:C1|d2|Q3|e0|J1)|\(00\))/.test(text.trim()))
      throw new DomainError('CONTAINER_SCAN_UNREADABLE', { scan: text, reason: reading.error });
    return text;
  }
  return reading.elements.get('00') ?? text;
}
